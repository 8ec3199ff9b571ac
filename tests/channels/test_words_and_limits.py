"""Every word of the carrier has one of ours; no number outside the plan is rung; how many parts a text takes."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.channels.base import Accepted, CallWord, Refused, TextWord, is_final, rank
from survey.channels.guarded import GuardedCarrier
from survey.channels.twilio.words import (
    ANSWERED_BY,
    CALL_ERRORS,
    SIP_WORDS,
    TEXT_ERRORS,
    call_word,
    text_word,
)
from survey.field.carrier_signals import Signal, from_carrier
from survey.field.who_answered import Detected
from survey.questionnaire.segments import segments
from survey.sampling.numbers import NumberPlan

INBOUND = {"receiving", "received"}  # of texts to us; they never come as the status of one of ours


def test_every_status_of_a_call_has_a_word(description: dict[str, Any]) -> None:
    statuses = description["components"]["schemas"]["call_enum_status"]["enum"]
    assert {status: call_word(status, None, None) for status in statuses} == {
        "queued": "queued",
        "ringing": "ringing",
        "in-progress": "in_progress",
        "completed": "answered",
        "busy": "busy",
        "no-answer": "no_answer",
        "canceled": "cancelled",
        "failed": "failed",
    }


def test_every_status_of_a_text_of_ours_has_a_word(description: dict[str, Any]) -> None:
    statuses = description["components"]["schemas"]["message_enum_status"]["enum"]
    words = {status: text_word(status, None) for status in statuses}
    assert {status for status, word in words.items() if word is None} == INBOUND
    assert {status: word for status, word in words.items() if word is not None} == {
        "accepted": "queued",
        "scheduled": "queued",
        "queued": "queued",
        "sending": "queued",
        "sent": "sent",
        "partially_delivered": "sent",
        "delivered": "delivered",
        "read": "delivered",
        "undelivered": "unreachable",
        "failed": "failed",
        "canceled": "cancelled",
    }


def test_a_text_whose_validity_ended_at_the_carrier_never_went_out() -> None:
    assert text_word("failed", 30036) == "expired"
    assert from_carrier(Signal("text", "expired")) == "cancelled"


def test_every_word_for_who_answered_is_one_of_ours() -> None:
    assert set(ANSWERED_BY.values()) == set(get_args(Detected))


def test_a_status_that_nobody_knows_has_no_word() -> None:
    assert call_word("teleported", None, None) is None
    assert text_word("teleported", 30005) is None


def test_every_word_comes_to_a_disposition() -> None:
    for word in get_args(CallWord):
        assert from_carrier(Signal("voice", word), closing=True) is not None
    for word in get_args(TextWord):
        assert from_carrier(Signal("text", word), closing=True) is not None
    assert set(SIP_WORDS.values()) | set(CALL_ERRORS.values()) <= set(get_args(CallWord))
    assert set(TEXT_ERRORS.values()) <= set(get_args(TextWord))


def test_a_final_word_is_one_that_closes_the_attempt() -> None:
    for word in get_args(CallWord):
        assert is_final(word) == (from_carrier(Signal("voice", word)) is not None)
    for word in get_args(TextWord):
        assert is_final(word) == (from_carrier(Signal("text", word)) is not None)
    assert rank("queued") < rank("ringing") < rank("in_progress") < rank("busy")
    assert rank("queued") < rank("sent") < rank("delivered") < rank("filtered")


# -- the number plan ------------------------------------------------------------------------------------------------


class Rings:
    """A carrier that takes everything, and keeps whom it was asked to reach."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    async def call(self, number: str, **_: object) -> Accepted:
        self.rung.append(number)
        return Accepted("CA1")

    async def text(self, number: str, body: str, **_: object) -> Accepted:
        self.rung.append(number)
        return Accepted("SM1")


@pytest.mark.parametrize(
    ("plan", "number", "rings"),
    [
        ("fictional", "+8615400000001", True),
        ("fictional", "+86154000000011", False),
        ("fictional", "15400000001", False),
        ("real", "+8615400000001", False),
        ("real", "+86154", False),
        ("real", "nonsense", False),
    ],
)
async def test_only_numbers_of_the_plan_reach_the_carrier(plan: NumberPlan, number: str, rings: bool) -> None:
    carrier = Rings()
    guarded = GuardedCarrier(carrier, plan)  # type: ignore[arg-type]
    placed = [
        await guarded.call(number, answer_url="https://a", status_url="https://s"),
        await guarded.text(number, "您好", status_url="https://s", valid_s=600),
    ]
    if rings:
        assert placed == [Accepted("CA1"), Accepted("SM1")]
        assert carrier.rung == [number, number]
    else:
        assert placed == [Refused("unassigned", None)] * 2
        assert carrier.rung == []


@pytest.mark.parametrize("plan", ["fictional", "real"])
async def test_a_browser_of_ours_is_nobodys_number_and_is_not_texted(plan: NumberPlan) -> None:
    carrier = Rings()
    guarded = GuardedCarrier(carrier, plan)  # type: ignore[arg-type]
    called = await guarded.call("client:op_7f3a", answer_url="https://a", status_url="https://s")
    texted = await guarded.text("client:op_7f3a", "您好", status_url="https://s", valid_s=600)
    assert (called, texted) == (Accepted("CA1"), Refused("unassigned", None))
    assert carrier.rung == ["client:op_7f3a"]


# -- segments -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("安" * 70, 1),
        ("安" * 71, 2),
        ("安" * 134, 2),
        ("安" * 135, 3),
        ("a" * 69 + "安", 1),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # an escape and its character are never parted: 152, 153, 1
        ("安" * 66 + "😀" + "安" * 66, 3),  # nor are the halves of a pair: 66, 67, 1
    ],
)
def test_parts_of_a_text(body: str, parts: int) -> None:
    assert segments(body) == parts


@given(st.text(st.sampled_from("ab€[安😀"), max_size=400))
def test_a_longer_text_never_takes_fewer_parts(body: str) -> None:
    assert segments(body) <= segments(body + "安" if "安" in body or "😀" in body else body + "a")
    assert segments(body) >= -(-len(body) // 160)
