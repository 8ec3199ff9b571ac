"""DOOR. The operator's queue: the next person, their number for one attempt, the dialogue by hand, and how it came out.

Operators dial on the telephone on their desk (手工拨打): the number is shown for one attempt, and that it was shown is on record.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from survey.access.number_reading import read_number
from survey.access.refusals import NotPermitted
from survey.appointing import agree
from survey.claiming import claim, may_still_be_contacted
from survey.concluding import conclude
from survey.desk_policy import desk_policy
from survey.desk_talk import Talk, talk_of
from survey.dialogue.inputs import Choice, Input, to_line
from survey.dialogue.turn import Turn
from survey.dispatch_policy import dispatch_policy
from survey.field.carrier_signals import Signal, from_carrier
from survey.ground import Ground
from survey.store import (
    attempts,
    call_sheets,
    contact_notes,
    contacts,
    desk,
    desk_states,
    due_units,
    interviews,
    people,
)
from survey.store.contact_notes import ContactNote
from survey.store.desk import PastContact
from survey.store.desk_states import State
from survey.taking import Arrival, Put, begin, current, take, write_input

SHOWN_AND_NO_MORE = "other"
LOOKS = 50  # people looked at for one request; the rest of a long row of people who may not be called waits for the next


class NoSuchAttempt(Exception):
    """This attempt is not under way at this operator's desk. Take the next person from the queue."""


class MayNotCall(NoSuchAttempt):
    """This person may not be called any more: they said "stop", it is too late in the day, or the campaign is paused. The attempt
    is cancelled. Take the next person from the queue."""


class MayNotSee(NoSuchAttempt):
    """This operator sees no numbers: a contractor, or of another role or area. The person is back in the queue."""

    def __init__(self, ref: str, masked: str = "") -> None:
        super().__init__(f"attempt {ref}: {self.__doc__}")
        self.masked = masked


class OnBreak(Exception):
    """This operator is on a break, and is given nobody. End the break first, on the desk's page."""


class AskedMeanwhile(Exception):
    """Another question is being asked by now, or the dialogue is over. Look at the screen, and answer what is asked there."""


@dataclass(frozen=True)
class Task:
    """The person an operator is about to call. `talk` is set once the dialogue is under way. `shown_at`: when their number was
    shown in this attempt; then they may have been rung already, and it is not dialled a second time.
    `linked`: they are on the operator's line already."""

    ref: str
    purpose: str
    title: str
    area: str
    lang: str
    history: tuple[PastContact, ...]
    talk: Talk | None
    shown_at: datetime | None = None
    linked: bool = False
    notes: tuple[ContactNote, ...] = ()


@dataclass(frozen=True)
class SpokenWith:
    """Who is on the line with an operator. `inbound`: they rang us."""

    person_id: int
    area_code: str
    inbound: bool


@dataclass(frozen=True)
class Reply:
    """What to say next; `over`: nothing more is asked, put the telephone down."""

    turn: Turn
    over: bool


async def next_task(ground: Ground, operator: str) -> Task | None:
    """The next person, held for this operator; asking again gives the same one. None: nobody is due. Raises OnBreak."""
    async with ground.pool.acquire() as conn, conn.transaction():
        ref = await _take(ground, conn, operator)
        return await _task(ground, conn, ref) if ref is not None else None


async def take_next(ground: Ground, operator: str) -> bool:
    """As `next_task`, for a page that is looked at afterwards. False: nobody is due. Raises OnBreak."""
    async with ground.pool.acquire() as conn, conn.transaction():
        return await _take(ground, conn, operator) is not None


async def task_in_hand(ground: Ground, operator: str) -> Task | None:
    """The person this operator has, who was connected to them or whom they took; nobody is taken now."""
    async with ground.pool.acquire() as conn:
        ref = await desk.open_attempt_of(conn, operator)
        return await _task(ground, conn, ref) if ref is not None else None


async def ref_in_hand(ground: Ground, operator: str) -> str | None:
    """The attempt of that person, by its reference."""
    async with ground.pool.acquire() as conn:
        return await desk.open_attempt_of(conn, operator)


