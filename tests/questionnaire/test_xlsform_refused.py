"""Malformed and hostile forms are refused, with file, cell, feature, reason and remedy of every fault; nothing else is raised.

The malformed ones and what is said of them stand in xlsforms/refused.yaml.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from xlsform_making import FOLDER, Sheets, as_csv, as_xls, as_xlsx, form

from survey.questionnaire.xlsform import FormRefused, read_form
from survey.questionnaire.xlsform.dropped import MOST_TOLD

REFUSED: dict[str, Any] = yaml.safe_load((FOLDER / "refused.yaml").read_text("utf-8"))
SMALL = as_xlsx({"survey": [["type", "name", "label"], ["text", "q1", "Your name?"]]})


def refusal(data: bytes, name: str) -> list[str]:
    with pytest.raises(FormRefused) as refused:
        read_form(data, name)
    return str(refused.value).splitlines()


@pytest.mark.parametrize("what", REFUSED)
def test_a_malformed_form_is_refused_with_every_fault_its_place_and_its_remedy(what: str) -> None:
    assert refusal(REFUSED[what]["form"].encode(), "form.md") == REFUSED[what]["told"]


def test_a_refusal_tells_a_hundred_faults_and_keeps_all() -> None:
    rows = [f"nothing | q{n} | ?" for n in range(150)]
    with pytest.raises(FormRefused) as refused:
        read_form(form("type | name | label", *rows), "x.md")

    assert len(refused.value.faults) == 150
    assert str(refused.value).splitlines()[MOST_TOLD:] == ["and 50 more"]


def test_a_circle_of_5000_questions_is_named_in_short() -> None:
    rows = [f"text | q{n} | ? | ${{q{(n + 1) % 5000}}} = 1" for n in range(5000)]

    assert refusal(form("type | name | label | relevant", *rows), "x.md") == [
        "x.md:3:5: circle of conditions: q0 -> q1 -> q2 -> … -> q0 goes round in a circle -> the form is refused; let none "
        "of them depend on what comes from it"
    ]


def test_groups_inside_groups_end_somewhere() -> None:
    rows = [*(f"begin group | g{n} | G" for n in range(5000)), "text | q | ?", *(["end group | | "] * 5000)]

    assert refusal(form("type | name | label", *rows), "x.md")[0].startswith(
        "x.md:33:2: nesting: more than 30 groups stand inside one another"
    )


def with_part(path: str, content: bytes) -> bytes:
    """The small workbook with a file of its archive replaced, or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SMALL)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed,
    ):
        for part in {*given.namelist(), path}:
            changed.writestr(part, content if part == path else given.read(part))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def test_a_bomb_is_not_unpacked() -> None:
    bomb = with_part(SHEET, b"<worksheet>" + b" " * 200_000_000)

    assert len(bomb) < 300_000
    assert refusal(bomb, "bomb.xlsx") == [
        "bomb.xlsx: size: xl/worksheets/sheet1.xml is packed more than 100 times smaller than it is -> the form is refused; "
        "save the form anew from a spreadsheet program, without empty rows"
    ]


def test_texts_without_end_are_not_read() -> None:
    texts = (
        b"<sst " + NAMESPACE + b">" + b"".join(b"<si><t>%d</t></si>" % n for n in range(120_000)) + b"</sst>"
    )

    assert refusal(with_part("xl/sharedStrings.xml", texts), "texts.xlsx")[0].startswith(
        "texts.xlsx: size: it holds more than 100,000 texts"
    )


