"""Every word that the rehearsal's residents can mean is exactly one code of the instrument."""

from __future__ import annotations

import pytest
from agreement_ground import INSTRUMENTS

from survey.questionnaire import Lang, library, shipped_instruments
from survey.twin.town import town
from workers.agreement import Difference, kinds
from workers.agreement.labels import Labels, meanings, plain
from workers.agreement.rows import InterviewRow

TOPICS = {
    "perception": {
        "S1": "eligible", "Q1": "safety", "Q2": "dark", "Q3": "police", "Q4": "trend", "Q5": "victim",
        "Q6": "disputes", "Q7": "patrol", "Q8a": "procuratorate", "Q8b": "court", "Q8c": "justice",
        "Q9a": "knows", "Q9b": "joined", "Q10_age": "age", "Q10_sex": "sex", "Q12": "register",
    },
    "callback": {
        "C0": "identity", "CT": "identity", "C1": "contacted", "C2": "solved", "C3": "satisfied", "C4": "attitude",
        "C6": "pressure", "C7": "again",
    },
}  # fmt: skip


def an_interview(questionnaire: str, facts: dict[str, str] | None = None) -> InterviewRow:
    version = library(questionnaire).version
    return InterviewRow(1, "i-1", 1, 1, questionnaire, version, "zh", "voice", facts or {}, None, None)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", sorted(TOPICS))
def test_each_opinion_of_the_town_is_exactly_one_code(code: str, lang: Lang) -> None:
    meant = {
        f"{question} {opinion.labels(lang)[0]}": meanings(
            INSTRUMENTS[code], question, opinion.labels(lang)[0], lang
        )
        for question, topic in TOPICS[code].items()
        for opinion in town().opinions[topic]
    }

    assert {words: codes for words, codes in meant.items() if len(codes) != 1} == {}


@pytest.mark.parametrize(
    ("asked", "question", "shown"),
    [("perception", "Q1", "1 安全"), ("callback", "C2", "1 已解决"), ("revisit", "V1", "1 平稳")],
)
def test_an_answer_can_be_shown_whatever_instrument_the_service_asked(
    asked: str, question: str, shown: str
) -> None:
    assert Labels(shipped_instruments().values()).shown(an_interview(asked), question, "1") == shown


def test_every_closed_question_of_the_instruments_is_covered() -> None:
    asked = {
        code: {item.id for item in document.questions if item.choices is not None}
        for code, document in INSTRUMENTS.items()
    }

    assert asked == {code: set(topics) for code, topics in TOPICS.items()}


@pytest.mark.parametrize(
    ("question", "code", "meant", "same"),
    [
        ("Q1", "2", "比较安全", True),
        ("Q1", "1", "比较安全", False),
        ("Q1", "dk", "说不清", True),
        ("Q10_age", "4", "60岁以上", True),
        ("Q5", "2 3", "被骗、被偷", True),
        ("Q5", "2", "被骗、被偷", False),
        ("Q5", "2 3", "被偷", False),
    ],
)
def test_words_and_codes(question: str, code: str, meant: str, same: bool) -> None:
    assert Labels(INSTRUMENTS.values()).mean(an_interview("perception"), question, code, meant) is same


def test_options_that_stand_in_a_fact_of_the_unit() -> None:
    labels = Labels(INSTRUMENTS.values())
    here = an_interview("perception", {"townships": "991721101=城关镇;991721102=河东乡"})

    assert labels.mean(here, "S2", "991721102", "河东乡")
    assert not labels.mean(here, "S2", "991721101", "河东乡")


@pytest.mark.parametrize(
    ("prompt", "question"),
    [
        ("您反映的0037号事项,办理结果是:路灯已修好。办理单位联系过您吗?联系过,还是没有?", "C1"),
        ("您反映的问题,现在解决了没有?已解决、部分解决,还是未解决?", "C2"),
        ("已经记下了,我们会跟进您的事项。谢谢,再见。", None),
    ],
)
def test_which_question_a_prompt_asks(prompt: str, question: str | None) -> None:
    assert Labels(INSTRUMENTS.values()).question_in(prompt, an_interview("callback")) == question


def test_words_are_compared_without_width_case_and_punctuation() -> None:
    assert plain("６０ 岁以上。") == plain("60以上")


def test_every_kind_of_difference_is_worded_in_both_languages() -> None:
    assert all(set(words) == {"zh", "en"} for words in kinds().values())


def test_a_kind_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match=r"kind 'odd' at call CA1: name it in agreement/kinds\.yaml"):
        Difference("odd", "call CA1", "", "")
