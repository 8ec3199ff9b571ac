"""The body of policy `handover`, typed: until when a person must have taken care of what was handed over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from survey.policies import packaged


class Within(BaseModel):
    """A length of time, of hours and minutes together; never none at all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hours: float = Field(default=0, ge=0)
    minutes: float = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _takes_time(self) -> Self:
        if not self.span:
            raise ValueError("a time limit of nothing; give hours or minutes above 0")
        return self

    @property
    def span(self) -> timedelta:
        return timedelta(hours=self.hours, minutes=self.minutes)


class HandoverPolicy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    urgent: Within
    reasons: Mapping[str, Within]
    otherwise: Within
    hotline: str

    def due(self, reason: str, urgent: bool, raised_at: datetime) -> datetime:
        """Until when; what is urgent is never due later than the same reason would be without."""
        usual = self.reasons.get(reason, self.otherwise).span
        return raised_at + (min(usual, self.urgent.span) if urgent else usual)


@cache
def handover_policy() -> HandoverPolicy:
    """The packaged policy."""
    return HandoverPolicy.model_validate(packaged("survey.policies", "handover").body)
