"""The fingerprint of lists: what goes into it, byte for byte."""

from __future__ import annotations

import hashlib
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from survey.sampling.frame_hash import Seal, frame_sha256

SEALS = st.lists(
    st.builds(
        Seal,
        st.integers(1, 4),
        st.sampled_from(["991721100", "991721101", "991721102"]),
        st.integers(1, 3),
        st.binary(min_size=32, max_size=32),
    ),
    min_size=1,
    unique_by=lambda one: (one.batch_id, one.stratum),
)


def test_the_bytes_are_those_that_are_promised() -> None:
    seals = [
        Seal(7, "102", 1, b"\x01" * 32),
        Seal(3, "102", 5, b"\x02" * 32),
        Seal(3, "101", 2, b"\xff" * 32),
    ]
    lines = f"1 101 2 {'ff' * 32}\n1 102 5 {'02' * 32}\n2 102 1 {'01' * 32}"
    assert frame_sha256(seals) == hashlib.sha256(lines.encode()).hexdigest()


@given(SEALS, st.randoms(use_true_random=False), st.integers(1, 1000))
def test_neither_their_order_nor_the_numbers_of_the_lists_show(
    seals: list[Seal], dice: Random, more: int
) -> None:
    shuffled = [Seal(one.batch_id + more, one.stratum, one.people, one.digest) for one in seals]
    dice.shuffle(shuffled)
    assert frame_sha256(shuffled) == frame_sha256(seals)


@given(SEALS, st.data())
def test_one_township_changed_or_taken_out_is_seen(seals: list[Seal], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(seals) - 1))
    one = seals[at]
    rest = [*seals[:at], *seals[at + 1 :]]
    moved = Seal(one.batch_id, one.stratum, one.people, hashlib.sha256(one.digest).digest())
    more = Seal(one.batch_id, one.stratum, one.people + 1, one.digest)
    assert frame_sha256(seals) not in {frame_sha256(other) for other in (rest, [*rest, moved], [*rest, more])}
