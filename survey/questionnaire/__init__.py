"""The questionnaire document: model, expressions, formats, lint, and the shipped instruments."""

from survey.questionnaire.answer import DK, MISSING, NO_ANSWER, REFUSED, Answer
from survey.questionnaire.known import Known
from survey.questionnaire.loader import (
    MalformedQuestionnaire,
    from_json,
    from_yaml,
    library,
    shipped,
    shipped_instruments,
)
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Item, Option
from survey.questionnaire.wording import Lang, Mode, say

__all__ = [
    "DK",
    "MISSING",
    "NO_ANSWER",
    "REFUSED",
    "Answer",
    "Item",
    "Known",
    "Lang",
    "MalformedQuestionnaire",
    "Mode",
    "Option",
    "Questionnaire",
    "from_json",
    "from_yaml",
    "library",
    "say",
    "shipped",
    "shipped_instruments",
]
