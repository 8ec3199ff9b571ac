"""Functions over the codes of an answer, and over whether there is one."""

from survey.questionnaire.answer import DK, MISSING
from survey.questionnaire.expressions.code import Code, TruthRun, number_run, operation, text_run
from survey.questionnaire.expressions.errors import ExpressionError
from survey.questionnaire.expressions.known import Known


def selected(arguments: tuple[Code, ...]) -> Code:
    """Whole codes only: "1" is not in "10 11"."""
    codes, code = arguments
    if isinstance(code.constant, str):
        return operation("truth", _selected_constant(codes, code.constant.strip()), codes, code)
    all_codes, one = text_run(codes), text_run(code)
    return operation(
        "truth", lambda known, own: one(known, own).strip() in all_codes(known, own).split(), *arguments
    )


def _selected_constant(codes: Code, code: str) -> TruthRun:
    name, all_codes = codes.name, text_run(codes)
    if name is not None:
        return lambda known, own: code in known.text(name).split()
    return lambda known, own: code in all_codes(known, own).split()


def selected_at(arguments: tuple[Code, ...]) -> Code:
    codes, place = text_run(arguments[0]), number_run(arguments[1])

    def run(known: Known, own: str) -> str:
        given, at = codes(known, own).split(), place(known, own)
        return given[int(at)] if 0 <= at < len(given) else ""

    return operation("text", run, *arguments)


def count_selected(arguments: tuple[Code, ...]) -> Code:
    codes = text_run(arguments[0])
    return operation("number", lambda known, own: float(len(codes(known, own).split())), *arguments)


def choice_name(arguments: tuple[Code, ...]) -> Code:
    code, name = text_run(arguments[0]), arguments[1].name
    if arguments[1].kind != "question" or arguments[0].kind == "question" or name is None:
        raise ExpressionError(
            "jr:choice-name() takes a code, and a question in quotes",
            "write jr:choice-name(${Q1}, '${Q1}')",
            feature="jr:choice-name",
        )
    return operation(
        "text", lambda known, own: known.label(name, code(known, own)), arguments[0], varies=True
    )


def replied(arguments: tuple[Code, ...]) -> Code:
    name = _question("replied", arguments[0])
    return operation(
        "truth", lambda known, own: bool(known.text(name)) or known.missing(name) == DK, *arguments
    )


def is_missing(arguments: tuple[Code, ...]) -> Code:
    name, code = _question("is-missing", arguments[0]), arguments[1].constant
    if code not in MISSING:
        raise ExpressionError(
            "the second argument of is-missing() is none of the missing codes",
            "write 'dk', 'refused' or 'no_answer'",
            feature="is-missing",
        )
    return operation("truth", lambda known, own: known.missing(name) == code, *arguments)


def _question(function: str, argument: Code) -> str:
    if argument.name is None:
        raise ExpressionError(
            f"{function}() asks about a question, and its argument is none", "write ${name}", feature=function
        )
    return argument.name
