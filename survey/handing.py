"""DOOR. What must reach a person: raised by a dialogue or an inbound text, taken by one of the staff, resolved with a note.

waiting -> taken -> resolved. Words are kept as they were said, and shown without numbers; a note is kept without.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from inspect import getdoc
from typing import Any, Final

from survey.access.number_reading import Shown, read_number
from survey.field.calling_hours import window_at
from survey.field.opt_outs import CLOSING
from survey.ground import Ground
from survey.handover_policy import handover_policy
from survey.masking import without_numbers
from survey.store import areas, handovers, people
from survey.store.handovers import HandoverRow, NewHandover

BACK_CHECK: Final = "back_check"
"""Somebody is rung again, to ask whether an interview was held as it should be."""


class HandoverRefusal(Exception):
    """This cannot be done with a handover."""

    def __init__(self, **facts: object) -> None:
        super().__init__(" ".join((getdoc(type(self)) or "").format(**facts).split()))


class UnknownHandover(HandoverRefusal):
    """没有编号 {ref}。There is no handover {ref}. `minyi handover list --all` shows the references."""


class NameMissing(HandoverRefusal):
    """编号 {ref}:请写明是谁。Handover {ref}: say who it is, with a name or a staff number."""


class NoteMissing(HandoverRefusal):
    """编号 {ref}:请写明结果。Handover {ref}: say what came of it, so that nobody has to ask again."""


class NotTaken(HandoverRefusal):
    """编号 {ref} 还没有人接手。Handover {ref} is waiting. Take it first, so that others see who is on it:
    `minyi handover take {ref} --by …`"""


class TakenByAnother(HandoverRefusal):
    """编号 {ref} 由 {holder} 接手。Handover {ref} is with {holder}. To take it over:
    `minyi handover take {ref} --by … --from {holder}`"""


class ResolvedBefore(HandoverRefusal):
    """编号 {ref} 已由 {resolver} 办完。Handover {ref} was resolved by {resolver}: {resolution}"""


class NobodyToCall(HandoverRefusal):
    """编号 {ref}:不知道是谁。Handover {ref}: nobody knows whose it is, so there is no number."""


class OwnInterview(HandoverRefusal):
    """编号 {ref}:这次访问是 {by} 做的,由别人回访核实。Handover {ref}: {by} held this interview; somebody else checks it."""


class NotNow(HandoverRefusal):
    """编号 {ref}:现在不在拨打时段。Handover {ref}: it is outside the calling hours, and this call is ours."""


class DoNotCall(HandoverRefusal):
    """编号 {ref}:本人说过不要再打电话。Handover {ref}: the resident wants no calls; resolve it with that."""


class NothingRecorded(HandoverRefusal):
    """编号 {ref} 没有录音。Handover {ref} has no recording to write down; leave out the words."""


@dataclass(frozen=True)
class Raised:
    """Something for a person. `person_id` None: a sender whom we do not know. `interview_id` None: outside of any dialogue.

    `words` are the resident's own, `recording` the carrier's sid of what has to be listened to. `due_at`: a moment that the
    resident named; without it the policy says until when.
    """

    person_id: int | None
    interview_id: int | None
    reason: str
    urgent: bool = False
    words: str | None = None
    recording: str | None = None
    due_at: datetime | None = None


async def raise_(ground: Ground, conn: Any, raised: Raised) -> str:
    """Put it into the queue, in the caller's transaction; until when, says policy `handover`. Its reference."""
    now, ref = ground.clock.now(), ground.tokens()
    due = raised.due_at or handover_policy().due(raised.reason, raised.urgent, now)
    await handovers.insert(
        conn,
        NewHandover(
            ref,
            raised.person_id,
            raised.interview_id,
            raised.reason,
            raised.urgent,
            raised.words,
            raised.recording,
            now,
            due,
        ),
    )
    return ref


async def called(ground: Ground, conn: Any, person_id: int, by: str) -> None:
    """An operator has spoken with this person: what only wanted a person's call is done, in the caller's transaction.
    What is urgent, or has to be listened to, stays until somebody says what came of it."""
    await handovers.resolve_called(conn, person_id, by, ground.clock.now())


async def queue(ground: Ground, centre: str, *, resolved: bool = False) -> list[HandoverRow]:
    """What waits for a person at this centre or is taken, urgent ones first, then by due time; `resolved`: those too, last."""
    async with ground.pool.acquire() as conn:
        return [_shown(row) for row in await handovers.queue(conn, centre, resolved=resolved)]


