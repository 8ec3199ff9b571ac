"""A bench is judged by the median of its rounds' ratios, shows both sides, and exits with 1 where a bar is missed."""

import json

import pytest
import typer

from workers.bench.outcome import Bar, Outcome, Series
from workers.commands.bench_show import conclude

SERIES = {
    "ours": Series("民意 Minyi", "s", (2.0, 3.0, 9.0, 2.0, 2.0)),
    "reference": Series("参照 reference", "s", (1.0, 1.0, 1.0, 2.0, 1.0)),
}
BARS = (
    Bar("time", "用时 time : 参照 reference", "ours", "reference", "at_most", 2.5),
    Bar("seconds", "用时 time", "ours", None, "at_least", 4.0),
)


def outcome() -> Outcome:
    return Outcome.of("something", {"rows": 1_000}, SERIES, BARS)


def test_the_ratio_is_taken_round_by_round_and_its_median_judged():
    one = outcome()
    assert one.ratio(BARS[0]).rounds == (2.0, 3.0, 9.0, 1.0, 2.0)
    assert one.ratio(BARS[0]).median == 2.0
    assert one.missed() == [BARS[1]]  # its median of 2 s is below the 4 s that it should be at least


def test_a_missed_bar_is_told_and_ends_with_1_only_when_it_is_judged(capsys: pytest.CaptureFixture[str]):
    conclude(outcome(), judge=False, as_json=True)
    body = json.loads(capsys.readouterr().out)
    assert body["bars"]["time"] == {
        "median": 2.0,
        "rounds": [2.0, 3.0, 9.0, 1.0, 2.0],
        "ours": "ours",
        "beside": "reference",
        "at_most": 2.5,
        "kept": True,
    }
    assert body["series"]["reference"] == {"unit": "s", "median": 1.0, "rounds": [1.0, 1.0, 1.0, 2.0, 1.0]}
    with pytest.raises(typer.Exit) as end:
        conclude(outcome(), judge=True, as_json=False)
    assert end.value.exit_code == 1
    shown = capsys.readouterr()
    assert shown.err == "minyi bench something: seconds is 2, and ≥ 4 is the bar.\n"
    assert "≤ 2.5 ✓" in shown.out and "≥ 4 ✗" in shown.out
