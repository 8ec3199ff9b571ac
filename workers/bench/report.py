"""Tables of indicators out of the counted answers, beside DuckDB on the answers themselves, in turns, to the same figures.

Ours is what a page, a file or the API reads: definitions, counts, values, variances, intervals, what is kept back. Theirs is one
GROUP BY over all answers, and from there the same arithmetic; once more the GROUP BY alone, which is less than a table.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TypeVar

import numpy as np

from followup.indicators import IndicatorReport, read_indicators
from survey import counting
from survey.indicator_reading import Wanted
from survey.statistics.indicator_table import IndicatorTable, make_table
from survey.store import rollup
from survey.store.pool import connection
from workers.bench.dialogue import Progress
from workers.bench.duck import Duck
from workers.bench.many_answers import BEGINS, CENTRE, QUESTIONS, Sizes, lay_answers
from workers.bench.outcome import Bar, Outcome, Series

T = TypeVar("T")
MONTH: Final = 30
HEADLINE: Final = "safety_rate"
CLOSE: Final = 1e-9
BARS: Final = (
    Bar("day", "一日全部指标 a day, all indicators : DuckDB", "day", "duckdb_day", "at_most", 1.0),
    Bar("month", "30日一个指标 30 days, one indicator : DuckDB", "month", "duckdb_month", "at_most", 1.0),
    Bar(
        "group_by",
        "30日一个指标 : 仅DuckDB分组 its GROUP BY alone",
        "month",
        "duckdb_group_by",
        "at_most",
        1.0,
    ),
)

SPEAK_AGAIN = """
INSERT INTO survey.answer (interview_id, question_id, revision, code, input_id, at)
SELECT interview_id, question_id, revision + 1, '2', input_id, at FROM survey.answer
WHERE interview_id = $1 AND question_id = 'Q1' ORDER BY revision DESC LIMIT 1"""


class WrongFigures(RuntimeError):
    """The two sides do not say the same: how long they took says nothing."""


@dataclass(slots=True)
class ReportBench:
    """One run in a migrated, empty database of its own; `duck`: None where DuckDB is not installed."""

    sizes: Sizes
    rounds: int
    folder: Path
    duck: Duck | None
    show: Progress
    seconds: dict[str, list[float]] = field(default_factory=dict)

    async def run(self, url: str) -> Outcome:
        """Raises WrongFigures."""
        total = self.rounds + 3
        async with connection(url, application_name="minyi bench report") as conn:
            await lay_answers(conn, self.sizes, lambda what: self.show(what, 0, total))
            self.show("counting every day, once", 1, total)
            await self._timed("built", counting.refresh(conn, everything=True))
            await conn.execute("VACUUM (ANALYZE) survey.answer_rollup")
            if self.duck is not None:
                self.show("DuckDB", 2, total)
                await self.duck.load(conn, self.folder)
            for number in range(self.rounds + 1):  # the first does not count: everything is read into memory
                self.show(f"round {number}", 2 + number, total)
                await self._round(conn, first=number == 0)
            await self._refreshed(conn)
            self.show("done", total, total)
        return self._outcome()

    async def _round(self, conn: Any, *, first: bool) -> None:
        last, tables = self.sizes.last, {}
        wanted = {
            "day": Wanted(CENTRE, last, last, level="township"),
            "month": Wanted(
                CENTRE,
                max(BEGINS, last - timedelta(days=MONTH - 1)),
                last,
                "day",
                "township",
                indicators=(HEADLINE,),
            ),
        }
        for name, one in wanted.items():
            tables[name] = await self._timed(name, read_indicators(conn, one, _noon(one)))
            if self.duck is not None:
                work = partial(_theirs, self.duck, tables[name])
                same(tables[name].table, self._clocked(f"duckdb_{name}", work))
        if self.duck is not None:
            ground, duck = tables["month"].ground, self.duck
            self._clocked("duckdb_group_by", partial(duck.top_two, ground))
        if first:
            for name in [*self.seconds]:
                if name != "built":
                    self.seconds[name].clear()

    async def _refreshed(self, conn: Any) -> None:
        """Somebody corrects an answer of the last day, and that day is counted again."""
        people = self.sizes.areas * self.sizes.people
        for number in range(self.rounds):
            await conn.execute(SPEAK_AGAIN, self.sizes.days * people - number % people)
            days = await self._timed("refreshed", counting.refresh(conn))
            if days != [self.sizes.last]:
                raise WrongFigures(
                    f"an answer of {self.sizes.last} was corrected, and {days} were counted again"
                )
        if (wrong := await rollup.first_wrong(conn, self.sizes.last)) is not None:
            raise WrongFigures(f"the counts of {self.sizes.last} are not what the answers give: {wrong}")

    async def _timed(self, name: str, work: Awaitable[T]) -> T:
        begun = perf_counter()
        done = await work
        self.seconds.setdefault(name, []).append(perf_counter() - begun)
        return done

    def _clocked(self, name: str, work: Callable[[], T]) -> T:
        begun = perf_counter()
        done = work()
        self.seconds.setdefault(name, []).append(perf_counter() - begun)
        return done

    def _outcome(self) -> Outcome:
        words = {
            "day": "一日、各区划、全部指标 a day by area, all indicators",
            "month": "30日、各区划、安全感 30 days by area, one indicator",
            "duckdb_day": "同一张表,由DuckDB the same table, by DuckDB",
            "duckdb_month": "同一张表,由DuckDB the same table, by DuckDB",
            "duckdb_group_by": "只分组求和,不算区间 DuckDB's GROUP BY alone, no interval",
            "refreshed": "一处改正后那一日重新计数 the day counted again after a correction",
            "built": "全部日子计数,一次 every day counted, once",
        }
        series = {
            name: Series(said, "s", tuple(self.seconds[name]))
            for name, said in words.items()
            if name in self.seconds
        }
        sizes = {
            "answers": self.sizes.answers,
            "days": self.sizes.days,
            "areas": self.sizes.areas,
            "questions": len(QUESTIONS),
        }
        return Outcome.of("report", sizes, series, BARS if self.duck is not None else ())


def _noon(wanted: Wanted) -> datetime:
    return datetime.fromisoformat(f"{wanted.last}T12:00:00+08:00")


def _theirs(duck: Duck, ours: IndicatorReport) -> IndicatorTable:
    ground = ours.ground
    return make_table(ground.policy, ground.definitions, ground.frame.cells, duck.counts(ground))


def same(ours: IndicatorTable, theirs: IndicatorTable) -> None:
    """Every figure of every cell. Raises WrongFigures."""
    for name, one in ours.estimates.items():
        other = theirs.estimates[name]
        for what in ("n", "value", "low", "high", "missing"):
            if not np.allclose(
                getattr(one, what), getattr(other, what), rtol=CLOSE, atol=CLOSE, equal_nan=True
            ):
                raise WrongFigures(f"{what} of {name} is not what DuckDB says")
