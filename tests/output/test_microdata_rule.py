"""How coarse microdata are made: of everything that may be known of a person, no combination is anybody's own."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.microdata.coarsening import Coarse, coarsen
from survey.microdata.columns import period_of
from survey.microdata.rules import AREA, GROUP, STRATUM, WITHHELD, microdata_rules
from survey.microdata.shared_weights import WEIGHTS

RULES = microdata_rules()
COUNTY, TOWN = "991721", "991721001"
ANSWERS = ("Q10_age", "Q10_sex", "Q1")
KNOWN = (*RULES.known, GROUP, STRATUM)
TEXT = dict.fromkeys((AREA, STRATUM, "period", "mode", "disposition", GROUP, *ANSWERS), pl.String)


def one(person: int, **differs: Any) -> dict[str, Any]:
    """Somebody of 城关镇 who answered a machine in spring, a woman of 30 to 44 who feels safe."""
    usual = {
        "person": person, "area": TOWN, "period": "2026-Q1", "mode": "voice", "disposition": "complete", "group": "I",
        "Q10_age": "2", "Q10_sex": "2", "Q1": "1", "base_weight": 50.0, "eligibility_factor": 1.0,
        "nonresponse_factor": 2.0, "weight": 100.0,
    }  # fmt: skip
    usual["stratum"] = differs.get("area", TOWN)
    return usual | differs


def refused(person: int, **differs: Any) -> dict[str, Any]:
    """Somebody who did not want to be asked."""
    silent = {
        "disposition": "refusal_hard",
        "group": "R",
        "mode": None,
        "weight": 0.0,
        "nonresponse_factor": 0.0,
    }
    return one(person, **silent | dict.fromkeys(ANSWERS) | differs)


def made_coarse(people: list[dict[str, Any]]) -> Coarse:
    return coarsen(pl.DataFrame(people, schema_overrides=TEXT), ANSWERS, COUNTY, RULES)


def told(coarse: Coarse) -> pl.DataFrame:
    """Rows with an answer."""
    return coarse.rows.filter(
        pl.any_horizontal(pl.col(ANSWERS).ne_missing(pl.lit(WITHHELD)) & pl.col(ANSWERS).is_not_null())
    )


@pytest.mark.parametrize(
    ("column", "rare", "becomes"),
    [
        ("mode", "operator", WITHHELD),
        ("period", "2025-Q4", WITHHELD),
        ("disposition", "partial", WITHHELD),
        ("area", "991721002", COUNTY),
        ("Q10_age", "4", WITHHELD),
    ],
)
def test_whoever_is_alone_in_one_thing_that_may_be_known_is_not_told_apart_by_it(
    column: str, rare: str, becomes: str
) -> None:
    """Forty women alike and one who was asked by an operator, in winter, not to the end, in another town, or is over 60. Mode,
    time and outcome were told of her; only area, age and sex were compared."""
    same_group = {"group": "P"} if column == "disposition" else {}
    coarse = made_coarse([*map(one, range(40)), one(40, **{column: rare}, **same_group)])
    assert rare not in set(told(coarse)[column])
    last = coarse.rows.row(40, named=True)
    assert last["Q1"] == WITHHELD or last[column] == becomes
    assert coarse.coarsened + coarse.left_out == 1


def test_who_did_not_answer_is_not_told_apart_either() -> None:
    odd = refused(45, disposition="refusal_household")
    coarse = made_coarse([*map(one, range(40)), *map(refused, range(40, 45)), odd])
    assert set(coarse.rows["disposition"]) == {"complete", "refusal_hard", WITHHELD}
    assert coarse.rows.filter(pl.col(GROUP) == "R").height == 6


def test_five_rows_of_four_people_are_four_people() -> None:
    """A daily survey may draw somebody twice in a year."""
    twice = [one(n % 4 + 40, Q10_sex="1") for n in range(5)]
    coarse = made_coarse([*map(one, range(40)), *twice])
    assert "1" not in set(coarse.rows["Q10_sex"])


def test_a_weight_that_few_have_does_not_tell_the_day() -> None:
    """The lists of one day had another chance: its three people share their weight with those who are told as they are."""
    coarse = made_coarse(
        [*map(one, range(40)), *(one(40 + n, base_weight=60.0, weight=120.0) for n in range(3))]
    )
    assert coarse.rows["base_weight"].n_unique() == 1
    assert coarse.rows["base_weight"].sum() == pytest.approx(40 * 50 + 3 * 60)
    assert coarse.rows["weight"].sum() == pytest.approx(40 * 100 + 3 * 120)
    assert (coarse.coarsened, coarse.left_out) == (0, 0)


def test_a_partial_interview_is_protected_as_a_whole_one() -> None:
    coarse = made_coarse([*map(one, range(40)), one(40, group="P", disposition="partial", Q10_sex=None)])
    assert coarse.rows.row(40, named=True)["Q1"] == WITHHELD and coarse.left_out == 1


def test_what_enough_people_share_stays_as_it_is() -> None:
    """Otherwise everybody made the same would pass every test here."""
    modes = [one(n, mode=("voice", "operator")[n % 2], Q10_sex="12"[n // 40]) for n in range(80)]
    coarse = made_coarse(modes)
    assert coarse.rows.equals(pl.DataFrame(modes, schema_overrides=TEXT).drop("person"))
    assert (coarse.coarsened, coarse.left_out) == (0, 0)


def test_a_year_keeps_nearly_all_that_was_known() -> None:
    """18,000 interviews in ten towns: seven in ten by voice, two by an operator, one by text."""
    dice = np.random.default_rng(1)
    n, towns = 18_000, [f"9917210{town:02}" for town in range(1, 11)]
    share = np.linspace(1, 3, 10) / np.linspace(1, 3, 10).sum()
    where = dice.choice(towns, n, p=share)
    year = pl.DataFrame([one(0)], schema_overrides=TEXT).select(pl.all().repeat_by(n).explode()).with_columns(
        pl.Series("person", np.arange(n)),
        pl.Series(AREA, where),
        pl.Series(STRATUM, where),
        pl.Series("period", dice.choice([f"2026-Q{part}" for part in range(1, 5)], n)),
        pl.Series("mode", dice.choice(["voice", "operator", "text"], n, p=[0.7, 0.2, 0.1])),
        pl.Series("Q10_age", dice.choice(list("1234"), n, p=[0.2, 0.3, 0.3, 0.2])),
        pl.Series("Q10_sex", dice.choice(list("12"), n)),
    )  # fmt: skip
    coarse = coarsen(year, ANSWERS, COUNTY, RULES)
    assert (coarse.rows["mode"] == WITHHELD).mean() < 0.03  # type: ignore[operator]
    assert (coarse.rows["period"] == WITHHELD).mean() < 0.03  # type: ignore[operator]
    assert (coarse.rows[AREA] == COUNTY).mean() < 0.01 and coarse.left_out == 0  # type: ignore[operator]


def test_periods_are_named() -> None:
    assert [period_of(date(2026, 3, 9), length) for length in ("week", "month", "quarter")] == [
        "2026-W11", "2026-03", "2026-Q1",
    ]  # fmt: skip
    assert period_of(None, "week") is None


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["991721001", "991721002", "991721100"]), st.sampled_from(["2026-Q1", "2026-Q2"]),
        st.sampled_from(["voice", "operator"]), st.sampled_from("123"), st.sampled_from("12"),
        st.sampled_from(["I", "P", "R"]), st.sampled_from([50.0, 60.0]),
    ),
    min_size=1,
    max_size=150,
)  # fmt: skip
CODES = {"I": "complete", "P": "partial"}


@given(PEOPLE)
def test_of_each_combination_there_are_enough_or_nothing_is_told(people: list[tuple[Any, ...]]) -> None:
    rows = []
    for n, (area, period, mode, age, sex, group, base) in enumerate(people):
        if group == "R":
            rows.append(refused(n, area=area, period=period, base_weight=base))
        else:
            weight = 2 * base if group == "I" else 0.0
            rows.append(one(n, area=area, period=period, mode=mode, Q10_age=age, Q10_sex=sex, group=group,
                            disposition=CODES[group], base_weight=base, weight=weight))  # fmt: skip
    coarse = made_coarse(rows)
    for alike in (KNOWN, (*KNOWN, "base_weight")):
        sizes = told(coarse).group_by(alike).len()["len"]
        assert all(n >= RULES.least_alike for n in sizes)
    areas = coarse.rows.group_by(AREA).len()
    assert all(n >= RULES.least_in_area for area, n in areas.rows() if area != COUNTY)
    for name in ("base_weight", "weight"):
        assert coarse.rows[name].sum() == pytest.approx(sum(row[name] for row in rows))
    assert coarse.rows.height == len(rows) and set(WEIGHTS) <= set(coarse.rows.columns)
