"""Conditions: when a question is asked, a line is said, an interview ends.

    {question: Q1, is: "1"}            {question: Q1, in: ["3", "4"]}      {question: C2, at_least: 2}
    {question: Q3, replied: true}      {question: Q11, valid: true}
    {fact: frame, is: random}          {fact: query_code, given: true}     ("mode" is always among the facts)
    {all: […]}   {any: […]}   {not: …}

A question that was not answered, or whose answer is a missing code, fulfils no `is`, `in` or `at_least`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from survey.questionnaire.answer import Answer

Answers: TypeAlias = Mapping[str, Answer]
Facts: TypeAlias = Mapping[str, str]


class _Condition(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class All(_Condition):
    all: tuple[Condition, ...]

    def holds(self, answers: Answers, facts: Facts) -> bool:
        return all(part.holds(answers, facts) for part in self.all)

    def questions(self) -> frozenset[str]:
        return frozenset().union(*(part.questions() for part in self.all))


class Any(_Condition):
    any: tuple[Condition, ...]

    def holds(self, answers: Answers, facts: Facts) -> bool:
        return any(part.holds(answers, facts) for part in self.any)

    def questions(self) -> frozenset[str]:
        return frozenset().union(*(part.questions() for part in self.any))


class Not(_Condition):
    not_: Condition = Field(alias="not")

    def holds(self, answers: Answers, facts: Facts) -> bool:
        return not self.not_.holds(answers, facts)

    def questions(self) -> frozenset[str]:
        return self.not_.questions()


class QuestionTest(_Condition):
    """One test of one answer; exactly one of is, in, at_least, replied, valid."""

    question: str
    is_: str | None = Field(None, alias="is")
    in_: tuple[str, ...] | None = Field(None, alias="in")
    at_least: int | None = None
    replied: bool | None = None
    valid: bool | None = None

    @model_validator(mode="after")
    def _one_test(self) -> QuestionTest:
        given = [self.is_, self.in_, self.at_least, self.replied, self.valid]
        if sum(test is not None for test in given) != 1:
            raise ValueError(
                f"the condition on {self.question} must hold exactly one of is, in, at_least, replied, "
                "valid; join several with `all`"
            )
        return self

    def holds(self, answers: Answers, facts: Facts) -> bool:
        answer = answers.get(self.question)
        if self.replied is not None:
            return (answer is not None and answer.replied) == self.replied
        valid = answer is not None and answer.valid
        if self.valid is not None:
            return valid == self.valid
        return valid and answer is not None and self._fits((answer.code or "").split())

    def _fits(self, codes: list[str]) -> bool:
        if self.is_ is not None:
            return self.is_ in codes
        if self.in_ is not None:
            return any(code in self.in_ for code in codes)
        least = self.at_least or 0
        return any(code.isdecimal() and int(code) >= least for code in codes)

    def questions(self) -> frozenset[str]:
        return frozenset({self.question})


class FactTest(_Condition):
    """One test of one fact known before the interview; exactly one of is, in, given."""

    fact: str
    is_: str | None = Field(None, alias="is")
    in_: tuple[str, ...] | None = Field(None, alias="in")
    given: bool | None = None

    @model_validator(mode="after")
    def _one_test(self) -> FactTest:
        if sum(test is not None for test in (self.is_, self.in_, self.given)) != 1:
            raise ValueError(
                f"the condition on the fact {self.fact} must hold exactly one of is, in, given; "
                "join several with `all`"
            )
        return self

    def holds(self, answers: Answers, facts: Facts) -> bool:
        value = facts.get(self.fact, "")
        if self.given is not None:
            return bool(value) == self.given
        return value == self.is_ if self.is_ is not None else value in (self.in_ or ())

    def questions(self) -> frozenset[str]:
        return frozenset()


def _kind_of(condition: object) -> str | None:
    """Which kind is meant, so that an error speaks of that kind alone."""
    keys = condition if isinstance(condition, Mapping) else getattr(type(condition), "model_fields", {})
    return next((kind for kind in _KINDS if kind in keys or f"{kind}_" in keys), None)


_KINDS = ("all", "any", "not", "question", "fact")
Condition: TypeAlias = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[Any, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[QuestionTest, Tag("question")]
    | Annotated[FactTest, Tag("fact")],
    Discriminator(
        _kind_of,
        custom_error_type="condition",
        custom_error_message="a condition begins with all, any, not, question or fact",
    ),
]

for _kind in (All, Any, Not):
    _kind.model_rebuild()
