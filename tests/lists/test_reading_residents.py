"""A list of residents: what is kept, what is refused, and how each is told."""

import pytest
from list_examples import AREAS, MONDAY, read_residents

from survey.sampling.list_specs import ResidentRow, residents
from survey.sampling.lists import read_list

LIST = """姓名,电话,乡镇,村,出生年,年龄段
陈娟,154 0000 0001,沙店镇,王庄村,1987,
李强,+86 154-0000-0002,遂澜县竹坡镇,,,60岁以上
王秀英,15400000003,沙店镇李楼村,,,41
"""


def test_a_clean_list_is_read_whole() -> None:
    read = read_residents(LIST)
    assert read.refusals == ()
    assert read.rows == (
        ResidentRow(2, "陈娟", "154 0000 0001", "+8615400000001", False, (), "991721100200", 1987, "2", {}),
        ResidentRow(3, "李强", "+86 154-0000-0002", "+8615400000002", False, (), "991721101", None, "4", {}),
        ResidentRow(4, "王秀英", "15400000003", "+8615400000003", False, (), "991721100201", None, "2", {}),
    )
    assert read.headings == {
        "name": "姓名",
        "number": "电话",
        "township": "乡镇",
        "village": "村",
        "birth_year": "出生年",
        "age_band": "年龄段",
    }
    assert (read.encoding, read.separator, read.rows_read) == ("UTF-8", ",", 3)


def test_each_bad_row_is_told_by_line_field_reason_and_remedy_and_the_good_ones_are_kept() -> None:
    read = read_residents(
        "姓名,手机号(必填),乡镇,村,出生年,备注\n"
        "陈娟,15400000001,沙店镇,王庄村,1987,\n"
        "李强,1540000002,沙店镇,,,\n"
        ",15400000003,沙店镇,,,\n"
        "赵敏,,沙店镇,,2012,\n"
        "周磊,15400000005,某店镇,,,\n"
        "吴军,15400000006,沙店镇,王家庄村,,\n"
        "徐杰,(154)0000-0001,竹坡镇,,,\n"
        " ,,　,,,\n"
        "孙涛,15400000009,遂澜县,,,\n"
        "马超,13800138000,沙店镇,,八七年,\n"
        "林芳,15400000011,沙店镇,,,住,在,东头\n"
        "何平,15400000012,竹坡镇,,,\n"
    )
    assert [row.line for row in read.rows] == [2, 13]
    assert [str(refusal) for refusal in read.refusals] == [
        "line 3, 手机号(必填): this number has 10 digits; a mobile has 11, a landline 10 to 12; "
        "check the number against its source",
        "line 4, 姓名: the field is empty; fill it in",
        "line 5, 手机号(必填): the field is empty; fill it in",
        "line 5, 出生年: under 18; take minors off the list",
        'line 6, 乡镇: unknown township "某店镇"; nearest known names: 沙店镇',
        'line 7, 村: unknown village "王家庄村" in 沙店镇; nearest known names: 王庄村',
        "line 8, 手机号(必填): the same as on line 2, which is kept; delete one of the two lines",
        'line 10, 乡镇: "遂澜县" is a county; write the township or street',
        "line 11, 手机号(必填): the fictional number plan rings 154 numbers only; "
        "set number_plan to real for real residents, or use a seeded list",
        'line 11, 出生年: "八七年" is not a year of birth; write four digits, like 1987',
        "line 12, the line: 8 cells under 6 headings; put text that holds the separator in quotes",
    ]
    assert read.blank_lines == (9,)
    assert read.ignored == ("备注",)
    assert len(read.refused_lines) == 9
    assert read.rows_read == 11


def test_no_refusal_repeats_a_phone_number() -> None:
    read = read_residents(
        "姓名,电话,乡镇\n陈娟,13800138000,沙店镇\n李强,1540000000212,沙店镇\n张三13800138000,1,沙店镇\n"
    )
    assert len(read.refused_lines) == 3
    assert not any("38001380" in str(refusal) or "15400000" in str(refusal) for refusal in read.refusals)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_list_reads_the_same_in_every_encoding_and_with_every_separator(
    encoding: str, separator: str, line_end: str
) -> None:
    text = LIST.replace(",", separator).replace("\n", line_end)
    read = read_residents(text.encode(encoding))
    assert read.rows == read_residents(LIST).rows
    assert read.separator == separator


def test_cells_in_quotes_may_hold_separators_and_line_ends_and_lines_still_count_right() -> None:
    read = read_residents(
        '"姓名","电话","乡镇","备注;,"\n"陈娟","15400000001","沙店镇","东头,\n第二家"\n李强,1,沙店镇,\n'
    )
    assert [row.line for row in read.rows] == [2]
    assert [refusal.line for refusal in read.refusals] == [4]


def test_headings_are_known_by_their_synonyms() -> None:
    read = read_residents("Full Name;PHONE NUMBER;Township\n陈娟;15400000001;991721100\n")
    assert read.rows[0].area_code == "991721100"


def test_a_landline_is_marked_as_one_where_the_plan_allows_it() -> None:
    spec = residents(AREAS, plan="real", today=MONDAY, dialling_code="0396")
    read = read_list("姓名,电话,乡镇,座机\n陈娟,2951234,沙店镇,\n".encode(), "residents.csv", spec)
    assert (read.rows[0].number, read.rows[0].landline) == ("+863962951234", True)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("18-29", "1"),
        ("18—29岁", "1"),
        ("３０～４４", "2"),
        ("45至59周岁", "3"),
        ("60以上", "4"),
        ("60岁及以上", "4"),
        ("60+", "4"),
        ("18", "1"),
        ("59岁", "3"),
        ("88", "4"),
    ],
)
def test_age_bands_as_people_write_them(written: str, code: str) -> None:
    assert (
        read_residents(f"姓名,电话,乡镇,年龄\n陈娟,15400000001,沙店镇,{written}\n").rows[0].age_band == code
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("17", "under 18; take minors off the list"),
        ("20-30", '"20-30" is not one of our age bands; write one of 18-29、30-44、45-59、60以上'),
        ("18以下", '"18以下" is not one of our age bands; write one of 18-29、30-44、45-59、60以上'),
        ("中年", '"中年" is not an age band; write one of 18-29、30-44、45-59、60以上'),
        ("130", "over 110; check the year against its source"),
    ],
)
def test_ages_that_are_refused(written: str, said: str) -> None:
    read = read_residents(f"姓名,电话,乡镇,年龄\n陈娟,15400000001,沙店镇,{written}\n")
    assert [str(refusal) for refusal in read.refusals] == [f"line 2, 年龄: {said}"]


@pytest.mark.parametrize("written", ["1987", "1987年", "1987-05", "1987年5月", "１９８７"])
def test_of_a_date_of_birth_only_the_year_is_kept(written: str) -> None:
    row = read_residents(f"姓名,电话,乡镇,出生日期\n陈娟,15400000001,沙店镇,{written}\n").rows[0]
    assert (row.birth_year, row.age_band) == (1987, "2")
