"""The one plain page that shows the day as it happens: queues, calls, what waits for a person, the latest
inputs.

It refreshes itself every two seconds by a few lines of its own script, and without script by the browser.
It shows no number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import asyncpg
from aiohttp import web
from markupsafe import Markup

from survey.access.signed_in import SignedIn
from survey.clock import Clock
from survey.store import areas
from survey.store.reports import live
from survey.transcripts import as_said, is_recorded
from survey.web.gate import HOME, Gate, address
from survey.web.shell import Tile, TileSource, both, fragment, page
from survey.web.terms import ATTEMPT_STATES, EFFECT_TONES, EFFECTS, MODES, PURPOSES, term

LATEST_INPUTS = 14
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class QueueRow:
    """One line of "waiting to be contacted"."""

    purpose: Markup
    mode: Markup
    due: int
    later: int
    next: str


@dataclass(frozen=True)
class CallRow:
    """One line of "under way"."""

    mode: Markup
    state: Markup
    count: int


@dataclass(frozen=True)
class InputRow:
    """One line of "the latest inputs"; times are local."""

    at: datetime
    mode: Markup
    said: str | Markup
    effect: Markup
    tone: str


@dataclass(frozen=True)
class DayView:
    """All that the page shows at one moment."""

    name_zh: str
    name_en: str
    tz: str
    local: datetime
    date_zh: str
    date_en: str
    tiles: tuple[Tile, ...]
    queues: tuple[QueueRow, ...]
    calls: tuple[CallRow, ...]
    latest: tuple[InputRow, ...]
    counties: tuple[live.CountyDay, ...] = ()


def day_routes(
    pool: asyncpg.Pool, clock: Clock, centre_code: str, gate: Gate, tile_sources: Sequence[TileSource] = ()
) -> list[web.RouteDef]:
    """`/` is the page, `/day/now` its changing part; for whoever may see the day in the centre's area."""

    async def view(who: SignedIn) -> DayView:
        async with pool.acquire() as conn:
            theirs = [one.code for one in await areas.centres(conn) if who.may("day.read", one.area_code)]
            return await read_day(conn, clock.now(), centre_code, tile_sources, theirs)

    async def whole(request: web.Request, who: SignedIn) -> web.Response:
        values = {"view": await view(who), "home": address(request, HOME), "who": who}
        return page(request, "survey.web", "day.html", values)

    async def now(_: web.Request, who: SignedIn) -> web.Response:
        return fragment("survey.web", "day_now.html", {"view": await view(who)})

    return [
        web.get("/", gate.open_in(centre_code, "day.read", whole)),
        web.get("/day/now", gate.open_in(centre_code, "day.read", now, quiet=True)),
    ]


async def read_day(
    conn: asyncpg.Connection,
    now: datetime,
    centre_code: str,
    tile_sources: Sequence[TileSource] = (),
    theirs: Sequence[str] = (),
) -> DayView:
    """What the page shows at `now`. A centre that is not set up yet is shown by its code, in UTC. `theirs`: the centres that the
    reader may see; several are shown side by side."""
    head = await live.centre_head(conn, centre_code)
    zone = ZoneInfo(head.tz) if head else ZoneInfo("UTC")
    local = now.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    tiles = [
        *_day_tiles(await live.day_counts(conn, midnight, centre_code)),
        *_waiting_tiles(await live.waiting(conn, now, centre_code)),
    ]
    for source in tile_sources:
        tiles.extend(await source(conn, now))
    return DayView(
        name_zh=head.name_zh if head else centre_code,
        name_en=head.name_en if head else centre_code,
        tz=str(zone),
        local=local,
        date_zh=f"{local:%Y}年{local.month}月{local.day}日 星期{WEEKDAYS[local.weekday()]}",
        date_en=f"{local:%A, %Y-%m-%d}",
        tiles=tuple(tiles),
        queues=tuple(_queue_row(row, zone) for row in await live.queues(conn, now, centre_code)),
        calls=tuple(
            CallRow(term(MODES, row.mode), term(ATTEMPT_STATES, row.status), row.attempts)
            for row in await live.call_states(conn, centre_code)
        ),
        latest=tuple(
            _input_row(row, zone) for row in await live.latest_inputs(conn, LATEST_INPUTS, centre_code)
        ),
        counties=tuple(await live.counties(conn, midnight, now, theirs)) if len(theirs) > 1 else (),
    )


def _day_tiles(counts: Sequence[live.DayCount]) -> list[Tile]:
    by_mode = {row.mode: row for row in counts}
    names = {"voice": ("语音呼叫", "Calls by voice"), "text": ("短信邀请", "Text invitations"),
             "operator": ("人工拨打", "Calls by operators")}  # fmt: skip
    return [
        Tile(
            *names[mode],
            count=row.attempts,
            sub_zh=f"接通 {row.answered:,} · 完成 {row.completed:,}"
            if mode != "text"
            else f"完成 {row.completed:,}",
            sub_en=f"{row.answered:,} answered, {row.completed:,} complete"
            if mode != "text"
            else f"{row.completed:,} complete",
        )
        for mode in names
        if (row := by_mode[mode])
    ]


def _waiting_tiles(row: live.Waiting) -> list[Tile]:
    tiles = [
        Tile(
            "等人联系",
            "Wait for a person",
            row.handovers,
            "bad" if row.handovers_urgent else "warn" if row.handovers_overdue else "",
            f"紧急 {row.handovers_urgent:,} · 超时 {row.handovers_overdue:,}",
            f"{row.handovers_urgent:,} urgent, {row.handovers_overdue:,} overdue",
        ),
        Tile("收件箱未读", "Unread texts", row.inbox, "warn" if row.inbox else ""),
    ]
    if row.parked_signals:
        tiles.append(Tile("未识别信号", "Unmapped signals", row.parked_signals, "bad"))
    return tiles


def _queue_row(row: live.QueueSize, zone: ZoneInfo) -> QueueRow:
    upcoming = f"{row.next_due_at.astimezone(zone):%m-%d %H:%M}" if row.next_due_at else ""
    return QueueRow(term(PURPOSES, row.purpose), term(MODES, row.mode), row.due, row.later, upcoming)


def _unsaid(row: live.LatestInput) -> Markup | str:
    """An answered call has said nothing yet; an operator may have noted a choice without words."""
    if row.effect == "opened":
        return both("(接听)", "(picked up)")
    if is_recorded(row.said):
        return both("(录音)", "(a recording)")
    return row.said if row.channel == "operator" and row.said else both("(无声)", "(silence)")


def _input_row(row: live.LatestInput, zone: ZoneInfo) -> InputRow:
    said: str | Markup = as_said(row.channel, row.said) or _unsaid(row)
    return InputRow(
        row.arrived_at.astimezone(zone),
        term(MODES, row.channel),
        said,
        term(EFFECTS, row.effect),
        EFFECT_TONES.get(row.effect, ""),
    )
