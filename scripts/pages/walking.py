"""Through the pages of a centre as each role finds them: by links, from their home, two clicks deep."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from scripts.pages.looking import SIZES, Eyes, Lang, Size, look
from scripts.pages.staff import Person, sign_in
from scripts.pages.town import Town
from survey.access.roles import Permission, roles_policy
from workers.page_routes import Route, page_routes, path_of

HOME: Final = "/home"
CLICKS: Final = 2
LANGS: Final[tuple[Lang, ...]] = ("zh", "en")
LINKS = (
    "[...document.querySelectorAll('a[href]:not([hreflang])')].map(a => a.href)"
    ".filter(href => href.startsWith(location.origin))"
)


@dataclass(frozen=True)
class Picture:
    """A page as one role sees it in one language and size. `file`: its picture, where one was taken."""

    role: str
    route: str
    lang: Lang
    size: Size
    faults: tuple[str, ...]
    file: str = ""

    @property
    def name(self) -> str:
        """What it is called: "director /reports en 390×844"."""
        return f"{self.role} {self.route} {self.lang} {self.size[0]}×{self.size[1]}"


@dataclass
class Walk:
    """What has been seen. `folder`: where pictures go; None: none are taken. `once`: what one role has shown, no other shows
    again, but for their homes."""

    town: Town
    eyes: Eyes
    folder: Path | None = None
    once: bool = False
    pictures: list[Picture] = field(default_factory=list)
    reached: dict[str, set[str]] = field(default_factory=dict)
    """By role, the routes within two clicks."""
    absent: set[str] = field(default_factory=set)
    """Pages that are not found in this town, such as the window of a line that is not configured."""

    async def of(self, browser: Browser, person: Person) -> AsyncIterator[Picture]:
        """Everything that a person comes to, in both languages and sizes, as it is seen."""
        async with signed_in(browser, self.town, person) as context:
            async for picture in self.what_is_new(context, person):
                yield picture

    async def what_is_new(self, context: BrowserContext, person: Person) -> AsyncIterator[Picture]:
        """Of what this person comes to, what was not seen before."""
        found, known = await self._within_reach(context), self.reached.setdefault(person.role, set())
        for route, address in found.items():
            if route in known or (self.once and route != HOME and self._seen_by_another(route, person.role)):
                continue
            async for picture in self.all_sides(context, person.role, route, address):
                yield picture
        known.update(found)
        for one_route in page_routes(self.town.app):
            if (
                one_route.behind
                and not one_route.part
                and "{" not in one_route.path
                and one_route.path not in known | self.absent
            ):
                answer = await context.request.get(f"{self.town.url}{one_route.path}", max_redirects=0)
                if answer.status == 404:
                    self.absent.add(one_route.path)

    async def all_sides(
        self, context: BrowserContext, role: str, route: str, address: str, *, for_residents: bool = False
    ) -> AsyncIterator[Picture]:
        """One page in both languages and sizes."""
        page = await context.new_page()
        for lang in LANGS:
            await page.goto(in_language(f"{self.town.url}{address}", lang))
            for size in SIZES:
                yield await self._picture(page, role, route, lang, size, for_residents)
        await page.close()

    async def as_it_stands(self, page: Page, role: str, what: str, **how: bool) -> AsyncIterator[Picture]:
        """The page that is open, which cannot be opened by its address again."""
        lang: Lang = "en" if "lang=en" in page.url else "zh"
        for size in SIZES:
            yield await self._picture(page, role, what, lang, size, how.get("for_residents", False))

    async def _picture(
        self, page: Page, role: str, route: str, lang: Lang, size: Size, for_residents: bool
    ) -> Picture:
        faults = await look(page, lang=lang, size=size, for_residents=for_residents, eyes=self.eyes)
        file = ""
        if self.folder is not None:
            file = f"{role}-{re.sub(r'[^a-z0-9]+', '-', route.lower()).strip('-')}.{lang}.{size[0]}.png"
            await page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
            await page.screenshot(path=self.folder / file, full_page=True)
        picture = Picture(role, route, lang, size, tuple(faults), file)
        self.pictures.append(picture)
        return picture

    async def _within_reach(self, context: BrowserContext) -> dict[str, str]:
        """{route: an address of it} of every page at most two clicks from home, nearest first; of files, none."""
        found: dict[str, str] = {}
        page, ahead = await context.new_page(), [HOME]
        for click in range(CLICKS + 1):
            links: list[str] = []
            for address in ahead:
                route = await path_of(self.town.app, address)
                if not route or route in found or not await self._is_page(context, address):
                    continue
                found[route] = address
                await page.goto(f"{self.town.url}{address}")
                links += [_inside(link) for link in await page.evaluate(LINKS)] if click < CLICKS else []
            ahead = list(dict.fromkeys(links))
        await page.close()
        return found

    async def _is_page(self, context: BrowserContext, address: str) -> bool:
        answer = await context.request.get(f"{self.town.url}{address}", max_redirects=0)
        return (
            answer.status == 200
            and answer.headers.get("content-type", "").startswith("text/html")
            and "content-disposition" not in answer.headers
        )

    def _seen_by_another(self, route: str, role: str) -> bool:
        return any(one.route == route and one.role != role for one in self.pictures)

    def out_of_reach(self, routes: list[Route]) -> Iterator[str]:
        """Pages of people that somebody may open and does not come to. A page of one thing is out of reach only if nobody comes
        to one: there may be no such thing where the role looks. Files are no pages."""
        for route in routes:
            if not route.behind or route.part or route.permission is None or route.path in self.absent:
                continue
            roles = [person.role for person in self.town.staff if may(person.role, route.permission)]
            missing = [role for role in roles if route.path not in self.reached.get(role, set())]
            if missing and ("{" not in route.path or missing == roles):
                yield f"{route.path}: not within {CLICKS} clicks of the home of {', '.join(missing)}"


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser of this machine, with nothing in front of it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def signed_in(browser: Browser, town: Town, person: Person) -> AsyncIterator[BrowserContext]:
    """A browser of this person's own."""
    context = await browser.new_context()
    await sign_in(context, town.url, person, town.ground)
    yield context
    await context.close()


def in_language(url: str, lang: Lang) -> str:
    """The address of a page in a language."""
    if lang == "zh":
        return url
    return f"{url}{'&' if '?' in url else '?'}lang=en"


def _inside(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def may(role: str, permission: Permission | None) -> bool:
    """Whether a role permits it, somewhere."""
    return permission in roles_policy().roles[role].may
