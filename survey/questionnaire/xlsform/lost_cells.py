"""Cells and columns of the survey sheet that a phone has no use for."""

from collections.abc import Iterator
from typing import Final

from survey.questionnaire.xlsform.askable import kept_column
from survey.questionnaire.xlsform.dropped import Dropped
from survey.questionnaire.xlsform.headings import AUDIO, HINT, LABEL, NAME, RELEVANT, TYPE, Key, Table
from survey.questionnaire.xlsform.listing import dropped

_BY_KEY: Final[dict[Key, str]] = {
    ("control", "appearance"): "appearance",
    ("default",): "default",
    ("guidance_hint",): "guidance_hint",
    ("bind", "jr:requiredMsg"): "required_message",
    ("media", "image"): "image beside the words",
    ("media", "big-image"): "image beside the words",
    ("media", "video"): "video beside the words",
    ("control", "autoplay"): "autoplay",
    ("control", "rows"): "rows",
    ("control", "jr:count"): "parameters",
    ("bind", "jr:noAppErrorString"): "external app",
    ("intent",): "external app",
    ("bind", "entities:saveto"): "save_to",
    ("sms_field",): "sms column",
    ("sms_option",): "sms column",
    ("sms_separator",): "sms column",
    ("sms_allow_media",): "sms column",
    ("sms_date_format",): "sms column",
    ("sms_datetime_format",): "sms column",
    ("sms_response",): "sms column",
}
_ELSEWHERE: Final = frozenset({("disabled",), ("trigger",), ("bind", "readonly")})
"""Columns that decide about the whole question."""
_OF_GROUPS: Final = (TYPE, NAME, RELEVANT)


def _known(key: Key) -> str | None:
    """The feature of a column, in whichever language it is written."""
    return next((feature for known, feature in _BY_KEY.items() if key[: len(known)] == known), None)


def lost_of_question(survey: Table, row: int) -> Iterator[Dropped]:
    yield from overwritten(survey, row)
    for heading, key in survey.cells(row):
        feature = _known(key)
        if feature is not None:
            yield dropped(feature, survey.place_of(row, heading))


def lost_of_fact(survey: Table, row: int) -> Iterator[Dropped]:
    for heading, key in survey.cells(row):
        if kept_column(key) and key not in _OF_GROUPS and key[:1] not in (LABEL, HINT):
            yield dropped("column of a hidden value", survey.place_of(row, heading))


def overwritten(table: Table, row: int) -> Iterator[Dropped]:
    yield from (
        dropped("overwritten words", table.place_of(row, heading)) for heading in table.overwritten(row)
    )


def lost_of_group(survey: Table, row: int) -> Iterator[Dropped]:
    yield from overwritten(survey, row)
    for heading, key in survey.cells(row):
        feature = _known(key)
        if feature is not None:
            yield dropped(feature, survey.place_of(row, heading))
        elif key == ("trigger",) or (kept_column(key) and key not in _OF_GROUPS and key[:1] != LABEL):
            feature = "audio of a group or choice" if key[:2] == AUDIO else "column of a group"
            yield dropped(feature, survey.place_of(row, heading))


def lost_columns(survey: Table) -> Iterator[Dropped]:
    """Columns that no question has a use for, each once."""
    for heading, key in survey.keys.items():
        if (
            kept_column(key)
            or key in _ELSEWHERE
            or _known(key)
            or not any(heading in row for row in survey.rows)
        ):
            continue
        custom = key[0] in ("bind", "instance", "control", "media") and len(key) > 1
        feature = "custom attribute" if custom else "unknown column"
        yield dropped(feature, survey.place_of(None, heading), feature=f"column {heading[:60]}")
