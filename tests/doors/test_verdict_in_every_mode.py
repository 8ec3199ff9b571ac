"""The committed verdict table, driven through the real dialogue of each mode: whatever can be said in it comes to its line."""

from __future__ import annotations

import csv
from collections import Counter
from importlib.resources import files

import pytest
from verdict_modes import MODES, finished, said_by

from followup.settling import judge
from survey.questionnaire import Mode

ROWS = list(
    csv.DictReader(files("followup.casework").joinpath("verdict_table.csv").read_text("utf-8").splitlines())
)

LINES = {
    "text": set("3456789"),  # a text asks neither who reads it nor who stands behind them
    **{mode: {str(line) for line in range(1, 11)} for mode in ("voice", "operator", "web")},
}
REASONS = {"not_contacted", "not_solved", "dissatisfied", "partly_solved"}
SAYABLE = {"text": 216, "voice": 652, "operator": 652, "web": 652}
"""How many combinations of the table somebody can say in this mode."""


@pytest.mark.parametrize("mode", MODES)
def test_every_combination_that_can_be_said_comes_to_its_line(mode: Mode) -> None:
    lines: Counter[str] = Counter()
    reasons: set[str] = set()
    for row in ROWS:
        claimed = row["claimed_contact"] == "yes"
        state = said_by(row, mode, claimed=claimed)
        if state is None:
            continue
        result = judge(finished(state, mode), claimed_contact=claimed)
        wanted = (row["line"], row["verdict"], row["reasons"], row["counted_as"])
        assert (str(result.line), result.verdict, " ".join(result.reasons), result.counted_as) == wanted, row
        lines[row["line"]] += 1
        reasons.update(result.reasons)
    assert set(lines) == LINES[mode]
    assert reasons == (REASONS if mode == "text" else REASONS | {"pressure"})
    assert lines.total() == SAYABLE[mode]
