"""One page in one language and size: opened, looked at, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from playwright.async_api import Page

from scripts.pages.data_words import untranslated

Lang = Literal["zh", "en"]
Size = tuple[int, int]
HERE: Final = Path(__file__).parent
AXE: Final = HERE.parents[1] / "tests" / "pages" / "axe-core" / "axe.min.js"
DESK, TELEPHONE = (1366, 768), (390, 844)
SIZES: Final[tuple[Size, ...]] = (DESK, TELEPHONE)
ZOOMED: Final[Size] = (683, 384)
"""What a page has of the desk's screen when it is enlarged to 200 %."""
SMALLEST_PX, SMALLEST_FOR_RESIDENTS_PX = 16, 18
MOST_BYTES: Final = 200_000
MOST_STROKES: Final = 400
GRAVE: Final = ("serious", "critical")
LISTED: Final = 4


@dataclass(frozen=True)
class Eyes:
    """How closely a page is looked at. `data`: see `data_words.chinese_data`. `glance`: axe once a language, keys in one."""

    data: str
    glance: bool = False

    def want_axe(self, lang: Lang, size: Size) -> bool:
        """Whether axe looks at this side."""
        return not self.glance or (lang, size) in (("zh", DESK), ("en", TELEPHONE))

    def want_keys(self, lang: Lang) -> bool:
        """Whether every stop of the Tab key is made."""
        return not self.glance or lang == "zh"


async def look(page: Page, *, lang: Lang, size: Size, for_residents: bool, eyes: Eyes) -> list[str]:
    """The faults of the page that is open. It is left as it was found, but for the focus."""
    smallest = SMALLEST_FOR_RESIDENTS_PX if for_residents else SMALLEST_PX
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    found = await page.evaluate(_script("checks.js"), {"smallest": smallest})
    faults = [f"{kind}: {what}" for kind, what in found["faults"]]
    words = [(word, text) for word, text in found["words"]]
    faults += [f"untranslated: {one}" for one in untranslated(lang, words, eyes.data)[:LISTED]]
    faults += await _weight(page)
    if eyes.want_axe(lang, size):
        faults += await _axe(page)
    if size == DESK:
        faults += await _zoomed(page)
    if eyes.want_keys(lang):
        faults += await _keys(page)
    return faults


async def _weight(page: Page) -> list[str]:
    weight = await page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".reduce((sum, one) => sum + one.transferSize, 0)"
    )
    return [f"heavy: {weight:,} bytes"] if weight > MOST_BYTES else []


async def _axe(page: Page) -> list[str]:
    await page.evaluate(_axe_source())
    found: list[Any] = await page.evaluate(
        "async () => (await axe.run({resultTypes: ['violations']})).violations"
        ".map(({id, impact, help, nodes}) => [impact, id, help, nodes.length, nodes[0].html])"
    )
    return [
        f"axe {impact}: {rule} ({help_}), {count} ×, {html[:160]}"
        for impact, rule, help_, count, html in found
        if impact in GRAVE
    ]


async def _zoomed(page: Page) -> list[str]:
    """Nothing sticks out of the page at 200 %."""
    width, height = ZOOMED
    await page.set_viewport_size({"width": width, "height": height})
    found = await page.evaluate(_script("checks.js"), {"smallest": 0})
    await page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    return [
        f"at 200 %: {kind}: {what}"
        for kind, what in found["faults"]
        if kind in ("overflow", "cut off", "squeezed")
    ]


async def _keys(page: Page) -> list[str]:
    """Everything that can be pressed is come to by the Tab key, and one sees where one is."""
    wanted = await page.evaluate(_script("keys.js"))
    for _ in range(min(wanted + 2, MOST_STROKES)):
        await page.keyboard.press("Tab")
    found = await page.evaluate("window.keysPressed()")
    return [f"no key leads to: {one}" for one in found["missed"][:LISTED]] + [
        f"no visible focus: {one}" for one in found["unseen"][:LISTED]
    ]


@cache
def _script(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


@cache
def _axe_source() -> str:
    return AXE.read_text(encoding="utf-8")
