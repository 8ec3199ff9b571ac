"""Forms that nobody has seen: the given and the own ones with cells deleted, swapped, garbled. None crashes, and whatever
is converted comes back equivalent."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsform_making import as_csv, as_xls, as_xlsx, own, own_forms, sheets_of
from xlsform_verdicts import forms_in

from survey.questionnaire.xlsform import FormRefused, equivalent, read_form, write_form
from survey.questionnaire.xlsform.opening import open_book

GARBAGE = [
    "", "x", "a b", "1.5", "-1", "true()", "yes", "no", "“q”", "🍔", "dk", "refused", "other", "mode", "now", "meta", "label",
    "default", "::", "a::b::c", "**bold** <b>x</b>", "${", "${nope}", "${my_int}", "${my_name} > 3", "../x", "position(..)",
    ". >= now()", "(. > 3) and . >= now()", ". <= today()", "selected(., 'a')", "regex(., '(a+)+$')", "a" * 300,
    r"regex(., '\d{1000000000}')", "pulldata('a', 'b', 'c', 'd')", "jr:choice-name(${water}, '${water}')", "French",
    "select_one yes_no", "select_one list or_other", "select_multiple list", "rank list", "text", "integer", "note", "hidden",
    "calculate", "range", "audio", "date", "dateTime", "time", "geopoint", "acknowledge", "percentage", "begin group",
    "end group", "begin repeat", "end repeat", "begin loop over list", "today", "audit", "randomize=true",
    "randomize=true seed=5", "start=1 end=5", "start=0 end=1 step=0.1", "start=5 end=1", "start=1 end=1e999999", "rows=3",
    "English (en)", "field-list", "search('x')", "1000000000",
]  # fmt: skip
HEADINGS = [
    "type", "name", "label", "hint", "label::English (en)", "label::French", "hint::French", "relevant", "constraint",
    "constraint_message", "required", "calculation", "choice_filter", "parameters", "media::audio", "media::image", "value",
    "appearance", "default", "read_only", "trigger", "guidance_hint", "disabled", "repeat_count", "bind::x", "foo", "caption",
    "list_name", "required_message", "relevance", "save_to", "version", "form_id", "form_title", "default_language",
]  # fmt: skip
KINDS = {"xlsx": as_xlsx, "csv": as_csv, "xls": as_xls}
EACH = 120
"""Broken forms of each kind of file and each source."""
Sheets = dict[str, list[list[str]]]


def broken(form: Sheets, dice: Random) -> Sheets:
    sheets = {title: [list(row) for row in rows] for title, rows in form.items()}
    for _ in range(dice.choice([1, 1, 2, 3, 5, 8])):
        rows = sheets[dice.choice(sorted(sheets))]
        if rows:
            dice.choice([clear, garble, swap_columns, drop, double, add_column, rename, swap_rows])(
                rows, dice
            )
    return sheets


def clear(rows: list[list[str]], dice: Random) -> None:
    row = dice.choice(rows)
    row[dice.randrange(len(row))] = ""


def garble(rows: list[list[str]], dice: Random) -> None:
    row = dice.choice(rows)
    row[dice.randrange(len(row))] = dice.choice(GARBAGE)


def swap_columns(rows: list[list[str]], dice: Random) -> None:
    one, other = dice.randrange(len(rows[0])), dice.randrange(len(rows[0]))
    for row in rows:
        row[one], row[other] = row[other], row[one]


def drop(rows: list[list[str]], dice: Random) -> None:
    rows.pop(dice.randrange(len(rows)))


def double(rows: list[list[str]], dice: Random) -> None:
    rows.insert(dice.randrange(len(rows)), list(dice.choice(rows)))


def add_column(rows: list[list[str]], dice: Random) -> None:
    for row in rows:
        row.append(dice.choice(GARBAGE) if dice.random() < 0.3 else "")
    rows[0][-1] = dice.choice(HEADINGS)


def rename(rows: list[list[str]], dice: Random) -> None:
    rows[0][dice.randrange(len(rows[0]))] = dice.choice(HEADINGS)


def swap_rows(rows: list[list[str]], dice: Random) -> None:
    one, other = dice.randrange(len(rows)), dice.randrange(len(rows))
    rows[one], rows[other] = rows[other], rows[one]


def comes_back(data: bytes, name: str) -> bool:
    """False if it is refused."""
    try:
        conversion = read_form(data, name)
    except FormRefused as refusal:
        assert all(
            one.feature and one.why and one.remedy and one.place.file == name for one in refusal.faults
        )
        return False
    written, _ = write_form(conversion.questionnaire)

    assert equivalent(data, name, written, "back.xlsx", conversion.dropped) == []
    return True


def break_all(forms: list[Sheets], kind: str) -> int:
    """How many of the broken forms were converted."""
    converted = 0
    for seed in range(EACH):
        dice = Random(seed)
        sheets = broken(dice.choice(forms), dice)
        converted += comes_back(KINDS[kind](sheets), f"{seed}.{kind}")
    return converted


def squared(rows: list[list[str]]) -> list[list[str]]:
    """Every row as long as the longest."""
    width = max((len(row) for row in rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows if width]


@pytest.fixture(scope="module")
def given_forms(shared_data: Path) -> list[Sheets]:
    books = [open_book(file.read_bytes(), file.name) for file in forms_in(shared_data / "forms")]
    return [
        {
            sheet.title: squared(
                [list(sheet.columns), *([row.get(one, "") for one in sheet.columns] for row in sheet.rows)]
            )
            for sheet in book.sheets.values()
        }
        for book in books
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_given_forms_may_be_broken_in_any_way(given_forms: list[Sheets], kind: str) -> None:
    assert break_all(given_forms, kind) > EACH // 5


@pytest.mark.parametrize("kind", KINDS)
def test_our_own_forms_may_be_broken_in_any_way(kind: str) -> None:
    forms = [{title: squared(rows) for title, rows in sheets_of(own(name)).items()} for name in own_forms()]

    assert break_all(forms, kind) > EACH // 5


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.xlsx", "a.xls", "a.csv", "a.md", "a"]))
def test_any_bytes_are_refused_or_read(data: bytes, name: str) -> None:
    for begin in (
        b"",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"survey\n,type,name,label\n,text,a,",
    ):
        try:
            read_form(begin + data, name)
        except FormRefused:
            continue
