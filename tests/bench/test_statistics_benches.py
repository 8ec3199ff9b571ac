"""`minyi bench raking` and `domains`: sides that come to the same, timed in turns, and judged."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from workers.bench import domains, raking
from workers.cli import app


def measured(*words: str) -> dict[str, object]:
    done = CliRunner().invoke(app, ["bench", *words, "--json"])
    assert done.exit_code == 0, done.stderr
    body: dict[str, object] = json.loads(done.stdout)
    return body


def test_raking_beside_the_collapsed_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raking, "AT_ONCE", 1)
    body = measured("raking", "--people", "20000", "--without-ipfn")
    assert body["sizes"] == {"people": 20000, "margins": 4}
    series = body["series"]
    assert isinstance(series, dict)
    assert {name: (one["unit"], len(one["rounds"])) for name, one in series.items()} == {
        "ours": ("s", 5),
        "numpy": ("s", 5),
    }
    bars = body["bars"]
    assert isinstance(bars, dict)
    assert {name: one["at_most"] for name, one in bars.items()} == {"collapsed": 2.0}


def test_domains_beside_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domains, "AT_ONCE", 1)
    body = measured("domains", "--rows", "10000", "--domains", "100")
    assert body["sizes"] == {"rows": 10000, "domains": 100, "strata": 40}
    bars = body["bars"]
    assert isinstance(bars, dict)
    assert {name: one["at_most"] for name, one in bars.items()} == {"pass": 3.0}


def test_all_sides_meet_the_same_totals() -> None:
    given = raking.sample(20_000, 3)
    weights = raking.ours(given)
    assert raking.collapsed(given) == pytest.approx(weights, rel=1e-6)
    for codes, totals in zip(given.codes, given.totals, strict=True):
        assert np.bincount(codes, weights, minlength=len(totals)) == pytest.approx(totals, rel=1e-10)


def test_without_ipfn_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raking, "AT_ONCE", 1)
    monkeypatch.setattr("workers.commands.bench_raking.ipfn_is_there", lambda: False)
    done = CliRunner().invoke(app, ["bench", "raking", "--people", "20000", "--json"])
    assert (
        done.stderr == "minyi bench raking: ipfn 没有比 was left out: it is not installed: pip install ipfn\n"
    )


def test_sides_that_differ_are_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raking, "collapsed", lambda given: given.start)
    done = CliRunner().invoke(app, ["bench", "raking", "--people", "20000", "--without-ipfn"])
    assert done.exit_code == 3 and "ours differs from collapsed numpy by" in done.stderr
    monkeypatch.setattr(domains, "plain", lambda given, many: (np.ones(many), np.ones(many)))
    done = CliRunner().invoke(app, ["bench", "domains", "--rows", "10000", "--domains", "100"])
    assert done.exit_code == 3 and "figures differ by" in done.stderr
