"""The check of all event chains beside a plain read of the same rows: what hashing every row again costs.

The events are written through the triggers, as the service writes them, and their days are sealed; then one byte is
changed, and the check has to name that row, or what it took says nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time
from typing import Any, Final, TypeVar

from followup import chain, chain_check
from followup.store import chain as rows
from survey.store.pool import connection
from workers.bench.dialogue import Progress
from workers.bench.outcome import Bar, Outcome, Series
from workers.bench.servers import postgres_cpu_s

T = TypeVar("T")
EVENTS_A_CASE: Final = 10
CASES_AT_ONCE: Final = 5000
BEGINS: Final = datetime(2026, 1, 1, 1, tzinfo=UTC)
DAYS: Final = 30
PER_MILLION_S: Final = 60.0
BARS: Final = (
    Bar(
        "million",
        "核验每百万条秒数 seconds to verify a million events",
        "per_million",
        None,
        "at_most",
        PER_MILLION_S,
    ),
    Bar(
        "million_cpu",
        "核验每百万条处理器秒 processor seconds to verify a million events",
        "cpu_per_million",
        None,
        "at_most",
        PER_MILLION_S,
    ),
    Bar("read", "核验 : 通读 verify : plain read", "verify", "read", "at_most", 4.0),
)


class NotFound(RuntimeError):
    """The check does not say what it must: how long it took says nothing."""


@dataclass(slots=True)
class VerifyBench:
    """One run in a migrated, empty database of its own."""

    events: int
    rounds: int
    show: Progress
    seconds: dict[str, list[float]] = field(default_factory=dict)

    async def run(self, url: str) -> Outcome:
        """Raises NotFound."""
        async with connection(url, application_name="minyi bench verify") as conn:
            total = self.rounds + 3
            self.show("events, through the triggers", 0, total)
            await self._timed(conn, "write", lay_events(conn, self.events))
            self.show("seals", 1, total)
            await self._timed(conn, "seal", chain.seal_days(conn, now=BEGINS + timedelta(days=DAYS + 2)))
            await conn.execute("VACUUM (ANALYZE)")
            for number in range(self.rounds):
                self.show(f"round {number + 1}", 2 + number, total)
                await self._timed(conn, "read", _read(conn))
                checked = await self._timed(conn, "verify", chain_check.check(conn))
                if checked.faults or checked.events != self.events:
                    raise NotFound(
                        f"{len(checked.faults)} faults in {checked.events} events that are as they were written"
                    )
            await self._finds_a_changed_byte(conn)
            self.show("done", total, total)
        return self._outcome()

    async def _finds_a_changed_byte(self, conn: Any) -> None:
        row = self.events * 3 // 4
        await conn.execute(DISARM)
        await conn.execute(CHANGE_A_BYTE, row)
        first = (await chain_check.check(conn)).first
        if first is None or (first.fault.row, first.fault.kind) != (row, "content"):
            raise NotFound(f"event {row} was altered, and the check names {first}")

    async def _timed(self, conn: Any, name: str, work: Awaitable[T]) -> T:
        """Wall seconds, and those of the processor, ours and the database's: other work on the machine is not in these."""
        begun, cpu = perf_counter(), process_time() + await postgres_cpu_s(conn)
        done = await work
        cpu = process_time() + await postgres_cpu_s(conn) - cpu
        self.seconds.setdefault(name, []).append(perf_counter() - begun)
        self.seconds.setdefault(f"{name}_cpu", []).append(cpu)
        return done

    def _outcome(self) -> Outcome:
        words = {
            "read": "通读同样的行 a plain read of the same rows",
            "verify": "核验 verify",
            "write": "经触发器写入,一次 written through the triggers, once",
            "seal": f"封存 {DAYS} 日,一次 {DAYS} days sealed, once",
        }
        series = {name: Series(said, "s", tuple(self.seconds[name])) for name, said in words.items()}
        for name, said, unit in (("verify", "per_million", "s"), ("verify_cpu", "cpu_per_million", "s CPU")):
            figures = tuple(took * 1e6 / self.events for took in self.seconds[name])
            series[said] = Series("核验每百万条 verify a million events", unit, figures)
        per_event = tuple(took * 1e6 / self.events for took in self.seconds["write_cpu"])
        series["write_cpu"] = Series("写入一条 an event written", "us CPU", per_event)
        return Outcome.of("verify", {"events": self.events, "events a case": EVENTS_A_CASE}, series, BARS)


GROUND = """
-- several statements
INSERT INTO survey.area (code, level, name_zh, name_en) VALUES ('991721', 'county', '遂澜县', 'Suilan County');
INSERT INTO survey.centre VALUES ('991721', '991721', '遂澜县民调中心', '遂澜民调', 'Suilan')"""

CASES = """
INSERT INTO followup.case_file (number, short_number, query_code, centre_code, source, content, category, duty_no, kind,
    area_code, status, received_at, policy_version)
SELECT n::text, '0000', n::text, '991721', 'visit', '小区路灯不亮', '07', 1, 'help', '991721', 'in_progress', $3, 1
FROM generate_series($1::int, $2::int) AS n"""

EVENTS = """
INSERT INTO followup.case_event (case_id, round, event, from_status, to_status, actor, reason, at, detail)
SELECT c.id, 1, 'step', CASE s WHEN 1 THEN NULL ELSE 'in_progress' END, 'in_progress', '991721-police',
       '已到现场查看,当天修好,并当面告知反映人', $3::timestamptz + (s - 1) * interval '20 hours',
       jsonb_build_object('牵头单位', '991721-police', 'n', s)
FROM followup.case_file c, generate_series(1, $4::int) s WHERE c.id BETWEEN $1 AND $2 ORDER BY c.id, s"""


async def lay_events(conn: Any, events: int) -> None:
    """Cases of ten events each over a quarter, written through the triggers some thousands at a time."""
    await conn.execute(GROUND)
    cases = events // EVENTS_A_CASE
    for first in range(1, cases + 1, CASES_AT_ONCE):
        last = min(first + CASES_AT_ONCE - 1, cases)
        begins = BEGINS + timedelta(days=(DAYS - EVENTS_A_CASE) * first // cases)
        await conn.execute(CASES, first, last, begins)
        await conn.execute(EVENTS, first, last, begins, EVENTS_A_CASE)


async def _read(conn: Any) -> int:
    """Every row, as the check fetches it, and nothing done with it."""
    async with conn.transaction():
        return sum([len(some) async for some in rows.case_events(conn, None)])


DISARM = "ALTER TABLE followup.case_event DISABLE TRIGGER USER"

CHANGE_A_BYTE = "UPDATE followup.case_event SET actor = '991721-policf' WHERE id = $1"
