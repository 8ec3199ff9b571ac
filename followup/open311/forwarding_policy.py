"""Policy `forwarding`: how often a unit's own endpoint is tried and looked at."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from survey.policies import packaged


class ForwardingPolicy(BaseModel):
    """The body of policy `forwarding`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tries: int = Field(gt=0)
    first_wait_s: float = Field(gt=0)
    longest_wait_s: float = Field(gt=0)
    lease_s: float = Field(gt=0)
    follow_minutes: float = Field(gt=0)
    look_back_minutes: float = Field(ge=0)
    at_once: int = Field(gt=0)
    answer_kept: int = Field(gt=0)

    def wait(self, tries: int) -> timedelta | None:
        """How long to wait after so many tries that were not taken; None: no more."""
        if tries >= self.tries:
            return None
        return timedelta(seconds=min(self.first_wait_s * 2.0 ** (tries - 1), self.longest_wait_s))


@cache
def forwarding_policy() -> ForwardingPolicy:
    """The packaged policy."""
    return ForwardingPolicy.model_validate(packaged("followup.policies", "forwarding").body)
