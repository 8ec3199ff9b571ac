"""The first guess of a category, which the reviewer may correct."""

import pytest

from followup.categories import categories
from followup.duties import duties


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("村口没有路灯,晚上不敢走", "0106"),
        ("学校门口放学时大货车太多", "0204"),
        ("楼上邻居天天吵架", "0501"),
        ("半夜工地噪音太大", "0801"),
        ("老板拖欠工资三个月", "1001"),
        ("希望多办一些活动", "1601"),
        ("说不上来", "9999"),
    ],
)
def test_words_lead_to_a_category(said: str, category: str) -> None:
    assert categories().guess(said).code == category


def test_the_other_platforms_own_category_comes_before_the_words() -> None:
    assert categories().guess("生态环境", "学校旁边的厂子冒烟").code == "0899"
    assert categories().guess("生态环境", "学校旁边的厂子排污水").code == "0804"


def test_two_levels_of_which_a_case_has_a_leaf() -> None:
    tree = categories()
    groups = [group.code for group in tree.groups]
    codes = [category.code for category in tree.categories]
    assert (len(set(groups)), len(set(codes)), len(groups), len(codes)) == (18, 78, 18, 78)
    assert {category.group for category in tree.categories} == set(groups)
    assert tree.of_code(tree.other).name_zh == "其他事项"
    with pytest.raises(KeyError):
        tree.of_code("01")


def test_the_column_for_foreign_codes_is_there_and_empty() -> None:
    assert {category.external for category in categories().categories} == {None}


def test_every_duty_but_that_of_campaigns_has_matters() -> None:
    of_leaves = {category.duty_no for category in categories().categories}
    assert of_leaves == set(range(1, 11)) - {9}
    by_number = {duty.number: duty for duty in duties().duties}
    assert sorted(by_number) == list(range(1, 11))
    assert by_number[9].route == ("none",)
    assert by_number[3].route == ("supervision",)
    assert by_number[7].route == ("direct",)
    for category in categories().categories:
        assert category.kind in by_number[category.duty_no].kinds, category.code


@pytest.mark.parametrize(
    ("others", "cases", "asks"), [(2, 19, False), (2, 20, False), (3, 20, True), (3, 31, False)]
)
def test_more_than_a_tenth_of_other_asks_to_classify_again(others: int, cases: int, asks: bool) -> None:
    assert duties().too_many(others, cases) is asks
