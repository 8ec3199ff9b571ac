"""Case numbers, short numbers, query codes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.casework.numbering import (
    QUERY_ALPHABET,
    InvalidCaseNumber,
    case_number,
    check_character,
    parse_case_number,
    query_code,
)  # fmt: skip

NUMBERS = st.builds(
    case_number,
    st.integers(100_000, 999_999).map(str),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(1, 99_999),
)


def test_the_sample_number_and_what_the_resident_hears() -> None:
    number = case_number("991722", date(2026, 3, 15), 37)
    assert str(number) == "991722-20260315-00037-4"
    assert number.short == "0037"
    assert parse_case_number(" 991722-20260315-00037-4 ") == number


def test_the_check_character_of_the_standards_own_example() -> None:
    assert check_character("0794") == "0"  # ISO 7064, MOD 11-2
    assert check_character("079") == "X"


def test_the_ten_thousandth_case_of_a_day_has_four_digits_too() -> None:
    assert case_number("991721", date(2026, 3, 9), 12_345).short == "2345"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("991722-20260315-00037-5", "the last character is 5, should be 4; a digit is wrong"),
        ("991722-20260315-0037-4", "looks like 991722-20260315-00037-4"),
        ("991722-20260230-00001-7", "20260230 is not a day"),
        ("", "is not a case number"),
    ],
)
def test_a_number_that_cannot_be(written: str, message: str) -> None:
    with pytest.raises(InvalidCaseNumber, match=message):
        parse_case_number(written)


@pytest.mark.parametrize(
    ("centre", "serial", "message"),
    [("9917", 1, "centre '9917'"), ("991722", 0, "serial 0"), ("991722", 100_000, "serial 100000")],
)
def test_parts_that_do_not_fit(centre: str, serial: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        case_number(centre, date(2026, 3, 15), serial)


@given(NUMBERS.map(str))
def test_a_number_is_read_as_it_was_written(number: str) -> None:
    assert str(parse_case_number(number)) == number


@given(NUMBERS.map(str), st.integers(0, 18), st.integers(1, 9))
def test_one_wrong_digit_is_found(number: str, place: int, shift: int) -> None:
    digits, check = number[:-2].replace("-", ""), number[-1]
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert check_character(wrong) != check


@given(NUMBERS.map(str), st.integers(0, 17))
def test_two_swapped_digits_are_found(number: str, place: int) -> None:
    digits, check = number[:-2].replace("-", ""), number[-1]
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assert swapped == digits or check_character(swapped) != check


def test_query_codes_use_every_letter_but_those_that_look_alike() -> None:
    assert query_code(bytes(5)) == "22222222"
    assert query_code(b"\xff" * 5) == "ZZZZZZZZ"
    assert (
        query_code(bytes([0b00000_000, 0b01_00010_0, 0b0011_0010, 0b0_00101_00, 0b110_00111])) == "23456789"
    )
    assert len(set(QUERY_ALPHABET)) == 32 and not set(QUERY_ALPHABET) & set("01OI")


@given(st.binary(min_size=5, max_size=5), st.binary(min_size=5, max_size=5))
def test_different_bytes_give_different_codes(one: bytes, other: bytes) -> None:
    assert (query_code(one) == query_code(other)) == (one == other)
    assert len(query_code(one)) == 8


def test_too_few_random_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="4 random bytes given, 5 needed"):
        query_code(bytes(4))
