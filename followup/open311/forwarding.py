"""DOOR: cases that go on to the unit's own Open311 endpoint, and what is said of them there.

At most once: a request is committed as `sending` before the endpoint is asked. GeoReport v2 knows no idempotency key, so where
no answer came the request is looked for there by our reference; what is not found waits for a person, and is never sent again by
itself. The unit signs with the request that was taken and reports with the one that is closed, by the ordinary door. Whether it
is solved, the resident says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import structlog

from followup import cases, moves, outside_view, telling, unit_view
from followup.categories import categories
from followup.open311.forwarding_policy import forwarding_policy
from followup.open311.remote import Remote, Said, Standing
from followup.redaction import redacted
from followup.refusals import CaseRefusal
from followup.store import assignments, forwards, places
from followup.store.cases import CaseRow
from followup.store.events import EventRow, insert_events
from followup.store.forwards import ForwardRow
from followup.webhooks.delivering import open_session
from followup.webhooks.guard import Guard
from survey.ground import Ground
from survey.masking import without_numbers

log = structlog.get_logger()
FORWARDED, THEIR_WORD = "forwarded", "endpoint_status"
NOT_FOR_OTHERS: Final = "nobody may learn who raised it; by link or sheet 保密事项,请用链接或表格"
DONE_THERE: Final = "对方系统已办结"
ANY: Final = "*"


async def forward_due(ground: Ground, guard: Guard, taken: Callable[[], None] = lambda: None) -> int:
    """Owe, send, look for and follow what is due; how many. May run twice."""
    policy, now = forwarding_policy(), ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        await forwards.owe(conn, now)
        claimed = await forwards.claim(conn, now, now + timedelta(seconds=policy.lease_s), policy.at_once)
    taken()
    if claimed:
        async with open_session(guard) as session:
            await asyncio.gather(
                *(_one(ground, one, _remote(ground, guard, session, one)) for one in claimed)
            )
    return len(claimed)


def _remote(ground: Ground, guard: Guard, session: object, one: ForwardRow) -> Remote:
    key = ground.vault.open(one.api_key) if one.api_key else None
    return Remote(session, guard, one.url, one.jurisdiction, key, forwarding_policy().answer_kept)  # type: ignore[arg-type]


async def _one(ground: Ground, one: ForwardRow, remote: Remote) -> None:
    if one.was == "owed":
        await _send(ground, one, remote)
    elif one.was in ("sending", "unsure"):
        await _look_for(ground, one, remote)
    else:
        await _follow(ground, one, remote)


def reference(one: ForwardRow) -> str:
    """What stands in the description, and is looked for."""
    return f"[{one.number}/{one.round}]"


# -- sending ---------------------------------------------------------------------------------------------------------


async def _send(ground: Ground, one: ForwardRow, remote: Remote) -> None:
    async with ground.pool.acquire() as conn:
        fields = await _fields(conn, ground, one)
    said = Said("refused", NOT_FOR_OTHERS) if fields is None else await remote.post(fields)
    if said.what == "not_taken":
        await _later(ground, one, said)
    elif said.what == "taken":
        await _taken(ground, one, said)
    elif said.what == "unsure":
        async with ground.pool.acquire() as conn:
            now = ground.clock.now()
            await forwards.set_state(conn, one.id, ("sending",), "unsure", now, answer=said.answer)
    else:
        await _stuck(ground, one, "refused", said.answer)


async def _fields(conn: asyncpg.Connection, ground: Ground, one: ForwardRow) -> dict[str, str] | None:
    """The request, in words that lead to nobody; None: its words may go to no other system."""
    case = await moves.read(conn, one.number)
    words = await outside_view.words(conn, ground.vault, case)
    if words is None:
        return None
    seen = await unit_view.view(conn, ground.vault, one.number, unit=one.unit_code)
    area = await places.area_name(conn, case.area_code)
    services = one.services
    code = (
        services.get(case.category)
        or services.get(categories().of_code(case.category).group)
        or services[ANY]
    )
    return {
        "service_code": code,
        "description": f"{words}\n{reference(one)}",
        "address_string": seen.place if area in seen.place else f"{area}{seen.place}",
        **{f"attribute[{name}]": value for name, value in one.attributes.items()},
    }


async def _later(ground: Ground, one: ForwardRow, said: Said) -> None:
    wait = forwarding_policy().wait(one.tries)
    if wait is None:
        await _stuck(ground, one, "refused", said.answer)
        return
    async with ground.pool.acquire() as conn:
        due = ground.clock.now() + wait
        await forwards.set_state(conn, one.id, ("sending",), "owed", due, answer=said.answer)


async def _taken(ground: Ground, one: ForwardRow, said: Said) -> None:
    """The endpoint has it: the unit has signed."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        done = await forwards.set_state(
            conn,
            one.id,
            ("sending", "unsure"),
            "taken",
            _next_look(now),
            answer=said.answer,
            request_id=said.request_id,
            token=said.token,
        )
        if not done:
            return
        case = await moves.read_still(conn, one.number)
        await _event(conn, case, one, FORWARDED, None, now, {"request": said.request_id or said.token})
        if await _is_theirs(conn, case, one) and case.status == "dispatched":
            await cases.sign(conn, one.number, by=one.unit_code, now=now)


