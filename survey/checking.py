"""DOOR. Finished interviews that a person checks: drawn, looked at, rung about again, judged.

A verdict is a row of `survey.audit_item`; a later one supersedes it and both stay. Whoever held an interview neither judges it
nor rings about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from inspect import getdoc
from typing import Any
from zoneinfo import ZoneInfo

from survey import handing
from survey.access.signing_in import spelled
from survey.field.auditing import VERDICTS, Method, Verdict
from survey.field.quality import Pick, chosen
from survey.field.quality_policy import quality_policy, quality_version
from survey.ground import Ground
from survey.handing import Raised
from survey.local_time import start_of_day
from survey.masking import without_numbers
from survey.store import audits, quality, recording_reads
from survey.store.audits import NewItem
from survey.store.quality import File, NewDraw, Rung, Said, TimedAnswer
from survey.store.recording_reads import Recorded


class CheckRefused(Exception):
    """This cannot be done with an interview that is checked."""

    def __init__(self, **facts: object) -> None:
        super().__init__(" ".join((getdoc(type(self)) or "").format(**facts).split()))


class NothingToDraw(CheckRefused):
    """到 {last} 为止的访问都已抽过,或者没有完成的访问。Interviews up to {last} have been drawn, or there were none."""


class UnknownInterview(CheckRefused):
    """没有抽到这次访问。No interview {ref} was picked for checking."""


class OwnInterview(CheckRefused):
    """这次访问是您自己做的,由别人来查。You held this interview yourself; somebody else checks it."""


class UnknownVerdict(CheckRefused):
    """请选一个结论。Choose a verdict: pass, corrected or void."""


class NoWhy(CheckRefused):
    """请写明依据。Say what it rests on."""


class RingFirst(CheckRefused):
    """这次访问没有录音,先请人回访核实。Nothing of it was recorded: it is to be rung about first."""


class RungAlready(CheckRefused):
    """回访核实已经请人去办。A back-check call was asked for already."""


class DoNotCall(CheckRefused):
    """本人说过不要再打电话。The resident wants no calls."""


class JudgedBefore(CheckRefused):
    """已有结论或已搁置。There is a verdict, or it was set aside."""


@dataclass(frozen=True)
class Drawn:
    """What a draw came to: of so many `interviews` of these days, the picks."""

    first: date
    last: date
    interviews: int
    picks: Sequence[Pick]


@dataclass(frozen=True)
class Sheet:
    """What there is of an interview: its answers with their times, recordings, calls that were asked for, verdicts."""

    file: File
    answers: Sequence[TimedAnswer]
    recordings: Sequence[Recorded]
    rung: Sequence[Rung]
    said: Sequence[Said]

    @property
    def must_ring(self) -> bool:
        """Answers and times alone are not enough: it is rung about first."""
        return self.file.ring and not self.recordings and all(one.resolved_at is None for one in self.rung)


async def undrawn(ground: Ground, conn: Any, centre: str) -> tuple[date, date] | None:
    """The days that the next draw is of: from the day after the last one to yesterday. None: there are none."""
    zone = await quality.zone_of(conn, centre)
    begun = await quality.first_ended(conn, centre)
    if zone is None or begun is None:
        return None
    drawn = await quality.last_day(conn, centre)
    first = drawn + timedelta(days=1) if drawn else begun.astimezone(ZoneInfo(zone)).date()
    last = _yesterday(ground.clock.now(), zone)
    return (first, last) if first <= last else None


async def draw(ground: Ground, centre: str, last: date, *, seed: int, by: str) -> Drawn:
    """Draw of all days up to `last` that were not drawn from, yesterday at the latest. `seed`: the dice; it is kept, so that
    anybody can draw the same again. Twice the same day is once. Raises NothingToDraw."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        zone = await quality.lock_centre(conn, centre)
        days = await undrawn(ground, conn, centre)
        if zone is None or days is None or not days[0] <= last <= days[1]:
            raise NothingToDraw(last=last)
        first = days[0]
        since, until = start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone)
        held = await quality.held(conn, centre, since, until)
        if not held:
            raise NothingToDraw(last=last)
        picks = chosen(held, seed, quality_policy())
        kept = NewDraw(centre, first, last, seed, quality_version(), len(held), by, now)
        await quality.keep_draw(conn, kept, picks)
    return Drawn(first, last, len(held), picks)


async def sheet(ground: Ground, centre: str, ref: str) -> Sheet:
    """Raises UnknownInterview."""
    async with ground.pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        return await _sheet(conn, centre, ref)


async def judge(ground: Ground, centre: str, ref: str, *, verdict: str, why: str, by: str) -> Verdict:
    """A verdict, beside those that there are. By which method it was come to, the records say: who gives it has heard a
    recording, or somebody has rung; else answers and times were read.

    Raises UnknownInterview, OwnInterview, UnknownVerdict, NoWhy, RingFirst.
    """
    ground_of_it = without_numbers(why.strip())
    given = next((one for one in VERDICTS if one == verdict), None)
    async with ground.pool.acquire() as conn, conn.transaction():
        this = await _held_for(conn, centre, ref, by)
        if given is None:
            raise UnknownVerdict()
        if not ground_of_it:
            raise NoWhy()
        if this.must_ring:
            raise RingFirst()
        heard = any(by in one.heard_by for one in this.recordings)
        called = any(one.resolved_at is not None for one in this.rung)
        method: Method = "listen" if heard else "recontact" if called else "records"
        item = NewItem(this.file.id, method, given, by, ground_of_it)
        await audits.add(conn, item, ground.clock.now())
    return given


async def ring(ground: Ground, centre: str, ref: str, *, by: str) -> None:
    """Ask that somebody else rings the resident: it lies in the queue of what must reach a person.

    Raises UnknownInterview, OwnInterview, RungAlready, DoNotCall.
    """
    async with ground.pool.acquire() as conn, conn.transaction():
        file = (this := await _held_for(conn, centre, ref, by)).file
        if any(one.resolved_at is None for one in this.rung):
            raise RungAlready()
        if await handing.closed_to_calls(conn, file.person_id, file.purpose):
            raise DoNotCall()
        due = ground.clock.now() + timedelta(days=quality_policy().back_check_days)
        await handing.raise_(ground, conn, Raised(file.person_id, file.id, handing.BACK_CHECK, due_at=due))


async def set_aside(ground: Ground, centre: str, ref: str, *, why: str, by: str) -> None:
    """It cannot be checked: it waits no more, and is in no rate. Raises UnknownInterview, OwnInterview, NoWhy, JudgedBefore."""
    reason = without_numbers(why.strip())
    async with ground.pool.acquire() as conn, conn.transaction():
        this = await _held_for(conn, centre, ref, by)
        if not reason:
            raise NoWhy()
        if not await quality.set_aside(conn, this.file.id, ground.clock.now(), by, reason):
            raise JudgedBefore()


async def _held_for(conn: Any, centre: str, ref: str, by: str) -> Sheet:
    this = await _sheet(conn, centre, ref)
    if this.file.operator is not None and spelled(this.file.operator) == spelled(by):
        raise OwnInterview()
    await quality.lock_pick(conn, this.file.id)
    return await _sheet(conn, centre, ref)


async def _sheet(conn: Any, centre: str, ref: str) -> Sheet:
    file = await quality.file_of(conn, centre, ref)
    if file is None:
        raise UnknownInterview(ref=ref)
    return Sheet(
        file,
        await quality.timed_answers(conn, file.id),
        await recording_reads.of_interview(conn, file.id),
        await quality.rung(conn, file.id),
        await quality.said(conn, file.id),
    )


def _yesterday(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
