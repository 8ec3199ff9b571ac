"""Expressions of a form as ours: what is outside the stated subset is listed, what means nothing refuses the form."""

from typing import Final

from pyxform.aliases import BINDING_CONVERSIONS

from survey.questionnaire.expressions import Expression, ExpressionError, compile_expression
from survey.questionnaire.places import Place
from survey.questionnaire.xlsform.drafts import Draft, Part
from survey.questionnaire.xlsform.dropped import Dropped
from survey.questionnaire.xlsform.headings import CALCULATION, CONSTRAINT, FILTER, RELEVANT, Key
from survey.questionnaire.xlsform.listing import dropped
from survey.questionnaire.xlsform.naming import Names

FIELDS: Final[dict[Key, str]] = {
    RELEVANT: "relevant",
    CONSTRAINT: "constraint",
    CALCULATION: "calculation",
    FILTER: "choice_filter",
}
_SIGNS: Final = frozenset({"/", "//", "..", "::", "@", "[", "]", "|", "*", "$"})


class Conditions:
    """Compiles, and keeps the faults that refuse the form."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self.faults: list[Dropped] = []

    def take(self, part: Part, key: Key, written: str, place: Place) -> Expression | None:
        """Puts the expression into the part, with the names it needs; or says why the part is not asked."""
        field = FIELDS[key]
        if key != FILTER:  # where `yes` is a column of the choices
            written = BINDING_CONVERSIONS.get(written, written)
        expression = self._compiled(part, written, place)
        if expression is None:
            return None
        if expression.uses_own and key != CONSTRAINT:
            why = "the value of the question itself (.) is known in its constraint alone"
            part.why_not.append(
                dropped(_feature(part), place, feature=".", why=why, remedy="name a question by ${…}")
            )
            return None
        part.fields[field] = expression
        part.places[(field,)] = place
        part.need(expression.names, place)
        return expression

    def _compiled(self, part: Part, written: str, place: Place) -> Expression | None:
        try:
            return compile_expression(self._names.ours(written))
        except ExpressionError as error:
            at = f" (character {error.column})" if error.column is not None else ""
            why = f"{error.reason}{at}"
            if error.feature is None or error.feature == "regex":
                self.faults.append(
                    dropped(
                        "malformed expression", place, feature=_place_of(error), why=why, remedy=error.remedy
                    )
                )
            else:
                part.why_not.append(
                    dropped(
                        _feature(part), place, feature=_called(error.feature), why=why, remedy=error.remedy
                    )
                )
            return None


def _feature(part: Part) -> str:
    return "expression" if isinstance(part, Draft) else "condition of a group"


def _called(feature: str) -> str:
    return feature if feature in _SIGNS or " " in feature or "#" in feature else f"{feature}()"


def _place_of(error: ExpressionError) -> str:
    return "regex()" if error.feature == "regex" else "expression"
