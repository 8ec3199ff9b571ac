"""Phone numbers: as people write them, as we keep them, and which of them may be rung."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.sampling.numbers import PLAIN_MOBILE, canonical, dialable, is_landline, to_dial
from survey.sampling.refusals import FieldRefused

ANNA = "+8615400000001"


@pytest.mark.parametrize(
    "written",
    [
        "15400000001",
        " 15400000001 ",
        "154 0000 0001",
        "154-0000-0001",
        "154—0000—0001",
        "154.0000.0001",
        "(154)00000001",
        "+8615400000001",
        "+86 154 0000 0001",
        "(+86) 154 0000 0001",
        "8615400000001",
        "86-15400000001",
        "008615400000001",
        "015400000001",
        "１５４０００００００１",
        "＋８６１５４０００００００１",
        "15400000001.0",
        "'15400000001",
        "\ufeff15400000001\u200b",
    ],
)
def test_one_mobile_written_in_many_ways(written: str) -> None:
    assert canonical(written) == ANNA


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0396-2951234", "+863962951234"),
        ("(0396) 295 1234", "+863962951234"),
        ("+86 396 2951234", "+863962951234"),
        ("+86 (0)396 2951234", "+863962951234"),
        ("010 6488 1234", "+861064881234"),
        ("+86 10 6488 1234", "+861064881234"),
        ("+852 2123 4567", "+85221234567"),
        ("0085221234567", "+85221234567"),
    ],
)
def test_landlines_and_numbers_abroad(written: str, number: str) -> None:
    assert canonical(written) == number


def test_a_local_landline_takes_the_dialling_code_of_its_county() -> None:
    assert canonical("2951234", dialling_code="0396") == "+863962951234"
    with pytest.raises(FieldRefused) as no:
        canonical("2951234")
    assert str(no.value) == "a landline without its dialling code; write the dialling code in front"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1540000001", "this number has 10 digits; a mobile has 11, a landline 10 to 12"),
        ("154000000011", "this number has 12 digits; a mobile has 11, a landline 10 to 12"),
        ("12345678901", "11 digits, but no mainland mobile or landline begins like this"),
        ("1.54E+10", "a spreadsheet has rounded this number (written like 1.5E+10), so its digits are lost"),
        ("15400000001/15400000002", "more than one number in one field"),
        ("15400000001、15400000002", "more than one number in one field"),
        ("0396-2951234转8", "a number with an extension cannot be rung by machine"),
        ("12345", "a service number, not a resident's"),
        ("110", "a service number, not a resident's"),
        ("95588", "a service number, not a resident's"),
        ("张三", "this number has characters other than digits"),
        ("1540000oo01", "this number has characters other than digits"),
        ("-", "no digits in this number"),
        ("+0123", "not an international number"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(written: str, reason: str) -> None:
    with pytest.raises(FieldRefused) as no:
        canonical(written)
    assert no.value.reason == reason


WAYS = st.sampled_from(["{}", "+86{}", "0086{}", "86{}", "+86 {}", " {} ", "{}.0"])
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(
    mobile=MOBILES,
    way=WAYS,
    gaps=st.lists(st.sampled_from(["", " ", "-", "\u00a0"]), min_size=11, max_size=11),
)
@settings(max_examples=150)
def test_any_mobile_in_any_writing_comes_back_as_itself(mobile: str, way: str, gaps: list[str]) -> None:
    spread = (
        mobile if way == "{}.0" else "".join(digit + gap for digit, gap in zip(mobile, gaps, strict=True))
    )
    assert canonical(way.format(spread)) == "+86" + mobile


@given(text=st.text(alphabet="0123456789+- ０１５４（）()./转x", max_size=20))
@settings(max_examples=300)
def test_what_is_taken_once_is_taken_the_same_again(text: str) -> None:
    try:
        number = canonical(text)
    except FieldRefused:
        return
    assert canonical(number) == number
    assert number.startswith("+") and number[1:].isdecimal()


@given(text=st.text(max_size=30))
@settings(max_examples=200)
def test_any_text_is_a_number_or_refused_without_its_digits(text: str) -> None:
    try:
        canonical(text)
    except FieldRefused as no:
        assert no.remedy
        assert not any(len(word) > 2 and word in str(no) for word in text.split() if word.isdecimal())


def test_the_fictional_plan_rings_154_and_nothing_else() -> None:
    assert dialable(ANNA, "fictional")
    assert not dialable("+8613800138000", "fictional")
    assert not dialable("+863962951234", "fictional")
    assert not dialable("+861540000000", "fictional")


def test_the_real_plan_never_rings_154() -> None:
    assert not dialable(ANNA, "real")
    assert dialable("+8613800138000", "real")
    assert dialable("+863962951234", "real")
    assert dialable("+85221234567", "real")
    assert not dialable("+8614000000000", "real")
    assert not dialable("+8603962951234", "real")
    assert not dialable("+1", "real")


def test_the_real_plan_never_rings_154_even_if_the_library_should_allow_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(phonenumbers, "is_valid_number", lambda number: True)
    assert not dialable(ANNA, "real")


@given(user=st.integers(0, 99_999_999))
@settings(max_examples=50)
def test_no_number_belongs_to_both_plans(user: int) -> None:
    number = f"+86154{user:08}"
    assert dialable(number, "fictional") and not dialable(number, "real")
    assert not phonenumbers.is_valid_number(phonenumbers.parse(number))


@pytest.mark.parametrize("prefix", range(130, 200))
def test_the_plain_rule_takes_only_what_the_library_takes(prefix: int) -> None:
    for user in (0, 12_345_678, 99_999_999):
        number = f"+86{prefix}{user:08}"
        if PLAIN_MOBILE.fullmatch(number):
            assert phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_landlines_are_told_from_mobiles() -> None:
    assert is_landline("+863962951234")
    assert is_landline("+861064881234")
    assert not is_landline(ANNA)
    assert not is_landline("+85221234567")


def test_a_number_of_the_other_plan_is_refused_with_the_way_out() -> None:
    with pytest.raises(FieldRefused) as no:
        to_dial("13800138000", "fictional")
    assert str(no.value) == (
        "the fictional number plan rings 154 numbers only; "
        "set number_plan to real for real residents, or use a seeded list"
    )
    with pytest.raises(FieldRefused) as no:
        to_dial("15400000001", "real")
    assert (
        str(no.value)
        == "154 is the fictional prefix, which no phone has; check the number against its source"
    )
    with pytest.raises(FieldRefused) as no:
        to_dial("14000000000", "real")
    assert str(no.value) == "no phone can have this number; check the number against its source"
