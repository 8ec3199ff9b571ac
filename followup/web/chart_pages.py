"""The pictures on a page: the safety line, townships, the way of callbacks, the colours; for city accounts the counties side
by side. They are drawn by the renderers of the reports; looking writes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from followup.reports.document.figures import Words
from followup.reports.document.model import Block, Chart
from followup.reports.document.wording import Lang, in_text
from followup.reports.pictures import Sheet, read_pictures, sheet
from followup.reports.rendering.charts import narrow_svg
from followup.reports.rendering.html import view
from survey.access.roles import Permission
from survey.access.signed_in import SignedIn
from survey.ground import Ground
from survey.statistics.indicator_definitions import IndicatorError
from survey.store import areas, campaigns
from survey.store.areas import Centre
from survey.store.pool import connection
from survey.web.gate import HOME, Gate, address
from survey.web.shell import lang_of, page

log = structlog.get_logger()

CHARTS: Final = "/charts"
READ: Final[Permission] = "reports.read"


class ChartPages:
    """`/charts` of one centre. `database_url`: the figures are read on a connection and in a loop of their own, as they take a
    moment for which webhooks would wait."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate, database_url: str) -> None:
        self._ground = ground
        self._database_url = database_url
        self._centre = centre_code
        self._gate = gate

    def routes(self) -> list[web.RouteDef]:
        """The one page."""
        return [web.get(CHARTS, self._gate.open_in(self._centre, READ, self._look))]

    async def _look(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        async with self._ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
            centres = await areas.centres(conn)
        mine = [one for one in centres if who.may(READ, one.area_code)]
        now = self._ground.clock.now()
        made: Sheet | None = None
        if any(one.code == self._centre for one in centres):
            beside = mine if len(mine) > 1 else []
            try:
                made = await asyncio.to_thread(asyncio.run, self._read(now, beside))
            except IndicatorError as no:
                log.warning("no pictures can be made", centre=self._centre, why=str(no))
        values = {
            "sections": _sections(made, lang_of(request)) if made is not None else [],
            "local": now.astimezone(zone),
            "home": address(request, HOME),
        }
        return page(request, "followup.web", "charts.html", values)

    async def _read(self, now: datetime, beside: Sequence[Centre]) -> Sheet:
        async with connection(self._database_url, application_name="minyi charts") as conn:
            return sheet(await read_pictures(conn, self._centre, now, beside))


def _sections(made: Sheet, lang: Lang) -> list[tuple[Words, list[dict[str, object]]]]:
    """Each section with what the template needs of its pictures."""
    return [(one.title, [_picture(made, block, lang) for block in one.blocks]) for one in made.sections]


def _picture(made: Sheet, block: Block, lang: Lang) -> dict[str, object]:
    """As in a report, and beside it every figure in words, for whoever does not see the picture."""
    shown = view(made, block, lang)
    if isinstance(block, Chart) and block.bars:
        shown["svg"] = narrow_svg(made, block, lang)
        bars = [(bar.label.of(lang), in_text(made.figures[bar.figure], lang)) for bar in block.bars]
        shown["told"] = bars
    return shown
