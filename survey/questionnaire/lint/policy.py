"""What the lint measures against, typed: limits.yaml is a policy, words.yaml the words by which wordings are judged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, PlainValidator

from survey.policies import packaged, packaged_data
from survey.questionnaire.wording import Mode


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bounds(_Body):
    """Over `warning` a warning, over `error` an error."""

    warning: int
    error: int


class Options(_Body):
    voice: int
    text: int


class Pace(_Body):
    """Characters a second."""

    zh_per_s: float
    other_per_s: float


class Typical(_Body):
    """Values of usual length, for what is piped in; by language where they differ."""

    facts: dict[str, dict[str, str]]
    fact: dict[str, str]
    text: dict[str, str]
    number: str
    date: str
    appointment: str


class MayLean(_Body):
    labels: tuple[str, ...]
    why: str


class Limits(_Body):
    """The whole policy; each figure is explained where it stands."""

    options: Options
    page_options: int
    reserved: dict[str, str]
    buttons: tuple[str, ...]
    parts: Bounds
    opening_s: Bounds
    question_s: Bounds
    pace: dict[Mode, Pace]
    answer_s: dict[Mode, dict[str, float]]
    typical: Typical
    may_be_unbalanced: tuple[MayLean, ...]
    scripts: tuple[str, ...]


Pattern: TypeAlias = Annotated[re.Pattern[str], PlainValidator(re.compile)]
ByLanguage: TypeAlias = dict[str, Pattern]


class ScaleWords(_Body):
    degrees: tuple[str, ...]
    negations: tuple[str, ...]
    endings: tuple[str, ...]
    neutral: frozenset[str]
    opposites: dict[str, str]
    no_scale: frozenset[str]
    prefixes: tuple[str, ...] = ()


class Claims(_Body):
    random: ByLanguage
    list: ByLanguage


class Words(_Body):
    claims: Claims
    recording: ByLanguage
    statistics_only: ByLanguage
    official: ByLanguage
    scales: dict[str, ScaleWords]
    leading: ByLanguage
    double: ByLanguage


@cache
def limits() -> Limits:
    """The packaged policy."""
    return Limits.model_validate(packaged("survey.questionnaire.lint", "limits").body)


@cache
def words() -> Words:
    return Words.model_validate(packaged_data("survey.questionnaire.lint", "words"))


def in_language(of: Mapping[str, Any], lang: str) -> Any:
    """What is kept for a language, or for the one without its region; None if for neither."""
    return of.get(lang) or of.get(lang.partition("-")[0])
