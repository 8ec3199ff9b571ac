"""Sanctions on townships and villages: rows that are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import asyncpg

from survey.periods import Period


@dataclass(frozen=True)
class SanctionRow:
    """A sanction on a place, and what lifted it, if anything did. `lifted_from`: from that day on it is in force no more."""

    area_code: str
    area_zh: str
    area_en: str
    level: str
    seq: int
    kind: str
    what: str
    from_day: date
    to_day: date | None
    concerned: tuple[str, ...]
    actor: str
    reason: str
    at: datetime
    lifted_from: date | None
    lifted_by: str | None
    lifted_why: str | None
    lifted_at: datetime | None

    @property
    def number(self) -> str:
        """By which people name it."""
        return f"{self.area_code}-{self.seq}"

    def in_force(self, period: Period) -> bool:
        """Whether it was, on any day of a period."""
        ends = [period.last, self.to_day, self.lifted_from and self.lifted_from - timedelta(days=1)]
        return max(self.from_day, period.first) <= min(one for one in ends if one is not None)


SELECT_SANCTIONS = """
SELECT e.area_code, a.name_zh AS area_zh, a.name_en AS area_en, a.level, e.seq, e.kind, e.what, e.from_day, e.to_day, e.concerned,
       e.actor, e.reason, e.at, l.from_day AS lifted_from, l.actor AS lifted_by, l.reason AS lifted_why, l.at AS lifted_at
FROM followup.sanction_event e
JOIN survey.area a ON a.code = e.area_code
LEFT JOIN followup.sanction_event l ON l.area_code = e.area_code AND l.lifts = e.seq AND l.at <= $2
WHERE e.centre_code = $1 AND e.lifts IS NULL AND e.at <= $2
ORDER BY e.area_code, e.seq"""


async def sanctions(conn: asyncpg.Connection, centre_code: str, cut_off: datetime) -> list[SanctionRow]:
    """All of a centre's townships and villages, as they stood at a moment; by place, the oldest first."""
    rows = await conn.fetch(SELECT_SANCTIONS, centre_code, cut_off)
    return [SanctionRow(**{**row, "concerned": tuple(row["concerned"])}) for row in rows]


INSERT_SANCTION = """
INSERT INTO followup.sanction_event (centre_code, area_code, kind, lifts, what, from_day, to_day, concerned, actor, reason, at,
                                     policy_version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING seq"""


async def insert_sanction(
    conn: asyncpg.Connection, *, centre: str, area: str, kind: str, lifts: int | None, what: str | None, from_day: date,
    to_day: date | None, concerned: Sequence[str], by: str, reason: str, at: datetime, policy_version: int,
) -> int:  # fmt: skip
    """Impose one, or lift the one at place `lifts`; its place in the chain of the area. Raises UniqueViolationError where it is
    lifted already."""
    seq: int = await conn.fetchval(
        INSERT_SANCTION, centre, area, kind, lifts, what, from_day, to_day, list(concerned), by, reason, at, policy_version
    )  # fmt: skip
    return seq


SELECT_PLACE = """
SELECT a.level FROM survey.centre c JOIN survey.area a ON starts_with(a.code, c.area_code)
WHERE c.code = $1 AND a.code = $2"""


async def level_of_place(conn: asyncpg.Connection, centre: str, area: str) -> str | None:
    """Of an area of a centre; None: it has no such area."""
    level: str | None = await conn.fetchval(SELECT_PLACE, centre, area)
    return level


SELECT_OWN = """
SELECT EXISTS (SELECT FROM followup.unit WHERE starts_with(area_code, $1) AND $2 IN (code, name_zh))
    OR EXISTS (SELECT FROM survey.account a JOIN survey.account_role r ON r.account_id = a.id
               WHERE starts_with(r.area_code, $1) AND $2 IN (a.name, a.called))"""


async def is_of_the_place(conn: asyncpg.Connection, area: str, name: str) -> bool:
    """Whether this is the name of a unit of the place, or of somebody whose account is for it alone."""
    own: bool = await conn.fetchval(SELECT_OWN, area, name)
    return own
