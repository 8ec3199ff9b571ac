"""Several questions answered in one message: whoever answers the perception survey at one go."""

from collections.abc import Mapping

import pytest

from survey.dialogue.readers import Reader, reader
from survey.dialogue.several import read_several
from survey.questionnaire import library


def asked(code: str, *ids: str) -> list[tuple[str, Reader]]:
    """The questions that wait and may come, with the readers of their words."""
    q = library(code)
    return [(one, reader(q.options(one), q.by_id[one].missing, {})) for one in ids]


PERCEPTION = asked("perception", "Q1", "Q3", "Q10_age", "Q10_sex", "Q12")
CALLBACK = asked("callback", "C2", "C1", "C3")


@pytest.mark.parametrize(
    ("reply", "answers"),
    [
        ("安全,满意", {"Q1": "1", "Q3": "1"}),
        ("安全 满意", {"Q1": "1", "Q3": "1"}),
        ("安全，满意，谢谢", {"Q1": "1", "Q3": "1"}),
        ("安全,对公安满意,45岁男", {"Q1": "1", "Q3": "1", "Q10_age": "3", "Q10_sex": "1"}),
        ("比较安全,但对公安不满意", {"Q1": "2", "Q3": "3"}),
        ("不太安全,对公安工作基本满意,女,60以上", {"Q1": "3", "Q3": "2", "Q10_sex": "2", "Q10_age": "4"}),
        ("安全 满意 45岁 男", {"Q1": "1", "Q3": "1", "Q10_age": "3", "Q10_sex": "1"}),
        ("45岁男,安全,满意", {"Q10_age": "3", "Q10_sex": "1", "Q1": "1", "Q3": "1"}),
        ("安全,很安全,满意", {"Q1": "1", "Q3": "1"}),
        ("说不清,满意", {"Q1": "dk", "Q3": "1"}),
        ("Safe, satisfied, 45 years old, male", {"Q1": "1", "Q3": "1", "Q10_age": "3", "Q10_sex": "1"}),
        ("not very safe but satisfied with the police", None),
        ("not very safe, but satisfied with the police", {"Q1": "3", "Q3": "1"}),
    ],
)
def test_each_clause_goes_to_its_question(reply: str, answers: Mapping[str, str] | None) -> None:
    assert read_several(PERCEPTION, reply) == answers


@pytest.mark.parametrize(
    "reply",
    [
        "安全",
        "安全,安全",
        "安全,不安全",
        "安全,不安全,满意",
        "安全,满意,不满意",
        "满意,满意",
        "满意,45岁男",
        "45岁男",
        "1.安全 2.满意",
        "1,1,3,1",
        "安全,满意,45,男",
        "安全,满意,31",
        "安全,还行",
        "还行,满意",
        "安全,满意吗",
        "安全,满意?",
        "安全,可以",
        "安全,好的",
        "安全,不用",
        "安全,不知道",
        "安全,路灯坏了",
        "安全,满意,路灯坏了",
        "安全,满意,15岁男",
        "安全,满意,45岁30岁",
        "安全,满意,男女",
        "安全满意",
        "对安全不满意",
        "",
    ],
)
def test_a_doubt_which_question_a_clause_answers(reply: str) -> None:
    assert read_several(PERCEPTION, reply) is None


def test_yes_and_no_answer_only_the_question_that_was_asked() -> None:
    assert read_several(CALLBACK, "没有,不满意") == {"C2": "3", "C3": "3"}
    assert read_several(CALLBACK, "解决了,没有") is None
    assert read_several(CALLBACK, "解决了,没联系过,不满意") == {"C2": "1", "C1": "2", "C3": "3"}


def test_one_word_that_fits_two_questions_is_the_first_in_turn_or_asked_again() -> None:
    courts = asked("perception", "Q7", "Q8a", "Q8b")
    assert read_several(courts, "见过,满意") == {"Q7": "1", "Q8a": "1"}
    assert read_several(courts, "满意,见过") is None
    assert read_several(courts, "见过,满意,不满意") is None
    assert read_several(courts, "见过,满意,满意") is None
