"""The table of dispositions, and what a unit ends with after all its attempts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.field.dispositions import UnknownDisposition, disposition, dispositions, final_code

codes = st.sampled_from(list(dispositions()))


def test_every_group_of_aapor_has_a_row_and_the_numbers_of_settled_stand() -> None:
    assert {row.group for row in dispositions().values()} == {"I", "P", "R", "NC", "O", "UH", "UO", "NE"}
    numbers = {code: row.aapor for code, row in dispositions().items()}
    assert numbers | {
        "refusal_household": "2.111", "refusal_hard": "2.112", "break_off": "2.12", "appointment": "2.21",
        "not_attempted": "3.11", "notified": "3.11", "busy": "3.12", "no_answer": "3.13", "off": "3.13", "machine": "3.14",
        "blocked": "3.15", "technical": "3.16", "cancelled": "3.16", "unknown_eligibility": "3.20",
        "other": "3.90", "unassigned": "4.31", "disconnected": "4.32", "suspended": "4.33",
        "ineligible": "4.70", "wrong_person": "4.70", "quota_full": "4.80",
    } == numbers  # fmt: skip


@given(codes)
def test_a_row_does_not_contradict_itself(code: str) -> None:
    row = disposition(code)
    assert (row.eligible == "no") == (row.group == "NE")
    assert row.eligible != "yes" or (row.contacted and row.group in ("I", "P", "R"))
    assert (row.group == "R") == (row.refusal is not None or code == "break_off")
    assert row.final == (row.retry == "stop")
    assert row.counts or row.aapor in ("3.11", "3.16")
    assert row.zh and row.en


@pytest.mark.parametrize(
    ("attempts", "ends_as", "because"),
    [
        ([], "not_attempted", "a released unit that nobody tried stays in the denominator"),
        (["busy", "no_answer"], "no_answer", "among equals the latest"),
        (["refusal_hard", "no_answer", "busy"], "refusal_hard", "a refusal is never overwritten by silence"),
        (["refusal_soft", "complete"], "complete", "a conversion is a complete"),
        (["refusal_soft", "language"], "language", "other stands above a soft refusal"),
        (["break_off", "unassigned"], "break_off", "once eligible, always eligible"),
        (["partial", "opted_out"], "partial", "P stands above R"),
        (["no_answer", "unassigned"], "unassigned", "the line's last word"),
        (["unassigned", "no_answer"], "no_answer", "a line that rings is not empty"),
        (["unassigned", "technical"], "unassigned", "our own fault says nothing about the line"),
        (["suspended"], "disconnected", "4.33 becomes 4.32 at the end"),
        (["suspended", "no_answer"], "no_answer", "the bill was paid"),
        (["ineligible", "no_answer"], "ineligible", "silence does not take back what a person said"),
        (["ineligible", "complete"], "complete", "an eligible person was found after all"),
        (["appointment", "ineligible"], "ineligible", "the appointment was made before anybody was screened"),
        (["appointment", "suspended"], "appointment", "somebody was spoken to: the household exists"),
        (["notified"], "not_attempted", "an announcement asks nobody anything"),
        (["notified", "no_answer"], "no_answer", "and says nothing beside the call that it announced"),
        (["unknown_eligibility", "no_answer"], "unknown_eligibility", "a contact never ends among UH"),
        (["text_no_reply", "busy"], "text_no_reply", "both modes are ranked alike"),
        (["technical"], "technical", "nothing else is known"),
    ],
)
def test_final_code(attempts: list[str], ends_as: str, because: str) -> None:
    assert final_code(attempts) == ends_as, because


@given(st.lists(codes, max_size=6))
def test_a_final_code_is_one_of_the_attempts_or_what_it_becomes(attempts: list[str]) -> None:
    ends_as = final_code(attempts)
    assert ends_as in ({disposition(code).final_as or code for code in attempts} or {"not_attempted"})
    assert ends_as != "suspended"


@given(st.lists(codes, max_size=6))
def test_whoever_was_contacted_is_not_among_the_unknown_households(attempts: list[str]) -> None:
    if any(disposition(code).group in ("R", "NC", "O", "P", "I") for code in attempts):
        assert disposition(final_code(attempts)).group != "UH"


@given(st.lists(codes, max_size=5), st.sampled_from(["no_answer", "busy", "off", "technical", "machine"]))
def test_silence_after_a_refusal_changes_nothing(before: list[str], silence: str) -> None:
    attempts = [*before, "refusal_hard"]
    assert final_code([*attempts, silence]) == final_code(attempts)


def test_an_unknown_code_is_named() -> None:
    with pytest.raises(
        UnknownDisposition, match=r"'engaged' is not in dispositions.yaml; known: complete, partial"
    ):
        final_code(["engaged"])
