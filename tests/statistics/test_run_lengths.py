"""How long charts run, held against R's package spc; how long the charts themselves run, against both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from survey.statistics.run_lengths import cusum_arl, ewma_arl

R: dict[str, Any] = json.loads((Path(__file__).parent / "r" / "run_lengths.json").read_text())
ARL = {"ewma": ewma_arl, "cusum": cusum_arl}


@pytest.mark.parametrize("row", R["rows"], ids=lambda row: f"{row['chart']} {row['first']} {row['limit']}")
def test_as_spc_has_it(row: dict[str, Any]) -> None:
    ours = [ARL[row["chart"]](row["first"], row["limit"], shift) for shift in R["shifts"]]
    assert ours == pytest.approx(row["arl"], rel=1e-6)
