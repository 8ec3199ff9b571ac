"""An operator's desk in a browser that sends forms as its page would."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from tests.access.access_bench import GOOD, Browser, House
from tests.doors.doors_bench import Bench


@dataclass
class Desk:
    """One operator, their browser, and the county whose residents they call."""

    bench: Bench
    house: House
    name: str = ""
    browser: Browser = field(init=False)

    async def sign_in(self, name: str, called: str, role: str = "surveyor:991721", **more: str) -> None:
        self.name = name
        self.browser = self.house.browser()
        await self.house.settled(name, called, role, **more)  # type: ignore[arg-type]
        assert (await self.browser.sign_in(name, GOOD)).status == 303
        await self.look()
        await self.press("ready")

    async def look(self, query: str = "") -> str:
        """The desk as it stands, as words."""
        response = await self.browser.get(f"/desk{query}")
        assert response.status == 200, response.status
        return self.words

    async def press(self, form: str, **fields: str) -> str:
        """Send the form of the page that goes to `form`, and follow where it leads."""
        action = next(one for one in re.findall(r'action="([^"]+)"', self.browser.page) if f"/{form}" in one)
        step = re.search(r'name="step" value="(\d+)"', self.browser.page)
        if step and form in ("say", "later"):
            fields = {"step": step[1], **fields}
        response = await self.browser.send(unescape(action), **fields)
        if response.status == 303:
            await self.browser.get(response.headers["Location"])
        return self.words

    @property
    def words(self) -> str:
        return words_of(self.browser.page)


def words_of(page: str) -> str:
    """What stands on a page in Chinese, without its markup."""
    body = page.partition("<main>")[2].partition("</main>")[0]
    body = re.sub(r'<span class="en".*?</span>', "", body, flags=re.S)
    body = re.sub(r"<kbd.*?</kbd>", "", body, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()
