"""Operators' own telephones: who is to be called, who waits, who is with whom. Each change names the state that it leaves; the
row's trigger keeps what it was (table `survey.linked_operator_event`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GO_ON_DUTY = """
INSERT INTO survey.linked_operator AS o (operator, ref, number_cipher, in_browser, state, check_at, changed_at)
SELECT $1, $2, n.number_cipher, $5, 'wanted', $4, $4
FROM (SELECT coalesce($3::bytea, (SELECT l.number_cipher FROM survey.linked_operator l WHERE l.operator = $1)) AS number_cipher) n
WHERE $5 OR n.number_cipher IS NOT NULL
ON CONFLICT (operator) DO UPDATE
SET ref = excluded.ref, number_cipher = excluded.number_cipher, in_browser = excluded.in_browser, state = 'wanted', sid = NULL,
    called_at = NULL, lease_real = NULL, check_at = excluded.check_at, changed_at = excluded.changed_at
WHERE o.state = 'off'"""


async def go_on_duty(
    conn: Any, operator: str, ref: str, sealed: bytes | None, now: datetime, *, in_browser: bool
) -> None:
    """off -> wanted, with another room. Whoever is on duty stays as they are. `sealed`: their number, where it is new."""
    await conn.execute(GO_ON_DUTY, operator, ref, sealed, now, in_browser)


STATE_OF = """
SELECT state FROM survey.linked_operator WHERE operator = $1"""


async def state_of(conn: Any, operator: str) -> str | None:
    """Where this operator stands; None: no telephone of theirs is known."""
    state: str | None = await conn.fetchval(STATE_OF, operator)
    return state


IS_IN_BROWSER = """
SELECT EXISTS (SELECT FROM survey.linked_operator WHERE operator = $1 AND in_browser AND state <> 'off')"""


async def is_in_browser(conn: Any, operator: str) -> bool:
    """Whether the line of this duty is a browser; False off duty."""
    return bool(await conn.fetchval(IS_IN_BROWSER, operator))


LEAVE = """
UPDATE survey.linked_operator
SET state = CASE state WHEN 'ready' THEN 'leaving' ELSE 'off' END, check_at = CASE state WHEN 'ready' THEN $2::timestamptz END,
    changed_at = $2
WHERE operator = $1 AND state IN ('wanted', 'ready')"""


async def leave(conn: Any, operator: str, now: datetime) -> None:
    """wanted -> off; ready -> leaving: their line is to be ended. Who is with somebody stays."""
    await conn.execute(LEAVE, operator, now)


REST = """
UPDATE survey.linked_operator SET resting = $2 WHERE operator = $1"""


async def rest(conn: Any, operator: str, resting: bool) -> None:
    """Whether nobody is to be connected to them, though their line stands. A call that they are in goes on; none follows it."""
    await conn.execute(REST, operator, resting)


@dataclass(frozen=True)
class LinkedOperator:
    """An operator's telephone as it stands. `number_cipher`: its number; None: only browsers were used so far."""

    operator: str
    ref: str
    number_cipher: bytes | None
    in_browser: bool
    state: str
    sid: str | None
    called_at: datetime | None


TAKE_WANTED = """
UPDATE survey.linked_operator SET state = 'calling', called_at = $1, lease_real = $2, check_at = NULL, changed_at = $1
WHERE operator IN (SELECT operator FROM survey.linked_operator WHERE state = 'wanted' FOR UPDATE SKIP LOCKED) AND state = 'wanted'
RETURNING operator, ref, number_cipher, in_browser, state, sid, called_at"""


async def take_wanted(conn: Any, now: datetime, lease_real: datetime) -> list[LinkedOperator]:
    """wanted -> calling, committed before the carrier is asked."""
    return [LinkedOperator(**row) for row in await conn.fetch(TAKE_WANTED, now, lease_real)]


ACCEPTED = """
UPDATE survey.linked_operator SET sid = coalesce(sid, $2), lease_real = NULL, check_at = $3
WHERE ref = $1 AND state IN ('calling', 'unknown', 'ready', 'in_call') AND (sid IS NULL OR sid = $2)"""


async def accepted(conn: Any, ref: str, sid: str, check_at: datetime) -> None:
    """The carrier took the call under this id; one that was answered meanwhile stays so."""
    await conn.execute(ACCEPTED, ref, sid, check_at)


NOT_CALLED = """
UPDATE survey.linked_operator SET state = 'off', lease_real = NULL, check_at = NULL, changed_at = $2
WHERE ref = $1 AND state IN ('calling', 'unknown') AND sid IS NULL"""


async def not_called(conn: Any, ref: str, now: datetime) -> None:
    """calling or unknown -> off: nothing rang."""
    await conn.execute(NOT_CALLED, ref, now)


