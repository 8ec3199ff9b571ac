"""The words of a case's passport, in Chinese with the code: for events, states, details and tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from followup.casework import states
from followup.casework.lifecycle import transitions
from followup.reports.terms import Words, words
from survey.policies import packaged_data


@cache
def _file() -> Mapping[str, Words]:
    data = packaged_data("followup.reports", "passport_words")
    return {part: {code: (zh, en) for code, (zh, en) in table.items()} for part, table in data.items()}


@cache
def _events() -> Words:
    """Moves are called as their buttons are."""
    return {**_file()["events"], **{row.event: (row.zh, row.en) for row in transitions()}}


def event(code: str) -> str:
    """An event in Chinese, with its code: 签收 sign. One without words stands for itself."""
    return with_code(_events(), code)


def event_words(code: str) -> tuple[str, str]:
    """An event in Chinese and in English; without words, its code."""
    return words(_events(), code)


def state_words(code: str) -> tuple[str, str]:
    """A state in Chinese and in English; without words, its code."""
    try:
        named = states.words(code)
    except KeyError:
        return code, code
    return named.zh, named.en


def actor_words(actor: str) -> tuple[str, str]:
    """Who acted, in Chinese and in English: a name stands for itself."""
    return words(_file()["actors"], actor)


def is_person(actor: str) -> bool:
    """Whether somebody signed for it; what a machine writes as its reason is for machines."""
    return actor not in _file()["actors"]


def state(code: str) -> str:
    """A state in Chinese, with its code."""
    try:
        return f"{states.words(code).zh} {code}"
    except KeyError:
        return code


def record(kind: str) -> str:
    """The name of a table's rows in Chinese, with the table's own."""
    return with_code(_file()["records"], kind)


def detail(name: str) -> str:
    """The name of a fact of an event in Chinese; without words, its own."""
    return words(_file()["details"], name)[0]


def with_code(table: Words, code: str) -> str:
    """The Chinese word and the code; a code without words alone."""
    zh, _ = words(table, code)
    return code if zh == code else f"{zh} {code}"
