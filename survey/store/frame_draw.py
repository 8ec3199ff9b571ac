"""Drawing inside the database: each township is a circle in an index, and a draw reads only the people it takes.

The same people in the same order as `survey.sampling.draw.draw` takes of the same list, at the cost of the sample's size and not
the list's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

IN_SAMPLES = """
-- a part of statements
SELECT u.person_id, u.area_code FROM survey.sample_unit u
WHERE u.released_at > $3 AND u.released_at <= $4
  AND u.campaign_id = ANY (ARRAY(SELECT c.id FROM survey.campaign c
                                 WHERE c.centre_code = $1 AND c.purpose = 'survey' AND c.draw_number < $5))
UNION ALL
SELECT d.person_id, d.area_code FROM survey.drawn_unit d
WHERE (d.released_at IS NULL OR d.released_at > $4)
  AND d.campaign_id = ANY (ARRAY(SELECT c.id FROM survey.campaign c
                                 WHERE c.centre_code = $1 AND c.draw_number < $5
                                   AND NOT EXISTS (SELECT FROM survey.campaign_event e WHERE e.campaign_id = c.id
                                                   AND e.to_status = 'closed' AND e.at <= $4)))"""
"""Who was in a sample drawn from this centre's lists not long ago, or is drawn for a campaign under way; with their area, which
the list gave."""

ELSEWHERE = """
-- a part of statements
SELECT p.id AS person_id FROM survey.person p WHERE p.unlinked_at IS NOT NULL AND p.unlinked_at <= $4
UNION ALL
SELECT o.person_id FROM survey.opt_out o WHERE o.scope IN ('survey', 'all', 'text_channel') AND o.said_at <= $4
UNION ALL
SELECT u.person_id FROM survey.sample_unit u
WHERE u.released_at > $3 AND u.released_at <= $4
  AND u.campaign_id = ANY (ARRAY(SELECT c.id FROM survey.campaign c
                                 WHERE (c.centre_code <> $1 OR c.draw_number IS NULL) AND c.purpose = 'survey'
                                   AND coalesce(c.draw_number, 0) < $5))
UNION ALL
SELECT d.person_id FROM survey.drawn_unit d
WHERE (d.released_at IS NULL OR d.released_at > $4)
  AND d.campaign_id = ANY (ARRAY(SELECT c.id FROM survey.campaign c
                                 WHERE c.centre_code <> $1 AND c.draw_number < $5
                                   AND NOT EXISTS (SELECT FROM survey.campaign_event e WHERE e.campaign_id = c.id
                                                   AND e.to_status = 'closed' AND e.at <= $4)))"""
"""Who else may not be drawn: unlinked, opted out, or the same with another centre; some of them are not on the list at all."""


@dataclass(frozen=True)
class View:
    """What one draw sees: these `lists` of the centre at a moment, by the draw of this `number`; without those in a sample after
    `rested_since`. `areas`: codes or their beginnings; none: everywhere."""

    centre: str
    lists: tuple[int, ...]
    rested_since: datetime
    at: datetime
    number: int
    areas: tuple[str, ...] = ()

    def arguments(self) -> tuple[object, ...]:
        """$1 to $6 of the statements below."""
        return (self.centre, self.lists, self.rested_since, self.at, self.number, self.areas)


COUNT_LISTED = """
SELECT f.stratum, count(*)::int AS people FROM survey.frame_entry f
WHERE f.centre_code = $1 AND f.batch_id = ANY ($2::bigint[]) AND f.stratum = ANY ($3::text[])
  AND EXISTS (SELECT FROM unnest($4::text[]) AS w(area) WHERE starts_with(f.area_code, w.area))
GROUP BY f.stratum"""


async def listed_in(conn: Any, view: View, strata: Sequence[str]) -> dict[str, int]:
    """How many people of these townships are on the lists, in the areas of the view."""
    rows = await conn.fetch(COUNT_LISTED, view.centre, view.lists, strata, view.areas)
    return {row["stratum"]: row["people"] for row in rows}


# as an array, so that the list's entries are read in the order in which they lie
LOOK_UP = (
    """
