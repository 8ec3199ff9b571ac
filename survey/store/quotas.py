"""Quota cells and the seats in them. The database itself refuses a cell whose held and filled seats pass its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

INSERT_CELLS = """
INSERT INTO survey.quota_cell (campaign_id, quota, cell, target)
SELECT $1, t.quota, t.cell, t.target FROM unnest($2::text[], $3::text[], $4::int[]) AS t(quota, cell, target)
ON CONFLICT (campaign_id, quota, cell) DO NOTHING"""


async def lay_cells(conn: Any, campaign: int, cells: Sequence[tuple[str, str, int]]) -> None:
    """(quota, cell, target) of a campaign; a cell that stands is left as it is."""
    quotas, names, targets = zip(*cells, strict=True) if cells else ((), (), ())
    await conn.execute(INSERT_CELLS, campaign, list(quotas), list(names), list(targets))


DELETE_CELLS = """
DELETE FROM survey.quota_cell WHERE campaign_id = $1 AND held = 0 AND filled = 0"""


async def clear_cells(conn: Any, campaign: int) -> None:
    """Of a draft that is written anew; nobody has had a seat."""
    await conn.execute(DELETE_CELLS, campaign)


GATE = """
SELECT pg_advisory_xact_lock(7, t.id::int) FROM (SELECT unnest($1::bigint[]) AS id ORDER BY 1) t"""


async def gate(conn: Any, campaigns: Sequence[int]) -> None:
    """One at a time through here, a campaign, until the transaction ends: whoever changes its cells or its budget.

    The order that keeps everybody from waiting for each other: waiting units first, then the gate, then cells and budget.
    """
    if campaigns:
        await conn.execute(GATE, sorted(set(campaigns)))


LOCK_CELLS = """
SELECT campaign_id, quota, cell, target, held, filled FROM survey.quota_cell
WHERE campaign_id = ANY($1::bigint[]) ORDER BY campaign_id, quota, cell FOR UPDATE"""

SELECT_CELLS = """
SELECT campaign_id, quota, cell, target, held, filled FROM survey.quota_cell
WHERE campaign_id = $1 ORDER BY quota, cell"""


@dataclass(frozen=True)
class CellRow:
    """A cell as it stands."""

    campaign_id: int
    quota: str
    cell: str
    target: int
    held: int
    filled: int


async def lock_cells(conn: Any, campaigns: Sequence[int]) -> list[CellRow]:
    """Every cell of these campaigns, locked, always in the same order, until the transaction ends."""
    return [CellRow(**row) for row in await conn.fetch(LOCK_CELLS, sorted(set(campaigns)))]


async def cells(conn: Any, campaign: int) -> list[CellRow]:
    """Every cell of a campaign."""
    return [CellRow(**row) for row in await conn.fetch(SELECT_CELLS, campaign)]


HOLD_SEATS = """
WITH wanted AS (
    SELECT t.unit_id, t.campaign_id, t.quota, t.cell
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) AS t(unit_id, campaign_id, quota, cell)
), held AS (
    INSERT INTO survey.quota_seat (unit_id, campaign_id, quota, cell, held_at)
    SELECT unit_id, campaign_id, quota, cell, $5 FROM wanted
    RETURNING campaign_id, quota, cell
)
UPDATE survey.quota_cell c SET held = c.held + n.seats
FROM (SELECT campaign_id, quota, cell, count(*)::int AS seats FROM held GROUP BY 1, 2, 3) n
WHERE c.campaign_id = n.campaign_id AND c.quota = n.quota AND c.cell = n.cell"""


@dataclass(frozen=True)
class Seat:
    """A seat to be held for a unit."""

    unit_id: int
    campaign_id: int
    quota: str
    cell: str


async def hold(conn: Any, seats: Sequence[Seat], at: datetime) -> None:
    """Hold these seats, for units that have none; the cells are locked by the caller."""
    await conn.execute(
        HOLD_SEATS,
        [s.unit_id for s in seats],
        [s.campaign_id for s in seats],
        [s.quota for s in seats],
        [s.cell for s in seats],
        at,
    )


SELECT_SEATS_OF = """
SELECT u.campaign_id, coalesce(jsonb_object_agg(s.quota, s.cell) FILTER (WHERE s.quota IS NOT NULL), '{}') AS cells
FROM survey.sample_unit u LEFT JOIN survey.quota_seat s ON s.unit_id = u.id
WHERE u.id = $1 GROUP BY u.campaign_id"""


@dataclass(frozen=True)
class SeatsOf:
    """The seats of a unit: {quota: cell}."""

    campaign_id: int
    cells: dict[str, str]


async def seats_of(conn: Any, unit_id: int) -> SeatsOf:
    """Of a unit that exists; they stay so while its contact is locked."""
    return SeatsOf(**await conn.fetchrow(SELECT_SEATS_OF, unit_id))


TAKE_SEAT = """
WITH taken AS (
    UPDATE survey.quota_cell SET held = held + 1
    WHERE campaign_id = $2 AND quota = $3 AND cell = $4 AND held + filled < target
    RETURNING campaign_id, quota, cell
), given_up AS (
    UPDATE survey.quota_cell c SET held = c.held - 1
    FROM survey.quota_seat s JOIN taken t ON t.quota = s.quota AND t.cell <> s.cell
    WHERE s.unit_id = $1 AND c.campaign_id = s.campaign_id AND c.quota = s.quota AND c.cell = s.cell
)
INSERT INTO survey.quota_seat (unit_id, campaign_id, quota, cell, held_at)
SELECT $1, campaign_id, quota, cell, $5 FROM taken
ON CONFLICT (unit_id, quota) DO UPDATE SET cell = excluded.cell, held_at = excluded.held_at
RETURNING true"""


async def take(conn: Any, seat: Seat, at: datetime) -> bool:
    """Take a free seat of this cell for a unit in contact that has none there; its seat in another cell of the quota becomes
    free. False: none is free, and nothing was changed."""
    return bool(await conn.fetchval(TAKE_SEAT, seat.unit_id, seat.campaign_id, seat.quota, seat.cell, at))


REMEMBER_CELLS = """
UPDATE survey.sample_unit SET cells = cells || $2::jsonb WHERE id = $1"""


async def remember(conn: Any, unit_id: int, cells: dict[str, str]) -> None:
    """The cells that answers have told: in a later contact their seats are held before it, as those are that the list tells."""
    await conn.execute(REMEMBER_CELLS, unit_id, cells)


GIVE_BACK = """
WITH back AS (
    DELETE FROM survey.quota_seat WHERE unit_id = ANY($1::bigint[]) AND filled_at IS NULL RETURNING campaign_id, quota, cell
)
UPDATE survey.quota_cell c SET held = c.held - n.seats
FROM (SELECT campaign_id, quota, cell, count(*)::int AS seats FROM back GROUP BY 1, 2, 3) n
WHERE c.campaign_id = n.campaign_id AND c.quota = n.quota AND c.cell = n.cell"""


async def give_back(conn: Any, unit_ids: Sequence[int]) -> None:
    """Seats of units that were not contacted after all. (A contact that is over gives them back with its unit's state.)"""
    await conn.execute(GIVE_BACK, list(unit_ids))
