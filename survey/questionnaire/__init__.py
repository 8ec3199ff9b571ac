"""The questionnaire document: model, conditions, and the shipped instruments."""

from survey.questionnaire.answer import DK, MISSING, NO_ANSWER, REFUSED, Answer
from survey.questionnaire.loader import MalformedQuestionnaire, from_json, from_yaml, library
from survey.questionnaire.model import Item, Option, Questionnaire
from survey.questionnaire.wording import Lang, Mode, say

__all__ = [
    "DK",
    "MISSING",
    "NO_ANSWER",
    "REFUSED",
    "Answer",
    "Item",
    "Lang",
    "MalformedQuestionnaire",
    "Mode",
    "Option",
    "Questionnaire",
    "from_json",
    "from_yaml",
    "library",
    "say",
]
