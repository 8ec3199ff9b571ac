"""The short form of `minyi coverage`: a few cells of each check, which must keep their promise as far as so few days can tell."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from workers.cli import app
from workers.coverage import alarm_cells, claim_cells, interval_cells, rank_cells, twin_days
from workers.coverage.checking import Check, Effort, at_least, at_most, bars, between, for_information
from workers.coverage.run import all_checks
from workers.coverage.survey_days import Design, days_of

SHORT = Effort(0.04, bars().noise)
CHOSEN: list[Check] = [
    *[
        check
        for check in interval_cells.checks()
        if check.name in ("n = 100, CV 0.3", "n = 400, CV 0.8", "MNAR")
    ],
    list(rank_cells.checks())[1],
    *claim_cells.checks(),
    *alarm_cells.checks(),
    *twin_days.checks(),
]


@pytest.mark.parametrize("number", range(len(CHOSEN)), ids=[check.name for check in CHOSEN])
def test_promises_are_kept(number: int) -> None:
    found = CHOSEN[number].run(SHORT, np.random.default_rng([7, number]))
    assert [one for one in found if one.ok is False] == []
    assert any(one.ok for one in found)


def test_days_are_what_they_are_said_to_be() -> None:
    days = days_of(Design((1.0, 0.0), (0.8, 0.2), 100, 0.8), 3000, np.random.default_rng(1))
    assert days.truth == pytest.approx(0.8)
    assert days.estimate.mean() == pytest.approx(0.8, abs=0.005)
    assert days.variance.mean() == pytest.approx(
        days.estimate.var(), rel=0.1
    )  # linearised, against repetition
    assert days.n.mean() == pytest.approx(100, abs=3)
    assert days.deff.mean() == pytest.approx(
        1.64, abs=0.1
    )  # 1 + CV² and what the correction of nonresponse adds
    unseen = days_of(Design((1.0, 0.0), (0.8, 0.2), 100, 0.0, "mnar"), 500, np.random.default_rng(1))
    assert unseen.estimate.mean() > 0.86


def test_bars_that_are_missed_are_told() -> None:
    assert [at_least("a", "b", 0.93, 0.94).ok, at_least("a", "b", 0.93, 0.94, slack=0.02).ok] == [False, True]
    assert [at_most("a", "b", 0.06, 0.05).ok, between("a", "b", 0.97, 0.94, 0.96).ok] == [False, False]
    assert for_information("a", "b", 0.1, "why").ok is None


def test_the_command_prints_a_table_and_fails_where_a_bar_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    promise = Check(
        "承诺", lambda effort, dice: [at_least("覆盖 coverage", "某格 a cell", 0.9312, 0.94, note="太窄")]
    )
    monkeypatch.setattr("workers.coverage.run.all_checks", lambda: [promise])
    missed = CliRunner().invoke(app, ["coverage"], env={"COLUMNS": "100"})
    assert missed.exit_code == 1
    assert "覆盖 coverage 某格 a cell 0.9312 ≥ 0.94 ✗ 太窄" in " ".join(missed.stdout.split())
    assert missed.stdout.endswith("达标 held 0,未达标 missed 1,仅供参考 for information 0\n")
    kept = Check("承诺", lambda effort, dice: [at_least("覆盖 coverage", "某格 a cell", 0.9512, 0.94)])
    monkeypatch.setattr("workers.coverage.run.all_checks", lambda: [kept])
    done = CliRunner().invoke(app, ["coverage", "--json"])
    assert (done.exit_code, json.loads(done.stdout)[0]["ok"]) == (0, True)
    assert len(all_checks()) == 35
