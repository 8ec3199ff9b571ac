"""Call sheets: people who were claimed to be dialled from paper, each by the token that stands beside them there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

INSERT_SHEET = """
INSERT INTO survey.call_sheet (ref, centre_code, operator, drawn_at, dial_until, enter_until)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING id"""

INSERT_LINES = """
INSERT INTO survey.call_sheet_line (sheet_id, place, token, attempt_id)
SELECT $1, t.place, t.token, t.attempt_id FROM unnest($2::int[], $3::text[], $4::bigint[]) AS t(place, token, attempt_id)"""

ON_PAPER = """
UPDATE survey.attempt SET on_sheet = true, check_at = $2 WHERE id = ANY($1::bigint[]) AND status <> 'ended'"""


@dataclass(frozen=True)
class NewSheet:
    """A sheet about to be printed. `lines`: (token, attempt) in the order in which they stand on it."""

    ref: str
    centre: str
    operator: str
    drawn_at: datetime
    dial_until: datetime
    enter_until: datetime
    lines: Sequence[tuple[str, int]]


async def insert(conn: Any, new: NewSheet) -> None:
    """Its people are on paper from now on, and held until results can be entered no more."""
    sheet_id = await conn.fetchval(
        INSERT_SHEET, new.ref, new.centre, new.operator, new.drawn_at, new.dial_until, new.enter_until
    )
    attempts = [attempt for _, attempt in new.lines]
    places = list(range(1, len(attempts) + 1))
    await conn.execute(INSERT_LINES, sheet_id, places, [token for token, _ in new.lines], attempts)
    await conn.execute(ON_PAPER, attempts, new.enter_until)


SELECT_LAST = """
SELECT ref, drawn_at, dial_until, enter_until FROM survey.call_sheet WHERE operator = $1 AND centre_code = $2
ORDER BY id DESC LIMIT 1"""


@dataclass(frozen=True)
class Sheet:
    """A sheet as it was drawn up."""

    ref: str
    drawn_at: datetime
    dial_until: datetime
    enter_until: datetime


async def last_of(conn: Any, operator: str, centre: str) -> Sheet | None:
    """The latest of an operator; None: they never had one."""
    row = await conn.fetchrow(SELECT_LAST, operator, centre)
    return Sheet(**row) if row else None


SELECT_LINES = """
SELECT l.token, a.ref, a.person_id, a.status, a.on_sheet, a.disposition, c.name_zh AS title, a.purpose, z.name_zh AS area,
       p.lang, p.number_cipher
FROM survey.call_sheet s
JOIN survey.call_sheet_line l ON l.sheet_id = s.id
JOIN survey.attempt a ON a.id = l.attempt_id
JOIN survey.sample_unit u ON u.id = a.unit_id
JOIN survey.campaign c ON c.id = u.campaign_id
JOIN survey.area z ON z.code = u.area_code
JOIN survey.person p ON p.id = a.person_id
WHERE s.ref = $1 ORDER BY l.place"""


@dataclass(frozen=True)
class Line:
    """One person of a sheet. `on_sheet`: dialled from paper still, and not in hand at the desk."""

    token: str
    ref: str
    person_id: int
    status: str
    on_sheet: bool
    disposition: str | None
    title: str
    purpose: str
    area: str
    lang: str
    number_cipher: bytes

    @property
    def open(self) -> bool:
        """Nothing has been entered yet."""
        return self.status != "ended"


async def lines(conn: Any, sheet: str) -> list[Line]:
    """In the order of the paper."""
    return [Line(**row) for row in await conn.fetch(SELECT_LINES, sheet)]


OFF_PAPER = """
UPDATE survey.attempt SET on_sheet = false WHERE ref = $1 AND status <> 'ended' AND on_sheet RETURNING id"""


async def to_desk(conn: Any, ref: str) -> bool:
    """On paper -> in hand at the desk. False: it has ended, or is there already."""
    return await conn.fetchval(OFF_PAPER, ref) is not None


SELECT_ON_SHEET = """
SELECT on_sheet FROM survey.attempt WHERE id = $1"""


async def is_on_sheet(conn: Any, attempt_id: int) -> bool:
    """Whether this attempt is made from paper."""
    on: bool = await conn.fetchval(SELECT_ON_SHEET, attempt_id)
    return on
