"""The texts are those that were settled, and each fits into one part."""

from collections.abc import Iterator, Mapping

import pytest

from survey.dialogue import Message, State, start, step
from survey.questionnaire import Lang, Questionnaire, library

ONE_PART = 70
"""Characters of one text message in UCS-2."""

THREADS = {
    "perception": ["3", "3", "31", "路灯坏了", "1"],
    "callback": ["3", "2", "3", "又坏了", "1"],
}
ASIDES = ["9 9", "T", "全部退订", "0", "没空"]
"""Replies that are answered with a repetition, a confirmation or a promise."""


def texts(code: str, lang: Lang, facts: Mapping[str, str]) -> Iterator[str]:
    """Every text of the longest thread."""
    q = library(code)
    state, turn = start(q, mode="text", lang=lang, seed=1, facts=facts)
    yield from turn.prompts
    for reply in THREADS[code]:
        state, turn = step(q, state, Message(reply))
        yield from turn.prompts


def asides(code: str, facts: Mapping[str, str]) -> Iterator[str]:
    """Every text that answers something else than an answer, at each question of the thread."""
    q = library(code)
    state, _ = start(q, mode="text", lang="zh", seed=1, facts=facts)
    for reply in THREADS[code]:
        for aside in ASIDES:
            yield from _replied(q, state, aside)
        state, _ = step(q, state, Message(reply))


def _replied(q: Questionnaire, state: State, aside: str) -> Iterator[str]:
    state, turn = step(q, state, Message(aside))
    yield from turn.prompts
    if turn.reaction == "asked_again":
        yield from step(q, state, Message(aside))[1].prompts


@pytest.mark.parametrize("code", THREADS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_text_fits_into_one_part(code: str, lang: Lang, facts: Mapping[str, str]) -> None:
    sent = list(texts(code, lang, facts))
    assert len(sent) == len(THREADS[code]) + 1
    assert {text: len(text) for text in sent if len(text) > ONE_PART} == {}


@pytest.mark.parametrize("code", THREADS)
def test_repetitions_and_confirmations_fit_too(code: str, facts: Mapping[str, str]) -> None:
    sent = list(asides(code, facts))
    assert any("没看懂" in text for text in sent) and any("已退订" in text for text in sent)
    assert {text: len(text) for text in sent if len(text) > ONE_PART} == {}


def test_every_text_is_signed(facts: Mapping[str, str]) -> None:
    for code in THREADS:
        assert all(
            text.startswith("【遂澜民调中心】") for text in [*texts(code, "zh", facts), *asides(code, facts)]
        )


def test_the_first_texts_and_the_promise_are_those_that_were_settled(facts: Mapping[str, str]) -> None:
    assert next(texts("perception", "zh", facts)) == (
        "【遂澜民调中心】平安建设调查(3题):您感觉当地安全吗?"
        "1安全2比较安全3不太安全4不安全。回数字,0人工,退订回T"
    )
    assert next(texts("callback", "zh", facts)) == (
        "【遂澜民调中心】您反映的0037号事项:路灯已修好。解决了吗?1已解决2部分3未解决。回数字,0人工,退订回T"
    )
    assert list(texts("callback", "zh", facts))[-1] == (
        "【遂澜民调中心】已收到,我们会在24小时内与您电话核实。查询码K7Q2M9XA"
    )
