"""What is not published: a table of cells, each with the reason that stands in its place."""

import pytest

from survey.statistics.intervals import Interval, korn_graubard
from survey.statistics.suppression import REASONS, Kind, Reason, needs_review, reason_words, suppressed


@pytest.mark.parametrize(
    ("share", "n", "n_eff", "limits", "reason"),
    [
        (0.9, 400, 300.0, (0.86, 0.93), None),
        (0.9, 0, None, None, "empty"),
        (0.9, 3, 400.0, (0.89, 0.91), "private"),
        (0.9, 9, 9.0, (0.89, 0.91), "private"),
        (0.9, 10, 10.0, (0.89, 0.91), "few"),
        (0.9, 29, 29.0, (0.89, 0.91), "few"),
        (0.9, 30, 30.0, (0.89, 0.91), None),
        (0.9, 400, 29.9, (0.89, 0.91), "few_effective"),
        (0.9, 30, 60.0, (0.89, 0.91), None),  # a good design makes no more than its answers
        (0.5, 60, 45.0, (0.35, 0.65), "wide"),
        (0.5, 60, 45.0, (0.35, 0.649), None),
        (0.05, 90, 90.0, (0.01, 0.08), "relatively_wide"),  # 0.07 is more than 130 % of 0.05
        (0.05, 90, 90.0, (0.02, 0.08), None),
        (0.01, 400, 400.0, (0.0, 0.05), None),  # narrow enough, whatever its share
    ],
)
def test_proportions(
    share: float, n: int, n_eff: float | None, limits: tuple[float, float] | None, reason: Reason | None
) -> None:
    interval = None if limits is None else Interval(*limits)
    assert suppressed("proportion", n, n_eff=n_eff, share=share, interval=interval) == reason


@pytest.mark.parametrize(
    ("kind", "n", "n_eff", "reason"),
    [
        ("mean", 9, 9.0, "private"),
        ("mean", 29, 29.0, "few"),
        ("mean", 60, 12.0, None),  # its interval tells; marked below
        ("mean", 60, 40.0, None),
        ("ratio", 60, 12.0, None),
        ("ratio", 29, None, "few"),
        ("total", 9, None, "private"),
        ("total", 60, 0.4, None),
    ],
)
def test_other_kinds(kind: Kind, n: int, n_eff: float | None, reason: Reason | None) -> None:
    assert suppressed(kind, n, n_eff=n_eff) == reason


def test_fourteen_of_fourteen_hundred_may_be_printed_and_one_of_a_hundred_may_not() -> None:
    assert suppressed("proportion", 1400, n_eff=1400, share=0.01, interval=korn_graubard(0.01, 1400)) is None
    assert suppressed("proportion", 100, n_eff=100, share=0.01, interval=korn_graubard(0.01, 100)) == (
        "relatively_wide"
    )


def test_what_somebody_should_look_at() -> None:
    assert needs_review(7.0) and not needs_review(8.0)
    assert (
        needs_review(None, share=1.0) and needs_review(400, share=0.0) and not needs_review(None, share=0.99)
    )
    assert needs_review(400, mean_n_eff=59.0) and not needs_review(400, mean_n_eff=60.0)


def test_every_reason_is_said_in_both_languages() -> None:
    assert [reason_words(reason) for reason in REASONS] == [
        "没有有效回答 no valid answers",
        "有效回答太少,可能指向个人 so few answers that they could point to persons",
        "不显示,否则可推算出回答太少的一格 kept back: a cell of too few answers could be worked out from it",
        "有效回答太少 too few answers",
        "有效样本量太小 the effective sample size is too small",
        "抽样单元太少,算不出误差 too few sampling units to judge the error",
        "区间太宽 the interval is too wide",
        "相对于比例,区间太宽 the interval is too wide for so small a share",
    ]
