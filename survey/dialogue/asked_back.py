"""PURE. What residents ask an operator back, and the answer that is read out: one wording for every desk (asked_back.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator

from survey.policies import packaged_data
from survey.questionnaire.wording import Lang

About = Literal["random", "list", "case"]
"""Why somebody is called: a number made up by a computer, one from the list of residents, or a matter that they raised."""


class Worded(BaseModel):
    """One question in one language; `by`: the answer by why they are called, or for `any` of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked: str
    by: Mapping[Literal["random", "list", "case", "any"], str]

    @model_validator(mode="after")
    def _is_always_answered(self) -> Self:
        if "any" not in self.by and {"random", "list", "case"} - self.by.keys():
            raise ValueError(f"{self.asked}: not every resident gets an answer")
        return self


class Entry(BaseModel):
    """One question, in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    zh: Worded
    en: Worded


@dataclass(frozen=True)
class AskedBack:
    """A question as a resident asks it, and what the operator says."""

    asked: str
    answer: str


@cache
def entries() -> tuple[Entry, ...]:
    """The packaged data."""
    rows = packaged_data("survey.dialogue", "asked_back")["answers"]
    return tuple(TypeAdapter(list[Entry]).validate_python(rows))


def asked_back(about: About, lang: Lang, facts: Mapping[str, str]) -> tuple[AskedBack, ...]:
    """Every question with its answer, in the resident's language. `facts`: centre, staff_no."""
    named = {"centre": facts.get("centre", ""), "staff_no": facts.get("staff_no", "")}
    worded = [entry.en if lang == "en" else entry.zh for entry in entries()]
    return tuple(AskedBack(one.asked, (one.by.get(about) or one.by["any"]).format(**named)) for one in worded)
