"""Documents of ours as XLSForms: the shipped instruments, and everything that a form has room for and has not."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from survey.questionnaire import Questionnaire, from_json, library, shipped
from survey.questionnaire.xlsform import equivalent, read_form, write_form

each_instrument = pytest.mark.parametrize("code", shipped())


def document(*items: dict[str, Any], **rest: Any) -> Questionnaire:
    """In English, with the prompts "…?" where none are given."""
    worded = [
        {"prompt": {"en": f"{item['id']}?"}, **item} if item["kind"] != "calculate" else item
        for item in items
    ]
    return from_json(
        {"format": 2, "code": "poll", "version": 1, "title": {"en": "Poll"}, "items": worded, **rest}
    )


def cells(data: bytes, sheet: str) -> list[dict[str, str]]:
    """The rows of a sheet by heading, empty cells left out."""
    heads, *rows = load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True)
    return [{str(head): str(cell) for head, cell in zip(heads, row, strict=True) if cell} for row in rows]


def unsaid(q: Questionnaire) -> list[str]:
    return [f"{one.place.cell}: {one.feature}" for one in write_form(q)[1]]


@each_instrument
def test_pyxform_reads_each_shipped_instrument_without_fault(code: str) -> None:
    written, _ = write_form(library(code))

    assert "<h:title>" in convert(written, file_type=".xlsx").xform


@each_instrument
def test_each_shipped_instrument_asks_the_same_when_it_comes_back(code: str) -> None:
    q = library(code)
    written, lost = write_form(q)
    conversion = read_form(written, f"{code}.xlsx")
    back = conversion.questionnaire
    left_out = {one.place.cell for one in lost if one.feature == "choices_from"}

    kept = [item for item in q.items if f"items.{item.id}" not in left_out]
    assert conversion.dropped == ()
    assert (back.code, back.version, back.languages) == (q.code, q.version, q.languages)
    assert [(item.id, item.kind, item.block) for item in back.items] == [
        (i.id, i.kind, i.block) for i in kept
    ]
    assert {item.id: back.relevance(back.by_id[item.id]) for item in kept} == {
        i.id: q.relevance(i) for i in kept
    }
    for item in kept:
        assert back.codes.get(item.id) == q.codes.get(item.id)
        for lang in q.languages:
            assert [back.label(item.id, one, lang) for one in back.codes.get(item.id, ())] == [
                q.label(item.id, one, lang) for one in q.codes.get(item.id, ())
            ]
    again, _ = write_form(back)
    assert equivalent(written, "a.xlsx", again, "b.xlsx", ()) == []


def test_equal_documents_give_equal_bytes_whenever_they_are_written() -> None:
    data, _ = write_form(library("callback"))

    assert data == write_form(from_json(library("callback").to_json()))[0]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


def test_the_sheets_as_they_are_written() -> None:
    q = document(
        {"id": "safe", "kind": "select_one", "choices": "safety", "required": True, "options_order": "random",
         "prompt": {"zh": "您感觉安全吗?", "en": "Do you feel safe?"}, "audio": {"zh": "safe.wav"}},
        {"id": "why", "kind": "text", "block": "more", "hint": {"en": "In a word"}, "relevant": "${safe} = '2'"},
        {"id": "years", "kind": "integer", "block": "inner", "constraint": ". < 120", "constraint_message": {"en": "No"}},
        {"id": "mark", "kind": "scale", "range": {"low": 1, "high": 5, "low_label": {"en": "bad"}, "high_label": {"en": "good"}}},
        {"id": "when", "kind": "appointment"},
        {"id": "soon", "kind": "appointment", "constraint": ". < '2027-01-01' or . = ''"},
        {"id": "twice", "kind": "calculate", "calculation": "${years} * 2"},
        {"id": "which", "kind": "select_multiple", "choices": "safety", "other": True, "choice_filter": "kind = 'x'"},
        {"id": "source", "kind": "select_one", "choices": "safety", "other": True},
        {"id": "thanks", "kind": "note", "prompt": {"en": "Thank you, ${name}. Score ${twice}."}},
        blocks=[{"id": "more", "title": {"en": "More"}, "relevant": "${safe} != ''"}, {"id": "inner", "block": "more"}],
        choices={"safety": [{"code": "1", "label": {"zh": "安全", "en": "safe"}, "attributes": {"kind": "x"}},
                            {"code": "2", "label": {"zh": "不安全", "en": "unsafe"}}]},
        facts={"voice": ["centre"]}, may_know=["name"], languages=["zh", "en"], version=7,
        title={"zh": "民调", "en": "Poll"},
    )  # fmt: skip
    data, _ = write_form(q)
    zh, en = "Chinese (zh)", "English (en)"

    assert cells(data, "survey") == [
        {"type": "hidden", "name": "centre"},
        {"type": "hidden", "name": "name"},
        {"type": "select_one safety", "name": "safe", f"label::{zh}": "您感觉安全吗?", f"label::{en}": "Do you feel safe?",
         "required": "yes", "parameters": "randomize=true", f"media::audio::{zh}": "safe.wav"},
        {"type": "begin group", "name": "more", f"label::{en}": "More", "relevant": "${safe} != ''"},
        {"type": "text", "name": "why", f"label::{en}": "why?", f"hint::{en}": "In a word", "relevant": "${safe} = '2'"},
        {"type": "begin group", "name": "inner"},
        {"type": "integer", "name": "years", f"label::{en}": "years?", "constraint": ". < 120",
         f"constraint_message::{en}": "No"},
        {"type": "end group"},
        {"type": "end group"},
        {"type": "range", "name": "mark", f"label::{en}": "mark?", "parameters": "start=1 end=5 step=1 tick_labelset=mark_ends"},
        {"type": "dateTime", "name": "when", f"label::{en}": "when?", "constraint": ". >= now()"},
        {"type": "dateTime", "name": "soon", f"label::{en}": "soon?",
         "constraint": "(. < '2027-01-01' or . = '') and . >= now()"},
        {"type": "calculate", "name": "twice", "calculation": "${years} * 2"},
        {"type": "select_multiple safety", "name": "which", f"label::{en}": "which?", "choice_filter": "kind = 'x'"},
        {"type": "select_one safety or_other", "name": "source", f"label::{en}": "source?"},
        {"type": "note", "name": "thanks", f"label::{en}": "Thank you, ${name}. Score ${twice}."},
    ]  # fmt: skip
    assert cells(data, "choices") == [
        {"list_name": "safety", "name": "1", f"label::{zh}": "安全", f"label::{en}": "safe", "kind": "x"},
        {"list_name": "safety", "name": "2", f"label::{zh}": "不安全", f"label::{en}": "unsafe"},
        {"list_name": "mark_ends", "name": "1", f"label::{en}": "bad"},
        {"list_name": "mark_ends", "name": "5", f"label::{en}": "good"},
    ]
    assert cells(data, "settings") == [
        {"form_title": "民调", "form_id": "poll", "version": "7", "default_language": zh}
    ]
    assert unsaid(q) == [
        "items.which.other: other with a choice_filter",
        "title: title in other languages",
        "facts: facts",
    ]
    back = read_form(data, "poll.xlsx").questionnaire
    assert [(i.id, i.range, i.constraint) for i in back.items] == [
        (i.id, i.range, i.constraint) for i in q.items
    ]


def test_what_a_form_cannot_say_is_listed_with_its_path() -> None:
    q = document(
        {"id": "one", "kind": "select_one", "choices": "l", "modes": ["voice", "text"], "again": {"en": "One again?"},
         "two_directions": True, "missing": [], "reads_dk": False, "speech": True, "essential": True, "each_contact": True,
         "options_order": "rotated", "prompt": {"en": {"any": "One?", "voice": "One, please?"}}},
        {"id": "age", "kind": "integer", "is_age": True, "record_s": 10},
        {"id": "town", "kind": "select_one", "choices_from": "towns"},
        {"id": "told", "kind": "note", "tells": "result", "relevant": "replied(${one})"},
        {"id": "three", "kind": "scale", "range": {"low": 0, "high": 3, "low_label": {"en": "none"}}},
        choices={"l": [{"code": "a", "label": {"en": "A"}, "short": {"en": "a"}, "attributes": {"list name": "x"}}]},
        blocks=[{"id": "b", "order": "random"}], may_know=["towns", "result"], complete="${one} = 'a'",
        purpose="case", official={"table_no": "7"},
    )  # fmt: skip

    assert unsaid(q) == [
        "items.town: choices_from",
        "items.three.range: words for one end",
        "items.one.modes: modes",
        "items.one.again: again",
        "items.one.two_directions: two_directions",
        "items.one.missing: missing",
        "items.one.reads_dk: reads_dk",
        "items.one.speech: speech",
        "items.one.essential: essential",
        "items.one.each_contact: each_contact",
        "items.one.options_order: options_order: rotated",
        "items.one.prompt.en: words for a mode",
        "items.age.record_s: record_s",
        "items.age.is_age: is_age",
        "items.told.tells: tells",
        "choices.l: short",
        "choices.l.a: attributes",
        "blocks.b.order: order of a block",
        "official: official",
        "purpose: purpose",
        "complete: complete",
        "relevant of told: functions of Minyi",
    ]


def test_a_text_stays_a_text() -> None:
    q = document(
        {"id": "a", "kind": "text", "prompt": {"en": "=SUM(A1:A9)"}, "hint": {"en": "#N/A"}},
        {"id": "b", "kind": "text", "prompt": {"en": "bell\a and " + "x" * 40_000}},
        {"id": "FALSE", "kind": "text", "prompt": {"en": "1.0"}},
    )
    data, lost = write_form(q)
    back = read_form(data, "poll.xlsx").questionnaire.by_id

    assert back["a"].prompt == {"en": {"any": "=SUM(A1:A9)"}}
    assert back["a"].hint == {"en": {"any": "#N/A"}}
    assert len(back["b"].prompt["en"]["any"]) == 32_767
    assert back["FALSE"].prompt == {"en": {"any": "1.0"}}
    assert [f"{one.place.cell}: {one.feature}" for one in lost] == ["survey.b: long text"]


def test_a_language_without_name_stands_before_the_others() -> None:
    q = document(
        {"id": "a", "kind": "text", "prompt": {"zh": "安全吗?", "en": "Safe?"}},
        languages=["zh", "en"], language_names={"en": "", "zh": "Chinese"}, title={"zh": "民调", "en": "Poll"},
    )  # fmt: skip
    data, _ = write_form(q)

    assert list(cells(data, "survey")[0]) == ["type", "name", "label", "label::Chinese"]
    assert read_form(data, "poll.xlsx").questionnaire.by_id["a"].prompt == q.by_id["a"].prompt


def test_questions_of_a_block_that_do_not_stand_together_keep_its_condition() -> None:
    q = document(
        {"id": "a", "kind": "text"},
        {"id": "b", "kind": "text", "block": "g", "relevant": "${a} = '2' or ${a} = '3'"},
        {"id": "c", "kind": "text"},
        {"id": "d", "kind": "text", "block": "g"},
        blocks=[{"id": "g", "relevant": "${a} != ''"}],
    )
    data, lost = write_form(q)

    assert [row.get("relevant") for row in cells(data, "survey")] == [
        None, "(${a} != '') and (${a} = '2' or ${a} = '3')", None, "${a} != ''",
    ]  # fmt: skip
    assert [one.feature for one in lost] == ["block in pieces"]


def test_an_answer_that_is_named_behind_other_is_written_out() -> None:
    q = document(
        {"id": "water", "kind": "select_one", "choices": "l", "other": True},
        {"id": "sure", "kind": "text", "prompt": {"en": "Are you sure that it is ${water_other}?"}},
        choices={"l": [{"code": "tap", "label": {"en": "Tap"}}]},
    )
    data, lost = write_form(q)
    back = read_form(data, "poll.xlsx").questionnaire

    assert lost == ()
    assert [row["type"] for row in cells(data, "survey")] == ["select_one l_or_other", "text", "text"]
    assert [item.id for item in back.flow] == ["water", "water_other", "sure"]
    assert [option.code for option in back.options("water")] == ["tap", "other"]
