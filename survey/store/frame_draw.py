"""Drawing inside the database: each township is a circle in an index, and a draw reads only the people it takes.

The same people in the same order as `survey.sampling.draw.draw` takes of the same list, at the cost of the sample's size and not
the list's. Who may be drawn is decided as in `survey.store.draws.SELECT_FRAME`; a test holds both together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class View:
    """The list as one draw sees it: `at` a moment, by the draw of this `number`; without those in a sample after `rested_since`.
    `areas`: codes or their beginnings; none: everywhere."""

    centre: str
    rested_since: datetime
    areas: tuple[str, ...]
    at: datetime
    number: int


LISTED = """
SELECT f.stratum, count(*)::int AS size, sha256(string_agg(float8send(f.prn), ''::bytea ORDER BY f.prn)) AS digest
FROM survey.frame_entry f
WHERE f.centre_code = $1
  AND f.batch_id = ANY (ARRAY(SELECT b.id FROM survey.import_batch b WHERE b.centre_code = $1 AND b.imported_at <= $3))
  AND (cardinality($2::text[]) = 0 OR EXISTS (SELECT FROM unnest($2::text[]) AS w(area) WHERE starts_with(f.area_code, w.area)))
GROUP BY f.stratum"""


@dataclass(frozen=True)
class ListedRow:
    """A township of the list, whoever of it may be drawn. `digest`: see `survey.sampling.frame_hash.Township`."""

    stratum: str
    size: int
    digest: bytes


async def listed(conn: Any, view: View) -> list[ListedRow]:
    """The whole list by township, with its fingerprints. Reads all of the index: 10 million people in about 2 s."""
    rows = await conn.fetch(LISTED, view.centre, list(view.areas), view.at)
    return [ListedRow(**row) for row in rows]


LEFT_OUT = """
SELECT f.stratum, count(*)::int AS size
FROM (SELECT p.id AS person_id FROM survey.person p WHERE p.unlinked_at IS NOT NULL AND p.unlinked_at <= $4
      UNION
      SELECT o.person_id FROM survey.opt_out o WHERE o.scope IN ('survey', 'all', 'text_channel') AND o.said_at <= $4
      UNION
      SELECT u.person_id FROM survey.sample_unit u
      JOIN survey.campaign c ON c.id = u.campaign_id AND c.purpose = 'survey'
      WHERE u.released_at > $2 AND u.released_at <= $4 AND coalesce(c.draw_number, 0) < $5
      UNION
      SELECT d.person_id FROM survey.drawn_unit d JOIN survey.campaign c ON c.id = d.campaign_id
      WHERE (d.released_at IS NULL OR d.released_at > $4) AND c.draw_number < $5
        AND NOT EXISTS (SELECT FROM survey.campaign_event e
                        WHERE e.campaign_id = c.id AND e.to_status = 'closed' AND e.at <= $4)) who
JOIN survey.frame_entry f ON f.centre_code = $1 AND f.person_id = who.person_id
WHERE f.batch_id = ANY (ARRAY(SELECT b.id FROM survey.import_batch b WHERE b.centre_code = $1 AND b.imported_at <= $4))
  AND (cardinality($3::text[]) = 0 OR EXISTS (SELECT FROM unnest($3::text[]) AS w(area) WHERE starts_with(f.area_code, w.area)))
