"""What a resident says in a callback so that it comes to a given line of the verdict table, in each mode."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from survey.dialogue import Choice, Digits, Form, Input, Message, State, Words, start, step
from survey.dialogue.disposition import disposition
from survey.dialogue.turn import Expect
from survey.interviewing import Finished
from survey.questionnaire import Mode, library

MODES: tuple[Mode, ...] = ("text", "voice", "operator", "web")
ITEMS = ("C0", "C1", "C2", "C3", "C6", "C7")
MISSING = "missing"
FACTS = {
    "centre": "遂澜",
    "staff_no": "1021",
    "signature": "遂澜民调中心",
    "case_short": "0037",
    "result": "路灯已修好",
    "query_code": "K7Q2M9XA",
}
WORDS = "灯还是不亮"


def said_by(said: Mapping[str, str], mode: Mode, *, claimed: bool) -> State | None:
    """The dialogue of a resident who answers so, to its end; None where nobody can answer so in this mode."""
    q = library("callback")
    facts = {**FACTS, "contact_claimed": "yes" if claimed else "no"}
    state, turn = start(q, mode=mode, lang="zh", seed=7, facts=facts)
    given: set[str] = set()
    while turn.status == "open":
        assert turn.expects is not None
        wanted = [item for item in turn.expects.question_ids if item in ITEMS and item not in given]
        given.update(wanted)
        one = answer_to(turn.expects, said, mode)
        if one is None:
            return None
        state, turn = step(q, state, one)
        if turn.reaction == "asked_again":
            return None
    fits = _codes(state) == {item: said[item] for item in ITEMS} and _heard(state) == (
        said["reached"] == "yes"
    )
    return state if fits else None


def _heard(state: State) -> bool:
    """Whether the result was told, or something was said about it."""
    return state.told_text is not None or any(item in state.answers for item in ITEMS if item != "C0")


def answer_to(expects: Expect, said: Mapping[str, str], mode: Mode) -> Input | None:
    """What the resident of a row gives when this is asked; None where they cannot say so."""
    item = expects.question_id
    if item == "C4":
        return Choice("1")  # asked by operators alone, and no part of the verdict
    if item not in ITEMS:
        return _words(item, mode)
    code = said[item]
    if code == MISSING and "dk" not in expects.missing:
        return None
    if mode == "web":
        return Form({item: "dk" if code == MISSING else code})
    if mode == "operator":
        return Choice("dk" if code == MISSING else code)
    if code == MISSING:
        return Digits("8") if mode == "voice" else Message("说不清")
    option = next(one for one in expects.options if one.code == code)
    return Digits(option.key) if mode == "voice" else Message(option.key)


def _words(item: str, mode: Mode) -> Input:
    if mode == "voice":
        return Digits("#")
    if mode == "text":
        return Message(WORDS)
    return Form({item: WORDS}) if mode == "web" else Words(WORDS)


def _codes(state: State) -> dict[str, str]:
    """The code of each item; one that was not asked, or has a missing code, is missing."""
    found = {item: state.answers[item].code for item in ITEMS if item in state.answers}
    return {
        item: MISSING if found.get(item) in (None, "dk", "refused", "no_answer") else str(found[item])
        for item in ITEMS
    }


def finished(state: State, mode: Mode) -> Finished:
    """As it would lie in the outbox."""
    now = datetime(2026, 3, 10, 7, tzinfo=UTC)
    told = state.told_text
    return Finished(
        outbox_id=1,
        topic="interview_finished",
        purpose="case",
        unit_ref="u1",
        external_key="case:991721-20260309-00037-4:1",
        centre_code="991721",
        area_code="991721100200",
        person_id=1,
        interview_id=1,
        mode=mode,
        status=state.status,
        disposition=disposition(state, mode) or "unknown_eligibility",
        answers={item: (answer.code, answer.text) for item, answer in state.answers.items()},
        facts=state.facts,
        told_at=now if told else None,
        told_text=told,
        at=now,
        arrived_real=now,
    )
