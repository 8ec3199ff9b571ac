"""The sample of a planned campaign as it was drawn, and who of it has been released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

INSERT_DRAWN = """
INSERT INTO survey.drawn_unit (campaign_id, position, replicate_no, person_id, area_code, stratum, prn, cells)
SELECT $1, t.position, t.replicate_no, t.person_id, t.area_code, t.stratum, t.prn, t.cells
FROM unnest($2::int[], $3::int[], $4::bigint[], $5::text[], $6::text[], $7::float8[], $8::jsonb[])
     AS t(position, replicate_no, person_id, area_code, stratum, prn, cells)"""


@dataclass(frozen=True)
class DrawnRow:
    """A person in the sample. `position`: the order of release; `cells`: {quota: cell}."""

    position: int
    replicate_no: int
    person_id: int
    area_code: str
    stratum: str
    prn: float
    cells: dict[str, str]


async def keep(conn: Any, campaign: int, rows: Sequence[DrawnRow]) -> None:
    """The whole sample, once."""
    await conn.execute(
        INSERT_DRAWN,
        campaign,
        [r.position for r in rows],
        [r.replicate_no for r in rows],
        [r.person_id for r in rows],
        [r.area_code for r in rows],
        [r.stratum for r in rows],
        [r.prn for r in rows],
        [r.cells for r in rows],
    )


SELECT_REPLICATES = """
SELECT replicate_no, count(*)::int AS size, count(released_at)::int AS released
FROM survey.drawn_unit WHERE campaign_id = $1 GROUP BY replicate_no ORDER BY replicate_no"""


@dataclass(frozen=True)
class Replicate:
    """`released` of `size` people are in the sample."""

    replicate_no: int
    size: int
    released: int


async def replicates(conn: Any, campaign: int) -> list[Replicate]:
    """The replicates of a campaign in their order."""
    return [Replicate(**row) for row in await conn.fetch(SELECT_REPLICATES, campaign)]


SELECT_NEXT = """
SELECT d.position, d.replicate_no, d.person_id, d.area_code, d.stratum, d.prn, d.cells, p.birth_year, p.landline
FROM survey.drawn_unit d JOIN survey.person p ON p.id = d.person_id
WHERE d.campaign_id = $1 AND d.released_at IS NULL ORDER BY d.position LIMIT $2 FOR UPDATE OF d"""


@dataclass(frozen=True)
class NextRow:
    """A person of the sample who may be released, with what decides how they are asked first."""

    position: int
    replicate_no: int
    person_id: int
    area_code: str
    stratum: str
    prn: float
    cells: dict[str, str]
    birth_year: int | None
    landline: bool


async def next_unreleased(conn: Any, campaign: int, n: int) -> list[NextRow]:
    """The next `n` people of the sample in their order, locked until the transaction ends."""
    return [NextRow(**row) for row in await conn.fetch(SELECT_NEXT, campaign, n)]


MARK_RELEASED = """
UPDATE survey.drawn_unit SET released_at = $2
WHERE campaign_id = $1 AND position = ANY($3::int[]) AND released_at IS NULL"""


async def mark_released(conn: Any, campaign: int, positions: Sequence[int], at: datetime) -> None:
    """These people are in the sample from now on."""
    await conn.execute(MARK_RELEASED, campaign, at, list(positions))


WEIGH = """
UPDATE survey.sample_unit u SET base_weight = (t.frame::float8 / t.released)
FROM (SELECT s.stratum, s.frame, count(*)::int AS released
      FROM unnest($2::text[], $3::int[]) AS s(stratum, frame)
      JOIN survey.sample_unit v ON v.campaign_id = $1 AND v.stratum = s.stratum
      GROUP BY s.stratum, s.frame) t
WHERE u.campaign_id = $1 AND u.stratum = t.stratum AND u.base_weight <> t.frame::float8 / t.released"""


async def weigh(conn: Any, campaign: int, frame_sizes: dict[str, int]) -> None:
    """Base weights N_h / n_h with n_h as released so far (statistics.md §2, replicates)."""
    await conn.execute(WEIGH, campaign, list(frame_sizes), list(frame_sizes.values()))


COUNT_STANDING = """
SELECT count(*) FILTER (WHERE u.status = 'done' AND (u.disposition = 'complete'
                        OR (u.disposition = 'partial' AND c.partials_count)))::int AS completes,
       count(*) FILTER (WHERE u.status = 'done')::int AS done,
       count(*) FILTER (WHERE u.status <> 'done')::int AS open,
       (SELECT count(*)::int FROM survey.drawn_unit d WHERE d.campaign_id = $1 AND d.released_at IS NULL) AS unreleased
FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id WHERE u.campaign_id = $1"""


@dataclass(frozen=True)
class Counts:
    """A campaign in four numbers."""

    completes: int
    done: int
    open: int
    unreleased: int


async def counts(conn: Any, campaign: int) -> Counts:
    """How far a campaign is."""
    return Counts(**await conn.fetchrow(COUNT_STANDING, campaign))
