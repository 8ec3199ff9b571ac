"""Every page of a centre in the midst of its work, in a real browser: as each role comes to it by links, in both languages, on a
desk's screen and on a telephone. `make screenshots` looks at the same pages, and takes their pictures."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from whole_site import changed, digests

from scripts.pages.data_words import chinese_data
from scripts.pages.looking import Eyes
from scripts.pages.seeing import see_without_touching
from scripts.pages.strokes import see_under_way
from scripts.pages.town import open_town
from scripts.pages.walking import Picture, Walk, chromium
from workers.page_routes import page_routes

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RECORDED = {
    "survey.access_event",  # who signed in
    "survey.account_session",  # who is there
    "survey.account",  # which code was the last that somebody signed in with
    "survey.form_link",  # laid for the picture of a form
    "followup.unit_link", "followup.unit_link_use",  # laid for the picture of a unit's page; each look at it
}  # fmt: skip
"""What is written while people look."""


@dataclass(frozen=True)
class Seen:
    """What the round has shown."""

    pictures: list[Picture]
    out_of_reach: list[str]
    written: set[str]


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    # not one of pytest's folders: those are closed to the servers' user
    with tempfile.TemporaryDirectory(prefix="minyi-pages-") as folder:
        Path(folder).chmod(0o711)
        yield asyncio.run(look(Path(folder)))


async def look(folder: Path) -> Seen:
    async with open_town(lambda _: None, attempts=60, seed=1, data_dir=folder) as town:
        async with town.ground.pool.acquire() as conn:
            walk = Walk(town, Eyes(await chinese_data(conn), glance=True), once=True)
            before = await digests(conn)
        async with chromium() as browser:
            async for _ in see_without_touching(walk, browser):
                pass
            async with town.ground.pool.acquire() as conn:
                written = changed(before, await digests(conn))
            async for _ in see_under_way(walk, browser):
                pass
        return Seen(walk.pictures, list(walk.out_of_reach(page_routes(town.app))), written)


def test_every_page_is_seen(seen: Seen) -> None:
    routes = {one.route for one in seen.pictures}
    assert {
        "/home",
        "/",
        "/desk",
        "/desk question",
        "/flags/{number}",
        "/reports",
        "/q",
        "/u/{token}",
    } <= routes
    sides = {(one.lang, one.size) for one in seen.pictures if one.route == "/desk"}
    assert sides == {(lang, size) for lang in ("zh", "en") for size in ((1366, 768), (390, 844))}


def test_nothing_is_wrong_with_any_page(seen: Seen) -> None:
    assert [f"{one.name}: {fault}" for one in seen.pictures for fault in one.faults] == []


def test_everybody_comes_to_what_they_may_open_in_two_clicks(seen: Seen) -> None:
    assert seen.out_of_reach == []


def test_looking_writes_nothing(seen: Seen) -> None:
    assert seen.written <= RECORDED