async def spoken_with(conn: Any, ref: str, operator: str) -> SpokenWith:
    """Who the operator is talking to, for what is written down of them beside the questionnaire; their contact is held until the
    transaction ends. Raises NoSuchAttempt, also where nobody has picked up yet."""
    attempt = await _mine(conn, ref, operator)
    await contacts.lock(conn, attempt.contact_id)
    if await desk.shown(conn, _desk_sid(ref)) is None:
        raise NoSuchAttempt(f"attempt {ref}: nobody has picked up yet.")
    row = await desk.task(conn, ref)
    return SpokenWith(attempt.person_id, row.area_code, row.inbound)


async def _take(ground: Ground, conn: Any, operator: str) -> str | None:
    """Whoever is in hand; else the first due person who may be called: those before them who may not get their end, or a later
    moment."""
    await desk.hold(conn, operator)
    now = await desk.standing(conn, operator)
    if now.in_hand is not None:
        return now.in_hand
    if now.on_break:
        raise OnBreak(f"operator {operator}: {OnBreak.__doc__}")
    if now.on_duty:
        return None  # theirs are connected to them
    for _ in range(LOOKS):
        claimed = await claim(
            ground, conn, "operator", limit=1, lease_real=None, operator=operator, not_of=now.linked
        )
        if claimed:
            await _goes_on(ground, conn, operator, "in_call", claimed[0].attempt_id)
            return claimed[0].ref
        due = await desk.next_due(conn)
        if due is None or due > ground.clock.now():
            break
    await _goes_on(ground, conn, operator, "ready")
    return None


async def _goes_on(
    ground: Ground, conn: Any, operator: str, to: State, attempt_id: int | None = None
) -> None:
    """The shift of whoever asked for the next person: with this one, or with nobody."""
    left: tuple[State, ...] = ("off", "ready", "in_call", "wrap_up")
    await desk_states.move(conn, operator, to, ground.clock.now(), left=left, attempt_id=attempt_id)


async def _task(ground: Ground, conn: Any, ref: str) -> Task:
    row = await desk.task(conn, ref)
    history = await desk.past_contacts(conn, row.person_id, row.contact_id)
    talk = await talk_of(ground, conn, _desk_sid(ref), row.contact_id, row.purpose)
    since = ground.clock.now() - timedelta(days=desk_policy().notes_days)
    notes = await contact_notes.notes(conn, row.person_id, since, desk_policy().notes_shown)
    return Task(
        ref,
        row.purpose,
        row.title,
        row.area,
        row.lang,
        tuple(history),
        talk,
        row.shown_at,
        row.linked,
        tuple(notes),
    )


async def show_number(ground: Ground, ref: str, operator: str, reason: str) -> str:
    """The number to dial, for this one attempt; who saw it, when and why is written down first.

    Raises MayNotCall where the person may not be called any more, MayNotSee where this operator sees no numbers."""
    why: NoSuchAttempt = MayNotCall(f"attempt {ref}: {MayNotCall.__doc__}")
    async with ground.pool.acquire() as conn, conn.transaction():
        attempt = await _mine(conn, ref, operator)
        if await _may_be_called(ground, conn, attempt):
            area, person = (await desk.task(conn, ref)).area_code, attempt.person_id
            try:
                shown = await read_number(ground, conn, operator, person, area, reason, attempt_id=attempt.id)
                if shown.clear:
                    return shown.number
                why = MayNotSee(ref, shown.number)
            except NotPermitted:
                why = MayNotSee(ref)
        await conclude(ground, conn, attempt, await _unless_shown(conn, attempt, "cancelled"))
        await _over(ground, conn, attempt, "ready")
    raise why


async def _may_be_called(ground: Ground, conn: Any, attempt: attempts.Attempt) -> bool:
    """What was true when the person was taken from the queue may be so no more; one who has picked up is in the call."""
    await contacts.lock(conn, attempt.contact_id)
    if attempt.status == "answered":
        return True
    said = (await people.opt_outs(conn, [attempt.person_id])).get(attempt.person_id, set())
    now = ground.clock.now()
    return all(
        may_still_be_contacted(unit, said, now) for unit in await due_units.covered(conn, attempt.contact_id)
    )


