"""The centre's stratified draw beside hash-prefilter SQL: the same list, the same sample size, in turns, in one database.

Theirs (performance.md §3) is one statement over a narrow table of its own, with nobody to leave out and its allocation given: who
has a small enough hash is a candidate, and the first n candidates of each township are the sample. Ours is the draw that the
service makes: counts who may be drawn, splits the sample, takes it, moves the pointers and keeps the record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import sqrt
from time import perf_counter
from typing import Any, Final, TypeVar

import numpy as np

from survey.frames import draw_from_list, redraw
from survey.releasing import in_order_of_release
from survey.sampling.draw import Frame, draw
from survey.sampling.draw_record import DrawRecord
from survey.store import drawn, draws, frame_seals
from survey.store.frame_draw import Taken
from survey.store.migrate import migrate, migrations_of
from survey.store.pool import connection
from workers.bench.big_list import BROUGHT_AT, CENTRE, TOWNSHIPS, lay_list, may_be_asked
from workers.bench.dialogue import Progress
from workers.bench.outcome import Bar, Outcome, Series

T = TypeVar("T")
KEY: Final = "bench"
LIMIT: Final = 1.5
REPLICATES: Final = 10
REST: Final = timedelta(days=180)
CHECKED: Final = 3
"""Townships whose first draw is held against the draw on arrays, person by person."""
BAR: Final = Bar(
    "draw",
    "抽样并留底 draw and record : 参照 hash-prefilter SQL",
    "draw",
    "reference",
    "at_most",
    LIMIT,
)


class WrongSample(RuntimeError):
    """A sample is not what it must be: how long it took says nothing."""


@dataclass(slots=True)
class DrawBench:
    """One run in a database of its own."""

    people: int
    sample: int
    rounds: int
    show: Progress
    seconds: dict[str, list[float]] = field(default_factory=dict)
    resting: set[int] = field(default_factory=set)
    first: DrawRecord | None = None

    async def run(self, url: str) -> Outcome:
        """In the empty database of `url`. Raises WrongSample."""
        async with connection(url) as conn:
            await migrate(conn, migrations_of(("survey", "followup")))
            total = self.rounds + 3
            await lay_list(conn, self.people, lambda what: self.show(what, 0, total))
            await conn.execute(THEIR_TABLES)
            await conn.execute("VACUUM (ANALYZE, FREEZE) theirs.resident")
            self.show("seal", 1, total)
            await self._seal(conn)
            for number in range(self.rounds + 1):  # the first does not count: everything is read into memory
                self.show(f"round {number}", 2 + number, total)
                await self._round(conn, number)
            await self._again(conn)
            self.show("done", total, total)
        return self._outcome()

    async def _seal(self, conn: Any) -> None:
        async def seal() -> None:
            async with conn.transaction():
                await draws.alone(conn, CENTRE)
                lists = await frame_seals.lists(conn, CENTRE, BROUGHT_AT)
                await frame_seals.seal(conn, CENTRE, lists, BROUGHT_AT)

        await self._timed("seal", seal())

    async def _round(self, conn: Any, number: int) -> None:
        at = BROUGHT_AT + timedelta(days=2 + number)
        campaign = await conn.fetchval(NEW_CAMPAIGN, f"bench-{number}", at)
        await conn.execute(CLOSE_ALL_BUT_THE_LAST, at)
        async with conn.transaction():
            taken, record = await self._timed("draw", _ours(conn, campaign, self.sample, at))
            rows = in_order_of_release(taken, {}, max(1, self.sample // REPLICATES))
            await self._timed("stored", drawn.keep(conn, campaign, rows))
        self._check(taken, record)
        if number == 0:
            self.first = record
            await _check_on_arrays(conn, taken, record)
        await conn.execute(NEW_ALLOCATION, list(record.wanted), list(record.wanted.values()))
        await self._timed("reference", conn.execute(THEIRS, number, _threshold(record)))
        theirs = {row["stratum"]: row["people"] for row in await conn.fetch(THEIR_COUNTS)}
        _same_allocation("the hash-prefilter sample", theirs, record.wanted)
        if number == 0:
            for name in ("draw", "stored", "reference"):
                self.seconds[name].clear()

    async def _timed(self, name: str, work: Awaitable[T]) -> T:
        begun = perf_counter()
        done = await work
        self.seconds.setdefault(name, []).append(perf_counter() - begun)
        return done

    def _check(self, taken: list[Taken], record: DrawRecord) -> None:
        """Exactly its allocation in each township; nobody twice, nobody who rests, nobody who may not be asked."""
        _same_allocation("the sample", Counter(one.stratum for one in taken), record.wanted)
        people = {one.person_id for one in taken}
        if len(people) != self.sample or not all(map(may_be_asked, people)) or people & self.resting:
            raise WrongSample(f"draw {record.number} took somebody who may not be drawn, or took one twice")
        self.resting = people

    async def _again(self, conn: Any) -> None:
        """The first sample can be drawn again after all the others."""
        assert self.first is not None
        async with conn.transaction():
            said = await redraw(conn, CENTRE, self.first, KEY)
        if not said["same"]:
            raise WrongSample(f"the first sample could not be drawn again: {dict(said)}")

    def _outcome(self) -> Outcome:
        words = {
            "reference": "参照 hash-prefilter SQL",
            "draw": "抽样并留底 draw and record",
            "stored": "存样本 the sample stored, in replicates",
            "seal": "名单指纹,每份名单一次 fingerprint of the lists, once for each",
        }
        return Outcome.of(
            "draw",
            {"people": self.people, "townships": TOWNSHIPS, "sample": self.sample},
            {name: Series(said, "s", tuple(self.seconds[name])) for name, said in words.items()},
            [BAR],
        )


async def _ours(conn: Any, campaign: int, sample: int, at: datetime) -> tuple[list[Taken], DrawRecord]:
    found = await draw_from_list(
        conn,
        CENTRE,
        size=sample,
        rested_since=at - REST,
        at=at,
        key_id=KEY,
        replicate=max(1, sample // REPLICATES),
    )
    if found is None:
        raise WrongSample("the list has too few people left")
    taken, record = found
    await draws.keep(conn, campaign, record.model_dump(mode="json"), record.number)
    return taken, record


NEW_CAMPAIGN = """
INSERT INTO survey.campaign (centre_code, code, name_zh, purpose, questionnaire_id, modes, seed, opens_at, kind)
VALUES ('991721', $1, $1, 'survey', 1, ARRAY['voice'], 1, $2, 'poll') RETURNING id"""

# one campaign is under way in each round, whose whole sample may not be drawn again
CLOSE_ALL_BUT_THE_LAST = """
INSERT INTO survey.campaign_event (campaign_id, at, event, from_status, to_status, by_whom, why)
SELECT c.id, $1, 'close', 'running', 'closed', 'bench', 'bench' FROM survey.campaign c
WHERE c.draw_number < (SELECT max(draw_number) FROM survey.campaign)
  AND NOT EXISTS (SELECT FROM survey.campaign_event e WHERE e.campaign_id = c.id)"""

THEIR_TABLES = """
CREATE SCHEMA theirs;
CREATE TABLE theirs.resident AS SELECT person_id AS id, stratum::int AS stratum FROM survey.frame_entry;
CREATE TABLE theirs.allocation (stratum int, n int);
CREATE TABLE theirs.sample (stratum int, id bigint)"""

NEW_ALLOCATION = """
-- in the reference's own tables
WITH gone AS (DELETE FROM theirs.allocation)
INSERT INTO theirs.allocation SELECT t.stratum::int, t.n FROM unnest($1::text[], $2::int[]) AS t(stratum, n)"""

THEIRS = """
-- in the reference's own tables
INSERT INTO theirs.sample
SELECT candidate.stratum, candidate.id
FROM (SELECT r.stratum, r.id, row_number() OVER (PARTITION BY r.stratum ORDER BY hashint8extended(r.id, $1)) AS place
      FROM theirs.resident r WHERE hashint8extended(r.id, $1) < $2) candidate
