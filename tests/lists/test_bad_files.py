"""Files of which nothing can be kept, each with the whole of what is said about it."""

import pytest
from list_examples import read_residents

from survey.sampling.refusals import ListError, RefusedColumn

GOOD = "姓名,电话,乡镇\n陈娟,15400000001,沙店镇\n"
SAVE = 'Open it in the spreadsheet program and save it as "Excel workbook (.xlsx)" or "CSV UTF-8", then load that file.'
WITHOUT_PASSWORD = (
    "Open it in the spreadsheet program and save it as .xlsx without a password, then load that file."
)
SAVE_AGAIN = 'Save the file again as "CSV UTF-8", whole, and load that.'
HEADINGS_FIRST = (
    "Put the headings into the first line, one for each column, or name them with --map 手机=number."
)
EXPORT_AGAIN = "Export the list again and check that it has rows."
NEVER_KEPT = "Such data is never kept here, and nothing of the file was read in."

BAD_FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", f"the file is empty. {EXPORT_AGAIN}"),
    "a byte order mark alone": (b"\xef\xbb\xbf", f"the file is empty. {EXPORT_AGAIN}"),
    "separators alone": (b",,,\r\n;;\r\n", f"the file is empty. {EXPORT_AGAIN}"),
    "headings alone": (
        "姓名,电话,乡镇\n,,\n".encode(),
        f"there is no row below the headings. {EXPORT_AGAIN}",
    ),
    "a broken workbook": (
        b"PK\x03\x04rest",
        f"this workbook or ZIP archive is broken or cut short. {SAVE}",
    ),
    "an old workbook": (
        b"\xd0\xcf\x11\xe0rest",
        f"this is an old workbook (.xls), or one with a password; neither is read. {WITHOUT_PASSWORD}",
    ),
    "a PDF": (
        b"%PDF-1.7",
        "this is a PDF; lists are read from CSV and XLSX. Ask the sender for the table itself.",
    ),
    "a broken byte in UTF-8": (
        GOOD.encode().replace("娟".encode(), b"\xff"),
        f"byte 24 (line 2) is 0xFF, which is not valid UTF-8. {SAVE_AGAIN}",
    ),
    "a lost byte in UTF-8, which GB18030 would swallow": (
        GOOD.encode()[:40] + GOOD.encode()[41:],
        f"byte 40 (line 2) is 0xB2, which is not valid UTF-8. {SAVE_AGAIN}",
    ),
    "a broken byte in GB18030": (
        GOOD.encode("gb18030").replace("娟".encode("gb18030"), b"\xff\xff"),
        f"byte 17 (line 2) is 0xFF, which is not valid GB18030, nor is the file UTF-8. {SAVE_AGAIN}",
    ),
    "half a character of UTF-16": (
        GOOD.encode("utf-16") + b"\x41",
        f"byte {len(GOOD.encode('utf-16'))} (line 3) is 0x41, which is not valid UTF-16. {SAVE_AGAIN}",
    ),
    "no number": (
        "姓名,乡镇\n陈娟,沙店镇\n".encode(),
        'the first line, read as UTF-8, has no heading for the column number ("电话"); '
        f'found: "姓名", "乡镇". {HEADINGS_FIRST}',
    ),
    "a title and no headings": (
        "遂澜县居民名单,,\n陈娟,15400000001,沙店镇\n".encode("gb18030"),
        'the first line, read as GB18030, has no heading for the columns name ("姓名"), number ("电话"), '
        f'township ("乡镇"); found: "遂澜县居民名单". {HEADINGS_FIRST}',
    ),
    "the same heading twice": (
        "姓名,电话,乡镇,备注,备注\n".encode(),
        'the heading "备注" stands over columns 4 and 5. Rename or delete one of them.',
    ),
    "two headings for one field": (
        "姓名,电话,乡镇,手机号\n".encode(),
        'columns 2 "电话" and 4 "手机号" both mean number. Rename or delete one of them.',
    ),
    "far too many columns": (
        (",".join(f"列{n}" for n in range(61)) + "\n").encode(),
        "the first line has 61 columns; a list has 60 at the most. "
        "Check the separator, and delete the columns that are not needed.",
    ),
    "a quote that is never closed": (
        (GOOD + '"李强,15400000002,沙店镇\n').encode(),
        "line 3 opens a quote that is never closed. Close it, or take it out.",
    ),
    "text behind a quote": (
        (GOOD + '"李强"先生,15400000002,沙店镇\n').encode(),
        'line 3 has text after a closing quote. Write a quote inside a quoted cell twice ("").',
    ),
    "a cell without end": (
        (GOOD + '"' + "李" * 4001 + '",15400000002,沙店镇\n').encode(),
        "line 3 has a cell of more than 4000 characters, as after a quote that is never closed. "
        "Close the quote, or shorten the text.",
    ),
}

REFUSED_COLUMNS: dict[str, tuple[str, str]] = {
    "ID-card numbers by heading": (
        "姓名,电话,乡镇,身份证号\n陈娟,15400000001,沙店镇,\n",
        f'column 4 "身份证号" holds ID-card or passport numbers. {NEVER_KEPT} '
        "Delete this column and load the file again.",
    ),
    "ID-card numbers by content": (
        "姓名,电话,乡镇,编码\n陈娟,15400000001,沙店镇,11010519491231002X\n李强,15400000002,沙店镇,\n",
        f'column 4 "编码" holds ID-card or passport numbers. {NEVER_KEPT} '
        "Delete this column and load the file again.",
    ),
    "ID-card numbers without a heading": (
        "姓名,电话,乡镇,\n陈娟,15400000001,沙店镇,11010519491231002x\n",
        f"column 4 (no heading) holds ID-card or passport numbers. {NEVER_KEPT} "
        "Delete this column and load the file again.",
    ),
    "several": (
        "姓名,电话,乡镇,民族,是否重点人员,宗教信仰\n陈娟,15400000001,沙店镇,汉,否,无\n",
        'column 4 "民族" holds ethnicity; column 5 "是否重点人员" holds a police or stability label; '
        f'column 6 "宗教信仰" holds religion. {NEVER_KEPT} Delete these columns and load the file again.',
    ),
    "a position in one column": (
        '姓名,电话,乡镇,住址\n陈娟,15400000001,沙店镇,"114.0213, 32.9801"\n',
        f'column 4 "住址" holds GPS positions. {NEVER_KEPT} Delete this column and load the file again.',
    ),
    "a position in two columns": (
        "姓名,电话,乡镇,x,y\n陈娟,15400000001,沙店镇,114.0213,32.9801\n李强,15400000002,沙店镇,114.0301,32.9713\n",
        f'column 4 "x" holds GPS positions; column 5 "y" holds GPS positions. {NEVER_KEPT} '
        "Delete these columns and load the file again.",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_nothing_of_a_bad_file_is_kept_and_the_message_says_why(name: str) -> None:
    data, message = BAD_FILES[name]
    with pytest.raises(ListError) as no:
        read_residents(data, "名单.csv")
    assert str(no.value) == "名单.csv: " + message


@pytest.mark.parametrize("name", REFUSED_COLUMNS)
def test_nothing_of_a_file_with_a_refused_column_is_kept(name: str) -> None:
    text, message = REFUSED_COLUMNS[name]
    with pytest.raises(RefusedColumn) as no:
        read_residents(text, "名单.csv")
    assert str(no.value) == "名单.csv: " + message


def test_a_refused_column_is_named_before_a_missing_one() -> None:
    with pytest.raises(RefusedColumn):
        read_residents("姓名,血型\n陈娟,A\n")
