"""Pages that only stand there once somebody has pressed something: a person called at the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from playwright.async_api import Browser

from scripts.pages.walking import Picture, Walk, signed_in

UNDER_WAY: Final = {
    "surveyor": (
        "/desk",
        (
            ("Enter", "/desk ready"),
            ("e", "/desk caller"),
            ("q", "/desk after a caller"),
            ("Enter", "/desk person"),
            ("Enter", "/desk number"),
            ("1", "/desk question"),
        ),
    ),
    "auditor": ("/quality", (("d", "/quality drawn"),)),
}
"""By role: where, and the keys that are pressed one after the other, with what the page is called that each leads to."""

DRAWN: Final = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""A page that stood behind others is given its focus when it is drawn again: a key before that would go nowhere."""


async def see_under_way(walk: Walk, browser: Browser) -> AsyncIterator[Picture]:
    """What each stroke leads to, and what can be come to from there."""
    for person in walk.town.staff:
        if person.role not in UNDER_WAY:
            continue
        path, strokes = UNDER_WAY[person.role]
        async with signed_in(browser, walk.town, person) as context:
            page = await context.new_page()
            await page.goto(f"{walk.town.url}{path}")
            for key, name in strokes:
                await page.bring_to_front()
                await page.evaluate(DRAWN)
                async with page.expect_navigation():
                    await page.keyboard.press(key)
                async for picture in walk.all_sides(context, person.role, name, path):
                    yield picture
            async for picture in walk.what_is_new(context, person):
                yield picture
