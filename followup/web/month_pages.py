"""A surveyor's own month: what is counted of their work, how it becomes a score and pay, and a way to object.

The program does not hold what the centre enters (decision 0039), so the amount stands on the centre's sheet. Who has that in
hand can enter its figures here and have it worked out again: nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from followup import paying
from followup.assessment.pay import Pay, pay_policy
from followup.assessment.surveyor_month import NotPayable, surveyor_month
from followup.paying import ObjectionWaits, OwnMonth, WordsMissing
from followup.reports.building import cut_off_of
from survey.access.signed_in import SignedIn
from survey.ground import Ground
from survey.periods import NoPeriod, Period, period, preceding
from survey.store import campaigns
from survey.web.desk_pages import DESK, LONGEST, WORK
from survey.web.desk_view import Aside
from survey.web.gate import FORM_TOKEN, HOME, Gate, Handler, PersonHandler, address, go
from survey.web.shell import page

PATH: Final = f"{DESK}/month"
MONTH: Final = Aside("g", "我的绩效", "My month", PATH)
"""The key of the desk that leads here."""
Both = tuple[str, str]
FIELDS: Final[Mapping[str, Both]] = {
    "target": ("目标量", "Target, in units"),
    "complaint_penalty": ("投诉扣减(0 到 1)", "Off for complaints (0 to 1)"),
    "on_time_callback": ("按时回访(0 到 1)", "Callbacks in time (0 to 1)"),
    "learning": ("学习(0 到 1)", "Learning (0 to 1)"),
    "base": ("基本工资", "Base pay"),
    "performance_base": ("绩效基数", "Performance base"),
    "awards": ("奖励", "Awards"),
    "fines": ("扣款", "Fines"),
}
"""What the centre enters, in words; the names are those of policy `pay`."""
SHARES: Final = frozenset({"complaint_penalty", "on_time_callback", "learning"})
DECISIONS: Final[Mapping[str, Both]] = {
    "changed": ("改正", "changed"),
    "stands": ("维持", "stands"),
}
AUDITS: Final[Mapping[str, Both]] = {
    "own": ("质量按本人被复核的访问", "quality from your own checked interviews"),
    "centre": (
        "您的访问没有被复核,质量按全中心",
        "none of yours was checked: quality as of the whole centre",
    ),
    "none": ("没有复核,质量分摊到其他两项", "nothing was checked: the points of quality go to the others"),
}


@dataclass(frozen=True)
class Line:
    """One thing that is counted: how often, and what one of it is worth in units of work."""

    zh: str
    en: str
    count: int
    worth: float


class MonthPages:
    """`/desk/month`, for whoever works the desk; of themselves alone."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = gate

    def routes(self) -> list[web.RouteDef]:
        """The page, the working out, the objection."""
        return [
            web.get(PATH, self._open(self._look)),
            web.post(PATH, self._open(self._work_out)),
            web.post(f"{PATH}/object", self._open(self._object)),
        ]

    def _open(self, handler: PersonHandler) -> Handler:
        return self._gate.open_in(self._centre, WORK, handler)

    async def _look(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        return await self._page(request, who, await self._month(request.query.get("month", "")))

    async def _work_out(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """What the centre's sheet says, with their own counts. The reply alone shows it."""
        sent = {name: str(value).strip() for name, value in (await request.post()).items()}
        days = await self._month(sent.get("month", ""))
        entered = _entered(sent)
        if entered is None:
            fault = ("每一项都写数字,份额在 0 到 1 之间。", "A number in each; shares lie between 0 and 1.")
            return await self._page(request, who, days, typed=sent, fault=fault)
        return await self._page(request, who, days, typed=sent, entered=entered)

    async def _object(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        sent = {name: str(value).strip() for name, value in (await request.post()).items()}
        days, words = await self._month(sent.get("month", "")), sent.get("words", "")[:LONGEST]
        try:
            async with self._ground.pool.acquire() as conn:
                now = self._ground.clock.now()
                await paying.object_(conn, self._centre, who.name, days.first, words=words, now=now)
        except WordsMissing:
            return await self._page(request, who, days, objecting=("请写明理由。", "Say why."))
        except ObjectionWaits:
            waits = (
                "这个月的异议还在等决定,不能再提。",
                "An objection to this month waits already for a decision.",
            )
            return await self._page(request, who, days, objecting=waits, words=words)
        return go(address(request, PATH, month=_written(days.first), said="objected"))

    async def _month(self, written: str) -> Period:
        """The month that is asked for; this one where it is none, or has not begun."""
        async with self._ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
        today = self._ground.clock.now().astimezone(zone).date()
        this = period(_written(today))
        try:
            asked = period(written)
        except NoPeriod:
            return this
        whole = period(_written(asked.first)) == asked
        return asked if whole and asked.first <= today else this

    async def _page(
        self,
        request: web.Request,
        who: SignedIn,
        days: Period,
        *,
        typed: Mapping[str, str] | None = None,
        entered: Mapping[str, float] | None = None,
        fault: Both | None = None,
        objecting: Both | None = None,
        words: str = "",
    ) -> web.StreamResponse:
        async with self._ground.pool.acquire() as conn:
            cut_off = await cut_off_of(conn, self._centre, days, self._ground.clock.now())
            own = await paying.own_month(conn, self._centre, who.name, days, cut_off)
            raised = [one for one in await paying.objections(conn, self._centre) if one.staff_no == who.name]
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
        sheet: Pay | None = None
        try:
            sheet = paying.worked_out(own, entered) if entered is not None else None
        except NotPayable:
            fault = ("目标量要大于 0。", "The target is above 0.")
        values: dict[str, Any] = {
            "month": _written(days.first),
            "before": address(request, PATH, month=_written(preceding(days).first)),
            "lines": _lines(own),
            "own": own,
            "policy": surveyor_month(),
            "fields": FIELDS,
            "typed": {**dict.fromkeys(FIELDS, ""), **(typed or {})},
            "sheet": sheet,
            "audit": AUDITS[sheet.audit] if sheet else ("", ""),
            "fault": fault,
            "objecting": objecting,
            "words": words,
            "said": request.query.get("said", ""),
            "raised": [(one, one.raised_at.astimezone(zone), _outcome(one.decision)) for one in raised],
            "longest": LONGEST,
            "desk": address(request, DESK),
            "home": address(request, HOME),
            "token_name": FORM_TOKEN,
            "form_token": self._gate.form_token(request),
            "here": address(request, PATH),
            "object": address(request, f"{PATH}/object"),
        }
        return page(request, "followup.web", "desk_month.html", values)


def _entered(sent: Mapping[str, str]) -> dict[str, float] | None:
    """The figures of the centre's sheet; None where one is no number, or lies outside of what it can be."""
    try:
        found = {name: float(sent.get(name, "")) for name in pay_policy().entered}
    except ValueError:
        return None
    fits = all(0 <= number <= (1 if name in SHARES else 1e9) for name, number in found.items())
    return found if fits else None


def _lines(own: OwnMonth) -> list[Line]:
    units, work = surveyor_month().units, own.work
    return [
        Line("完成的访问(作废的不算)", "Interviews to the end, void ones left out", work.completes, units.complete),
        Line("完成的回访", "Callbacks to the end", work.callbacks, units.callback),
        Line("有效登记的诉求", "Appeals taken in and accepted", work.registrations, units.registration),
        Line("拨打", "Calls made", work.dials, units.dial),
    ]  # fmt: skip


def _outcome(decision: str | None) -> Both:
    return DECISIONS.get(decision or "", ("等待决定", "waits for a decision"))


def _written(day: date) -> str:
    return f"{day:%Y-%m}"