GROUP BY f.stratum"""


async def left_out(conn: Any, view: View) -> dict[str, int]:
    """How many people of each township are on the list and may not be drawn: opted out, unlinked, in a sample not long ago."""
    rows = await conn.fetch(LEFT_OUT, view.centre, view.rested_since, list(view.areas), view.at, view.number)
    return {row["stratum"]: row["size"] for row in rows}


# "unlinked" is asked as a value, not joined: joined, Postgres went through everybody unlinked for each person it looked at
CLOCKWISE = """
SELECT arc.stratum, d.person_id, d.area_code, d.prn
FROM unnest($6::text[], $7::int[], $8::float8[], $9::float8[]) AS arc(stratum, n, since, until)
CROSS JOIN LATERAL (
    SELECT f.person_id, f.area_code, f.prn FROM survey.frame_entry f
    WHERE f.centre_code = $1 AND f.stratum = arc.stratum AND f.prn >= arc.since AND f.prn < arc.until
      AND f.batch_id = ANY (ARRAY(SELECT b.id FROM survey.import_batch b WHERE b.centre_code = $1 AND b.imported_at <= $4))
      AND (cardinality($3::text[]) = 0
           OR EXISTS (SELECT FROM unnest($3::text[]) AS w(area) WHERE starts_with(f.area_code, w.area)))
      AND coalesce((SELECT p.unlinked_at > $4 FROM survey.person p
                    WHERE p.id = f.person_id AND p.unlinked_at IS NOT NULL), true)
      AND NOT EXISTS (SELECT FROM survey.opt_out o
                      WHERE o.person_id = f.person_id AND o.scope IN ('survey', 'all', 'text_channel') AND o.said_at <= $4)
      AND NOT EXISTS (SELECT FROM survey.sample_unit u
                      JOIN survey.campaign c ON c.id = u.campaign_id AND c.purpose = 'survey'
                      WHERE u.person_id = f.person_id AND u.released_at > $2 AND u.released_at <= $4
                        AND coalesce(c.draw_number, 0) < $5)
      AND NOT EXISTS (SELECT FROM survey.drawn_unit d JOIN survey.campaign c ON c.id = d.campaign_id
                      WHERE d.person_id = f.person_id AND (d.released_at IS NULL OR d.released_at > $4) AND c.draw_number < $5
                        AND NOT EXISTS (SELECT FROM survey.campaign_event e
                                        WHERE e.campaign_id = c.id AND e.to_status = 'closed' AND e.at <= $4))
    ORDER BY f.prn, f.person_id LIMIT arc.n) d"""


@dataclass(frozen=True)
class Taken:
    """A person drawn."""

    stratum: str
    person_id: int
    area_code: str
    prn: float


@dataclass(frozen=True)
class Arc:
    """The first `n` people of a township from `since` on, before `until`."""

    stratum: str
    n: int
    since: float
    until: float


async def clockwise(
    conn: Any, view: View, wanted: Mapping[str, int], start: Mapping[str, float]
) -> list[Taken]:
    """`wanted` people of each township, clockwise from its pointer in `start` (0 where it has none); by township and in the order
    of the circle. Fewer, where so many may not be drawn."""
    ahead = [Arc(code, n, start.get(code, 0.0), 1.0) for code, n in sorted(wanted.items()) if n > 0]
    first = await _on(conn, view, ahead)
    # who stands behind the pointer comes after everybody ahead of it
    lacking = [
        Arc(arc.stratum, arc.n - len(first[arc.stratum]), 0.0, arc.since)
        for arc in ahead
        if len(first[arc.stratum]) < arc.n and arc.since > 0
    ]
    second = await _on(conn, view, lacking) if lacking else {}
    return [one for arc in ahead for one in (*first[arc.stratum], *second.get(arc.stratum, ()))]


async def _on(conn: Any, view: View, arcs: Sequence[Arc]) -> dict[str, list[Taken]]:
    found: dict[str, list[Taken]] = {arc.stratum: [] for arc in arcs}
    rows = await conn.fetch(
        CLOCKWISE,
        view.centre,
        view.rested_since,
        list(view.areas),
        view.at,
        view.number,
        [arc.stratum for arc in arcs],
        [arc.n for arc in arcs],
        [arc.since for arc in arcs],
        [arc.until for arc in arcs],
    )
    for row in rows:
        found[row["stratum"]].append(Taken(**row))
    for people in found.values():
        people.sort(key=lambda one: (one.prn, one.person_id))
    return found


POINTERS = """
SELECT DISTINCT ON (p.stratum) p.stratum, p.pointer::float8 AS pointer
FROM survey.campaign c CROSS JOIN LATERAL jsonb_each_text(c.draw -> 'pointer') AS p(stratum, pointer)
WHERE c.centre_code = $1 AND c.draw_number < $2
ORDER BY p.stratum, c.draw_number DESC"""


async def pointers(conn: Any, centre: str, number: int) -> dict[str, float]:
    """Where the draws of this centre before this `number` left off, by township: there the next one begins."""
    return {row["stratum"]: row["pointer"] for row in await conn.fetch(POINTERS, centre, number)}


DETAILS = """
SELECT p.id AS person_id, p.birth_year, f.attributes
FROM survey.person p JOIN survey.frame_entry f ON f.centre_code = $1 AND f.person_id = p.id
WHERE p.id = ANY ($2::bigint[])"""


@dataclass(frozen=True)
class Details:
    """What decides how a person who was drawn is asked, and which quotas they are counted in."""

    birth_year: int | None
    attributes: dict[str, str]


async def details(conn: Any, centre: str, people: Sequence[int]) -> dict[int, Details]:
    """Details of these people of a centre's list, by person."""
    rows = await conn.fetch(DETAILS, centre, list(people))
    return {row["person_id"]: Details(row["birth_year"], row["attributes"]) for row in rows}
