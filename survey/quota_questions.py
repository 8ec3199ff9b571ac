"""The questions of a questionnaire as quotas see them (survey.field.quota_checks)."""

from typing import Final

from survey.field.quota_checks import Question
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Item

ONE_OF_SEVERAL: Final = ("select_one", "scale")


def quota_questions(questionnaire: Questionnaire) -> dict[str, Question]:
    """By id, in the order of the document."""
    return {item.id: _question(questionnaire, item) for item in questionnaire.questions}


def _question(questionnaire: Questionnaire, item: Item) -> Question:
    options = questionnaire.codes[item.id] if item.kind in ONE_OF_SEVERAL else ()
    asked = [mode for mode in item.modes if item.id in questionnaire.asked_in(mode)]
    by_rule = questionnaire.complete
    return Question(
        codes=(*options, *item.missing) if options else (),
        modes=asked,
        of_everybody=not questionnaire.relevance(item) and item.choice_filter is None,
        needed=item.id in (questionnaire.essential if by_rule is None else by_rule.names),
    )
