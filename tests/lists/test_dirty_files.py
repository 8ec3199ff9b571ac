"""Twenty lists as offices hand them in: each read right, or refused with the line (or row), the reason and the remedy."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from list_examples import AREAS, MONDAY
from openpyxl import Workbook

from survey.sampling.list_specs import residents
from survey.sampling.refusals import ListError
from survey.sampling.resident_lists import ResidentList, read_residents

ROW = ("陈娟", "15400000001", "沙店镇")
HEAD = ("姓名", "电话", "乡镇")


def workbook(*rows: tuple[Any, ...], title: str = "名单", merge: tuple[str, ...] = ()) -> bytes:
    return books({title: (rows, merge)})


def books(sheets: dict[str, tuple[tuple[tuple[Any, ...], ...], tuple[str, ...]]]) -> bytes:
    """A workbook with these sheets: {title: (rows, merged ranges)}."""
    book = Workbook()
    book.remove(book.active)
    for title, (rows, merge) in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for ref in merge:
            sheet.merge_cells(ref)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def read(data: bytes | str, **how: Any) -> ResidentList:
    spec = residents(AREAS, plan="fictional", today=MONDAY, dialling_code="0396")
    return read_residents(data.encode() if isinstance(data, str) else data, "名单", spec, **how)


def people(found: ResidentList) -> list[tuple[str, str, str]]:
    return [(row.name, row.number, row.area_code) for row in found.rows]


CHEN = ("陈娟", "+8615400000001", "991721100")
LI = ("李强", "+8615400000002", "991721101")


# -- read right ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_01_encodings_line_ends_and_separators(encoding: str, ends: str, separator: str) -> None:
    text = ends.join(separator.join(cells) for cells in (HEAD, ROW, ("李强", "15400000002", "竹坡镇"))) + ends
    found = read(text.encode(encoding))
    assert people(found) == [CHEN, LI]
    assert (found.refusals, found.separator) == ((), separator)


def test_02_mixed_line_ends_in_one_file() -> None:
    assert people(read("姓名,电话,乡镇\r\n陈娟,15400000001,沙店镇\n李强,15400000002,竹坡镇\r\n")) == [
        CHEN,
        LI,
    ]


def test_03_full_width_everything() -> None:
    found = read("姓　名,电　话,乡　镇\n陈娟,１５４００００００１１,沙店镇\n")
    assert people(found) == [("陈娟", "+8615400000011", "991721100")]


def test_04_a_workbook_with_numbers_as_numbers_and_a_title_above() -> None:
    data = workbook(
        ("遂澜县居民名单(2026年3月)", None, None), (None, None, None), HEAD,
        ("陈娟", 15400000001, "沙店镇"), ("李强", 15400000002.0, "竹坡镇"),
    )  # fmt: skip
    found = read(data)
    assert people(found) == [CHEN, LI]
    assert [row.line for row in found.rows] == [4, 5]
    assert (found.encoding, found.separator) == ("XLSX", "名单")


def test_05_merged_cells_count_in_every_row_they_cover() -> None:
    data = workbook(
        HEAD, ("陈娟", "15400000001", "沙店镇"), ("李强", "15400000002", None), ("何平", "15400000003", None),
        merge=("C2:C4",),
    )  # fmt: skip
    assert people(read(data)) == [
        CHEN,
        ("李强", "+8615400000002", "991721100"),
        ("何平", "+8615400000003", "991721100"),
    ]


def test_06_dates_of_birth_keep_the_year_alone() -> None:
    found = read(workbook((*HEAD, "出生日期"), (*ROW, date(1987, 5, 2))))
    assert found.rows[0].birth_year == 1987


def test_07_a_sheet_of_remarks_beside_the_list() -> None:
    data = books({"说明": ((("填表说明",), ("请勿改动表头",)), ()), "数据": ((HEAD, ROW), ())})
    found = read(data)
    assert (people(found), found.separator) == ([CHEN], "数据")


def test_08_several_numbers_of_one_person() -> None:
    found = read(
        "姓名,电话,乡镇,备用电话,座机\n陈娟,15400000001/15400000007,沙店镇,154 0000 0008,15400000009\n"
    )
    assert found.rows[0].number == "+8615400000001"
    assert found.rows[0].spares == ("+8615400000007", "+8615400000008", "+8615400000009")


def test_09_the_same_person_twice_is_one_person() -> None:
    found = read(
        "姓名,电话,乡镇,村,出生年\n陈娟,15400000001,沙店镇,,\n陈娟,+86 154-0000-0001,沙店镇,王庄村,1987\n"
        "陈娟,8615400000001,竹坡镇,,1988\n"
    )
    assert [(row.area_code, row.birth_year) for row in found.rows] == [("991721100200", 1987)]
    assert [str(one) for one in found.merged] == [
        "line 3: the same person as on line 2, merged",
        "line 4: the same person as on line 2, merged; it differs in 乡镇, 出生年, where line 2 stands",
    ]
    assert (found.refusals, found.rows_read) == ((), 3)


def test_10_headings_that_nobody_knows_are_named_by_hand() -> None:
    found = read(
        "户主,联络,片区\n陈娟,15400000001,沙店镇\n",
        mapping={"户主": "name", "联络": "number", "片区": "township"},
    )
    assert people(found) == [CHEN]


def test_11_further_columns_are_kept_where_they_are_asked_for() -> None:
    found = read("姓名,电话,乡镇,户口,备注\n陈娟,15400000001,沙店镇,农业,常外出\n", keep=("户口",))
    assert found.rows[0].attributes == {"户口": "农业"}
    assert found.ignored == ("备注",)


def test_12_a_byte_order_mark_in_the_middle_where_two_files_were_joined() -> None:
    found = read(
        "姓名,电话,乡镇\n陈娟,15400000001,沙店镇\n\ufeff李强,15400000002,竹坡镇\n".encode("utf-8-sig")
    )
    assert [row.number for row in found.rows] == ["+8615400000001", "+8615400000002"]


# -- told, row by row -------------------------------------------------------------------------------------------------


def test_13_numbers_that_a_spreadsheet_has_rounded() -> None:
    found = read("姓名,电话,乡镇\n陈娟,1.54E+10,沙店镇\n李强,15400000002.0,竹坡镇\n")
    assert people(found) == [LI]
    assert [str(no) for no in found.refusals] == [
        "line 2, 电话: a spreadsheet has rounded this number (written like 1.5E+10), so its digits are lost; "
        "format the column as text and fill it in again"
    ]


def test_14_a_formula_without_a_value() -> None:
    found = read(workbook(HEAD, ("陈娟", "=A9&B9", "沙店镇"), ("李强", "15400000002", "竹坡镇")))
    assert people(found) == [LI]
    assert [str(no) for no in found.refusals] == [
        "line 2, 电话: a formula without a value; open the file in the spreadsheet program and save it again",
        "line 2, 电话: the field is empty; fill it in",
    ]


def test_15_a_row_of_totals_and_a_second_heading() -> None:
    found = read("姓名,电话,乡镇\n(必填),(必填),(必填)\n陈娟,15400000001,沙店镇\n合计,1,\n")
    assert people(found) == [CHEN]
    assert {no.line for no in found.refusals} == {2, 4}


def test_16_ragged_rows() -> None:
    found = read(
        "姓名,电话,乡镇\n陈娟,15400000001\n李强,15400000002,竹坡镇,,\n何平,15400000003,竹坡镇,多,余\n"
    )
    assert people(found) == [LI]
    assert [str(no) for no in found.refusals] == [
        "line 2, 乡镇: the field is empty; fill it in",
        "line 4, the line: 5 cells under 3 headings; put text that holds the separator in quotes",
    ]


def test_17_one_number_under_two_names() -> None:
    found = read("姓名,电话,乡镇\n陈娟,15400000001,沙店镇\n李强,15400000001,竹坡镇\n")
    assert [str(no) for no in found.refusals] == [
        "line 3, 电话: the same as on line 2, which is kept; delete one of the two lines"
    ]


# -- refused whole ----------------------------------------------------------------------------------------------------

UNPACK = "Unpack it, and load the list inside."
SAVE = 'Open it in the spreadsheet program and save it as "Excel workbook (.xlsx)" or "CSV UTF-8", then load that file.'


def archive(name: str, body: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, body)
    return packed.getvalue()


REFUSED: dict[str, tuple[bytes, str]] = {
    "18 empty": (b"", "the file is empty. Export the list again and check that it has rows."),
    "18 an empty workbook": (
        workbook((None,)),
        "the file is empty. Export the list again and check that it has rows.",
    ),
    "19 no header": (
        "陈娟,15400000001,沙店镇\n".encode(),
        'the first line, read as UTF-8, has no heading for the columns name ("姓名"), number ("电话"), township ("乡镇"); '
        'found: "陈娟", "15400000001", "沙店镇". '
        "Put the headings into the first line, one for each column, or name them with --map 手机=number.",
    ),
    "20 three hundred columns": (
        (",".join([*HEAD, *(f"列{n}" for n in range(297))]) + "\n" + ",".join(ROW) + "\n").encode(),
        "the first line has 300 columns; a list has 60 at the most. "
        "Check the separator, and delete the columns that are not needed.",
    ),
    "21 a ZIP with the list inside": (
        archive("名单.csv", "姓名,电话,乡镇\n".encode()),
        f"this is a ZIP archive and no workbook. {UNPACK}",
    ),
    "22 a workbook cut short": (
        workbook(HEAD, ROW)[:900],
        f"this workbook or ZIP archive is broken or cut short. {SAVE}",
    ),
    "23 a sheet that is no sheet": (
        archive("xl/worksheets/sheet1.xml", b"<nothing/>"),
        f"this workbook cannot be read (KeyError). {SAVE}",
    ),
    "24 a workbook with a password, or an old one": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "this is an old workbook (.xls), or one with a password; neither is read. "
        "Open it in the spreadsheet program and save it as .xlsx without a password, then load that file.",
    ),
    "25 two lists in one workbook": (
        books({"沙店镇": ((HEAD, ROW), ()), "竹坡镇": ((HEAD, ("李强", "15400000002", "竹坡镇")), ())}),
        'the sheets "沙店镇", "竹坡镇" all hold such a list. Save each as a file of its own, and load them one by one.',
    ),
    "26 a column that is never kept, in a workbook": (
        workbook((*HEAD, "是否吸毒"), (*ROW, "否")),
        'column 4 "是否吸毒" holds a police or stability label. Such data is never kept here, and nothing of the file was '
        "read in. Delete this column and load the file again.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_of_which_nothing_can_be_kept_says_why(name: str) -> None:
    data, message = REFUSED[name]
    with pytest.raises(ListError) as no:
        read(data)
    assert str(no.value) == "名单: " + message


def test_a_workbook_that_would_fill_the_memory() -> None:
    bomb = archive("xl/worksheets/sheet1.xml", bytes(700 * 2**20))
    with pytest.raises(ListError, match=r"unpacked this workbook has 700 MB; 600 are the most"):
        read(bomb)


def test_a_mapping_that_leads_nowhere() -> None:
    with pytest.raises(ListError, match=r'--map names the heading "电邮"; found: "姓名", "电话", "乡镇"'):
        read("姓名,电话,乡镇\n陈娟,15400000001,沙店镇\n", mapping={"电邮": "number"})
    with pytest.raises(ListError, match=r"--map names the field 'mail'. Use one of: name, number, township"):
        read("姓名,电话,乡镇\n陈娟,15400000001,沙店镇\n", mapping={"电话": "mail"})
    with pytest.raises(ListError, match=r'there is no further column "户口"; there are: none'):
        read("姓名,电话,乡镇\n陈娟,15400000001,沙店镇\n", keep=("户口",))