JOIN theirs.allocation a ON a.stratum = candidate.stratum AND candidate.place <= a.n"""

THEIR_COUNTS = """
-- in the reference's own tables
WITH gone AS (DELETE FROM theirs.sample RETURNING stratum)
SELECT stratum::text AS stratum, count(*)::int AS people FROM gone GROUP BY stratum"""


def _threshold(record: DrawRecord) -> int:
    """The hash below which a candidate's lies, so that every township has enough of them: six standard deviations above its n. At
    100,000 of 10 million that is the 1.3 % of performance.md."""
    shares = (
        (n + 6 * sqrt(n)) / record.frame[code] for code, n in record.wanted.items() if record.frame[code]
    )
    return int(-(2**63) + min(1.0, max(shares)) * (2**64 - 1))


def _same_allocation(what: str, found: Mapping[str, int], wanted: Mapping[str, int]) -> None:
    expected = {code: n for code, n in wanted.items() if n}
    if dict(found) != expected:
        raise WrongSample(f"{what} is not split over the townships as it must be")


TOWNSHIP = """
SELECT person_id, prn FROM survey.frame_entry WHERE centre_code = $1 AND stratum = $2"""


async def _check_on_arrays(conn: Any, taken: list[Taken], record: DrawRecord) -> None:
    """The smallest townships drawn on arrays, as `survey.sampling.draw` says it: the same people in the same order."""
    for code in sorted(record.frame, key=lambda one: (record.frame[one], one))[:CHECKED]:
        rows = await conn.fetch(TOWNSHIP, CENTRE, code)
        listed = [(row["person_id"], row["prn"]) for row in rows if may_be_asked(row["person_id"])]
        people = np.array([person for person, _ in listed], dtype=np.int64)
        frame = Frame(np.repeat(np.str_(code), len(listed)), np.array([prn for _, prn in listed]), people)
        expected = people[draw(frame, {code: record.wanted[code]}, record.start).index].tolist()
        if [one.person_id for one in taken if one.stratum == code] != expected:
            raise WrongSample(f"of {code}, other people were taken than the draw on arrays takes")
