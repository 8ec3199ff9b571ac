"""What is known of one respondent: answers, facts, calculations, scores. Expressions and wordings read it by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from survey.questionnaire.answer import MISSING, Answer
from survey.questionnaire.wording import Mode, say

if TYPE_CHECKING:
    from survey.questionnaire.model import Questionnaire
    from survey.questionnaire.parts import Option, Score

Answers: TypeAlias = Mapping[str, Answer]
Facts: TypeAlias = Mapping[str, str]


class Known:
    """Implements `expressions.Known`. Cheap to make: one for each step of a dialogue."""

    __slots__ = ("_answers", "_facts", "_lang", "_option", "_q", "_values")

    def __init__(
        self, q: Questionnaire, answers: Answers, facts: Facts, lang: str = "zh", option: Option | None = None
    ) -> None:
        self._q = q
        self._answers = answers
        self._facts = facts
        self._lang = lang
        self._option = option
        self._values: dict[str, str] = {}

    def text(self, name: str) -> str:
        """The value under a name; "" where there is none, or only a missing code."""
        answer = self._answers.get(name)
        if answer is not None:
            code = answer.code
            if code is None:
                return answer.text or answer.recording or ""
            return "" if code in MISSING else code
        fact = self._facts.get(name)
        return fact if fact is not None else self._worked_out(name)

    def missing(self, name: str) -> str:
        answer = self._answers.get(name)
        code = answer.code if answer is not None else None
        return code if code is not None and code in MISSING else ""

    def attribute(self, name: str) -> str:
        """A column of the option that is being filtered."""
        if self._option is None:
            return ""
        if name == "name":
            return self._option.code
        if name == "label":
            return say(self._option.label, self._lang, "operator")
        return self._option.attributes.get(name, "")

    def label(self, name: str, code: str) -> str:
        return self._q.label(name, code, self._lang, facts=self._facts) if name in self._q.by_id else code

    @property
    def now(self) -> str:
        return self._facts.get("now", "")

    def of(self, option: Option) -> Known:
        """The same with one option in view, for a choice filter."""
        return Known(self._q, self._answers, self._facts, self._lang, option)

    def piped(self, name: str, mode: Mode) -> str:
        """What a wording says for `${name}`: the label of a closed question's answer, else the value."""
        answer = self._answers.get(name)
        if answer is None:
            return self.text(name)
        if answer.code is None:
            return answer.text or ""
        return self._q.label(name, answer.code, self._lang, mode, self._facts) if answer.valid else ""

    def _worked_out(self, name: str) -> str:
        """A calculation or a score, worked out once, after those that it rests on: so no chain of them is deep. There are
        no circles (`integrity`)."""
        for one in () if name in self._values else self._q.rests_on(name):
            if one not in self._values:
                self._values[one] = self._calculated(one)
        return self._values.get(name, "")

    def _calculated(self, name: str) -> str:
        calculation = self._q.calculations.get(name)
        if calculation is not None:  # one that is not relevant has no value, as in XLSForm
            relevant = all(when.holds(self) for when in self._q.relevance(self._q.by_id[name]))
            return calculation.text(self) if relevant else ""
        score = self._q.scores_by_id.get(name)
        return "" if score is None else self._scored(score)

    def _scored(self, score: Score) -> str:
        points = [
            table.get(code, 0.0)
            for question, table in score.points.items()
            for code in self.text(question).split()
        ]
        if not points:
            return "0" if score.by == "sum" else ""
        total = sum(points) if score.by == "sum" else sum(points) / len(points)
        return f"{total:.10g}"
