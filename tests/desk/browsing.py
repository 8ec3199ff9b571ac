"""What every page must hold in a real browser, and a stroke that leads to the next page."""

from __future__ import annotations

from playwright.async_api import Page

SMALLEST_PX = 16


async def fits(page: Page) -> None:
    """Nothing sticks out, and nothing is written smaller than people of sixty read."""
    root = "document.documentElement"
    assert await page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), await page.inner_text("main")
    smallest = await page.evaluate(
        "Math.min(...[...document.querySelectorAll('body *')].filter(e => e.offsetParent && e.innerText)"
        ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= SMALLEST_PX


async def stroke(page: Page, key: str) -> None:
    """Press a key that sends a form, and wait for the page that comes."""
    if key == "Enter":  # it goes to what has the focus, and that comes a moment after the page
        await page.wait_for_function("document.activeElement !== document.body")
    async with page.expect_navigation():
        await page.keyboard.press(key)
    await fits(page)
