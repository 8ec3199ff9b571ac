"""The whole round: everybody's pages, the states of some, the pages without an account."""

from __future__ import annotations

from collections.abc import AsyncIterator

from playwright.async_api import Browser

from scripts.pages.outside import see_from_outside, see_half_way, see_refused
from scripts.pages.strokes import see_under_way
from scripts.pages.walking import Picture, Walk, may


async def see_everything(walk: Walk, browser: Browser) -> AsyncIterator[Picture]:
    """Each picture as it is taken; what is changed on the way (a person called, at the desk) comes last."""
    async for picture in see_without_touching(walk, browser):
        yield picture
    async for picture in see_under_way(walk, browser):
        yield picture


async def see_without_touching(walk: Walk, browser: Browser) -> AsyncIterator[Picture]:
    """All that is there to be looked at."""
    async for picture in see_from_outside(walk, browser):
        yield picture
    halfway = next(person for person in walk.town.staff if person.secret is not None)
    async for picture in see_half_way(walk, browser, halfway):
        yield picture
    stranger = next(person for person in walk.town.staff if not may(person.role, "cases.decide"))
    async for picture in see_refused(walk, browser, stranger):
        yield picture
    for person in walk.town.staff:
        async for picture in walk.of(browser, person):
            yield picture
