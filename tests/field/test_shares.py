"""Who may go: the same number calls a person back, each number has its share, and no bucket gives more than it holds."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from survey.field.caller_choice import number_for, own_number
from survey.field.shares import Key, OurNumber, Room, Wish, deal_out

A, B, C = "+8615400000000", "+8615400000001", "+8615400000002"
NUMBERS = [OurNumber(A, "AC1", 1.0), OurNumber(B, "AC1", 1.0), OurNumber(C, "AC2", 2.0)]
RATES = {one.number: one.rate for one in NUMBERS}


def test_each_number_has_people_by_its_rate() -> None:
    own = Counter(own_number(person, RATES) for person in range(20_000))
    assert all(abs(own[one.number] / 20_000 - one.rate / 4) < 0.01 for one in NUMBERS)


@given(st.integers(0, 10**9))
def test_a_number_that_goes_gives_away_its_own_people_alone(person: int) -> None:
    own = own_number(person, RATES)
    without = own_number(person, {n: r for n, r in RATES.items() if n != B})
    assert without == own or own == B


def test_whoever_was_called_is_called_from_that_number_while_it_works() -> None:
    assert number_for(7, B, RATES) == B
    assert number_for(7, "+8615400000009", RATES) == own_number(7, RATES)
    assert number_for(7, None, {}) is None


def test_a_person_waits_for_their_number_and_others_take_one_with_room() -> None:
    rooms: dict[Key, Room] = {("number", A): Room(tokens=0.0), ("number", C): Room(tokens=1.0)}
    wishes = [Wish(1, "7", A, 1), Wish(2, "7", C, 1), Wish(3, "7", C, 1), Wish(4, "7", None, 1)]
    assert deal_out(wishes, NUMBERS, rooms) == {2: C, 4: B}


def test_without_numbers_everybody_goes_from_the_first() -> None:
    assert deal_out([Wish(1, "7", None, 1)], [], {("channel", ""): Room(tokens=3.0)}) == {1: None}


def test_a_text_longer_than_the_bucket_goes_alone() -> None:
    rooms: dict[Key, Room] = {("channel", ""): Room(tokens=2.0)}
    assert deal_out([Wish(1, "7", None, 5), Wish(2, "7", None, 1)], [], rooms) == {1: None}
    assert deal_out([Wish(2, "7", None, 1), Wish(1, "7", None, 5)], [], rooms) == {2: None}


@given(
    costs=st.lists(st.integers(1, 6), max_size=40),
    tokens=st.dictionaries(st.sampled_from(["7", "8"]), st.floats(0, 20)),
    lines=st.integers(0, 12),
)
def test_no_bucket_gives_more_than_it_holds_but_for_one_long_text(
    costs: list[int], tokens: dict[str, float], lines: int
) -> None:
    rooms: dict[Key, Room] = {("campaign", code): Room(tokens=n) for code, n in tokens.items()}
    rooms["account", "AC1"] = Room(tokens=30.0, lines=lines)
    wishes = [Wish(i, "78"[i % 2], None, cost) for i, cost in enumerate(costs)]
    goes = deal_out(wishes, NUMBERS[:2], rooms)
    assert len(goes) <= lines
    for code, n in tokens.items():
        went = [w.cost for w in wishes if w.person in goes and w.campaign == code]
        assert sum(went) <= max(n, 6) + 1e-6 and (n >= 1 or not went)
