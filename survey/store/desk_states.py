"""Where operators' shifts stand. Each change names the states that it leaves; the row's trigger keeps what it was (table
`survey.desk_state_event`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

State = Literal["off", "ready", "in_call", "wrap_up", "break"]
Pause = Literal["", "asked_for", "abuse"]
ANY: Final[tuple[State, ...]] = ("off", "ready", "in_call", "wrap_up", "break")

MOVE = """
INSERT INTO survey.desk_state AS s (operator, state, why, until_at, attempt_id, changed_at)
SELECT $1, $2, $3, $4, $5, $6
WHERE 'off' = ANY($7::text[]) OR EXISTS (SELECT FROM survey.desk_state WHERE operator = $1)
ON CONFLICT (operator) DO UPDATE
SET state = excluded.state, why = excluded.why, until_at = excluded.until_at,
    attempt_id = coalesce(excluded.attempt_id, s.attempt_id), changed_at = excluded.changed_at
WHERE s.state = ANY($7::text[]) AND s.state <> excluded.state
RETURNING operator"""


async def move(
    conn: Any,
    operator: str,
    to: State,
    now: datetime,
    *,
    left: Sequence[State],
    attempt_id: int | None = None,
    why: Pause = "",
    until: datetime | None = None,
) -> bool:
    """One of `left` -> `to`; whoever has no row yet is off. `attempt_id` None: the last one stays. False: it was another."""
    moved = await conn.fetchval(MOVE, operator, to, why, until, attempt_id, now, list(left))
    return moved is not None


SELECT_STATE = """
SELECT s.state, s.why, s.until_at, s.attempt_id, a.ref, s.changed_at
FROM survey.desk_state s LEFT JOIN survey.attempt a ON a.id = s.attempt_id WHERE s.operator = $1"""


@dataclass(frozen=True)
class DeskState:
    """A shift as it stands. `attempt_id`, `ref`: whom they have in hand, or had last."""

    state: State
    why: Pause
    until_at: datetime | None
    attempt_id: int | None
    ref: str | None
    changed_at: datetime


async def state_of(conn: Any, operator: str) -> DeskState | None:
    """None: they never worked here."""
    row = await conn.fetchrow(SELECT_STATE, operator)
    return DeskState(**row) if row is not None else None
