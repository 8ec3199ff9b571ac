"""The states of a case by name, and the clock that runs in each open one. Numbers and words: states.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, PositiveInt, model_validator

from followup.casework import decision_clock
from followup.casework.limits import Span, limits
from followup.casework.working_time import WorkingTime
from survey.policies import packaged


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Name(_Body):
    """A state or a post in Chinese and English."""

    zh: str
    en: str


class OpenState(Name):
    """A state in which somebody owes something until a moment. Exactly one of `span` and `by` says until when."""

    waits_for: str
    clock: str
    clock_en: str
    span: Span | None = None
    by: Literal["limits", "promise", "decision_clock"] | None = None
    span_of: str | None = None
    then: str
    then_en: str

    @model_validator(mode="after")
    def _one_source(self) -> OpenState:
        if (self.span is None) == (self.by is None):
            raise ValueError("states: an open state has exactly one of span and by")
        return self


class PressureCheck(_Body):
    """A withdrawal within `hours` after the unit spoke with the resident is asked about within `span`."""

    hours: PositiveInt
    span: Span


class States(_Body):
    """The whole policy."""

    open: Mapping[str, OpenState]
    held: Mapping[str, OpenState]
    closed: Mapping[str, Name]
    beside: Mapping[str, Name]
    posts: Mapping[str, Name]
    promise_days_at_most: PositiveInt
    pressure_check: PressureCheck
    contact_tried_times: PositiveInt
    opinion_kinds: tuple[str, ...]

    @property
    def waiting(self) -> Mapping[str, OpenState]:
        """Every state in which somebody owes something."""
        return {**self.open, **self.held}


@dataclass(frozen=True)
class Words:
    """A name in both languages."""

    zh: str
    en: str


@cache
def states() -> States:
    """The packaged policy."""
    return States.model_validate(packaged("followup.casework", "states").body)


def words(state: str) -> Words:
    """What a state is called. Raises KeyError for what is none."""
    policy = states()
    named: dict[str, Name] = {**policy.waiting, **policy.closed, **policy.beside}
    one = named[state]
    return Words(one.zh, one.en)


def post_words(post: str) -> Words:
    """What a post is called. Raises KeyError for what is none."""
    one = states().posts[post]
    return Words(one.zh, one.en)


def due(state: str, since: datetime, office: WorkingTime) -> datetime | None:
    """Until when `state` may last that began at `since`, in UTC; None where no clock runs, or where the move itself
    sets it: signing, handling, a promise.
    """
    here = states().waiting.get(state)
    if here is None:
        return None
    if here.by == "decision_clock":
        return decision_clock.waiting(since, since, office).goes_on_at
    span = limits().centre[here.span_of] if here.span_of else here.span
    return span.due(since, office) if span else None
