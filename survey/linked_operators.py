"""DOOR. Operators' own telephones, or the browsers that stand for them: called once when they go on duty, waiting in a room until
they leave it.

As with residents: committed as `calling` before the carrier is asked, and what got no answer is asked about, not tried again.
"""

from datetime import timedelta

import structlog

from survey.browser_lines import address_of
from survey.channels.base import Accepted, CarrierAway, Progress, Refused, Throttled, is_final
from survey.dialing import OVERRIDES, Line
from survey.dispatch_policy import dispatch_policy
from survey.ground import Ground
from survey.store import linked_operators
from survey.store.linked_operators import LinkedOperator

log = structlog.get_logger()


class NoTelephone(Exception):
    """No telephone of this operator is known, so they cannot be connected. Give its number once: it is kept sealed."""


async def go_on_duty(
    ground: Ground, operator: str, number: str | None = None, *, in_browser: bool = False
) -> str:
    """Have the operator's telephone called, or their browser; where they stand now. On duty already: nothing changes. Raises
    NoTelephone."""
    sealed = ground.vault.seal(number) if number is not None else None
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        await linked_operators.go_on_duty(conn, operator, ground.tokens(), sealed, now, in_browser=in_browser)
        state = await linked_operators.state_of(conn, operator)
    if state is None or state == "off":
        raise NoTelephone(f"operator {operator}: {NoTelephone.__doc__}")
    return state


async def state_of(ground: Ground, operator: str) -> str:
    """off, wanted, calling, unknown, ready, in_call, wrap_up or leaving."""
    async with ground.pool.acquire() as conn:
        return await linked_operators.state_of(conn, operator) or "off"


async def is_in_browser(ground: Ground, operator: str) -> bool:
    """Whether the line of this duty is a browser; False off duty."""
    async with ground.pool.acquire() as conn:
        return await linked_operators.is_in_browser(conn, operator)


async def leave(ground: Ground, operator: str) -> None:
    """Nobody is connected to them any more, and their line is ended. Who is with somebody stays until that is over."""
    async with ground.pool.acquire() as conn:
        await linked_operators.leave(conn, operator, ground.clock.now())


async def answered(ground: Ground, ref: str, sid: str) -> bool:
    """The operator picked up. Whether they are to wait in the room `ref`; False: this call is not theirs any more."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        return await linked_operators.answered(conn, ref, sid, now + _silence(), now)


async def over(ground: Ground, ref: str, sid: str, word: str | None) -> None:
    """What the carrier says of the operator's line. It is over: nobody is connected to them any more."""
    if word is not None and is_final(word):
        async with ground.pool.acquire() as conn:
            await linked_operators.over(conn, ref, sid, ground.clock.now())


def _silence() -> timedelta:
    """How long a line goes on before the carrier is asked about it."""
    return timedelta(seconds=dispatch_policy().check_call_after_s)


# -- what a worker does ---------------------------------------------------------------------------------------------


async def link(ground: Ground, line: Line) -> None:
    """Call those who have just gone on duty; ask about lines of which nothing was heard; end those that are to be ended."""
    now, real_now = ground.clock.now(), ground.real_now()
    lease = real_now + timedelta(seconds=line.timeout_s + 2)
    async with ground.pool.acquire() as conn, conn.transaction():
        await linked_operators.unknown(conn, now, None, real_now)
        again = now + timedelta(seconds=dispatch_policy().ask_again_after_s)
        silent = await linked_operators.to_check(conn, now, again)
        wanted = await linked_operators.take_wanted(conn, now, lease)
    for one in wanted:
        await _call(ground, line, one)
    for one in silent:
        try:
            await _look(ground, line, one)
        except CarrierAway as error:
            log.warning("carrier away; operators' lines are asked about later", why=str(error))


async def _call(ground: Ground, line: Line, one: LinkedOperator) -> None:
    at = f"{line.public_url}/twilio/operators/{one.ref}"
    placed = await line.carrier.call(
        _address(ground, one),
        answer_url=at + OVERRIDES,
        status_url=f"{at}/status{OVERRIDES}",
        longest_s=dispatch_policy().duty_s,
    )
    now = ground.clock.now()
    async with ground.pool.acquire() as conn:
        match placed:
            case Accepted(sid):
                await linked_operators.accepted(conn, one.ref, sid, now + _silence())
            case Refused() | Throttled():
                await linked_operators.not_called(conn, one.ref, now)
            case _:
                await linked_operators.unknown(conn, now, one.ref, ground.real_now())


async def _look(ground: Ground, line: Line, one: LinkedOperator) -> None:
    """Ask the carrier about one line. Raises CarrierAway."""
    if one.sid is None:
        await _settle(ground, line, one)
        return
    if one.state == "leaving":
        await line.carrier.end_call(one.sid)
    said = await line.carrier.look_up_call(one.sid)
    if said is None or is_final(said.word):
        await over(ground, one.ref, one.sid, "answered")
    elif one.state != "leaving":
        async with ground.pool.acquire() as conn:
            await linked_operators.accepted(conn, one.ref, one.sid, ground.clock.now() + _silence())


async def _settle(ground: Ground, line: Line, one: LinkedOperator) -> None:
    """Whether the carrier took the call is not known: it is matched by number and time. Never called again without asking."""
    assert one.called_at is not None  # set before the carrier is asked
    earliest = one.called_at - timedelta(seconds=30)
    address = _address(ground, one)
    mine = [call for call in await line.carrier.calls_since(earliest) if _is_theirs(call, address)]
    now = ground.clock.now()
    async with ground.pool.acquire() as conn:
        if mine:
            await linked_operators.accepted(conn, one.ref, mine[-1].sid, now + _silence())
            if is_final(mine[-1].word):
                await linked_operators.over(conn, one.ref, mine[-1].sid, now)
        elif now >= one.called_at + timedelta(seconds=dispatch_policy().ask_again_after_s):
            await linked_operators.not_called(conn, one.ref, now)


def _is_theirs(call: Progress, address: str) -> bool:
    return call.number == address


def _address(ground: Ground, one: LinkedOperator) -> str:
    """Where the carrier is to call: a number, or a browser."""
    if one.in_browser:
        return address_of(ground.vault, one.operator)
    assert one.number_cipher is not None  # the table's own constraint
    return ground.vault.open(one.number_cipher)
