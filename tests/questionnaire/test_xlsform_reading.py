"""XLSForms of every kind that teams write, as documents: what is asked, what is listed, where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from xlsform_making import Sheets, as_csv, as_xls, as_xlsx, form, own, own_forms, sheets_of

from survey.questionnaire import Questionnaire, from_json, say
from survey.questionnaire.places import Place
from survey.questionnaire.xlsform import Conversion, equivalent, read_form, write_form

every_form = pytest.mark.parametrize("name", own_forms())


def read(name: str) -> Conversion:
    return read_form(own(name), name)


def listed(conversion: Conversion) -> list[str]:
    """Name of the question, or else the feature, and what becomes of it."""
    return [f"{one.name or one.feature}: {one.feature}" for one in conversion.dropped]


def conditions(q: Questionnaire) -> dict[str, str]:
    return {
        item.id: " and ".join(str(one) for one in q.relevance(item)) for item in q.flow if q.relevance(item)
    }


@every_form
def test_every_kind_of_file_says_the_same(name: str) -> None:
    sheets = sheets_of(own(name))
    forms = {".md": own(name), ".xlsx": as_xlsx(sheets), ".xls": as_xls(sheets), ".csv": as_csv(sheets)}
    read_forms = [read_form(data, name.replace(".md", ending)) for ending, data in forms.items()]

    assert all(one.questionnaire == read_forms[0].questionnaire for one in read_forms)
    assert all(Counter(listed(one)) == Counter(listed(read_forms[0])) for one in read_forms)


@every_form
def test_every_form_comes_back_equivalent(name: str) -> None:
    conversion = read(name)
    written, _ = write_form(from_json(conversion.questionnaire.to_json()))

    assert equivalent(own(name), name, written, "back.xlsx", conversion.dropped) == []
    assert read_form(written, "back.xlsx").questionnaire.items == conversion.questionnaire.items


def test_a_household_form_of_kobos() -> None:
    conversion = read("household.md")
    q = conversion.questionnaire

    assert (q.code, q.version, q.title) == ("household", 2026112301, {"fr": {"any": "Household survey"}})
    assert q.languages == ("fr", "en")
    assert q.language_names == {"fr": "Français (fr)", "en": "English (en)"}
    assert [(item.id, item.kind, item.block) for item in q.flow] == [
        ("welcome", "note", None),
        ("members", "integer", "household"),
        ("children", "select_one", "household"),
        ("pupils", "integer", "school"),
        ("why_not", "select_multiple", "school"),
        ("share", "calculate", None),
        ("told", "note", None),
        ("water", "select_one", None),
        ("water_other", "text", None),
        ("satisfied", "scale", None),
        ("since", "date", None),
        ("understood", "select_one", None),
        ("remarks", "text", None),
    ]
    assert [(block.id, block.block) for block in q.blocks] == [("household", None), ("school", "household")]
    assert conditions(q) == {
        "children": "${members} > 1",
        "pupils": "selected(${children}, 'yes')",
        "why_not": "selected(${children}, 'yes') and ${pupils} < ${members}",
        "told": "${share} > 0",
        "water_other": "selected(${water}, 'other')",
    }
    members = q.by_id["members"]
    assert str(members.constraint) == ". > 0 and . < 31"
    assert members.constraint_message == {"en": {"any": "1 to 30"}, "fr": {"any": "De 1 à 30"}}
    assert members.hint == {"en": {"any": "With children"}, "fr": {"any": "Avec les enfants"}}
    assert members.required and q.by_id["children"].required and not q.by_id["pupils"].required
    assert q.by_id["why_not"].options_order == "random"
    assert [option.code for option in q.options("water")] == ["tap", "well", "other"]
    assert q.label("water", "well", "fr") == "Puits"
    assert [option.code for option in q.options("satisfied")] == ["1", "2", "3", "4", "5"]
    assert [option.code for option in q.options("understood")] == ["OK"]
    assert listed(conversion) == ["household: appearance"]


def test_everything_that_a_phone_cannot_do_is_listed_and_only_one_question_is_left_as_it_was() -> None:
    conversion = read("what_a_phone_cannot.md")

    assert [(item.id, item.kind) for item in conversion.questionnaire.items] == [
        ("asked", "text"),
        ("said", "text"),
        ("age", "calculate"),
        ("weight", "decimal"),
    ]
    assert str(conversion.questionnaire.by_id["weight"].constraint) == ". >= 0.5 and . <= 20"
    assert listed(conversion) == [
        "column bind::odk:length: column bind::odk:length",
        "column notes: column notes",
        "start: metadata",
        "metadata: metadata",
        "device: metadata",
        "asked: default",
        "asked: appearance",
        "asked: image beside the words",
        "asked: guidance_hint",
        "asked: required_message",
        "asked: required as a condition",
        "asked: parameters",
        "asked: save_to",
        "place: geopoint",
        "way: geotrace",
        "field: geoshape",
        "photo: image",
        "film: video",
        "paper: file",
        "code: barcode",
        "hour: time",
        "moment: dateTime",
        "order: rank",
        "town: select from a file",
        "header: table header",
        "looked_up: search()",
        "towns: external data",
        "heard: background",
        "locked: read_only",
        "kept: trigger",
        "price: pulldata()",
        "priced: depends on what is not asked",
        "dear: depends on what is not asked",
        "path: ..",
        "costly: group that depends on what is not asked",
        "child: repeat",
        "empty: empty group",
        "last: image",
        "said: audio",
        "said: parameters",
        "age: calculated question",
        "weight: range beyond a scale",
        "unworded: no words",
        "sheet entities: sheet entities",
        "setting instance_name: setting instance_name",
        "setting style: setting style",
    ]


def test_a_line_names_file_cell_feature_reason_and_remedy() -> None:
    sheets = sheets_of(own("what_a_phone_cannot.md"))
    lines = [str(one) for one in read_form(as_xlsx(sheets), "Feldbuch.xlsx").dropped]

    assert lines[2] == (
        "Feldbuch.xlsx, survey!A2: metadata (start): the app fills it in, and there is no app on a call -> not asked; "
        "use now() or today(), or hidden"
    )
    assert lines[31] == (
        "Feldbuch.xlsx, survey!C24: depends on what is not asked (priced): ${price} is not asked -> not asked; "
        "mend that question, or do without it here"
    )
    assert str(read("what_a_phone_cannot.md").dropped[2]).startswith(
        "what_a_phone_cannot.md:4:2: metadata (start)"
    )


def test_surveyctos_headings_and_types() -> None:
    conversion = read("surveycto.md")
    q = conversion.questionnaire

    assert [item.id for item in q.items] == ["consent", "region", "district", "hens", "land", "shown"]
    assert q.by_id["shown"].kind == "note"
    assert q.by_id["consent"].audio == {"en": "consent.wav"}
    assert str(q.by_id["district"].choice_filter) == "filter = ${region}"
    assert [option.attributes for option in q.options("district")] == [{"filter": "n"}, {"filter": "s"}]
    assert conditions(q) == {
        "region": "${consent} = '1'",
        "district": "${consent} = '1'",
        "hens": "${consent} = '1'",
        "land": "${consent} = '1' and ${hens} > 0",
        "shown": "${consent} = '1'",
    }
    assert q.version == 1
    assert Counter(one.effect for one in conversion.dropped) == {
        "question": 8,
        "cell": 5,
        "column": 2,
        "group": 1,
    }


def test_options_that_depend_on_answers() -> None:
    conversion = read("cascade.md")
    q = conversion.questionnaire

    assert [item.id for item in q.items] == ["province", "city", "town", "visited"]
    assert q.options("town")[0].attributes == {"province": "p1", "city": "c1", "size": "5"}
    assert [str(one) for one in conversion.dropped] == [
        "cascade.md:8:5: empty choice_filter (lost): kind is no column of the sheet choices, so no option would ever be "
        "left -> not asked; name a column of the sheet choices, or put a code in quotes"
    ]


def test_yes_as_a_choice_filter_is_a_column_and_not_a_truth() -> None:
    data = form(
        "type | name | label | choice_filter",
        "select_one l | near | Which is near? | yes", "select_one l | far | Which is far? | true()",
        choices=("list_name | name | label", "l | a | The clinic", "l | b | The school"),
    )  # fmt: skip
    conversion = read_form(data, "x.md")

    assert [item.id for item in conversion.questionnaire.items] == ["far"]
    assert listed(conversion) == ["near: empty choice_filter"]


def test_names_that_are_taken_are_changed_everywhere_and_changed_back() -> None:
    q = read("names.md").questionnaire

    assert [item.id for item in q.items] == [
        "mode_", "centre_", "name", "age", "mother.name", "age.age", "form.name", "call",
    ]  # fmt: skip
    assert conditions(q) == {"centre_": "${mode_} = 'bus'", "age.age": "${centre_} != ''"}
    assert say(q.by_id["centre_"].prompt, "en", "text") == "Which health centre do you go to from ${mode_}?"
    assert q.may_know == ("hotline",)
    written, _ = write_form(q)
    assert equivalent(own("names.md"), "names.md", written, "names.xlsx", read("names.md").dropped) == []


def test_a_name_is_free_again_where_the_other_question_is_not_asked() -> None:
    data = form(
        "type | name | label | relevant",
        "begin group | g | G |", "integer | age | His age? | once(1) = 1", "text | more | More? |", "end group | | |",
        "integer | age | Your age? |",
    )  # fmt: skip
    conversion = read_form(data, "x.md")

    assert [item.id for item in conversion.questionnaire.items] == ["more", "age"]
    assert listed(conversion) == ["age: once()"]


def test_a_choice_that_is_a_missing_answer_becomes_one_and_no_condition_waits_for_it() -> None:
    conversion = read("missing_codes.md")
    q = conversion.questionnaire

    assert [item.id for item in q.items] == ["one", "why"]
    assert [option.code for option in q.options("one")] == ["yes", "no"]
    assert q.by_id["one"].missing == ("dk", "refused")
    assert [(one.name, one.effect) for one in conversion.dropped if one.name] == [
        ("several", "question"),
        ("unsure", "question"),
        ("gone", "question"),
    ]


def test_a_list_that_names_no_answer_offers_it() -> None:
    data = form("type | name | label", "select_one l | q | Gone?", choices=(
        "list_name | name | label", "l | yes | Yes", "l | no_answer | Silence"))  # fmt: skip
    assert read_form(data, "q.md").questionnaire.by_id["q"].missing == ("dk", "refused", "no_answer")


def test_ranges_are_scales_or_numbers() -> None:
    q = read("ranges.md").questionnaire
    kinds = {item.id: (item.kind, str(item.constraint or item.range)) for item in q.items}

    assert kinds["plain"] == ("scale", "low=1 high=10 low_label={} high_label={}")
    assert q.by_id["ends"].range is not None and q.by_id["ends"].range.high_label == {"en": {"any": "Good"}}
    assert kinds["big"] == ("integer", "(. != 1950) and . >= 1900 and . <= 2026")
    assert kinds["steps"] == ("integer", ". >= 0 and . <= 100 and (. - 0) mod 10 = 0")
    assert kinds["below"] == ("integer", ". >= -5 and . <= 5")
    assert kinds["fine"] == ("decimal", ". >= 0 and . <= 1")


@pytest.mark.parametrize("parameters", ["start=1e0 end=5", "start=١ end=٥", "start=1 end=5 step=-1"])
def test_a_range_is_the_same_in_whatever_digits(parameters: str) -> None:
    data = form("type | name | label | parameters", f"range | clean | How clean? | {parameters}")
    conversion = read_form(data, "x.md")
    written, _ = write_form(conversion.questionnaire)

    assert str(conversion.questionnaire.by_id["clean"].range) == "low=1 high=5 low_label={} high_label={}"
    assert conversion.dropped == ()
    assert equivalent(data, "x.md", written, "back.xlsx", ()) == []


def test_a_list_keeps_its_name() -> None:
    data = form("type | name | label", "select_one pay$ | pay | Cash?", choices=(
        "list_name | name | label", "pay$ | yes | Yes", "pay$ | no | No"))  # fmt: skip
    q = read_form(data, "x.md").questionnaire
    written, _ = write_form(q)

    assert read_form(written, "back.xlsx").questionnaire.by_id["pay"].choices == "pay$"
    assert equivalent(data, "x.md", written, "back.xlsx", ()) == []


def test_emphasis_is_kept_where_it_is_written_and_left_out_where_it_is_said() -> None:
    q = read("styled.md").questionnaire

    assert q.by_id["intro"].prompt["en"]["any"] == "# Welcome to **our** survey"
    assert say(q.by_id["intro"].prompt, "en", "voice") == "Welcome to our survey"
    assert say(q.by_id["quoted"].prompt, "en", "web") == "您听说过“安全账户”吗？"
    assert say(q.by_id["quoted"].hint, "en", "operator") == "重要"
    assert say(q.by_id["link_"].prompt, "en", "text") == "Have you read our page on fraud?"
    assert q.by_id["link_"].hint == {"en": {"any": "2 * 3 * 4 is not emphasis"}}
    assert q.label("link_", "yes", "en") == "Yes"


def test_a_moment_is_an_appointment_only_if_it_lies_ahead() -> None:
    conversion = read("appointments.md")
    constraints = {item.id: str(item.constraint or "") for item in conversion.questionnaire.items}

    assert constraints == {
        "call_back": "",
        "in_week": "decimal-date-time(.) < decimal-date-time(today()) + 7",
        "later": ". > today()",
    }
    assert listed(conversion) == ["stolen: dateTime", "either: dateTime", "perhaps: dateTime"]


def test_other_that_the_form_words_itself_is_followed_by_the_question_which() -> None:
    q = read("other_written_out.md").questionnaire

    assert [item.id for item in q.flow] == ["water", "water_other", "second", "second_other", "third"]
    assert [option.code for option in q.options("second")] == ["tap", "other"]
    assert conditions(q) == {
        "water_other": "selected(${water}, 'other')",
        "second": "${water} = 'other'",
        "second_other": "selected(${second}, 'other')",
    }


def test_languages_by_name_by_letters_and_by_number() -> None:
    q = read("languages.md").questionnaire

    assert q.languages == ("en", "sw", "und-x-1")
    assert q.language_names == {"en": "", "sw": "Kiswahili", "und-x-1": "Klingon"}
    assert q.label("one", "yes", "sw") == "Ndiyo"


def test_a_chinese_form_without_languages_is_chinese_and_may_come_from_an_old_spreadsheet() -> None:
    as_excel_saves_it = as_csv(sheets_of(own("chinese.md")), "gb18030")
    q = read_form(as_excel_saves_it, "回访表.csv").questionnaire

    assert q == read("chinese.md").questionnaire
    assert (q.code, q.title, q.languages) == ("回访表", {"zh": {"any": "回访"}}, ("zh",))
    assert conditions(q) == {"原因": "${态度} = '3'"}


def test_the_language_of_labels_without_one_can_be_said() -> None:
    data = form("type | name | label", "text | q1 | ¿Su nombre?")

    assert read_form(data, "x.md").questionnaire.languages == ("en",)
    assert read_form(data, "x.md", lang="es").questionnaire.languages == ("es",)


def test_types_of_older_tools() -> None:
    q = read("old_types.md").questionnaire
    kinds = {item.id: item.kind for item in q.items}

    assert " ".join(f"{name}:{kind}" for name, kind in kinds.items()) == (
        "a:text b:integer c:text d:integer e:text f:date g:note h:select_multiple i:select_one j:integer k:select_one"
    )
    assert str(q.by_id["d"].constraint) == "0 <= . and . <= 100"
    assert say(q.by_id["e"].hint, "en", "web") == "Enter numbers only."


def test_hidden_values_are_facts() -> None:
    conversion = read("hidden.md")
    q = conversion.questionnaire

    assert q.may_know == ("village", "street")
    assert [item.id for item in q.items] == ["doubled", "one", "three", "four"]
    assert listed(conversion) == ["constant: default of a value", "two: depends on what is not asked"]


def test_words_beside_a_question_do_not_say_what_is_not_asked() -> None:
    conversion = read("notes_only_beside.md")
    q = conversion.questionnaire

    assert [(item.id, item.hint, item.constraint_message) for item in q.items] == [
        ("one", {}, {}),
        ("two", {"en": {"any": "In ${one}"}}, {}),
        ("generated_note_name_7", {}, {}),
    ]
    assert q.blocks[0].title == {}
    assert listed(conversion) == [
        "today: metadata",
        "one: hint with a gap",
        "one: message with a gap",
        "g: message with a gap",
    ]


def test_every_place_of_the_document_leads_to_its_cell() -> None:
    sheets = sheets_of(own("household.md"))
    conversion = read_form(as_xlsx(sheets), "h.xlsx")

    def cell(*path: str | int) -> Place:
        return conversion.place(path)

    assert cell("items", 1) == Place("h.xlsx", cell="survey!A4")
    assert cell("items", 1, "prompt", "fr", "any") == Place("h.xlsx", cell="survey!D4")
    assert cell("items", 1, "constraint") == Place("h.xlsx", cell="survey!I4")
    assert cell("items", 5, "calculation") == Place("h.xlsx", cell="survey!L11")
    assert cell("blocks", 1, "relevant") == Place("h.xlsx", cell="survey!H6")
    assert cell("choices", "water", 1, "label", "en") == Place("h.xlsx", cell="choices!C8")
    assert cell("title") == Place("h.xlsx", cell="settings!A2")
    assert cell("scripts", "opening") == Place("h.xlsx")
    assert read("household.md").place(("items", 1)) == Place("household.md", 6, 2)


@pytest.mark.parametrize(("kind", "make"), [("xlsx", as_xlsx), ("xls", as_xls)])
def test_what_pyxform_passes_over_is_not_lost_without_a_word(
    kind: str, make: Callable[[Sheets], bytes]
) -> None:
    rows: list[list[object]] = [
        ["type", "name", "label"],
        ["integer", "a", 1],
        *[[]] * 61,
        ["text", "b", "B"],
    ]
    conversion = read_form(
        make({"survey": rows, "choises": [["list_name"]], "remarks": [["x"]]}), f"far.{kind}"
    )

    assert [item.id for item in conversion.questionnaire.items] == ["a"]
    assert [str(one) for one in conversion.dropped] == [
        f"far.{kind}, survey!A64: rows after empty rows: pyxform reads nothing after sixty empty rows -> not asked; take the "
        "empty rows out",
        f"far.{kind}, choises!A1: sheet choises: its name is like one that XLSForm knows, but not the same -> the sheet is "
        "not read; correct it",
    ]


def test_a_sheet_with_another_name_is_told_with_its_line() -> None:
    data = form("type | name | label", "text | q | Asked?") + b"\n| setings |\n| | version |\n| | 3 |"

    assert [str(one) for one in read_form(data, "x.md").dropped] == [
        "x.md:4:1: sheet setings: its name is like one that XLSForm knows, but not the same -> the sheet is not read; "
        "correct it"
    ]


def test_words_that_another_column_overwrites_are_listed() -> None:
    data = form(
        "type | name | label::English (en) | label", "text | q | Asked? | Heard?", "text | r | Read? |"
    )
    conversion = read_form(data, "x.md")

    assert say(conversion.questionnaire.by_id["q"].prompt, "en", "web") == "Heard?"
    assert listed(conversion) == ["q: overwritten words"]
