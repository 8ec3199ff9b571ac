"""Reports on a page: those that were issued, to read and to download, and issuing one.

What is shown and sent is made of the text that was frozen, by the renderers of the commands; looking writes nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast, get_args
from zoneinfo import ZoneInfo

from aiohttp import web

from followup.issuing import (
    AlreadyIssued,
    NothingToCorrect,
    NotIssued,
    PeriodNotOver,
    ReasonMissing,
    SomebodyIssued,
    UnknownReport,
    issue,
    issued,
)
from followup.reports.document.model import Kind
from followup.reports.document.wording import Lang
from followup.reports.rendering import FORMATS
from followup.reports.rendering.printed import Printed
from followup.store import issued_reports
from followup.store.issued_reports import IssuedRow
from followup.web.flag_pages import sign_of
from survey import counting
from survey.access.refusals import NotPermitted
from survey.access.roles import Permission
from survey.access.signed_in import SignedIn
from survey.ground import Ground
from survey.periods import FORMS, NoPeriod, Period, period
from survey.statistics.indicator_definitions import IndicatorError
from survey.store import campaigns
from survey.store.pool import connection
from survey.web.gate import HOME, Gate, address, go
from survey.web.shell import lang_of, page

REPORTS: Final = "/reports"
READ: Final[Permission] = "reports.read"
ISSUE: Final[Permission] = "reports.issue"
ABOUT_STAFF: Final[Permission] = "pay.decide"
"""Who reads the sheet of the surveyors: it is about colleagues, by their numbers."""
LISTED: Final = 200
Both = tuple[str, str]
KINDS: Final[dict[str, Both]] = {
    "weekly": ("社情民意调查周报", "Weekly report"),
    "monthly": ("月总结及星级评定", "Monthly summary with the stars"),
    "callback": ("回访情况报告", "Callback report"),
    "morning": ("晨报", "Morning sheet"),
    "unit": ("承办单位办理质量表", "Quality of the units"),
    "village": ("您说我办", "You said, we did"),
    "centre": ("中心得分", "Score of the centre"),
    "bulletin": ("季通报", "Bulletin"),
    "surveyor": ("调查员工作表", "Sheet of the surveyors"),
}
OF_CALLBACKS: Final = frozenset({"callback", "weekly", "unit"})
"""Those whose numbers of callbacks can be followed down to the single answer."""
BY_HAND: Final = tuple(kind for kind in KINDS if kind != "surveyor")
"""What can be issued here; the sheet of the surveyors needs what people enter (`minyi report issue surveyor --entered`)."""
CONTENT: Final = {
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
}
REFUSED: Final[dict[type[Exception], Both]] = {
    AlreadyIssued: (
        "这一期已经签发,不再改动;要更正,请勾选更正并写原因。",
        "This period is issued and never altered; to correct it, tick correction and give a reason.",
    ),
    NothingToCorrect: (
        "这一期还没有签发,没有可更正的。",
        "This period is not issued, so there is nothing to correct.",
    ),
    PeriodNotOver: ("这个期间还没有过完。", "The period is not over."),
    ReasonMissing: (
        "更正要写原因,原因会印在报告里。",
        "A correction needs a reason, which is printed in it.",
    ),
    SomebodyIssued: ("刚才有人先签发了,请先看一看。", "Somebody issued it a moment ago; look at it first."),
    NoPeriod: (f"看不出是什么期间,例如:{FORMS}", f"That is no period; write {FORMS}"),
    LookupError: ("这个中心没有这种报告。", "There is no such report of this centre."),
    IndicatorError: ("这个期间算不出指标。", "The indicators of this period cannot be computed."),
}


@dataclass(frozen=True)
class Line:
    """One issued report in the list."""

    number: str
    kind: Both
    first: str
    last: str
    at: datetime
    by: str
    superseded_by: str | None
    corrects: bool
    of_callbacks: bool


@dataclass(frozen=True)
class Wanted:
    """A report that somebody issues."""

    kind: Kind
    days: Period
    by: str
    correct: bool
    reason: str | None


class ReportPages:
    """`/reports` and what hangs under it, of one centre. `database_url`: a report is built on a connection and in a loop of its
    own, as it takes seconds for which webhooks would wait."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate, database_url: str) -> None:
        self._ground = ground
        self._database_url = database_url
        self._centre = centre_code
        self._gate = gate

    def routes(self) -> list[web.RouteDef]:
        """Every page."""
        return [
            web.get(REPORTS, self._gate.open_in(self._centre, READ, self._list)),
            web.get(f"{REPORTS}/{{number}}.{{ending}}", self._gate.open_in(self._centre, READ, self._one)),
            web.post(f"{REPORTS}/issue", self._gate.open_in(self._centre, ISSUE, self._issue)),
        ]

    # -- reading ------------------------------------------------------------------------------------------------------

    async def _list(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        return await self._listed(request, who)

    async def _listed(
        self,
        request: web.Request,
        who: SignedIn,
        *,
        fault: Both | None = None,
        typed: dict[str, str] | None = None,
    ) -> web.StreamResponse:
        async with self._ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
            found = await issued_reports.newest(conn, self._centre, LISTED)
        area = await self._gate.area_of(self._centre)
        about_staff = who.may(ABOUT_STAFF, area)
        values = {
            "lines": [_line(one, zone) for one in found if one.kind != "surveyor" or about_staff],
            "endings": tuple(CONTENT),
            "may_issue": who.may(ISSUE, area),
            "kinds": [(kind, KINDS[kind]) for kind in BY_HAND],
            "fault": fault,
            "typed": {"kind": "", "period": "", "reason": "", "correct": "", **(typed or {})},
            "said": request.query.get("said", ""),
            "listed": LISTED,
            "home": address(request, HOME),
            "form_token": self._gate.form_token(request),
            "issue": address(request, f"{REPORTS}/issue"),
            "behind": lambda number: address(request, "/callbacks", report=number),
            "may_look": who.may("cases.read", area),
            "at": lambda number, ending: address(request, f"{REPORTS}/{number}.{ending}"),
        }
        return page(request, "followup.web", "reports.html", values)

    async def _one(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """A report in one of its forms. HTML is shown, in a sandbox of its own; the others are downloads."""
        number, ending = request.match_info["number"], request.match_info["ending"]
        if ending not in CONTENT:
            raise web.HTTPNotFound
        try:
            async with self._ground.pool.acquire() as conn:
                this = await issued(conn, number)
        except UnknownReport:
            raise web.HTTPNotFound from None
        header = this.document.header
        if header.centre_code != self._centre:
            raise web.HTTPNotFound
        if header.kind == "surveyor":
            who.require(ABOUT_STAFF, await self._gate.area_of(self._centre))
        body = await asyncio.to_thread(_rendered, this, ending, lang_of(request))
        response = web.Response(body=body, content_type=CONTENT[ending], charset=_charset(ending))
        response.headers["X-Content-Type-Options"] = "nosniff"
        if ending == "html":
            response.headers["Content-Security-Policy"] = (
                "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
            )
        else:
            response.headers["Content-Disposition"] = f'attachment; filename="{number}.{ending}"'
        return response

    # -- issuing ------------------------------------------------------------------------------------------------------

    async def _issue(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """Once: a period that is issued already is refused, and said so."""
        typed = {name: str(value).strip() for name, value in (await request.post()).items()}
        kind, correct = typed.get("kind", ""), bool(typed.get("correct"))
        if kind not in BY_HAND or kind not in get_args(Kind):
            raise NotPermitted(f"issue {kind}")
        try:
            days = period(typed.get("period", ""))
            reason = typed.get("reason") or None
            wanted = Wanted(cast(Kind, kind), days, sign_of(who), correct, reason)
            this = await asyncio.to_thread(asyncio.run, self._issued(wanted, self._ground.clock.now()))
        except (NotIssued, NoPeriod, LookupError, IndicatorError) as no:
            return await self._listed(request, who, fault=_why(no), typed=typed)
        stamp = this.document.header.issue
        return go(address(request, REPORTS, said=stamp.number if stamp else ""))

    async def _issued(self, wanted: Wanted, now: datetime) -> Printed:
        async with connection(self._database_url, application_name="minyi report") as conn:
            await counting.refresh(conn)
            return await issue(
                conn,
                wanted.kind,
                self._centre,
                wanted.days,
                by=wanted.by,
                now=now,
                correct=wanted.correct,
                reason=wanted.reason,
            )


def _rendered(this: Printed, ending: str, lang: Lang) -> bytes:
    return FORMATS[ending](this, lang)


def _charset(ending: str) -> str | None:
    return "utf-8" if ending in ("html", "csv", "json") else None


def _why(no: Exception) -> Both:
    return next((words for kind, words in REFUSED.items() if isinstance(no, kind)), (str(no), str(no)))


def _line(one: IssuedRow, zone: ZoneInfo) -> Line:
    return Line(
        one.number,
        KINDS.get(one.kind, (one.kind, one.kind)),
        one.first_day.isoformat(),
        one.last_day.isoformat(),
        one.issued_at.astimezone(zone),
        one.issued_by,
        one.superseded_by,
        one.supersedes is not None,
        one.kind in OF_CALLBACKS,
    )
