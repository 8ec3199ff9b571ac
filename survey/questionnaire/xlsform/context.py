"""What is known of a whole form while its rows are read one by one."""

from dataclasses import dataclass
from typing import Any

from survey.questionnaire.xlsform.conditions import Conditions
from survey.questionnaire.xlsform.drafts import Part
from survey.questionnaire.xlsform.headings import Key, Table
from survey.questionnaire.xlsform.languages import Languages
from survey.questionnaire.xlsform.lists import Choices
from survey.questionnaire.xlsform.naming import Names
from survey.questionnaire.xlsform.words import texts_of, wording


@dataclass
class Context:
    """Its sheet, and how its languages, names, choices and conditions are called here."""

    survey: Table
    languages: Languages
    names: Names
    choices: Choices
    conditions: Conditions

    def put_places(self, draft: Part, field: str, row: int, key: Key) -> None:
        """Where the words of a field stand, language by language."""
        for name, place in self.survey.places_of(row, key):
            draft.places[(field, self.languages.tag(name or self.languages.default))] = place

    def words(self, value: Any) -> dict[str, Any]:
        texts = texts_of(value, self.languages)
        return wording({tag: self.names.ours(text) for tag, text in texts.items()})
