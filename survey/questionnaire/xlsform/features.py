"""What a phone cannot do with an XLSForm, and what becomes of it; what is carried over; what XLSForm lacks of ours.

docs/xlsform.md shows the same three tables; a test holds them equal.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from survey.questionnaire.xlsform.dropped import Effect


class Feature(NamedTuple):
    effect: Effect
    why: str
    remedy: str


CARRIED: Final[Mapping[str, str]] = {
    "select_one, select_multiple": "select_one, select_multiple with `choices`, labels in all languages",
    "or_other": "`other`, followed by the question which one",
    "choice_filter, columns of choices": "`choice_filter`, `attributes` of options",
    "parameters randomize=true": "`options_order: random`",
    "integer, decimal, text, date": "integer, decimal, text, date; aliases such as int, string, percentage, phone number too",
    "dateTime that lies ahead": "appointment, if its constraint is `. >= now()` or stronger",
    "range": "scale, if it goes from 0 or more to 99 or less in steps of 1",
    "tick_labelset with words for both ends": "`range.low_label`, `range.high_label`",
    "note, text that is read_only": "note",
    "acknowledge, trigger": "select_one with one option, OK",
    "calculate": "calculate",
    "hidden": "a fact (`may_know`)",
    "begin group, end group": "block with `title` and `relevant`",
    "relevant": "`relevant`",
    "constraint, constraint_message": "`constraint`, `constraint_message`",
    "required": "`required`",
    "label, hint in any number of languages": "`prompt`, `hint`; emphasis and links are left out where they are spoken or texted",
    "media::audio of a question": "`audio`, recorded prompts for the telephone",
    "${name} in texts": "`${name}`",
    "form_title, form_id, version, default_language": "`title`, `code`, `version`, the first of `languages`",
    "disabled": "rows that are disabled are not there",
}
"""In XLSForm -> in our document."""

FEATURES: Final[Mapping[str, Feature]] = {
    # Questions
    "geopoint": Feature("question", "a telephone has no position to send", "ask for the place in words"),
    "geotrace": Feature("question", "a telephone has no line on a map", "ask in words"),
    "geoshape": Feature("question", "a telephone has no area on a map", "ask in words"),
    "image": Feature("question", "a telephone takes no picture, drawing or signature", "ask in words"),
    "video": Feature("question", "a telephone takes no film", "ask in words"),
    "file": Feature("question", "a telephone takes no file", "ask in words"),
    "barcode": Feature("question", "a telephone scans no code", "ask for the number as integer or text"),
    "osm": Feature("question", "a telephone has no OpenStreetMap", "ask in words"),
    "time": Feature(
        "question", "the document has no kind for a time of day", "ask a select_one of hours, or text"
    ),
    "dateTime": Feature(
        "question",
        "a telephone takes a moment to come (an appointment), and this may be a past one",
        "ask a date, or add the constraint . >= now()",
    ),
    "rank": Feature(
        "question", "an order of options cannot be keyed or said", "ask for the first choice as select_one"
    ),
    "select_one_external": Feature(
        "question", "its options stand in another table", "write them on the sheet choices"
    ),
    "select from a file": Feature(
        "question", "its options stand in another file", "write them on the sheet choices"
    ),
    "choices from answers": Feature(
        "question", "its options are what was answered in a repeat", "ask as text"
    ),
    "search()": Feature(
        "question", "its options are looked up in another file", "write them on the sheet choices"
    ),
    "metadata": Feature(
        "question", "the app fills it in, and there is no app on a call", "use now() or today(), or hidden"
    ),
    "background": Feature(
        "question", "an app records it while it runs, and there is no app on a call", "do without it"
    ),
    "external data": Feature(
        "question", "it attaches a file, and a call has none", "give the value as hidden"
    ),
    "include": Feature("question", "the questions stand in another file", "copy them into this form"),
    "calculate_here": Feature("question", "it keeps what it was at that moment", "use calculate"),
    "note_in_place": Feature("question", "it belongs to the screen of one app", "use note"),
    "table header": Feature(
        "question", "appearance label shows options above a table and asks nothing", "do without it"
    ),
    "read_only": Feature(
        "question", "it cannot be answered, and shows or holds a value", "use note, or calculate"
    ),
    "trigger": Feature(
        "question", "its value is kept from the moment another question changed", "use calculate"
    ),
    "custom bind": Feature(
        "question", "bind::type or bind::jr:preload makes another question of it", "take it out"
    ),
    "default of a value": Feature(
        "question", "nobody asks it, and its default would be lost", "use calculate"
    ),
    "relevant of a hidden value": Feature(
        "question", "a fact is known or not, whatever was answered", "use calculate"
    ),
    "no words": Feature(
        "question", "it has neither label nor hint, so nothing could be said", "write a label"
    ),
    "unusable choices": Feature("question", "its list of choices is not carried over", "mend the list"),
    "empty choice_filter": Feature(
        "question", "", "name a column of the sheet choices, or put a code in quotes"
    ),
    "expression": Feature("question", "", ""),
    "depends on what is not asked": Feature("question", "", "mend that question, or do without it here"),
    "name": Feature(
        "question", "our document has no such name", "use letters, digits, _ . - and begin with a letter"
    ),
    "audio": Feature(
        "otherwise",
        "it is asked as open question: recorded on a call, written elsewhere",
        "use text with media::audio",
    ),
    "range beyond a scale": Feature(
        "otherwise",
        "a scale goes from 0 or more to 99 or less in steps of 1; it is asked as a number",
        "use integer",
    ),
    "calculated question": Feature(
        "otherwise",
        "its value is worked out and never asked; it becomes a calculate without words",
        "use calculate",
    ),
    "hint without label": Feature("otherwise", "there is no label; the hint is asked", "write it as label"),
    # Groups
    "repeat": Feature(
        "group", "a call asks every question once", "write the questions out, or ask about one only"
    ),
    "loop": Feature(
        "group", "a call asks every question once", "write the questions out, one for each choice"
    ),
    "read_only group": Feature("group", "none of its questions can be answered", "use note, or calculate"),
    "condition of a group": Feature("group", "", ""),
    "group that depends on what is not asked": Feature(
        "group", "", "mend that question, or do without it here"
    ),
    "empty group": Feature("frame", "nothing that is asked is left in it", "take it out"),
    # Cells of questions and groups
    "appearance": Feature("cell", "there is no screen to arrange", "take it out"),
    "default": Feature("cell", "nothing is filled in before somebody answers", "do without it"),
    "guidance_hint": Feature("cell", "there is no place for it", "use hint"),
    "required_message": Feature("cell", "the reply to an empty page is that of all forms", "take it out"),
    "required as a condition": Feature(
        "cell", "a question is required or not, for everybody", "write yes or no"
    ),
    "image beside the words": Feature("cell", "a call shows no picture", "say it in the label"),
    "video beside the words": Feature("cell", "a call shows no film", "say it in the label"),
    "audio of a group or choice": Feature(
        "cell", "only questions have recordings", "record it with the question"
    ),
    "autoplay": Feature("cell", "recordings of a call are always played", "take it out"),
    "rows": Feature("cell", "there is no box to size", "take it out"),
    "parameters": Feature("cell", "the phone knows no such parameter", "take it out"),
    "seed": Feature(
        "cell", "the order of options is drawn for each respondent, and kept", "take the seed out"
    ),
    "ticks": Feature("cell", "a scale shows no marks; words for its two ends are kept", "take them out"),
    "external app": Feature("cell", "there is no other app on a call", "take it out"),
    "save_to": Feature("cell", "a call keeps no entities", "take it out"),
    "sms column": Feature("cell", "texts are worded and read by Minyi", "take it out"),
    "hint with a gap": Feature("cell", "it would say what is not asked", "word it without ${…}"),
    "message with a gap": Feature("cell", "it would say what is not asked", "word it without ${…}"),
    "overwritten words": Feature(
        "cell",
        "a column without language to its right takes its place",
        "put the column without language first",
    ),
    "column of a group": Feature(
        "cell", "a block has only a title and a condition", "put it on the questions"
    ),
    "column of a hidden value": Feature("cell", "a fact is neither asked nor checked", "take it out"),
    "read_only without effect": Feature("cell", "a note or a value is never filled in anyway", "take it out"),
    # Columns, choices, sheets, settings
    "custom attribute": Feature("column", "it is for the XForm of one app", "take it out"),
    "unknown column": Feature("column", "it is not one of XLSForm's", "correct its heading, or take it out"),
    "sms_option": Feature("column", "texts are worded and read by Minyi", "take it out"),
    "missing answer as choice": Feature(
        "option",
        "every question has the answers dk, refused and no_answer already",
        "take it out, or rename it",
    ),
    "choice that stands twice": Feature(
        "list", "an answer is kept by its code", "give each choice its own name"
    ),
    "choice without words": Feature("list", "it could not be said", "write a label"),
    "name of a choice": Feature(
        "list", "codes are 1 to 64 characters without blanks", "use a shorter name without blanks"
    ),
    "external_choices": Feature(
        "sheet", "its choices are for another table's questions", "use the sheet choices"
    ),
    "entities": Feature("sheet", "a call keeps no entities", "take it out"),
    "osm tags": Feature("sheet", "a telephone has no OpenStreetMap", "take it out"),
    "sheet with another name": Feature(
        "sheet", "its name is like one that XLSForm knows, but not the same", "correct it"
    ),
    "rows after empty rows": Feature(
        "question", "pyxform reads nothing after sixty empty rows", "take the empty rows out"
    ),
    "setting": Feature("cell", "it is for servers and apps", "take it out"),
    "form_id": Feature("cell", "codes have no blanks and at most 128 characters", "write _ for blanks"),
    "version": Feature("cell", "versions are whole numbers from 1 to 2147483647", "write a whole number"),
    "default_language": Feature("cell", "no label is in this language", "name a language of the labels"),
    "name taken": Feature("renamed", "Minyi says something else by this name", "choose another name"),
    # What refuses a form
    "not an XLSForm": Feature(
        "form", "it has no survey sheet, or cannot be read", "save it as .xlsx, .csv or .md"
    ),
    "size": Feature("form", "it is larger than any form needs to be", "split it"),
    "encoding": Feature("form", "its letters cannot be read", "save it in UTF-8"),
    "heading": Feature("form", "it stands twice or has too many parts", "correct it"),
    "type": Feature("form", "there is no such type of question", "use a type of XLSForm"),
    "nesting": Feature("form", "groups stand too deep inside one another", "flatten them"),
    "repeat_count": Feature("form", "no question is repeated so often", "write a smaller number"),
    "malformed expression": Feature("form", "what it means cannot be known", "correct it"),
    "form": Feature("form", "pyxform, which reads XLSForms, refuses it", "correct the cell"),
    "document": Feature("form", "what comes out would not hang together", "correct the cell"),
    "nothing to ask": Feature("form", "none of its questions can be asked on a phone", "see the lines below"),
}
"""Feature -> what becomes of the place where it stands, why, and what to do. Empty: told anew at each place."""

OURS: Final[Mapping[str, str]] = {
    "words for a mode": "XLSForm has one label in each language; that of `any` or `operator` is written",
    "title in other languages": "form_title is in the default language",
    "modes": "XLSForm knows one way of asking",
    "again": "there is no second wording",
    "choices_from": "options cannot come from a fact; the question is not written",
    "options_order: rotated": "options are random or fixed",
    "two_directions": "options are random or fixed",
    "several_in": "select_multiple takes several answers always",
    "missing": "which missing answers are offered",
    "reads_dk": "which keys are read out",
    "speech": "how the telephone listens",
    "record_s": "how long the telephone records",
    "essential": "what makes an interview complete",
    "is_age": "minors are not told apart",
    "each_contact": "a form is filled in once",
    "tells": "what counts as told",
    "other with a choice_filter": "pyxform refuses or_other beside choice_filter; it is written without or_other",
    "short, also, on_scale, excludes_others, between": "how answers are said and understood",
    "attributes": "a column of choices needs a name without blanks that XLSForm does not use itself",
    "order of a block": "groups have one order",
    "block in pieces": "a group is written once; its condition goes to each question",
    "name": "pyxform takes no such name",
    "facts": "hidden values are written, but not in which mode they must be known",
    "functions of Minyi": "replied() and is-missing() are written, and no other tool knows them",
    "words for one end": "tick_labelset has words for both ends of a range, or none",
    "official, purpose, minutes, order, pages, voice, web, limits": "how the interview is held",
    "complete, partial, ends, flags, appeal, scores, scripts": "what comes of the answers, and what is said around them",
    "long text": "a cell holds 32,767 characters; it is cut",
}
"""Of our document -> why XLSForm does not say it."""
