"""The fingerprint of a list: what goes into it, byte for byte, and what it does not see."""

from __future__ import annotations

import hashlib
import struct

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from survey.sampling.frame_hash import Township, frame_sha256, townships

PEOPLE = st.lists(
    st.tuples(st.sampled_from(["柳河", "青石", "枣园"]), st.floats(0, 1, exclude_max=True)), min_size=1
)


def digest_of(people: list[tuple[str, float]]) -> str:
    codes, numbers = zip(*people, strict=True)
    return frame_sha256(townships(np.array(codes, dtype=np.str_), np.array(numbers, dtype=np.float64)))


def test_the_bytes_are_those_that_are_promised() -> None:
    of_liuhe = hashlib.sha256(struct.pack(">dd", 0.25, 0.5)).digest()
    of_qingshi = hashlib.sha256(struct.pack(">d", 0.125)).digest()
    assert townships(np.array(["102", "101", "101"]), np.array([0.125, 0.5, 0.25])) == [
        Township("101", 2, of_liuhe),
        Township("102", 1, of_qingshi),
    ]
    lines = f"101 2 {of_liuhe.hex()}\n102 1 {of_qingshi.hex()}"
    assert (
        digest_of([("102", 0.125), ("101", 0.5), ("101", 0.25)]) == hashlib.sha256(lines.encode()).hexdigest()
    )


@given(PEOPLE, st.randoms(use_true_random=False))
def test_it_is_the_same_in_whatever_order_people_are_listed(people, dice) -> None:
    shuffled = list(people)
    dice.shuffle(shuffled)
    assert digest_of(shuffled) == digest_of(people)


@given(PEOPLE, st.data())
def test_one_person_moved_added_or_taken_out_is_seen(people, data) -> None:
    at = data.draw(st.integers(0, len(people) - 1))
    town, number = people[at]
    elsewhere = [*people[:at], *people[at + 1 :], ("县城", number)]
    changed = [elsewhere, [*people, (town, 0.75)], people[:at] + people[at + 1 :]]
    assert digest_of(people) not in {digest_of(one) for one in changed if one}


def test_another_layout_of_the_same_numbers_changes_nothing() -> None:
    """Neither the machine's byte order nor a stride shows."""
    codes, numbers = np.array(["101"] * 4), np.array([0.5, 0.125, 0.75, 0.25])
    strided = np.repeat(numbers, 3)[::3]
    assert townships(codes, numbers.astype(">f8")) == townships(codes, numbers.astype("<f8"))
    assert townships(codes, strided) == townships(codes, numbers)
