"""Whatever bytes come in as a list, they are read or refused with a message; nothing else happens."""

from hypothesis import given, settings
from hypothesis import strategies as st
from list_examples import read_residents

from survey.sampling.refusals import ListError

HEADINGS = "姓名,电话,乡镇,村,年龄段\n"


def read_or_refuse(data: bytes) -> None:
    try:
        read = read_residents(data, "名单.csv")
    except ListError as no:
        assert str(no).startswith("名单.csv: ")
        return
    lines = [row.line for row in read.rows]
    assert not read.refused_lines & set(lines)
    assert lines == sorted(set(lines))


@given(data=st.binary(max_size=120))
@settings(max_examples=200, deadline=None)
def test_any_bytes(data: bytes) -> None:
    read_or_refuse(data)


CHARACTERS = '陈娟沙店镇王庄村0123456789+-,;\t"\r\n \u3000\u2028\x00\ufeff岁以上'


@given(body=st.text(alphabet=CHARACTERS, max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_text_below_good_headings(body: str) -> None:
    read_or_refuse((HEADINGS + body).encode())


@given(cut=st.integers(0, 200), encoding=st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-16-le"]))
@settings(max_examples=100)
def test_a_good_list_cut_off_anywhere(cut: int, encoding: str) -> None:
    rows = "陈娟,15400000001,沙店镇,王庄村,18-29\n李强,15400000002,竹坡镇,,60以上\n"
    read_or_refuse((HEADINGS + rows).encode(encoding)[:cut])
