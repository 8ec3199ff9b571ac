"""From the carrier's outcome to our code."""

import pytest

from survey.field.carrier_signals import Signal, UnknownSignal, from_carrier
from survey.field.dispositions import disposition
from survey.policies import packaged


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        ("queued", None), ("ringing", None), ("in_progress", None), ("answered", "unknown_eligibility"),
        ("busy", "busy"), ("no_answer", "no_answer"), ("machine", "machine"), ("fax", "fax"),
        ("rejected", "blocked"), ("off", "off"), ("suspended", "suspended"), ("unassigned", "unassigned"),
        ("cancelled", "cancelled"), ("refused_by_carrier", "technical"), ("failed", "technical"),
    ],
)  # fmt: skip
def test_of_a_call(outcome: str, code: str | None) -> None:
    assert from_carrier(Signal("voice", outcome)) == code


@pytest.mark.parametrize(
    ("sip", "code"),
    [
        (486, "busy"), (600, "busy"), (408, "no_answer"), (480, "no_answer"), (487, "no_answer"),
        (404, "unassigned"), (410, "unassigned"), (484, "unassigned"), (604, "unassigned"),
        (403, "blocked"), (603, "blocked"), (607, "blocked"), (608, "blocked"),
        (500, "technical"), (503, "technical"), (499, "technical"),
    ],
)  # fmt: skip
def test_of_a_failed_call_by_its_sip_code(sip: int, code: str) -> None:
    assert from_carrier(Signal("voice", "failed", sip=sip)) == code


def test_a_text_is_open_until_it_is_given_up_on() -> None:
    delivered = Signal("text", "delivered")
    assert from_carrier(delivered) is None
    assert from_carrier(delivered, closing=True) == "text_no_reply"
    assert from_carrier(Signal("text", "sent"), closing=True) == "text_no_receipt"


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        ("unreachable", "text_unreachable"), ("blocked", "text_blocked"), ("filtered", "text_blocked"),
        ("opted_out", "opted_out"), ("unassigned", "unassigned"), ("landline", "text_not_capable"),
        ("congested", "technical"), ("failed", "text_unreachable"),
    ],
)  # fmt: skip
def test_of_a_text_that_failed(outcome: str, code: str) -> None:
    assert from_carrier(Signal("text", outcome)) == code


def test_every_code_in_the_map_is_a_disposition() -> None:
    body = packaged("survey.field", "carrier_signals").body
    rows = [row for channel in ("voice", "text") for row in body[channel].values()]
    named = {row.get("code") or row["at_close"] for row in rows} | set(body["sip"])
    assert {code: disposition(code).code for code in named} == {code: code for code in named}


def test_an_unknown_outcome_is_refused_with_what_is_known() -> None:
    with pytest.raises(
        UnknownSignal, match=r"voice outcome 'engaged' is not in .*carrier_signals.yaml; known: queued"
    ):
        from_carrier(Signal("voice", "engaged"))
