"""What a document refuses: numbers that no query made, rates without a base, cells that are withheld and printed."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from followup.reports.document.figures import Figure, Figures, both
from followup.reports.document.model import Sentence
from followup.reports.document.wording import in_cell, in_text, numeral
from followup.reports.small_cells import kept_back

A = both("甲", "a")


def test_a_number_cannot_be_typed_into_a_sentence() -> None:
    with pytest.raises(ValidationError, match="a number is typed in"):
        Sentence(words=both("成功访问312份", "Completed: 312"))
    with pytest.raises(ValidationError, match="a number is typed in"):
        Sentence(words=both("成功访问{n}份,上升２成", "Completed {n}"))
    assert Sentence(words=both("RR1 {rr1}", "RR1 {rr1}")).keys == ("rr1",)


def test_both_languages_name_the_same_figures() -> None:
    with pytest.raises(ValidationError, match="the languages name other figures"):
        Sentence(words=both("成功{a}份", "Completed {b}"))


def test_a_rate_has_a_base() -> None:
    with pytest.raises(ValidationError, match="the number that it rests on"):
        Figure(key="x", label=A, value=0.9, unit="share", query="q")


def test_what_is_withheld_is_not_there() -> None:
    with pytest.raises(ValidationError, match="has no value"):
        Figure(key="x", label=A, value=0.9, unit="share", n=3, withheld=A, query="q")


def test_a_quota_sample_has_no_interval() -> None:
    with pytest.raises(ValidationError, match="no interval"):
        Figure(key="x", label=A, value=0.9, unit="share", n=300, low=0.8, high=1.0, quota=True, query="q")


def test_one_key_is_one_figure() -> None:
    figures = Figures()
    figures.count("n", A, 3, "q")
    assert figures.count("n", A, 3, "q") == "n"
    with pytest.raises(ValueError, match="there is another one of this name"):
        figures.count("n", A, 4, "q")


@pytest.mark.parametrize(
    ("given", "zh", "en", "cell"),
    [
        ({"value": 1402}, "1,402", "1,402", "1,402"),
        ({"value": 0.768, "unit": "share", "n": 26}, "76.8%(n=26)", "76.8% (n=26)", "76.8% (26)"),
        (
            {"value": 0.9263, "unit": "share", "n": 312, "low": 0.887, "high": 0.952},
            "92.6%(95%区间88.7–95.2,n=312)",
            "92.6% (95% interval 88.7–95.2, n=312)",
            "92.6% (312)\n88.7–95.2",
        ),
        (
            {"value": -0.008, "unit": "difference", "n": 312, "low": -0.031, "high": 0.016, "percent": True},
            "-0.8个百分点(95%区间-3.1至+1.6)",
            "-0.8 points (95% interval -3.1 to +1.6)",
            "-0.8个百分点\n-3.1至+1.6",
        ),
        ({"value": None, "unit": "share", "n": 0}, "无数据(n=0)", "no data (n=0)", "—"),
        ({"value": None, "unit": "share", "withheld": A}, "不公布(甲)", "not published (a)", "*"),
        ({"value": 2.04, "unit": "hours"}, "2.0小时", "2.0 hours", "2.0小时"),
    ],
)
def test_how_a_figure_is_printed(given: dict[str, object], zh: str, en: str, cell: str) -> None:
    figure = Figure.model_validate({"key": "x", "label": A, "query": "q", **given})
    assert (in_text(figure, "zh"), in_text(figure, "en"), in_cell(figure, "zh")) == (zh, en, cell)


def test_sections_are_numbered_as_offices_do() -> None:
    assert [numeral(n) for n in (1, 9, 10, 11, 20, 21)] == ["一", "九", "十", "十一", "二十", "二十一"]


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ([40, 12], [True, True]),
        ([40, 3], [False, False]),  # the total less the 40 would be the 3
        ([40, 12, 3], [True, False, False]),
        ([40, 6, 5], [True, False, False]),  # eleven together
        ([40, 0], [True, True]),
        ([3], [False]),
    ],
)
def test_which_lines_are_kept_back(sizes: list[int], shown: list[bool]) -> None:
    assert [why is None for why in kept_back([{"C3": n} for n in sizes])] == shown