async def answered(ground: Ground, ref: str, operator: str) -> Reply:
    """The person picked up: the dialogue begins."""
    async with ground.pool.acquire() as conn, conn.transaction():
        attempt = await _mine(conn, ref, operator)
        await contacts.lock(conn, attempt.contact_id)
        held = await interviews.of_contact(conn, attempt.contact_id)
        under_way = current(held)
        if under_way is not None:
            raise NoSuchAttempt(f"attempt {ref}: the dialogue has begun already.")
        await attempts.progress(
            conn, attempt.id, _desk_sid(ref), "in_progress", None, "answered", ground.clock.now()
        )
        if not attempt.linked:
            over_by = ground.clock.now() + timedelta(seconds=dispatch_policy().desk_talk_s)
            await attempts.check_later(conn, [attempt.id], over_by)
        turn = await begin(ground, conn, held[0], operator)
        arrival = Arrival("operator", "", ground.real_now(), call_sid=_desk_sid(ref), step=0)
        person, contact = attempt.person_id, attempt.contact_id
        await write_input(ground, conn, arrival, "opened", turn.to_json(), person, contact, held[0].id)
    return Reply(turn, False)


async def say(
    ground: Ground, ref: str, operator: str, given: Input, *, heard: str = "", step: int | None = None
) -> Reply:
    """One input of the operator's screen. `heard`: the resident's own words, where they were noted; `step`: the one of `Talk`
    that it answers. Raises AskedMeanwhile for another step: a double click answers one question."""
    async with ground.pool.acquire() as conn, conn.transaction():
        attempt = await _mine(conn, ref, operator)
        await contacts.lock(conn, attempt.contact_id)
        return await _say(ground, conn, attempt, operator, given, heard, step)


async def later(
    ground: Ground,
    ref: str,
    operator: str,
    moment: datetime | None,
    *,
    heard: str = "",
    step: int | None = None,
) -> Reply:
    """Another time: at `moment`, if they named one. `heard`: how they named it; `step`: as in `say`. Raises NotThen and
    AskedMeanwhile, and nothing is changed."""
    async with ground.pool.acquire() as conn, conn.transaction():
        attempt = await _mine(conn, ref, operator)
        await contacts.lock(conn, attempt.contact_id)
        if moment is not None:
            covered = await due_units.covered(conn, attempt.contact_id)
            await agree(ground, conn, attempt, covered, moment)
        return await _say(ground, conn, attempt, operator, Choice("later"), heard, step)


async def _say(
    ground: Ground,
    conn: Any,
    attempt: attempts.Attempt,
    operator: str,
    given: Input,
    heard: str,
    step: int | None,
) -> Reply:
    ref = attempt.ref
    held = await interviews.of_contact(conn, attempt.contact_id)
    interview = current(held)
    expected = await desk.next_step(conn, _desk_sid(ref))
    if step is not None and step != expected:
        raise AskedMeanwhile(AskedMeanwhile.__doc__)
    if interview is None or interview.state is None:
        raise NoSuchAttempt(f"attempt {ref}: no question is being asked.")
    said = to_line(given) + (f" ({heard})" if heard else "")
    arrival = Arrival("operator", said, ground.real_now(), call_sid=_desk_sid(ref), step=expected)
    put = Put(interview, given, arrival, attempt.person_id, lambda turn, over: turn.to_json())
    taken = await take(ground, conn, put, attempt_id=attempt.id, staff=operator)
    return Reply(taken.turn, taken.over)


async def hang_up(ground: Ground, ref: str) -> None:
    """The call is over, by whichever side. A dialogue still open keeps every answer it has."""
    async with ground.pool.acquire() as conn, conn.transaction():
        attempt = await _mine(conn, ref)
        await contacts.lock(conn, attempt.contact_id)
        await conclude(ground, conn, attempt, "unknown_eligibility", real=ground.real_now())
        await _over(ground, conn, attempt, "wrap_up")


async def break_off(ground: Ground, conn: Any, ref: str, operator: str) -> int:
    """The operator ends the call, and the person is asked no more by this survey; every answer is kept. The attempt's id. Inside
    the caller's transaction. Raises NoSuchAttempt, also where nobody has picked up."""
    attempt = await _mine(conn, ref, operator)
    await contacts.lock(conn, attempt.contact_id)
    if await desk.shown(conn, _desk_sid(ref)) is None:
        raise NoSuchAttempt(f"attempt {ref}: nobody has picked up yet.")
    if current(await interviews.of_contact(conn, attempt.contact_id)) is not None:
        await _say(ground, conn, attempt, operator, Choice("declined_hard"), "", None)
    await conclude(ground, conn, attempt, "unknown_eligibility", real=ground.real_now())
    return attempt.id


async def id_of(conn: Any, ref: str, operator: str) -> int:
    """The key of the attempt that this operator has in hand. Raises NoSuchAttempt."""
    return (await _mine(conn, ref, operator)).id


