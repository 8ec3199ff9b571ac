"""From the answers to the printed number and back: whoever has the microdata computes what the report says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import polars as pl
import pytest
from report_week import CHENGGUAN, LIUHE, answered, towns
from small_day import CENTRE, SmallDay, at
from typer.testing import CliRunner

from followup.reports.building import build
from followup.reports.document.figures import Figure
from survey import counting, microdata_exports
from survey.clock import RealClock
from survey.ground import Ground
from survey.periods import Period
from survey.vault import Vault
from workers.cli import app

WEEK = Period(date(2026, 4, 6), date(2026, 4, 12))
SPEC = """weight: base_weight
estimates:
  - {name: safe, kind: proportion, of: Q1, codes: [1, 2], missing: [withheld]}
"""
DESIGN = "strata: [stratum]\nclusters: [psu]\n"


@pytest.fixture
async def printed(small_day: SmallDay) -> Figure:
    """The sense of safety in the report of a spring week: two towns, of which one was drawn more thinly."""
    await towns(small_day)
    small_day.campaigns["wave"] = await small_day.put(
        "survey.campaign", centre_code=CENTRE, code="wave", name_zh="春季调查", purpose="survey", kind="wave",
        questionnaire_id=small_day.questionnaires["perception"], modes=["voice"], seed=7, opens_at=at(8),
    )  # fmt: skip
    await answered(
        small_day,
        CHENGGUAN,
        ["1 1"] * 40 + ["2 2"] * 10 + ["3 3"] * 8 + ["dk 1"] * 2,
        days=30,
        campaign="wave",
    )
    await answered(small_day, LIUHE, ["1 1"] * 25 + ["2 2"] * 10 + ["4 3"] * 25, days=31, campaign="wave")
    for area, weight in ((CHENGGUAN, 40.0), (LIUHE, 125.0)):
        await small_day.conn.execute(
            "UPDATE survey.sample_unit SET base_weight = $2, stratum = $1 WHERE area_code = $1", area, weight
        )
    await counting.refresh(small_day.conn)
    report = await build(small_day.conn, "weekly", CENTRE, WEEK, at(0, days=35))
    return report.figures["now.safety_rate"]


@pytest.fixture
async def exported(printed: Figure, pool: asyncpg.Pool, vault: Vault, tmp_path: Path) -> Path:
    ground = Ground(pool, vault, RealClock())
    ref = await microdata_exports.ask(
        ground, CENTRE, "wave", ["csv", "parquet"], by="张研究员", reason="课题"
    )
    written = await microdata_exports.write_next(ground, tmp_path, ref=ref)
    assert written is not None
    return tmp_path / written.name / written.name


def estimated(data: Path, spec: str) -> dict[str, Any]:
    """The only cell that `minyi estimate` gives."""
    asked = data.with_name("spec.yaml")
    asked.write_text(spec, "utf-8")
    done = CliRunner().invoke(app, ["estimate", str(data), "--spec", str(asked), "--json"])
    assert done.exit_code == 0, done.output
    (cell,) = json.loads(done.stdout)
    found: dict[str, Any] = cell
    return found


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
async def test_the_export_gives_the_number_of_the_report(
    printed: Figure, exported: Path, ending: str
) -> None:
    cell = estimated(exported.with_suffix(ending), SPEC)
    assert printed.value == pytest.approx((50 * 40 + 35 * 125) / (58 * 40 + 60 * 125))
    assert (cell["n"], cell["suppressed"]) == (printed.n, None) == (118, None)
    assert cell["value"] == pytest.approx(printed.value, rel=1e-12)
    assert printed.low is not None and printed.high is not None
    limits = [f"{100 * limit:.1f}" for limit in (cell["low"], cell["high"])]
    assert limits == [f"{100 * limit:.1f}" for limit in (printed.low, printed.high)]  # as printed
    # Not to the last digit: in the file the two who said 说不清 stay in the design, the report counts the valid alone.
    assert (cell["low"], cell["high"]) == pytest.approx((printed.low, printed.high), rel=1e-4)


async def test_by_its_design_the_number_is_the_same_and_its_error_smaller(
    printed: Figure, exported: Path
) -> None:
    """Reports take every cell without strata, which is on the safe side; the file says how the sample was drawn."""
    data = exported.with_suffix(".parquet")
    plain, by_design = estimated(data, SPEC), estimated(data, SPEC + DESIGN)
    assert by_design["value"] == pytest.approx(printed.value, rel=1e-12)
    assert by_design["se"] < plain["se"]
    assert by_design["df"] == 118 - 2


async def test_the_design_of_each_row_is_in_the_file(printed: Figure, exported: Path) -> None:
    rows = pl.read_parquet(exported.with_suffix(".parquet"))
    design = rows.group_by("stratum", "base_weight").len().sort("stratum").rows()
    assert design == [(CHENGGUAN, 40.0, 60), (LIUHE, 125.0, 60)]
    assert rows["psu"].n_unique() == rows.height == 120
    final = rows["base_weight"] * rows["eligibility_factor"] * rows["nonresponse_factor"]
    assert rows["weight"].to_list() == pytest.approx(final.to_list())
