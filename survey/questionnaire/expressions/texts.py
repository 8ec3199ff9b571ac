"""Functions over texts."""

from collections.abc import Callable

from survey.questionnaire.expressions.code import Code, number_run, operation, text_run
from survey.questionnaire.expressions.errors import ExpressionError
from survey.questionnaire.expressions.known import Known
from survey.questionnaire.expressions.limits import MAX_TEXT
from survey.questionnaire.expressions.patterns import fits


def string(arguments: tuple[Code, ...]) -> Code:
    return operation("text", text_run(arguments[0]), *arguments)


def concat(arguments: tuple[Code, ...]) -> Code:
    parts = tuple(text_run(argument) for argument in arguments)
    return operation(
        "text", lambda known, own: "".join([part(known, own) for part in parts])[:MAX_TEXT], *arguments
    )


def join(arguments: tuple[Code, ...]) -> Code:
    between, *parts = (text_run(argument) for argument in arguments)
    return operation(
        "text",
        lambda known, own: between(known, own).join([part(known, own) for part in parts])[:MAX_TEXT],
        *arguments,
    )


def string_length(arguments: tuple[Code, ...]) -> Code:
    text = text_run(arguments[0])
    return operation("number", lambda known, own: float(len(text(known, own))), *arguments)


def normalize_space(arguments: tuple[Code, ...]) -> Code:
    text = text_run(arguments[0])
    return operation("text", lambda known, own: " ".join(text(known, own).split()), *arguments)


def contains(arguments: tuple[Code, ...]) -> Code:
    text, part = map(text_run, arguments)
    return operation("truth", lambda known, own: part(known, own) in text(known, own), *arguments)


def starts_with(arguments: tuple[Code, ...]) -> Code:
    text, part = map(text_run, arguments)
    return operation("truth", lambda known, own: text(known, own).startswith(part(known, own)), *arguments)


def ends_with(arguments: tuple[Code, ...]) -> Code:
    text, part = map(text_run, arguments)
    return operation("truth", lambda known, own: text(known, own).endswith(part(known, own)), *arguments)


def substr(arguments: tuple[Code, ...]) -> Code:
    text, start = text_run(arguments[0]), number_run(arguments[1])
    end = number_run(arguments[2]) if len(arguments) == 3 else None

    def run(known: Known, own: str) -> str:
        whole = text(known, own)
        first = _place(start(known, own), len(whole))
        last = len(whole) if end is None else _place(end(known, own), len(whole))
        return whole[first:last]

    return operation("text", run, *arguments)


def _place(number: float, length: int) -> int:
    """From a number that may count from the end, or be none, to a place within the text."""
    if number != number:
        return 0
    at = number + length if number < 0 else number
    return int(min(max(at, 0), length))


def substring_before(arguments: tuple[Code, ...]) -> Code:
    text, part = map(text_run, arguments)

    def run(known: Known, own: str) -> str:
        whole = text(known, own)
        at = whole.find(part(known, own))
        return whole[:at] if at > 0 else ""

    return operation("text", run, *arguments)


def substring_after(arguments: tuple[Code, ...]) -> Code:
    text, part = map(text_run, arguments)

    def run(known: Known, own: str) -> str:
        whole, sought = text(known, own), part(known, own)
        at = whole.find(sought)
        return whole[at + len(sought) :] if at >= 0 else ""

    return operation("text", run, *arguments)


def translate(arguments: tuple[Code, ...]) -> Code:
    text, before, after = map(text_run, arguments)

    def run(known: Known, own: str) -> str:
        become = after(known, own)
        table: dict[int, str] = {}
        for place, character in enumerate(before(known, own)):
            table.setdefault(ord(character), become[place : place + 1])
        return text(known, own).translate(table)

    return operation("text", run, *arguments)


def upper_case(arguments: tuple[Code, ...]) -> Code:
    return _changed(str.upper, arguments)


def lower_case(arguments: tuple[Code, ...]) -> Code:
    return _changed(str.lower, arguments)


def _changed(change: Callable[[str], str], arguments: tuple[Code, ...]) -> Code:
    text = text_run(arguments[0])
    return operation("text", lambda known, own: change(text(known, own)), *arguments)


def regex(arguments: tuple[Code, ...]) -> Code:
    text, pattern = text_run(arguments[0]), arguments[1].constant
    if not isinstance(pattern, str):
        raise ExpressionError(
            "the pattern of regex() is not written out, so nobody can check it before it is used",
            "write it as a text in quotes",
            feature="regex",
        )
    test = fits(pattern)
    return operation("truth", lambda known, own: test(text(known, own)), *arguments)
