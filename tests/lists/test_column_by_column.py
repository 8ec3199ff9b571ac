"""A list that is read column by column says of every row what the same list says that is read row by row."""

from __future__ import annotations

import csv
import io
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from list_examples import AREAS, MONDAY

from survey.sampling.list_specs import residents
from survey.sampling.lists import read_list
from survey.sampling.numbers import NumberPlan, to_dial
from survey.sampling.refusals import FieldRefused, ListError
from survey.sampling.resident_lists import plain_mobiles, read_residents

NAMES = [
    "陈娟",
    "李强",
    "欧阳 明",
    "Maria  Chen",
    "陈3",
    "陈娟\x00",
    "",
    " ",
    "\x1c",
    "人" * 41,
    "王芳\u3000",
]
NUMBERS = [
    "15400000001", "15400000002", "154 0000 0003", "+86 154-0000-0001", "008615400000004", "8615400000005",
    "１５４００００００１１", "15400000001/15400000009", "1.54E+10", "15400000002.0", "13800138000", "0396-2951234", "154000",
    "15400000001 15400000002", "154" + " " * 40 + "00000001", "",
]  # fmt: skip
PLACES = [
    ("沙店镇", "王庄村"),
    ("沙店镇", ""),
    ("竹坡镇王庄村", ""),
    ("991721101", "王庄村"),
    ("某镇", ""),
    ("", "李楼村"),
    ("镇" * 61, ""),
]
YEARS = ["1987", "1987年", "2012", "1890", "八七年", "", " 1990-02-03"]
BANDS = ["18-29", "60岁以上", "41", "9", "", "老年"]
HOUSEHOLDS = ["农业", "", "非农\u3000业", "打15400000009", "长" * 201, "\x00"]
HEADINGS = ["姓名", "电话", "乡镇", "村", "出生年", "年龄段", "备用电话", "户口"]

ROWS = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(NUMBERS),
    st.sampled_from(PLACES),
    st.sampled_from(YEARS),
    st.sampled_from(BANDS),
    st.sampled_from(["", "", "", "15400000008", "154"]),
    st.sampled_from(HOUSEHOLDS),
    st.sampled_from([(), (), (), ("多",), ("",)]),
).map(lambda row: [row[0], row[1], *row[2], *row[3:7], *row[7]])
BLANKS = st.sampled_from([[], [""], [" ", "\u3000"]])


def told(data: bytes, *, reader: Any, **how: Any) -> tuple[object, ...]:
    """All that a reader says of a list."""
    spec = residents(AREAS, plan="fictional", today=MONDAY, dialling_code="0396")
    try:
        found = reader(data, "名单.csv", spec, **how)
    except ListError as no:
        return (str(no),)
    return (
        found.rows, found.refusals, found.merged, dict(found.headings), found.ignored, found.blank_lines, found.encoding,
        found.separator, found.refused_lines, found.rows_read,
    )  # fmt: skip


def assert_the_same(data: bytes, **how: Any) -> None:
    assert told(data, reader=read_residents, **how) == told(data, reader=read_list, **how)


def written(rows: list[list[str]], **dialect: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, **dialect).writerows(rows)
    return text.getvalue().encode()


@given(
    rows=st.lists(ROWS | BLANKS, min_size=1, max_size=30),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
    separator=st.sampled_from([",", ";", "\t"]),
    quoted=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_any_rows(rows: list[list[str]], ends: str, separator: str, quoted: bool) -> None:
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    data = written([HEADINGS, *rows], lineterminator=ends, delimiter=separator, quoting=quoting)
    assert_the_same(data, keep=("户口",))
    assert_the_same(data.rstrip(), mapping={"户口": "name", "姓名": "second_mobile", "备用电话": "landline"})


CHARACTERS = '陈娟沙店镇王庄村0123456789+-,;\t"\r\n \u3000\u2028\x00\x1c\x1f\x85\ufeff岁以上'


@given(body=st.text(alphabet=CHARACTERS, max_size=120))
@settings(max_examples=200, deadline=None)
def test_any_text_below_good_headings(body: str) -> None:
    assert_the_same(("姓名,电话,乡镇,村,年龄段\n" + body).encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "姓名",
        "姓名,电话,乡镇",
        "姓名,电话,乡镇\n\n",
        "标题\n\n姓名,电话,乡镇\n陈娟,15400000001,沙店镇",
    ],
)
def test_short_files(text: str) -> None:
    assert_the_same(text.encode())


NUMBER_TEXTS = st.text(alphabet="0123456789+- /.,转１５４６８", max_size=26) | st.from_regex(
    r"(\+86|0086|86)?[ -]?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}", fullmatch=True
)


def mobile(text: str, plan: NumberPlan) -> str | None:
    found: str | None = pl.select(plain_mobiles(pl.lit(text), plan)).item()
    return found


@given(text=NUMBER_TEXTS.map(str.strip), plan=st.sampled_from(["real", "fictional"]))
@settings(max_examples=300, deadline=None)
def test_a_plain_mobile_is_what_is_dialled(text: str, plan: NumberPlan) -> None:
    found = mobile(text, plan)
    if found is not None:
        assert found == to_dial(text, plan)


@pytest.mark.parametrize(
    "given_as", ["15400000001", "154 0000 0001", "+86 154-0000-0001", "008615400000001", "8615400000001"]
)
def test_what_counts_as_a_plain_mobile(given_as: str) -> None:
    assert mobile(given_as, "fictional") == "+8615400000001"
    with pytest.raises(FieldRefused):
        to_dial(given_as, "real")
    assert mobile(given_as, "real") is None