async def put_back(ground: Ground, conn: Any, operator: str) -> bool:
    """Whoever this operator took goes back to the queue, at no cost. False, and nothing changes: their number was shown, or they
    are on the line. Inside the caller's transaction."""
    ref = await desk.open_attempt_of(conn, operator)
    if ref is None:
        return True
    attempt = await _mine(conn, ref, operator)
    if attempt.linked:
        return False
    await contacts.lock(conn, attempt.contact_id)
    if attempt.status == "answered" or await people.was_shown(conn, attempt.id):
        return False
    await conclude(ground, conn, attempt, "cancelled")
    return True


async def give_up(ground: Ground, conn: Any, operator: str) -> None:
    """The operator goes: whoever they have in hand is left as if their screen had broken. Inside the caller's transaction."""
    ref = await desk.open_attempt_of(conn, operator)
    if ref is not None:
        attempt = await _mine(conn, ref, operator)
        await contacts.lock(conn, attempt.contact_id)
        await _lose(ground, conn, attempt)


async def _over(ground: Ground, conn: Any, attempt: attempts.Attempt, to: State) -> None:
    """The shift of whoever had this person goes on; of who was connected, their telephone tells (survey.linked_operators).
    Whoever was dialled from paper was in nobody's hand."""
    if attempt.operator is not None and not await call_sheets.is_on_sheet(conn, attempt.id):
        await desk_states.move(conn, attempt.operator, to, ground.clock.now(), left=("in_call",))


async def unanswered(ground: Ground, ref: str, outcome: str) -> None:
    """Nobody was reached: `outcome` is a word of carrier_signals.yaml (busy, no_answer, unassigned, off, …)."""
    code = from_carrier(Signal("voice", outcome), closing=True) or "technical"
    async with ground.pool.acquire() as conn, conn.transaction():
        attempt = await _mine(conn, ref)
        await contacts.lock(conn, attempt.contact_id)
        await attempts.progress(conn, attempt.id, _desk_sid(ref), outcome, None, "", ground.clock.now())
        if code == "cancelled":
            code = await _unless_shown(conn, attempt, code)
        await conclude(ground, conn, attempt, code)
        await _over(ground, conn, attempt, "ready")


async def release_abandoned(ground: Ground) -> int:
    """People whom an operator took and then did nothing about go back to the queue. It costs no attempt, unless their number was
    shown, or they answered. How many."""
    released = 0
    while True:
        async with ground.pool.acquire() as conn, conn.transaction():
            ref = await desk.lock_abandoned(conn, ground.clock.now())
            if ref is None:
                return released
            await _lose(ground, conn, await _mine(conn, ref))
        released += 1


async def lose(ground: Ground, ref: str) -> None:
    """The call of this attempt broke off at the desk (its screen, the service or the line was gone); no more is known of it."""
    async with ground.pool.acquire() as conn, conn.transaction():
        attempt = await _mine(conn, ref)
        await contacts.lock(conn, attempt.contact_id)
        await _lose(ground, conn, attempt)


async def _lose(ground: Ground, conn: Any, attempt: attempts.Attempt) -> None:
    spoke = attempt.status == "answered"
    code = "unknown_eligibility" if spoke else await _unless_shown(conn, attempt, "technical")
    await conclude(ground, conn, attempt, code, real=ground.real_now() if spoke else None)
    await _over(ground, conn, attempt, "off")


async def _unless_shown(conn: Any, attempt: attempts.Attempt, code: str) -> str:
    """`code` costs no attempt. Once the number was shown it may have rung, and nobody has said what came of it: that does."""
    return SHOWN_AND_NO_MORE if await people.was_shown(conn, attempt.id) else code


async def next_due_at(ground: Ground) -> datetime | None:
    """When the next person of this queue falls due; None: nobody waits."""
    async with ground.pool.acquire() as conn:
        return await desk.next_due(conn)


async def _mine(conn: Any, ref: str, operator: str | None = None) -> attempts.Attempt:
    attempt = await attempts.attempt(conn, ref)
    elsewhere = operator is not None and attempt is not None and attempt.operator != operator
    if attempt is None or attempt.mode != "operator" or attempt.status == "ended" or elsewhere:
        raise NoSuchAttempt(f"attempt {ref}: {NoSuchAttempt.__doc__}")
    return attempt


def _desk_sid(ref: str) -> str:
    return f"desk:{ref}"
