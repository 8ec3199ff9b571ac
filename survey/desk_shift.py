"""DOOR. An operator's shift: ready, on a break, gone, insulted; and what they note about a contact.

Whoever is on a break is given nobody, by hand or by wire; whoever goes leaves nobody behind.
"""

from datetime import timedelta

from survey import operating
from survey.desk_policy import desk_policy
from survey.ground import Ground
from survey.masking import without_numbers
from survey.store import contact_notes, desk, desk_states, linked_operators
from survey.store.desk_states import ANY, DeskState


class SomebodyInHand(Exception):
    """Somebody is on the line, or may be dialled just now. Key how it came out, then take the break."""


async def state_of(ground: Ground, operator: str) -> DeskState | None:
    """Where the shift stands; None: it never began."""
    async with ground.pool.acquire() as conn:
        return await desk_states.state_of(conn, operator)


async def ready(ground: Ground, operator: str) -> None:
    """The shift begins, a break is over, the last of a call is written down."""
    async with ground.pool.acquire() as conn, conn.transaction():
        await desk.hold(conn, operator)
        if await desk.open_attempt_of(conn, operator) is None:
            await desk_states.move(conn, operator, "ready", ground.clock.now(), left=ANY)
        await linked_operators.rest(conn, operator, False)


async def rest(ground: Ground, operator: str) -> None:
    """A break: nobody is given to them until they say so. Whoever was taken and not yet dialled goes back to the queue,
    at no cost. Raises SomebodyInHand."""
    async with ground.pool.acquire() as conn, conn.transaction():
        await desk.hold(conn, operator)
        await linked_operators.rest(conn, operator, True)
        if not await operating.put_back(ground, conn, operator):
            raise SomebodyInHand(SomebodyInHand.__doc__)
        await desk_states.move(
            conn,
            operator,
            "break",
            ground.clock.now(),
            left=("off", "ready", "in_call", "wrap_up"),
            why="asked_for",
        )


async def leave(ground: Ground, operator: str) -> None:
    """They go: whoever they had in hand goes back to the queue, or keeps what was answered; their own line is ended."""
    async with ground.pool.acquire() as conn, conn.transaction():
        await desk.hold(conn, operator)
        await operating.give_up(ground, conn, operator)
        now = ground.clock.now()
        await desk_states.move(conn, operator, "off", now, left=("ready", "in_call", "wrap_up", "break"))
        await linked_operators.leave(conn, operator, now)


async def insulted(ground: Ground, ref: str, operator: str) -> None:
    """The operator was insulted and puts the telephone down: answers are kept, the person is asked no more by this survey, and
    the operator has a pause. Raises NoSuchAttempt, also where nobody has picked up."""
    now = ground.clock.now()
    until = now + timedelta(minutes=desk_policy().abuse_pause_minutes)
    async with ground.pool.acquire() as conn, conn.transaction():
        await desk.hold(conn, operator)
        attempt_id = await operating.break_off(ground, conn, ref, operator)
        await contact_notes.insert(conn, attempt_id, operator, now, "abuse", "")
        await linked_operators.rest(conn, operator, True)
        await desk_states.move(
            conn, operator, "break", now, left=ANY, attempt_id=attempt_id, why="abuse", until=until
        )


async def note(ground: Ground, operator: str, ref: str, words: str) -> None:
    """What the operator wants the next one to know, without the numbers in it; empty words are none. `ref`: the attempt in hand,
    or the last one, while the operator wraps it up. Raises NoSuchAttempt."""
    said = without_numbers(words.strip())
    if not said:
        return
    async with ground.pool.acquire() as conn, conn.transaction():
        stands = await desk_states.state_of(conn, operator)
        if stands is not None and stands.state == "wrap_up" and stands.ref == ref:
            attempt_id = stands.attempt_id
        else:
            attempt_id = await operating.id_of(conn, ref, operator)
        assert attempt_id is not None  # its reference is known
        await contact_notes.insert(conn, attempt_id, operator, ground.clock.now(), "note", said)
