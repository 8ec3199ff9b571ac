"""Estimates of one small interview, reckoned by hand."""

import pytest

from survey.questionnaire import Mode, from_yaml
from survey.questionnaire.lint import Estimate, estimate

BODY = """
code: lamps
version: 1
title: {zh: 路灯, en: Lamps}
facts: {text: [signature]}
choices:
  fine:
    - {code: "1", label: {zh: 好, en: fine}}
    - {code: "2", label: {zh: 不好, en: not fine}}
items:
  - {id: N, kind: note, prompt: {zh: 有两题。, en: Two questions.}}
  - {id: Q1, kind: select_one, choices: fine, missing: [], prompt: {zh: 路灯好吗?, en: How are the lamps?}}
  - {id: Q2, kind: integer, prompt: {zh: 坏了几天?, en: Broken for how long?}}
scripts:
  opening: [{say: {zh: 您好。, en: Hello.}}]
  closing: [{say: {zh: 谢谢。, en: Thanks.}}]
  how_integer: [{say: {zh: 请按数字。, en: A number.}}]
  how_to_reply: [{say: {zh: 。回数字, en: . A digit}}]
"""
LAMPS = from_yaml(BODY, name="lamps.yaml")


@pytest.mark.parametrize(
    ("mode", "lang", "parts", "answers_s"),
    [
        (
            "voice",
            "zh",
            ["您好。", "有两题。路灯好吗?好请按1,不好请按2。", "坏了几天?请按数字。", "谢谢。"],
            2 + 5,
        ),
        (
            "voice",
            "en",
            [
                "Hello.",
                "Two questions.How are the lamps?fine, press 1; not fine, press 2.",
                "Broken for how long?A number.",
                "Thanks.",
            ],
            2 + 5,
        ),
        (
            "operator",
            "zh",
            ["您好。", "有两题。路灯好吗?好,还是不好?", "坏了几天?请按数字。", "谢谢。"],
            3 + 3,
        ),
    ],
)
def test_a_spoken_interview_takes_as_long_as_its_words_and_answers(
    mode: Mode, lang: str, parts: list[str], answers_s: int
) -> None:
    said = "".join(parts)
    chinese = sum("一" <= character <= "龥" for character in said)
    seconds = chinese / 4.5 + (len(said) - chinese) / 14 + answers_s

    assert estimate(LAMPS, mode, lang) == Estimate(2, round(seconds, 1), 0, 0)


def test_a_text_interview_takes_a_message_for_each_question() -> None:
    """The first: 【遂澜民调中心】您好。有两题。路灯好吗?1好2不好。回数字, the second: 【遂澜民调中心】坏了几天?请按数字。"""
    assert (estimate(LAMPS, "text", "zh").messages, estimate(LAMPS, "text", "zh").segments) == (2, 2)


def test_a_mode_in_which_nothing_is_asked_takes_no_time() -> None:
    by_text = from_yaml(BODY.replace("kind:", "modes: [text], kind:"), name="lamps.yaml")

    assert estimate(by_text, "voice", "zh") == Estimate(0, 0.0, 0, 0)
