"""What `minyi bench report` measures: both sides come to the same figures, or nothing is measured."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from survey.statistics.indicator_definitions import shipped_indicators
from survey.statistics.indicator_estimates import CodeCounts
from survey.statistics.indicator_table import IndicatorTable, make_table
from survey.store.pool import connection
from workers.bench import duck
from workers.bench.duck import Duck, NotInstalled
from workers.bench.many_answers import Sizes
from workers.bench.outcome import Outcome, Series
from workers.bench.report import ReportBench, WrongFigures, same
from workers.cli import app
from workers.commands import bench_report

SMALL = Sizes(days=3, areas=4, people=20)


async def test_it_lays_answers_counts_them_and_reads_tables_of_them(database: str) -> None:
    shown: list[str] = []
    outcome = await ReportBench(SMALL, 2, Path(), None, lambda what, *_: shown.append(what)).run(database)
    assert {name: len(one.rounds) for name, one in outcome.series.items()} == {
        "day": 2,
        "month": 2,
        "refreshed": 2,
        "built": 1,
    }
    assert (outcome.sizes, outcome.bars, shown[-1]) == (
        {"answers": 2400, "days": 3, "areas": 4, "questions": 10},
        (),
        "done",
    )
    async with connection(database) as conn:
        n = "SELECT sum(n) FROM survey.counted_answer"
        assert await conn.fetchval(n) == 2400  # the corrections took the place of what they correct
        assert await conn.fetchval("SELECT count(*) FROM survey.answer") == 2402
        assert await conn.fetchval(f"{n} WHERE code = 'dk'") > 0


def _table(counts: CodeCounts) -> IndicatorTable:
    policy = shipped_indicators()
    return make_table(policy, policy.named(["safety_rate"]), [], {"perception.Q1": counts})


def test_two_sides_that_differ_by_one_answer_are_told_apart() -> None:
    n = np.array([60.0, 20.0])
    counts = CodeCounts(["1", "3"], np.zeros(2, np.int64), np.arange(2), n, n, n)
    same(_table(counts), _table(counts))
    with pytest.raises(WrongFigures, match="n of safety_rate is not what DuckDB says"):
        same(_table(counts), _table(replace(counts, n=n + np.array([1.0, 0.0]))))
    with pytest.raises(WrongFigures, match="low of safety_rate"):
        same(_table(counts), _table(replace(counts, w2=n * 1.5)))


def test_without_duckdb_it_is_said_and_nothing_counts_as_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str) -> Any:
        raise ModuleNotFoundError(name)

    async def measured(*_: object) -> Outcome:
        return Outcome.of("report", {"answers": 2400}, {"day": Series("一日 a day", "s", (0.02,))}, ())

    monkeypatch.setattr(duck, "import_module", nowhere)
    monkeypatch.setattr(bench_report, "_measure", measured)
    with pytest.raises(NotInstalled, match="duckdb is not installed"):
        Duck(Path())
    plain = CliRunner().invoke(app, ["bench", "report", "--json", "--answers", "200000"])
    assert plain.exit_code == 0
    assert json.loads(plain.stdout)["series"]["day"]["median"] == 0.02
    assert plain.stderr == (
        "minyi bench report: DuckDB was left out: duckdb is not installed, so there is nothing to compare with. To compare: "
        "pip install duckdb, then run this again.\n"
    )
    assert CliRunner().invoke(app, ["bench", "report", "--judge", "--answers", "200000"]).exit_code == 1