NOW_UNKNOWN = """
UPDATE survey.linked_operator SET state = 'unknown', lease_real = NULL, check_at = $1, changed_at = $1
WHERE state = 'calling' AND sid IS NULL AND (ref = $2 OR lease_real < $3)"""


async def unknown(conn: Any, now: datetime, ref: str | None, real_now: datetime) -> None:
    """calling -> unknown: the carrier gave no answer for `ref`, or whoever was asking it died."""
    await conn.execute(NOW_UNKNOWN, now, ref, real_now)


TO_CHECK = """
UPDATE survey.linked_operator SET check_at = $2
WHERE state NOT IN ('off', 'wanted') AND check_at <= $1
RETURNING operator, ref, number_cipher, in_browser, state, sid, called_at"""


async def to_check(conn: Any, now: datetime, again: datetime) -> list[LinkedOperator]:
    """Whose line the carrier is to be asked about, or to end; each is looked at again at `again`."""
    return [LinkedOperator(**row) for row in await conn.fetch(TO_CHECK, now, again)]


READY = """
UPDATE survey.linked_operator SET state = 'ready', sid = $2, lease_real = NULL, check_at = $3, changed_at = $4
WHERE ref = $1 AND state IN ('calling', 'unknown') AND (sid IS NULL OR sid = $2)"""

WAITS = """
SELECT EXISTS (SELECT FROM survey.linked_operator
               WHERE ref = $1 AND sid = $2 AND state IN ('ready', 'in_call', 'wrap_up'))"""


async def answered(conn: Any, ref: str, sid: str, check_at: datetime, now: datetime) -> bool:
    """calling or unknown -> ready. Whether this is the line in which the operator waits; the same request again is true again."""
    await conn.execute(READY, ref, sid, check_at, now)
    return bool(await conn.fetchval(WAITS, ref, sid))


OVER = """
UPDATE survey.linked_operator SET state = 'off', attempt_id = NULL, lease_real = NULL, check_at = NULL, changed_at = $3
WHERE ref = $1 AND state NOT IN ('off', 'wanted') AND (sid IS NULL OR sid = $2)"""


async def over(conn: Any, ref: str, sid: str, now: datetime) -> None:
    """any -> off: the operator's line is over. The attempt that they were in stays theirs, to key what was said."""
    await conn.execute(OVER, ref, sid, now)


TAKE_READY = """
UPDATE survey.linked_operator SET state = 'in_call', attempt_id = $1, changed_at = $2
WHERE operator = (SELECT o.operator FROM survey.linked_operator o
                  WHERE o.state = 'ready' AND NOT o.resting
                    AND NOT EXISTS (SELECT FROM survey.attempt b WHERE b.operator = o.operator AND b.status <> 'ended')
                  ORDER BY EXISTS (SELECT FROM survey.attempt a JOIN survey.attempt b ON b.unit_id = a.unit_id
                                   WHERE a.id = $1 AND b.operator = o.operator AND b.disposition = ANY($3::text[])),
                           o.changed_at, o.operator
                  LIMIT 1 FOR UPDATE OF o SKIP LOCKED)
  AND state = 'ready' AND NOT resting
RETURNING operator, ref"""


async def take_ready(
    conn: Any, attempt_id: int, now: datetime, refused: Sequence[str]
) -> tuple[str, str] | None:
    """ready -> in_call: (operator, room). Who has waited longest, those last to whom this person said no (`refused`: the codes of
    that); nobody who still has a person in hand. None: nobody is free."""
    row = await conn.fetchrow(TAKE_READY, attempt_id, now, list(refused))
    return (row["operator"], row["ref"]) if row is not None else None


ROOM_OF = """
SELECT ref FROM survey.linked_operator WHERE attempt_id = $1"""


async def room_of(conn: Any, attempt_id: int) -> str | None:
    """The room in which this attempt's operator waits; None: their line is over."""
    room: str | None = await conn.fetchval(ROOM_OF, attempt_id)
    return room


WRAP_UP = """
UPDATE survey.linked_operator SET state = 'wrap_up', changed_at = $2 WHERE attempt_id = $1 AND state = 'in_call'"""


async def wrap_up(conn: Any, attempt_id: int, now: datetime) -> None:
    """in_call -> wrap_up: the person's line is over."""
    await conn.execute(WRAP_UP, attempt_id, now)


FREE = """
UPDATE survey.linked_operator o SET state = 'ready', attempt_id = NULL, changed_at = $2
FROM survey.attempt a
WHERE a.id = $1 AND o.attempt_id = a.id AND o.state IN ('in_call', 'wrap_up')
  AND a.status = 'ended' AND a.line_over_at IS NOT NULL"""


async def free(conn: Any, attempt_id: int, now: datetime) -> None:
    """in_call or wrap_up -> ready, once the attempt and the person's line are both over."""
    await conn.execute(FREE, attempt_id, now)