def test_entities_are_not_written_out() -> None:
    entities = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet ' + NAMESPACE
    sheet = (
        entities
        + b'><sheetData><row r="1"><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )

    assert refusal(with_part(SHEET, sheet), "entities.xlsx") == [
        "entities.xlsx: not an XLSForm: the file cannot be read (ValueError) -> the form is refused; save it anew as "
        ".xlsx, .csv or .md"
    ]


def test_rows_and_columns_end_somewhere() -> None:
    many = [f"text | q{n} | ?" for n in range(20_100)]
    wide = " | ".join(f"c{n}" for n in range(500))

    assert refusal(form("type | name | label", *many), "x.md") == [
        "x.md:20001: size: the form has more than 20,000 rows -> the form is refused; split the form"
    ]
    assert refusal(form(f"type | name | label | {wide}", "text | q | ?"), "x.md")[0].startswith(
        "x.md:2: size: the row has more than 400 fields"
    )
    assert refusal(b"," * 9_000_000, "x.csv")[0].startswith("x.csv: size: it is larger than 8 MiB")


def test_a_sheet_with_formats_without_end_is_an_ordinary_form() -> None:
    sheet = (
        b'<worksheet %s><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c><c r="B1" '
        % NAMESPACE
    )
    sheet += b't="inlineStr"><is><t>name</t></is></c><c r="C1" t="inlineStr"><is><t>label</t></is></c><c r="XFD1" s="1"/></row>'
    sheet += b'<row r="2"><c r="A2" t="inlineStr"><is><t>text</t></is></c><c r="B2" t="inlineStr"><is><t>q</t></is></c>'
    sheet += (
        b'<c r="C2" t="inlineStr"><is><t>?</t></is></c></row><row r="1048576"><c r="A1048576" s="1"/></row>'
    )
    conversion = read_form(with_part(SHEET, sheet + b"</sheetData></worksheet>"), "formats.xlsx")

    assert [item.id for item in conversion.questionnaire.items] == ["q"]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("empty.xlsx", b"", "empty.xlsx: not an XLSForm: the file is no workbook, though its name says so"),
        ("cut.xlsx", SMALL[:2000], "cut.xlsx: not an XLSForm: the file cannot be read (BadZipFile)"),
        ("old.xls", as_xls({"survey": [["type"]]})[:900], "old.xls: not an XLSForm: the file cannot be read"),
        ("letter.docx", b"PK\x03\x04" + bytes(50), "letter.docx: not an XLSForm: the file cannot be read (BadZipFile)"),
        ("noise.csv", bytes(range(256)), "noise.csv: encoding: it is neither UTF-8 nor GB 18030"),
        ("nul.csv", b"survey\n,type,na\0me\n", "nul.csv:2: encoding: it holds control characters"),
        ("page.md", b"# Hello\n", "page.md: not an XLSForm: there is no sheet named survey (sheets: none)"),
        ("quote.csv", b'survey\n,type\n,"' + b"x" * 200_000, "quote.csv: not an XLSForm: the file cannot be read (Error)"),
        ("one.csv", as_csv({"survey": [["name", "label"], ["a", "A"]]}), "one.csv:3:2: type: the question has no type"),
    ],
)  # fmt: skip
def test_what_is_no_form_is_refused(name: str, data: bytes, told: str) -> None:
    assert refusal(data, name)[0].startswith(told)


@pytest.mark.parametrize(("kind", "make"), [("xlsx", as_xlsx), ("xls", as_xls)])
def test_a_heading_that_differs_from_another_in_blanks_alone_hides_nothing(
    kind: str, make: Callable[[Sheets], bytes]
) -> None:
    """pyxform would keep the last of them, and say nothing."""
    rows = [["type", "name", "label", "hint", "label "], ["text", "q", "First?", "", "Second?"]]

    assert refusal(make({"survey": rows}), f"form.{kind}") == [
        f"form.{kind}, survey!E1: heading: the heading label stands twice -> the form is refused; rename one of them"
    ]


def test_the_sheet_that_may_be_meant_is_named() -> None:
    rows = [["type", "name", "label"], ["text", "q", "Your name?"]]
    data = as_xlsx({"notes": [["x"]], "surveys": rows})

    assert refusal(data, "form.xlsx") == [
        "form.xlsx, surveys!A1: not an XLSForm: there is no sheet named survey (sheets: notes, surveys) -> the form is "
        "refused; name the sheet with the questions survey"
    ]
