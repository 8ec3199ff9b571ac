"""Words of people in danger stop everything, and the ordinary worries of residents do not."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from survey.dialogue.alarm import alarm, says_minor, year_minor
from survey.questionnaire import library, shipped

HERE = Path(__file__).parent
ROWS: Sequence[Mapping[str, str]] = list(
    csv.DictReader((HERE / "alarms.csv").read_text("utf-8").splitlines())
)
TOWN = yaml.safe_load((files("survey.twin") / "town.yaml").read_text("utf-8"))

MINORS = [
    "我才15岁",
    "我今年十四岁",
    "我12岁",
    "我16歲",
    "我今年13",
    "我还是小学生",
    "我是个初中生",
    "我上初中",
    "我还在读高一",
    "我还小，我读三年级",
    "我未成年",
    "未成年",
    "我还没满18岁",
    "我不满18",
    "我是孩子家长不在",
    "我是小孩 大人不在家",
    "爸爸妈妈不在家",
    "I am 14 years old",
    "im 15",
    "I'm only 13",
    "i'm a kid",
    "i am under 18",
    "I am in middle school",
    "my parents are not home",
]
GROWN_UP = [
    "我孩子15岁",
    "我15岁的儿子",
    "我女儿上初中",
    "学校里的小学生",
    "我18岁",
    "我今年45岁",
    "我15岁就出来打工了",
    "我上小学的时候",
    "我是小学生家长",
    "我是小学老师",
    "我是大学生",
    "我是孩子的妈妈",
    "我住这里15年了",
    "我家15口人",
    "网吧里老有未成年人通宵",
    "小学门口乱停车",
    "大人小孩都安全",
    "我成年了",
    "15岁男",
    "15",
    "1",
    "i have a 14 year old",
    "my kid is 10 years old",
    "I am 45",
    "i am 14 km from town",
    "i am a high school teacher",
    "i am 18 years old",
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["words"])
def test_words_ring_or_do_not(row: Mapping[str, str]) -> None:
    assert (alarm(row["words"]) or "") == row["rings"]


def test_the_table_is_broad_enough() -> None:
    kinds = Counter(row["rings"] for row in ROWS)
    assert len(ROWS) >= 120 and min(kinds[kind] for kind in ("violence", "self_harm", "emergency", "")) >= 30


@pytest.mark.parametrize("said", [*TOWN["problems"], *TOWN["reasons"], *TOWN["nothing_to_say"]])
def test_what_the_town_complains_about_does_not_ring(said: str) -> None:
    assert (alarm(said), says_minor(said)) == (None, False)


@pytest.mark.parametrize("code", shipped())
def test_no_answer_of_a_shipped_instrument_rings(code: str) -> None:
    for said in spoken(library(code).model_dump(mode="json")["choices"]):
        assert (said, alarm(said), says_minor(said)) == (said, None, False)


def spoken(document: object) -> Iterator[str]:
    if isinstance(document, Mapping):
        for value in document.values():
            yield from spoken(value)
    elif isinstance(document, list):
        for value in document:
            yield from spoken(value)
    elif isinstance(document, str):
        yield document


@pytest.mark.parametrize("said", MINORS)
def test_whoever_says_to_be_a_minor(said: str) -> None:
    assert says_minor(said)


@pytest.mark.parametrize("said", GROWN_UP)
def test_whoever_speaks_of_minors_or_of_figures(said: str) -> None:
    assert not says_minor(said)


def test_an_age_below_eighteen_and_a_figure_that_is_no_age() -> None:
    assert [age for age in range(30) if year_minor(age)] == list(range(6, 18))


def test_long_hostile_words_are_read_in_no_time() -> None:
    for said in (
        "我被" * 300,
        "老公" * 300,
        "他" * 600,
        "he " * 200,
        "没有人" * 200,
        "想死" * 300,
        "1" * 600,
    ):
        alarm(said)
        says_minor(said)
