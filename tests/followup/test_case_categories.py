"""The first guess of a category, which the reviewer may correct."""

import pytest

from followup.categories import categories


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("村口没有路灯,晚上不敢走", "01"),
        ("学校门口放学时大货车太多", "02"),
        ("楼上邻居天天吵架", "05"),
        ("半夜工地噪音太大", "08"),
        ("老板拖欠工资三个月", "10"),
        ("希望多办一些活动", "16"),
        ("说不上来", "99"),
    ],
)
def test_words_lead_to_a_category(said: str, category: str) -> None:
    assert categories().guess(said).code == category


def test_the_other_platforms_own_category_comes_before_the_words() -> None:
    assert categories().guess("生态环境", "学校旁边的厂子冒烟").code == "08"


def test_codes_are_unique_and_every_duty_exists() -> None:
    codes = [category.code for category in categories().categories]
    assert len(codes) == len(set(codes)) == 18
    assert categories().of_code(categories().other).name_zh == "其他"
