"""The texts are those that were settled, and each fits into the parts that it may take."""

from collections.abc import Iterator, Mapping

import pytest

from survey.dialogue import Message, NoInput, State, start, step
from survey.questionnaire import Lang, Questionnaire, library, shipped
from survey.questionnaire.segments import segments

THREADS = {
    "perception": ["3", "3", "31", "路灯坏了", "1"],
    "callback": ["3", "2", "3", "又坏了", "1"],
    "revisit": ["3", "3", "又吵起来了", "1"],
    "special_poll": ["3", "1,6", "火车", "4", "2", "4", "3", "多巡查"],
    "fraud_selftest": ["1", "2", "1", "1", "3"],
}
"""Replies by which a thread becomes as long as it can be."""
ASIDES = ["9 9", "T", "全部退订", "0", "没空", "我不想活了", "他正在打我", "着火了", "我是初中生", "发错人了"]
"""Replies that are answered with a repetition, a confirmation, a promise or a goodbye."""
PARTS = {
    ("perception", "en"): 1,
    ("callback", "en"): 1,
    ("revisit", "en"): 1,
    ("special_poll", "en"): 2,
    ("fraud_selftest", "en"): 2,
}
"""Parts that a text may take; in Chinese one, everywhere. A Chinese signature makes any text one of 70 characters."""

Facts = Mapping[str, str]


def texts(code: str, lang: Lang, facts: Facts) -> Iterator[str]:
    """Every text of the longest thread."""
    q = library(code)
    state, turn = start(q, mode="text", lang=lang, seed=1, facts=facts)
    yield from turn.prompts
    for reply in THREADS[code]:
        state, turn = step(q, state, Message(reply))
        assert turn.reaction == "answered", (reply, turn)
        yield from turn.prompts
    assert state.status == "complete"


def asides(code: str, lang: Lang, facts: Facts) -> Iterator[str]:
    """Every text that answers something else than an answer, at each question of the thread."""
    q = library(code)
    state, _ = start(q, mode="text", lang=lang, seed=1, facts=facts)
    for reply in THREADS[code]:
        for aside in ASIDES:
            yield from _replied(q, state, aside)
        state, _ = step(q, state, Message(reply))


def _replied(q: Questionnaire, state: State, aside: str) -> Iterator[str]:
    state, turn = step(q, state, Message(aside))
    yield from turn.prompts
    if turn.reaction == "asked_again":
        yield from step(q, state, Message(aside))[1].prompts


def reminders(code: str, lang: Lang, facts: Facts) -> Iterator[str]:
    """The text that reminds, and the one that goes on in a second contact, at each question but a page of several."""
    q = library(code)
    state, turn = start(q, mode="text", lang=lang, seed=1, facts=facts)
    for reply in THREADS[code]:
        if turn.expects is not None and turn.expects.kind != "several":
            yield from step(q, state, NoInput())[1].prompts
            yield from start(q, mode="text", lang=lang, seed=1, facts=facts, begun=state)[1].prompts
        state, turn = step(q, state, Message(reply))


@pytest.mark.parametrize("code", THREADS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_text_fits_into_its_parts(code: str, lang: Lang, facts: Facts) -> None:
    sent = list(texts(code, lang, facts))
    assert len(sent) == len(THREADS[code]) + 1
    most = PARTS.get((code, lang), 1)
    assert {text: len(text) for text in sent if segments(text) > most} == {}


@pytest.mark.parametrize("code", THREADS)
def test_repetitions_and_confirmations_fit_into_one_part(code: str, facts: Facts) -> None:
    sent = list(asides(code, "zh", {**facts, "hotline": "12356"}))
    for part in ("没看懂", "退订", "回电话", "不打扰您了", "12356", "110", "119", "成年人"):
        assert any(part in text for text in sent), part
    assert {text: len(text) for text in sent if segments(text) > 1} == {}


@pytest.mark.parametrize("code", THREADS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reminders_and_second_contacts_take_two_parts_at_the_most(
    code: str, lang: Lang, facts: Facts
) -> None:
    sent = list(reminders(code, lang, facts))
    assert sent and {text: len(text) for text in sent if segments(text) > 2} == {}
    assert not any("。。" in text or ".." in text or ". ." in text for text in sent)


def test_every_text_is_signed(facts: Facts) -> None:
    for code in THREADS:
        sent = [*texts(code, "zh", facts), *asides(code, "zh", facts), *reminders(code, "zh", facts)]
        assert all(text.startswith("【遂澜民调中心】") for text in sent)


def test_every_shipped_instrument_has_a_thread_here() -> None:
    assert sorted(THREADS) == list(shipped())


def test_the_first_texts_and_the_promise_are_those_that_were_settled(facts: Facts) -> None:
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
