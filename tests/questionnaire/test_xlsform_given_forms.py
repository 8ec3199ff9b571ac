"""Every form of ../shared/forms, good and odd: carried over and back to an equivalent form, or refused by name.

What becomes of each stands in xlsforms/given_forms.txt.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert
from xlsform_verdicts import expected, forms_in, verdict

from survey.questionnaire import from_json
from survey.questionnaire.xlsform import FormRefused, equivalent, read_form, write_form
from survey.questionnaire.xlsform.opening import open_book

EXPECTED = expected()
each_form = pytest.mark.parametrize("name", EXPECTED)


@pytest.fixture(scope="module")
def forms(shared_data: Path) -> Path:
    return shared_data / "forms"


def test_no_form_is_forgotten(forms: Path) -> None:
    assert [file.name for file in forms_in(forms)] == list(EXPECTED)


@each_form
def test_each_form_becomes_what_is_written_down(forms: Path, name: str) -> None:
    assert verdict(forms / name) == EXPECTED[name]


@each_form
def test_what_is_converted_comes_back_equivalent(forms: Path, name: str) -> None:
    given = (forms / name).read_bytes()
    try:
        conversion = read_form(given, name)
    except FormRefused:
        return
    stored = from_json(conversion.questionnaire.to_json())
    written, unsaid = write_form(stored)

    assert stored == conversion.questionnaire
    assert unsaid == ()
    assert equivalent(given, name, written, "back.xlsx", conversion.dropped) == []


@each_form
def test_where_nothing_is_listed_pyxform_makes_the_same_xform_of_both(forms: Path, name: str) -> None:
    """Not by our own comparison: the XForm as it would be sent to an app."""
    given = (forms / name).read_bytes()
    if EXPECTED[name].count("\n") > 1:
        return
    written, _ = write_form(read_form(given, name).questionnaire)

    before = convert(str(forms / name)).xform
    after = convert(written, file_type=".xlsx").xform

    assert xform(after) == xform(before)


def xform(text: str) -> str:
    """Without the blanks between elements."""
    return re.sub(r">\s+<", "><", text)


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # openpyxl, when pyxform reads
@each_form
def test_the_cells_are_read_as_pyxform_reads_them(forms: Path, name: str) -> None:
    file = forms / name
    theirs = get_xlsform(str(file))
    book = open_book(file.read_bytes(), name)

    for key, sheet in book.sheets.items():
        read = [
            {heading: text for heading, text in row.items() if heading} for row in getattr(theirs, key) or ()
        ]
        assert list(sheet.rows) == read, key
        headings = (getattr(theirs, f"{key}_header") or [{}])[0]
        assert set(sheet.columns) == {heading for heading in headings if heading}, key


def test_a_difference_would_be_told(forms: Path) -> None:
    name = "yes_or_no_question.csv"
    given = (forms / name).read_bytes()
    other = given.replace(b"good day", b"bad day").replace(b'"yes","yes"', b'"yes","aye"')

    assert equivalent(given, name, other, name, ()) == [
        "form children good_day label english: 'have you had a good day today?' is 'have you had a bad day today?'",
        "form choices yes_or_no yes label english: 'yes' is 'aye'",
    ]
