"""The words of a case's passport: (Chinese, English) for events, states, details and tables."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from followup.reports.terms import VERDICTS, Words, words
from survey.policies import packaged_data

CASEWORK = "followup.casework"
GROUPS = ("open", "held", "closed", "beside")


@cache
def _file() -> Mapping[str, Words]:
    data = packaged_data("followup.reports", "passport_words")
    return {part: {code: (zh, en) for code, (zh, en) in table.items()} for part, table in data.items()}


@cache
def _events() -> Words:
    """Those of the transition table go before ours."""
    table = files(CASEWORK).joinpath("transitions.csv").read_text("utf-8")
    named = {
        row["event"]: (row["zh"], row["en"]) for row in csv.DictReader(table.splitlines()) if row.get("zh")
    }
    return {**_file()["events"], **named}


@cache
def _states() -> Words:
    if not files(CASEWORK).joinpath("states.yaml").is_file():
        return VERDICTS
    body = packaged_data(CASEWORK, "states")["body"]
    named = {code: (one["zh"], one["en"]) for group in GROUPS for code, one in body.get(group, {}).items()}
    return {**VERDICTS, **named}


def event(code: str) -> str:
    """An event in Chinese, with its code: 签收 sign."""
    return _both(_events(), code)


def state(code: str) -> str:
    """A state in Chinese, with its code."""
    return _both(_states(), code)


def record(kind: str) -> str:
    """The name of a table's rows in Chinese, with the table's own."""
    return _both(_file()["records"], kind)


def detail(name: str) -> str:
    """The name of a fact of an event in Chinese; without words, its own."""
    return words(_file()["details"], name)[0]


def _both(table: Words, code: str) -> str:
    zh, _ = words(table, code)
    return code if zh == code else f"{zh} {code}"
