"""The verdict on a callback: the ten lines of the settled table, and every combination of answers."""

import csv
from collections.abc import Mapping
from importlib.resources import files

import pytest

from followup.casework.verdict import Verdict, verdict, verdict_table
from followup.casework.verdict_table import render

ROWS = list(
    csv.DictReader(files("followup.casework").joinpath("verdict_table.csv").read_text("utf-8").splitlines())
)


def by_hand(said: Mapping[str, str]) -> tuple[int, str, str]:
    """The ten lines as a person would write them down: line, verdict, counted as."""
    negative = said["C2"] == "3" or said["C3"] == "3"
    if said["C0"] == "2":
        return 1, "wrong_person", "not_reached"
    if said["reached"] == "no":
        return 10, "closed_unreached", "not_reached"
    if said["C6"] == "2":
        return 2, "flagged", "as_answered"
    if said["C1"] == "2" and said["claimed_contact"] == "yes":
        return 3, "flagged", "as_answered"
    if negative and said["C7"] != "2":
        return 4, "flagged", "unsolved_or_dissatisfied"
    if negative:
        return 5, "closed_dissatisfied", "unsolved_or_dissatisfied"
    if said["C2"] == "2" and said["C7"] == "1":
        return 6, "flagged", "partly"
    if said["C2"] == "2":
        return 7, "closed_partly", "partly"
    if said["C2"] == "1" and said["C3"] in ("1", "2"):
        return 8, "closed", "as_answered"
    assert "missing" in (said["C2"], said["C3"])
    return 9, "closed_unrated", "no_rating"


def reasons_by_hand(said: Mapping[str, str]) -> list[str]:
    holds = {
        "pressure": said["C6"] == "2",
        "not_contacted": said["C1"] == "2" and said["claimed_contact"] == "yes",
        "not_solved": said["C2"] == "3",
        "dissatisfied": said["C3"] == "3",
        "partly_solved": said["C2"] == "2" and said["C7"] == "1",
    }
    return [reason for reason, it_holds in holds.items() if it_holds]


def of(row: Mapping[str, str]) -> Verdict:
    answers = {
        item: None if row[item] == "missing" else row[item] for item in ("C0", "C1", "C2", "C3", "C6", "C7")
    }
    return verdict(answers, claimed_contact=row["claimed_contact"] == "yes", reached=row["reached"] == "yes")


def test_the_committed_table_holds_every_combination_once() -> None:
    reached = [tuple(row.values())[:7] for row in ROWS if row["reached"] == "yes"]
    assert len(reached) == len(set(reached)) == 4 * 3 * 3 * 2 * 4 * 4 * 3
    assert len(ROWS) == len(reached) + 4 * 2  # nobody who was not reached has answered; claimed or not
    assert {row["line"] for row in ROWS} == {str(line) for line in range(1, 11)}


def test_the_committed_table_says_what_the_ten_lines_say() -> None:
    for row in ROWS:
        line, name, counted_as = by_hand(row)
        assert (row["line"], row["verdict"], row["counted_as"]) == (str(line), name, counted_as), row
        assert row["reasons"].split() == (reasons_by_hand(row) if name == "flagged" else []), row


def test_the_program_says_what_the_committed_table_says() -> None:
    for row in ROWS:
        result = of(row)
        said = (str(result.line), result.verdict, " ".join(result.reasons), result.counted_as)
        assert said == (row["line"], row["verdict"], row["reasons"], row["counted_as"]), row
        assert result.flagged == (result.verdict == "flagged") == (result.ending is None)
        assert result.flagged == bool(result.reasons)


def test_the_committed_table_is_the_one_that_is_written_today() -> None:
    assert files("followup.casework").joinpath("verdict_table.csv").read_text("utf-8") == render()


def test_mrs_zhao_is_not_satisfied_and_wants_it_done_again() -> None:
    said = {"C0": "1", "C1": "1", "C2": "3", "C3": "3", "C5": "路灯还是不亮", "C6": "1", "C7": "1"}
    assert verdict(said, claimed_contact=True, reached=True) == Verdict(
        line=4,
        verdict="flagged",
        ending=None,
        flagged=True,
        reasons=("not_solved", "dissatisfied"),
        counted_as="unsolved_or_dissatisfied",
    )


def test_a_negative_first_answer_counts_even_if_the_rest_is_missing() -> None:
    result = verdict({"C2": "3"}, claimed_contact=False, reached=True)
    assert (result.line, result.reasons) == (4, ("not_solved",))


def test_silence_is_not_satisfaction() -> None:
    unsaid = [
        verdict({"C2": code, "C3": code}, claimed_contact=True, reached=True)
        for code in ("dk", "refused", None)
    ]
    assert [(result.ending, result.counted_as) for result in unsaid] == [("closed_unrated", "no_rating")] * 3
    unreached = verdict({}, claimed_contact=True, reached=False)
    assert (unreached.ending, unreached.counted_as) == ("closed_unreached", "not_reached")


def test_pressure_goes_before_everything_that_is_said_about_the_result() -> None:
    told_what_to_say = {"C1": "2", "C2": "1", "C3": "1", "C6": "2"}
    result = verdict(told_what_to_say, claimed_contact=True, reached=True)
    assert (result.line, result.reasons) == (2, ("pressure", "not_contacted"))


def test_nobody_is_sent_out_again_against_the_residents_wish() -> None:
    result = verdict({"C1": "1", "C2": "3", "C3": "3", "C7": "2"}, claimed_contact=True, reached=True)
    assert (result.line, result.ending) == (5, "closed_dissatisfied")


def test_answers_of_somebody_who_was_not_reached_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"C2 answered though the resident was not reached.*pass reached=True"
    ):
        verdict({"C2": "1"}, claimed_contact=True, reached=False)


def test_a_code_that_the_item_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match=r"C3 has no code '4'; it has 1, 2, 3 and missing codes"):
        verdict({"C3": "4"}, claimed_contact=True, reached=True)


def test_every_verdict_and_reason_has_its_words_in_both_languages() -> None:
    table = verdict_table()
    named = {line.verdict for line in table.lines} | {row.reason for row in table.reasons}
    assert named == set(table.words)
    assert all(words.zh and words.en for words in table.words.values())
