"""Numbers that residents write: figures, Chinese numerals, English words, with what stands around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.dialogue.normalise import normalised
from survey.dialogue.numbers import read_number

# fmt: off
SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on


def read(reply: str, *, decimals: bool = True) -> str | None:
    return read_number(normalised(reply), decimals=decimals)


@pytest.mark.parametrize(
    ("reply", "number"),
    [
        ("35", "35"),
        (" ３５ ", "35"),
        ("35岁", "35"),
        ("大概35", "35"),
        ("大概35岁左右吧", "35"),
        ("三十五", "35"),
        ("三十五岁", "35"),
        ("一百零二", "102"),
        ("一百二", "120"),
        ("一百二十", "120"),
        ("两千三", "2300"),
        ("一万二", "12000"),
        ("十五", "15"),
        ("二十", "20"),
        ("廿五", "25"),
        ("一千零五十", "1050"),
        ("一万零五", "10005"),
        ("三亿", "300000000"),
        ("一亿两千万", "120000000"),
        ("二〇二六", "2026"),
        ("3万", "30000"),
        ("3万5", "35000"),
        ("1.5万", "15000"),
        ("2千3百", "2300"),
        ("2千3百5", "2350"),
        ("三点五", "3.5"),
        ("三点一四", "3.14"),
        ("三点五万", "35000"),
        ("3.5", "3.5"),
        ("3.50", "3.5"),
        ("-2", "-2"),
        ("负二", "-2"),
        ("minus two", "-2"),
        ("+3", "3"),
        ("007", "7"),
        ("1,200", "1200"),
        ("零", "0"),
        ("0", "0"),
        ("一个", "1"),
        ("三个人", "3"),
        ("我家有3口人", "3"),
        ("我们一家四口", "4"),
        ("一家三口", "3"),
        ("俩", "2"),
        ("两个孩子", "2"),
        ("半", "0.5"),
        ("一个半", "1.5"),
        ("两年半", "2.5"),
        ("三岁半", "3.5"),
        ("半年", "0.5"),
        ("百分之三十", "30"),
        ("30%", "30"),
        ("thirty five", "35"),
        ("thirty-five", "35"),
        ("one hundred and two", "102"),
        ("a hundred", "100"),
        ("two thousand three hundred", "2300"),
        ("two thousand and five", "2005"),
        ("three point five", "3.5"),
        ("three and a half", "3.5"),
        ("half", "0.5"),
        ("twenty five thousand", "25000"),
        ("3 thousand", "3000"),
        ("3k", "3000"),
        ("about 35", "35"),
        ("i am 35 years old", "35"),
        ("im 35", "35"),
        ("2 kids", "2"),
        ("around forty", "40"),
        ("35 岁 谢谢", "35"),
        ("35😊", "35"),
        ("3。", "3"),
        ("3. ", "3"),
        ("3次吧", "3"),
        ("1990年", "1990"),
        ("12345.678", "12345.678"),
        ("3人", "3"),
        ("二十一", "21"),
        ("一千", "1000"),
        ("一千二百三十四", "1234"),
        ("十万", "100000"),
        ("十二万五千", "125000"),
        ("one", "1"),
        ("zero", "0"),
        ("-0", "0"),
        ("a hundred and twenty", "120"),
        ("3次 3次", "3"),
    ],
)
def test_a_number_is_read_from_how_people_write_it(reply: str, number: str) -> None:
    assert read(reply) == number


@pytest.mark.parametrize(
    "reply",
    [
        "1,2",
        "3-5",
        "3到5",
        "三五个",
        "两三个",
        "十几",
        "七八十",
        "30多",
        "30多岁",
        "不到30",
        "35以上",
        "超过5",
        ">35",
        "35+",
        "3/4",
        "没有",
        "一半",
        "five six",
        "two or three",
        "1两个",
        "3 4",
        "3次还是4次",
        "3年2个月",
        "1米75",
        "35?",
        "一点",
        "一般",
        "一样多",
        "第3",
        "154123456789012",
        "3点",
        "不知道",
        "安全",
        "好的",
        "二十多",
        "二三十",
        "百八十",
        "no",
        "none",
        "no one",
        "3 and 5",
        "3.5.2",
        "",
        "。",
        "9" * 400,
        "三" * 400,
        "十" * 600,
        "千万亿亿万",
        "1e5",
        "0x10",
        "3的2倍",
    ],
)
def test_two_numbers_a_bound_and_what_is_no_number_are_asked_again(reply: str) -> None:
    assert read(reply) is None


def test_only_whole_numbers_where_no_others_are_asked_for() -> None:
    wanted = {
        "3.5": None,
        "三点五": None,
        "一个半": None,
        "half": None,
        "3.0": "3",
        "1.5万": "15000",
        "三": "3",
    }
    assert {reply: read(reply, decimals=False) for reply in wanted} == wanted


@given(st.integers(0, 99_999_999))
def test_every_whole_number_is_read_in_chinese_numerals(number: int) -> None:
    assert read(in_chinese(number)) == str(number)


@given(st.integers(0, 999_999))
def test_every_whole_number_is_read_in_english_words(number: int) -> None:
    assert read(in_english(number)) == str(number)


@given(
    st.text(
        st.sampled_from("0123456789一二两三十百千万亿点半零负.-, 岁个and half hundred two三到"), max_size=30
    )
)
def test_nothing_makes_it_raise(reply: str) -> None:
    number = read(reply)
    assert number is None or float(number) == float(number)


def in_chinese(number: int) -> str:
    """As written by hand: 10005 is 一万零五, 15 is 十五."""
    if number == 0:
        return "零"
    if number >= 10_000:
        many, rest = divmod(number, 10_000)
        return f"{in_chinese(many)}万{'零' if 0 < rest < 1000 else ''}{in_chinese(rest) if rest else ''}"
    figures = "零一二三四五六七八九"
    written = ""
    for size, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        figure, number = divmod(number, size)
        if figure:
            written += figures[figure] + sign
        elif written and number and not written.endswith("零"):
            written += "零"
    return written.replace("一十", "十", 1) if written.startswith("一十") else written


def in_english(number: int) -> str:
    """Seven hundred and five; forty-two."""
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10 - 2] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    many, rest = divmod(number, size)
    return f"{in_english(many)} {name}" + (f" and {in_english(rest)}" if rest else "")