INSERT INTO survey.left_entry (centre_code, person_id, area_code, batch_id)
SELECT f.centre_code, f.person_id, f.area_code, f.batch_id FROM survey.frame_entry f
WHERE f.centre_code = $1 AND f.batch_id = ANY ($2::bigint[]) AND f.person_id = ANY (ARRAY(
    SELECT person_id FROM ("""  # noqa: S608 - all parts are ours
    + ELSEWHERE
    + """) one EXCEPT SELECT l.person_id FROM survey.left_entry l WHERE l.centre_code = $1))
ON CONFLICT DO NOTHING"""
)

# Whoever was in a sample is counted where they were drawn, and the others where they were looked up: the list is not read.
# IS TRUE and NOT IN are each a table in memory, whatever the database believes of its tables' sizes.
COUNT_LEFT_OUT = (
    """
WITH in_samples AS MATERIALIZED (SELECT DISTINCT one.person_id, one.area_code FROM ("""  # noqa: S608 - all parts are ours
    + IN_SAMPLES
    + """) one)
SELECT substr(who.area_code, 1, 9) AS stratum, count(*)::int AS people
FROM (SELECT area_code FROM in_samples
      UNION ALL
      SELECT l.area_code FROM survey.left_entry l
      WHERE l.centre_code = $1 AND l.batch_id = ANY ($2::bigint[])
        AND (l.person_id IN (SELECT person_id FROM ("""
    + ELSEWHERE
    + """) one)) IS TRUE AND l.person_id NOT IN (SELECT person_id FROM in_samples)) who
WHERE cardinality($6::text[]) = 0 OR EXISTS (SELECT FROM unnest($6::text[]) AS w(area) WHERE starts_with(who.area_code, w.area))
GROUP BY 1"""
)


async def left_out(conn: Any, view: View) -> dict[str, int]:
    """How many people of each township are on the lists and may not be drawn. Those never left out before are looked up."""
    *seen, _ = view.arguments()
    await conn.execute(LOOK_UP, *seen)
    return {row["stratum"]: row["people"] for row in await conn.fetch(COUNT_LEFT_OUT, *view.arguments())}


# NOT IN, as above: NOT EXISTS was made anew in each township
CLOCKWISE = (
    """
WITH left_out AS MATERIALIZED (SELECT person_id FROM ("""  # noqa: S608 - all parts are ours
    + IN_SAMPLES
    + """) one
    UNION ALL"""
    + ELSEWHERE
    + """)
SELECT arc.stratum, taken.person_id, taken.area_code, taken.prn
FROM unnest($7::text[], $8::int[], $9::float8[], $10::float8[]) AS arc(stratum, n, since, until)
CROSS JOIN LATERAL (
    SELECT f.person_id, f.area_code, f.prn FROM survey.frame_entry f
    WHERE f.centre_code = $1 AND f.stratum = arc.stratum AND f.prn >= arc.since AND f.prn < arc.until
      AND f.batch_id = ANY ($2::bigint[])
      AND (cardinality($6::text[]) = 0
           OR EXISTS (SELECT FROM unnest($6::text[]) AS w(area) WHERE starts_with(f.area_code, w.area)))
      AND f.person_id NOT IN (SELECT person_id FROM left_out)
    ORDER BY f.prn, f.person_id LIMIT arc.n) taken"""
)


class Taken(NamedTuple):
    """A person drawn. `stratum`: the township's nine digits; `prn`: their permanent random number."""

    stratum: str
    person_id: int
    area_code: str
    prn: float


PLACE = attrgetter("prn", "person_id")
"""On the circle."""


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
        *view.arguments(),
        [arc.stratum for arc in arcs],
        [arc.n for arc in arcs],
        [arc.since for arc in arcs],
        [arc.until for arc in arcs],
    )
    for row in rows:
        found[row["stratum"]].append(Taken._make(row))
    for people in found.values():
        people.sort(key=PLACE)
    return found


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
    rows = await conn.fetch(DETAILS, centre, people)
    return {row["person_id"]: Details(row["birth_year"], row["attributes"]) for row in rows}
