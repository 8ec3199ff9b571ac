"""Two people and the clock let loose on one real case: whatever they do, and whenever, every rule of its life holds.

Each act goes through the doors with a connection of its own; often two of them at the same moment. After every
step the database is asked what does not hold (`case_invariants`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import asyncpg
import pytest
from case_invariants import broken, ratings
from case_walks import DO, SAID, NobodyToAsk, Walk
from followup_county import AREAS, CENTRE, UNITS
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from followup import cases
from followup.casework.lifecycle import Event, allowed
from followup.refusals import CaseRefusal
from followup.store.units import insert_units
from survey.enrolling import NewPerson, enrol_persons
from survey.store.pool import connection, open_pool
from survey.vault import Vault
from workers.databases import create_database, drop_database

BEGINNINGS = ("register", "import")
NOT_ALONE = ("ask", "suggest", "answer_complained")
NTH = st.integers(0, 9999)
ACTS = sorted(set(DO) - {*BEGINNINGS, *NOT_ALONE, "archive"}) + sorted(SAID)


class TwoActors(RuleBasedStateMachine):
    """One case, two people, a clock."""

    pool: asyncpg.Pool
    runner: asyncio.Runner
    vault: Vault
    person: int
    names: Iterator[int]

    def __init__(self) -> None:
        super().__init__()
        self.published: dict[Any, Any] = {}

    def wait_for(self, work: Any) -> Any:
        return self.runner.run(work)

    @initialize(kind=st.sampled_from(["register", "suggest", "import", "quick", "flagged"]))
    def begin(self, kind: str) -> None:
        """A case comes in, or stands where somebody has brought it."""
        self.wait_for(self._begin(kind))

    async def _begin(self, kind: str) -> None:
        async with self.pool.acquire() as conn:
            walk = Walk(conn, self.vault, self.person, lambda: f"ref-{next(self.names):05}")
            if kind in ("quick", "flagged"):
                await walk.come_to("callback_pending" if kind == "quick" else "redispatch_review")
            else:
                await walk.do(kind)
            self.number, self.now = walk.number, walk.now

    @rule(event=st.sampled_from(ACTS))
    def one_acts(self, event: str) -> None:
        """Somebody does this, possible or not."""
        self.wait_for(self._act(event))

    @rule(nth=NTH)
    def one_acts_as_the_table_allows(self, nth: int) -> None:
        """Somebody does one of the things that are possible: so the case goes on."""
        possible = self.wait_for(self._possible())
        if possible:
            self.wait_for(self._act(possible[nth % len(possible)]))

    @rule(first=NTH, second=NTH)
    def two_act_at_once(self, first: int, second: int) -> None:
        """Two people who saw the same case act at the same moment."""
        possible = self.wait_for(self._possible())
        if possible:
            self.wait_for(self._both(possible[first % len(possible)], possible[second % len(possible)]))

    @rule(hours=st.sampled_from([1, 5, 30, 200, 24 * 31]))
    def time_passes(self, hours: int) -> None:
        """The clock goes on, and the worker does what has fallen due, twice."""
        self.now += timedelta(hours=hours)
        self.wait_for(self._worker())

    async def _worker(self) -> None:
        async with self.pool.acquire() as conn:
            for _ in range(2):
                tokens = lambda: f"ref-{next(self.names):05}"  # noqa: E731
                await cases.keep_promises(conn, now=self.now, tokens=tokens, seed=7)
                await cases.escalate_objections(conn, self.now)
                await cases.archive_quiet(conn, now=self.now)

    async def _possible(self) -> list[str]:
        async with self.pool.acquire() as conn:
            row = await conn.fetchrow(STANDS, self.number)
            return [event for event in allowed(row["status"], row["round"]) if event != Event.ARCHIVE]

    async def _act(self, event: str) -> str:
        """What came of it: done, or the sentence that refuses it."""
        async with self.pool.acquire() as conn:
            walk = Walk(conn, self.vault, self.person, lambda: f"ref-{next(self.names):05}")
            lead = await conn.fetchval(LEAD, self.number)
            walk.number, walk.now, walk.lead = self.number, self.now, lead or walk.lead
            try:
                await walk.do(event)
            except CaseRefusal as refusal:
                assert str(refusal).strip(), "a refusal says why"
                return str(refusal)
            except NobodyToAsk:
                return "nobody is asked"
            finally:
                self.now = max(self.now, walk.now)
            return "done"

    async def _both(self, first: str, second: str) -> None:
        before = await self._moved()
        outcomes = await asyncio.gather(self._act(first), self._act(second), return_exceptions=True)
        strange = [one for one in outcomes if isinstance(one, BaseException)]
        assert strange == [], "whoever comes second gets a sentence, not an error of the database"
        done = outcomes.count("done")
        if first == second and first not in SAID:
            assert await self._moved() - before <= max(1, done), "one effect"

    async def _moved(self) -> int:
        async with self.pool.acquire() as conn:
            events: int = await conn.fetchval("SELECT count(*) FROM followup.case_event")
            return events

    @invariant()
    def every_rule_holds(self) -> None:
        if hasattr(self, "number"):
            self.wait_for(self._check())

    async def _check(self) -> None:
        async with self.pool.acquire() as conn:
            assert await broken(conn) == []
            now = await ratings(conn)
            changed = {key: one for key, one in self.published.items() if now.get(key) != one}
            assert changed == {}, "a published rating was changed"
            self.published = now


LEAD = """
SELECT a.unit_code FROM followup.assignment a JOIN followup.case_file c ON c.id = a.case_id AND c.round = a.round
WHERE a.role = 'lead' AND c.number = $1"""

STANDS = "SELECT status, round FROM followup.case_file WHERE number = $1"


@pytest.fixture
def alone(servers: Any, template: str) -> Iterator[type[TwoActors]]:
    """The machine with a database, a loop and a resident of its own."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        name = "test_two_actors"
        url = runner.run(create_database(servers.database_url, name, template="minyi_template", replace=True))
        vault = Vault(bytes(range(32)))

        async def settle_in() -> int:
            async with connection(url, application_name="tests") as conn:
                await conn.executemany(
                    "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en)"
                    " VALUES ($1, $2, $3, $4, $5)",
                    AREAS,
                )
                await conn.execute(
                    "INSERT INTO survey.centre (code, area_code, name_zh, short_zh, name_en)"
                    " VALUES ($1, $1, '遂澜县社情民意调查中心', '遂澜民调中心', 'Suilan Survey Centre')",
                    CENTRE,
                )
                await insert_units(conn, UNITS)
                (person,) = await enrol_persons(conn, vault, [NewPerson("+8615400000001", "王芳", 1975)])
                return person

        class Alone(TwoActors):
            person = runner.run(settle_in())
            pool = runner.run(open_pool(url, application_name="tests", min_size=3, max_size=4))
            names = count(1)

        Alone.runner, Alone.vault = runner, vault
        yield Alone
        runner.run(Alone.pool.close())
        runner.run(drop_database(servers.database_url, name))


def test_two_people_and_the_clock(alone: Callable[[], TwoActors]) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        alone,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[
                Phase.generate
            ],  # who is first is not the same twice: what was found cannot be made smaller
            suppress_health_check=list(HealthCheck),
        ),
    )