# -- looking for what nobody answered --------------------------------------------------------------------------------


async def _look_for(ground: Ground, one: ForwardRow, remote: Remote) -> None:
    now = ground.clock.now()
    assert one.sent_at is not None  # it was sent
    since = one.sent_at - timedelta(minutes=forwarding_policy().look_back_minutes)
    found = await remote.find(reference(one), since, now)
    if found is None:
        await _stuck(ground, one, "unsure", None)
    else:
        await _taken(ground, one, Said("taken", "found there", found))


async def _stuck(ground: Ground, one: ForwardRow, state: str, answer: str | None) -> None:
    """A person decides: it is sent again, followed under an id that they found, or done by link."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        if not await forwards.set_state(conn, one.id, ("sending", "unsure"), state, None, answer=answer):
            return
        case = await moves.read_still(conn, one.number)
        await telling.post(
            conn,
            case,
            "supervisor",
            "forwarding_stuck",
            once=f"{one.round}:{one.tries}",
            now=now,
            unit=one.unit_code,
            answer=without_numbers(answer or "no answer 没有回答"),
        )
    log.warning("not forwarded", case=one.number, round=one.round, state=state)


# -- following what was taken ----------------------------------------------------------------------------------------


async def _follow(ground: Ground, one: ForwardRow, remote: Remote) -> None:
    request_id = one.request_id or (await remote.id_of(one.token) if one.token else None)
    standing = await remote.standing(request_id) if request_id else None
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        case = await moves.read_still(conn, one.number)
        if not await _is_theirs(conn, case, one):
            await forwards.set_state(conn, one.id, ("taken",), "over", None, request_id=request_id)
            return
        if standing is None:
            await forwards.set_state(
                conn, one.id, ("taken",), "taken", _next_look(now), request_id=request_id
            )
            return
        words = await _words(conn, ground, case, standing)
        if await forwards.set_standing(conn, one.id, standing.status or "", words):
            await _event(conn, case, one, THEIR_WORD, words or None, now, {"status": standing.status or ""})
        done = standing.status == "closed" and await _report(conn, one, words or DONE_THERE, now)
        await forwards.set_state(
            conn, one.id, ("taken",), "closed" if done else "taken", None if done else _next_look(now),
            request_id=request_id,
        )  # fmt: skip


async def _words(conn: asyncpg.Connection, ground: Ground, case: CaseRow, standing: Standing) -> str:
    """Their notes, without what leads to anybody."""
    names = [name for name, _ in await unit_view.known_names(conn, ground.vault, case)]
    return without_numbers(redacted(standing.status_notes or "", names)).strip()


async def _report(conn: asyncpg.Connection, one: ForwardRow, notes: str, now: datetime) -> bool:
    """What the unit did, as its system says it, in the transaction that notes the closing: neither stands alone.

    Without a contact with the resident it goes straight back to the unit (R17). False where the case cannot take it yet, such
    as while a part is missing.
    """
    try:
        await cases.report_result(conn, one.number, by=one.unit_code, summary=notes, now=now)
    except CaseRefusal as no:
        log.info("their result is not taken yet", case=one.number, why=type(no).__name__)
        return False
    return True


async def _is_theirs(conn: asyncpg.Connection, case: CaseRow, one: ForwardRow) -> bool:
    """Whether the round that was sent still goes on, led by the unit."""
    if case.round != one.round or case.status not in ("dispatched", "in_progress"):
        return False
    return await assignments.lead_of(conn, case.id, case.round) == one.unit_code


def _next_look(now: datetime) -> datetime:
    return now + timedelta(minutes=forwarding_policy().follow_minutes)


async def _event(
    conn: asyncpg.Connection,
    case: CaseRow,
    one: ForwardRow,
    event: str,
    words: str | None,
    at: datetime,
    detail: dict[str, object],
) -> None:
    row = EventRow(case.id, one.round, event, case.status, case.status, one.unit_code, words, at, detail)
    await insert_events(conn, [row])
