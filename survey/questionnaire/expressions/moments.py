"""Functions over dates and times."""

from datetime import datetime

from survey.questionnaire.expressions.code import Code, operation
from survey.questionnaire.expressions.dates import (
    DIRECTIVES,
    days_of,
    format_moment,
    iso_date,
    iso_moment,
    moment_after,
    moment_of,
    parts_of,
    time_of_day,
)
from survey.questionnaire.expressions.errors import ExpressionError
from survey.questionnaire.expressions.known import Known
from survey.questionnaire.expressions.values import NAN, Value


def today(arguments: tuple[Code, ...]) -> Code:
    return operation("text", lambda known, own: known.now[:10], varies=True)


def now(arguments: tuple[Code, ...]) -> Code:
    return operation("text", lambda known, own: known.now, varies=True)


def date_of(arguments: tuple[Code, ...]) -> Code:
    value = arguments[0].run

    def run(known: Known, own: str) -> str:
        moment = _moment(value(known, own))
        return iso_date(moment) if moment is not None else ""

    return operation("text", run, *arguments)


def date_time_of(arguments: tuple[Code, ...]) -> Code:
    value = arguments[0].run

    def run(known: Known, own: str) -> str:
        moment = _moment(value(known, own))
        return iso_moment(moment) if moment is not None else ""

    return operation("text", run, *arguments)


def _moment(value: Value) -> datetime | None:
    if isinstance(value, bool):
        return None
    return moment_of(value) if isinstance(value, str) else moment_after(value)


def decimal_date_time(arguments: tuple[Code, ...]) -> Code:
    value = arguments[0].run

    def run(known: Known, own: str) -> float:
        given = value(known, own)
        if isinstance(given, float):
            return given
        moment = _moment(given)
        return days_of(moment) if moment is not None else NAN

    return operation("number", run, *arguments)


def decimal_time(arguments: tuple[Code, ...]) -> Code:
    value = arguments[0].run

    def run(known: Known, own: str) -> float:
        given = value(known, own)
        if isinstance(given, float):
            return given % 1
        share = time_of_day(given) if isinstance(given, str) else None
        return share if share is not None else NAN

    return operation("number", run, *arguments)


def format_date(arguments: tuple[Code, ...]) -> Code:
    value, parts = arguments[0].run, _parts(arguments[1])

    def run(known: Known, own: str) -> str:
        moment = _moment(value(known, own))
        return format_moment(moment, parts) if moment is not None else ""

    return operation("text", run, *arguments)


def _parts(form: Code) -> tuple[str, ...]:
    if not isinstance(form.constant, str):
        raise ExpressionError(
            "the format of a date is not written out",
            "write it as a text such as '%Y-%m-%d'",
            feature="format-date",
        )
    parts = parts_of(form.constant)
    for part in parts:
        if part.startswith("%") and part[1:] not in DIRECTIVES:
            known = ", ".join(f"%{directive}" for directive in DIRECTIVES)
            raise ExpressionError(
                f"{part} is no part of a date's format", f"use {known}", feature="format-date"
            )
    return parts
