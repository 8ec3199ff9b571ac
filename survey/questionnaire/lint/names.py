"""Names, codes and scripts that are referred to: each must be there, and stand for one thing alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lark import Token

from survey.questionnaire.answer import MISSING
from survey.questionnaire.expressions import Expression
from survey.questionnaire.lint.finding import Found, Path, found
from survey.questionnaire.lint.policy import limits
from survey.questionnaire.lint.standard import names as standard_names
from survey.questionnaire.lint.view import View


def clashes(view: View) -> Iterator[Found]:
    """A question, a score and a fact of one name: an expression would read whichever is known first."""
    for item in view.q.items:
        if item.id in view.facts:
            yield found("name-clash", view.path(item, "id"), "fact", name=item.id)
    for place, score in enumerate(view.q.scores):
        if score.id in view.q.by_id or score.id in view.facts:
            yield found("name-clash", ("scores", place, "id"), "score", name=score.id)


def buttons(view: View) -> Iterator[Found]:
    """Codes and questions that are called like a button: whoever presses it would be taken for having answered."""
    taken = frozenset(limits().buttons)
    for place, item in enumerate(view.q.items):
        if item.id in taken:
            yield found("button-name", ("items", place, "id"), name=item.id)
    for listed, options in view.q.choices.items():
        for place, option in enumerate(options):
            if option.code in taken:
                yield found("button-name", ("choices", listed, place, "code"), name=option.code)


def codes(view: View, told: frozenset[Path]) -> Iterator[Found]:
    """Codes that an expression or a score names and the question has not. `told`: expressions of which worse is said."""
    for path, expression in view.expressions():
        if path not in told:
            for name, code, says in unknown_codes(view, expression):
                yield found("unknown-code", path, says, id=name, code=code)
    for place, score in enumerate(view.q.scores):
        for name, points in score.points.items():
            of: Path = ("scores", place, "points", name)
            for code in points:
                if (wrong := _unknown(view, name, code)) is not None:
                    yield found("unknown-code", (*of, code), wrong, id=name, code=code)


def unknown_codes(view: View, expression: Expression) -> Iterator[tuple[str, str, str]]:
    """(question, code, how to say it)"""
    for name, code in _compared(view.tokens(expression) or ()):
        if says := _unknown(view, name, code):
            yield name, code, says


def _compared(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """(question, code) of every `${Q1} = '3'`, `'3' = ${Q1}` and `selected(${Q1}, '3')`."""
    constants = ("STRING", "NUMBER")
    for place, token in enumerate(tokens):
        if token.type == "EQUALITY" and 0 < place < len(tokens) - 1:
            left, right = tokens[place - 1], tokens[place + 1]
            before = tokens[place - 2].type if place > 1 else ""
            after = tokens[place + 2].type if place + 2 < len(tokens) else ""
            if {before, after} & {"SUM", "MINUS", "PRODUCT"}:
                continue
            if left.type == "REFERENCE" and right.type in constants:
                yield str(left), str(right)
            elif right.type == "REFERENCE" and left.type in constants:
                yield str(right), str(left)
        elif token.type == "FUNCTION" and token == "selected":
            call = tokens[place + 2 : place + 6]
            if [one.type for one in call] == ["REFERENCE", "_COMMA", "STRING", "_CLOSE"]:
                yield str(call[0]), str(call[2])


def _unknown(view: View, name: str, code: str) -> str | None:
    """Which sentence says what is wrong; None if the question has this code."""
    codes = view.q.codes.get(name, ())
    if not codes or not code:
        return None
    for one in code.split():
        if one in MISSING:
            return "missing"
        if one not in codes and not any(_same_number(one, other) for other in codes):
            return "plain"
    return None


def _same_number(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def scripts(view: View) -> Iterator[Found]:
    """Goodbyes that nobody wrote, and scripts that nobody says."""
    standard = standard_names()
    said = {end.goodbye for end in view.q.ends}
    for place, end in enumerate(view.q.ends):
        if end.goodbye not in view.q.scripts and end.goodbye not in standard:
            yield found("unknown-script", ("ends", place, "goodbye"), name=end.goodbye)
    for name in view.q.scripts:
        if name not in standard and name not in said:
            yield found("unused-script", ("scripts", name), name=name)


def appeal(view: View) -> Iterator[Found]:
    """A problem is told in words, and its registration agreed to by a code that can be given."""
    if view.q.appeal is None:
        return
    words, consent = view.q.by_id[view.q.appeal.words], view.q.appeal.consent
    if words.kind != "text":
        yield found("appeal-unfit", ("appeal", "words"), "words", id=words.id)
    if view.q.appeal.agreed not in view.q.codes.get(consent, ()):
        yield found("appeal-unfit", ("appeal", "agreed"), "agreed", id=consent, code=view.q.appeal.agreed)
