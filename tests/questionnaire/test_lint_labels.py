"""Labels of scales: what each says, and what is no scale at all."""

import pytest

from survey.questionnaire.lint.labels import Label, is_plain, scale_of
from survey.questionnaire.lint.policy import words


@pytest.mark.parametrize(
    ("lang", "labels", "signs", "stem"),
    [
        ("zh", ["安全", "比较安全", "不太安全", "不安全"], [1, 1, -1, -1], "安全"),
        ("zh", ["已解决", "部分解决", "未解决"], [1, 1, -1], "解决"),
        ("zh", ["非常满意", "一般", "很不满意"], [1, 0, -1], "满意"),
        ("zh", ["变好了", "差不多", "变差了"], [1, 0, -1], "变好"),
        ("zh", ["没见过", "见过"], [-1, 1], "见"),
        ("en", ["safe", "fairly safe", "not very safe", "unsafe"], [1, 1, -1, -1], "safe"),
        ("en", ["very satisfied", "neither", "dissatisfied"], [1, 0, -1], "satisfied"),
        ("en", ["better", "about the same", "worse"], [1, 0, -1], "better"),
    ],
)
def test_a_scale_is_about_one_thing(lang: str, labels: list[str], signs: list[int], stem: str) -> None:
    read = scale_of(labels, words().scales[lang])

    assert read == tuple(Label(sign, stem if sign else "") for sign in signs)


@pytest.mark.parametrize(
    ("lang", "labels"),
    [
        ("zh", ["没有", "被偷", "被骗", "被打"]),
        ("zh", ["没有", "有"]),
        ("zh", ["18-29", "30-44", "45-59", "60以上"]),
        ("zh", ["男", "女"]),
        ("zh", ["要", "不要"]),
        ("zh", ["很好", "好"]),
        ("en", ["yes", "no"]),
        ("en", ["yes", "mostly", "no"]),
        ("en", []),
    ],
)
def test_what_is_no_scale(lang: str, labels: list[str]) -> None:
    assert scale_of(labels, words().scales[lang]) is None


def test_a_bare_yes_or_no_has_no_better_end() -> None:
    assert [is_plain(label, words().scales["zh"]) for label in ("有", "没有", "是", "不是", "满意")] == [
        *([True] * 4),
        False,
    ]