async def take(ground: Ground, ref: str, by: str, *, holder: str | None = None) -> HandoverRow:
    """`by` is on it from now on; taking twice is the same as once. `holder`: the colleague from whom it is taken over.

    Raises NameMissing, UnknownHandover, OwnInterview, TakenByAnother, ResolvedBefore.
    """
    name, now = _named(ref, by), ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        await _not_their_own(conn, ref, name)
        if not await handovers.take(conn, ref, name, now) and holder is not None:
            await handovers.take_over(conn, ref, name, now, holder.strip())
        row = await _find(conn, ref)
    if row.status != "taken" or row.taken_by != name:
        raise _refusal(row)
    return _shown(row)


async def held(conn: Any, ref: str, by: str) -> tuple[HandoverRow, int | None]:
    """What `by` has taken, and whose it is (None: nobody whom we know), inside the caller's transaction.

    Raises NameMissing, UnknownHandover, NotTaken, TakenByAnother, ResolvedBefore.
    """
    found = await handovers.whose(conn, ref, _named(ref, by))
    row = await _find(conn, ref)
    if found is None:
        raise _refusal(row)
    return _shown(row), found.person_id


async def number(ground: Ground, ref: str, by: str, centre: str) -> Shown:
    """The number of the person, for whoever has taken this; that it was read is on record, with the reference as the reason.
    `centre`: whose area counts where it belongs to no dialogue.

    Raises NameMissing, UnknownHandover, NotTaken, TakenByAnother, ResolvedBefore, NobodyToCall, NotNow, DoNotCall, NotPermitted.
    """
    name = _named(ref, by)
    async with ground.pool.acquire() as conn, conn.transaction():
        found = await handovers.whose(conn, ref, name)
        if found is None:
            raise _refusal(await _find(conn, ref))
        if found.person_id is None:
            raise NobodyToCall(ref=ref)
        await _may_be_called(conn, ref, found.person_id, ground.clock.now())
        area = found.area_code or await areas.centre_area(conn, centre) or centre
        return await read_number(ground, conn, name, found.person_id, area, f"等人处理 handover {ref}")


async def resolve(
    ground: Ground, ref: str, by: str, note: str, *, needs_recording: bool = False
) -> HandoverRow:
    """`by`, who took it, says what came of it; a number in `note` is not kept. `needs_recording`: only one with a recording.

    Raises NameMissing, NoteMissing, UnknownHandover, NotTaken, TakenByAnother, ResolvedBefore, NothingRecorded.
    """
    name, outcome = _named(ref, by), without_numbers(note.strip())
    if not outcome:
        raise NoteMissing(ref=ref)
    async with ground.pool.acquire() as conn, conn.transaction():
        if needs_recording and (await _find(conn, ref)).recording is None:
            raise NothingRecorded(ref=ref)
        done = await handovers.resolve(conn, ref, name, ground.clock.now(), outcome)
        row = await _find(conn, ref)
    if not done:
        raise _refusal(row)
    return _shown(row)


async def _not_their_own(conn: Any, ref: str, by: str) -> None:
    """Whoever held an interview does not ask whether it was held."""
    check = await handovers.back_check(conn, ref, BACK_CHECK)
    if check is not None and check.operator is not None and check.operator.lower() == by.lower():
        raise OwnInterview(ref=ref, by=by)


async def _may_be_called(conn: Any, ref: str, person_id: int, now: datetime) -> None:
    """A back-check is a call that we make, not one that somebody waits for: hours and opt-outs hold for it."""
    check = await handovers.back_check(conn, ref, BACK_CHECK)
    if check is None:
        return
    if window_at(now, check.tz, "case" if check.purpose == "case" else "survey") is None:
        raise NotNow(ref=ref)
    if await closed_to_calls(conn, person_id, check.purpose):
        raise DoNotCall(ref=ref)


async def closed_to_calls(conn: Any, person_id: int, purpose: str) -> bool:
    """Whether a person wants no calls by people about `purpose`."""
    said = (await people.opt_outs(conn, [person_id])).get(person_id, set())
    return bool(said & CLOSING["case" if purpose == "case" else "survey", "operator"])


def _named(ref: str, by: str) -> str:
    if not by.strip():
        raise NameMissing(ref=ref)
    return by.strip()


async def _find(conn: Any, ref: str) -> HandoverRow:
    row = await handovers.find(conn, ref)
    if row is None:
        raise UnknownHandover(ref=ref)
    return row


def _refusal(row: HandoverRow) -> HandoverRefusal:
    """Why the state in which it stands does not allow what was wanted."""
    if row.status == "waiting":
        return NotTaken(ref=row.ref)
    if row.status == "taken":
        return TakenByAnother(ref=row.ref, holder=row.taken_by)
    return ResolvedBefore(ref=row.ref, resolver=row.resolved_by, resolution=row.resolution)


def _shown(row: HandoverRow) -> HandoverRow:
    """The row without numbers in what was said."""
    return replace(row, words=None if row.words is None else without_numbers(row.words))
