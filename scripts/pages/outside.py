"""Pages without an account: of residents, of units with a link, and of whoever has not signed in yet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext

from followup import unit_links
from scripts.pages.staff import Person
from scripts.pages.walking import LANGS, Picture, Walk, in_language, signed_in
from survey.store import form_links
from survey.store.form_links import NewLink

RESIDENT, UNIT, NOBODY = "resident", "unit", "nobody"
TOKEN: Final = "a1b2c3d4e5f6g7h8i9j0k1"  # of nobody but this town

SELECT_THREAD = """
SELECT k.id FROM survey.contact AS k
JOIN survey.attempt AS a ON a.contact_id = k.id
JOIN survey.sample_unit AS u ON u.id = a.unit_id
WHERE k.closed_at IS NULL AND a.mode = 'text' AND u.status = 'in_contact'
ORDER BY k.id LIMIT 1"""

SELECT_LED = """
SELECT c.number, a.unit_code FROM followup.case_file AS c
JOIN followup.assignment AS a ON a.case_id = c.id AND a.round = c.round AND a.role = 'lead'
WHERE c.status = ANY($1::text[]) ORDER BY c.number LIMIT 1"""

SELECT_QUERY_CODE = """
SELECT query_code FROM followup.case_file WHERE query_code IS NOT NULL ORDER BY number LIMIT 1"""


async def see_from_outside(walk: Walk, browser: Browser) -> AsyncIterator[Picture]:
    """Every page that nobody signs in for."""
    context = await browser.new_context()
    async for picture in walk.all_sides(context, NOBODY, "/sign-in", "/sign-in"):
        yield picture
    for route, address in (await _addresses(walk)).items():
        role = UNIT if route.startswith("/u/") else RESIDENT
        async for picture in walk.all_sides(context, role, route, address, for_residents=role == RESIDENT):
            yield picture
    async for picture in _matter(walk, context):
        yield picture
    await context.close()


async def see_refused(walk: Walk, browser: Browser, person: Person) -> AsyncIterator[Picture]:
    """What somebody reads whose role does not permit it."""
    async with signed_in(browser, walk.town, person) as context:
        async for picture in walk.all_sides(context, NOBODY, "refused", "/flags"):
            yield picture


async def see_half_way(walk: Walk, browser: Browser, person: Person) -> AsyncIterator[Picture]:
    """What somebody sees who has given the password and owes the code."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{walk.town.url}/sign-in")
    await page.fill("#name", person.name)
    await page.fill("#password", person.password)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    async for picture in walk.all_sides(context, NOBODY, "/sign-in/code", "/sign-in/code"):
        yield picture
    await context.close()


async def _addresses(walk: Walk) -> dict[str, str]:
    """{route: address}; what the town has none of is left out."""
    ground, found = walk.town.ground, {"/q": "/q"}
    now = ground.clock.now()
    async with ground.pool.acquire() as conn:
        thread = await conn.fetchval(SELECT_THREAD)
        if thread is not None:
            await form_links.insert(conn, [NewLink(TOKEN, thread, now + timedelta(hours=2))], now)
            found["/f/{token}"] = f"/f/{TOKEN}"
        led = await _led(conn)
        if led is not None:
            made = await unit_links.make(
                conn, ground.vault, led["number"], unit=led["unit_code"], hours=4, by="孙立", now=now, tokens=ground.tokens,
            )  # fmt: skip
            found["/u/{token}"] = made.path
    return found


async def _led(conn: Any) -> Any:
    """A matter that a unit has work with."""
    for status in ("in_progress", "dispatched"):
        if (row := await conn.fetchrow(SELECT_LED, [status])) is not None:
            return row
    return None


async def _matter(walk: Walk, context: BrowserContext) -> AsyncIterator[Picture]:
    """What a resident reads who types the query code of a text that we sent."""
    async with walk.town.ground.pool.acquire() as conn:
        code = await conn.fetchval(SELECT_QUERY_CODE)
    if code is None:
        return
    for lang in LANGS:
        page = await context.new_page()
        await page.goto(in_language(f"{walk.town.url}/q", lang))
        await page.fill("#code", code)
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        async for picture in walk.as_it_stands(page, RESIDENT, "/q/matter", for_residents=True):
            yield picture
        await page.close()
