"""A person is whoever shows it, whatever the carrier says and whenever; and every order of the signs comes to the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.field.who_answered import heavier, who_answered

WORDS = ("human", "machine", "fax", "unknown")


@pytest.mark.parametrize("word", [None, *WORDS])
def test_a_key_is_a_person_always(word: str | None) -> None:
    assert who_answered(True, word) == "person"


def test_without_a_key_the_carrier_is_believed_of_machines_alone() -> None:
    assert {word: who_answered(False, word) for word in WORDS} == {
        "human": "unknown", "machine": "machine", "fax": "machine", "unknown": "unknown",
    }  # fmt: skip
    assert who_answered(False, None) == "unknown"


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), st.randoms())
def test_several_words_come_to_one_in_any_order(words: list[str], dice: object) -> None:
    def folded(in_order: list[str]) -> str | None:
        kept = None
        for word in in_order:
            kept = heavier(kept, word)
        return kept

    shuffled = list(words)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert folded(words) == folded(shuffled) == folded(words + words)
