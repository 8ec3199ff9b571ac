"""`/unit/quality`: a unit reads its own figures, each with its base and interval. Of no other unit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from followup.reports.document.figures import Figure
from followup.reports.document.wording import in_text
from followup.reports.own_sheet import own_sheet
from followup.unit_desk import Seat
from followup.web.unit_gate import UnitGate
from survey.access.roles import Permission
from survey.access.signed_in import SignedIn
from survey.ground import Ground
from survey.periods import NoPeriod, Period, ending_before, period
from survey.store import campaigns
from survey.web.gate import HOME, Gate, address
from survey.web.shell import page

QUALITY: Final = "/unit/quality"
HANDLE: Final[Permission] = "cases.handle"
NAMES: Final[dict[str, tuple[str, str, str, str]]] = {
    "in_time": ("按时反馈", "Results in time", "到期的各轮", "of rounds that were due"),
    "own.due": ("应回访", "Callbacks due", "", ""),
    "own.reached": ("已访", "Reached", "", ""),
    "own.contacted": ("联系过群众", "Contacted the resident", "群众说", "as residents say"),
    "own.solved": ("解决率", "Solved", "各轮", "all rounds"),
    "first.solved": ("首次解决率", "Solved at once", "第一轮", "first round"),
    "own.half": (
        "满意率(半权)",
        "Satisfaction, half weight",
        "基本满意算一半",
        "fairly satisfied counts half",
    ),
    "own.strict": ("满意率(严口径)", "Satisfaction, strict", "只算满意", "satisfied alone"),
    "own.broad": ("满意率(宽口径)", "Satisfaction, broad", "满意和基本满意", "satisfied or fairly so"),
    "own.satisfied": ("满意", "Satisfied", "", ""),
    "own.basically": ("基本满意", "Fairly satisfied", "", ""),
    "own.dissatisfied": ("不满意", "Dissatisfied", "", ""),
    "own.redispatch": ("再次交办率", "Dispatched again", "已访的", "of those reached"),
    "own.denied": ("群众说没有联系(待核实)", "Contact denied, to be verified", "", ""),
}


class UnitQualityPage:
    """`/unit/quality`, for whoever works for a unit of the centre."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = UnitGate(gate, ground, centre_code)

    def routes(self) -> list[web.RouteDef]:
        """The page. It comes before `/unit/NUMBER`."""
        return [web.get(QUALITY, self._gate.open_to(HANDLE, self._sheet))]

    async def _sheet(self, request: web.Request, who: SignedIn, seat: Seat) -> web.StreamResponse:
        now, asked = self._ground.clock.now(), request.query.get("period", "")
        async with self._ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
            midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
            this, last = _quarters(midnight)
            try:
                wanted, fault = period(asked) if asked else this, False
            except NoPeriod:
                wanted, fault = this, True
            found = await own_sheet(conn, self._centre, seat.unit.code, wanted, midnight)
        values = {
            "who": who,
            "unit": seat.unit,
            "first": wanted.first.isoformat(),
            "last": wanted.last.isoformat(),
            "cut_off": f"{midnight:%Y-%m-%d %H:%M}",
            "periods": [(one, address(request, QUALITY, period=one)) for one in map(_written, (this, last))],
            "fault": fault,
            "figures": [(*NAMES[key], *_said(figure)) for key, figure in found.figures.items()],
            "list": address(request, "/unit"),
            "home": address(request, HOME),
        }
        return page(request, "followup.web", "unit_quality.html", values)


def _quarters(midnight: datetime) -> tuple[Period, Period]:
    """The quarter that yesterday lies in, and the one before: today is not over."""
    day = midnight.date() - timedelta(days=1)
    (last,) = ending_before(day, "quarter", 1)
    return period(_written(Period(last.last + timedelta(days=1), day))), last


def _written(quarter: Period) -> str:
    return f"{quarter.first.year}-Q{(quarter.first.month + 2) // 3}"


def _said(figure: Figure) -> tuple[str, str]:
    return in_text(figure, "zh"), in_text(figure, "en")
