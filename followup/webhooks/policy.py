"""Policy `webhooks`: what subscribers can be told, and how often it is tried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from survey.policies import packaged


class WebhookPolicy(BaseModel):
    """The body of policy `webhooks`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    types: Mapping[str, tuple[str, ...]]
    moved: str
    tries: int = Field(gt=0)
    first_wait_s: float = Field(gt=0)
    longest_wait_s: float = Field(gt=0)
    jitter: float = Field(ge=0, lt=1)
    timeout_s: float = Field(gt=0)
    lease_s: float = Field(gt=0)
    at_once: int = Field(gt=0)
    batches: int = Field(gt=0)
    answer_kept: int = Field(gt=0)

    @property
    def every_type(self) -> tuple[str, ...]:
        """All that can be subscribed to."""
        return (self.moved, *self.types)

    def wait(self, tries: int, dice: float) -> timedelta | None:
        """How long to wait after so many failed tries; None: no more. `dice` from 0 to 1 shortens or lengthens it."""
        if tries >= self.tries:
            return None
        seconds = min(self.first_wait_s * 2.0 ** (tries - 1), self.longest_wait_s)
        return timedelta(seconds=seconds * (1 + self.jitter * (2 * dice - 1)))


@cache
def webhook_policy() -> WebhookPolicy:
    """The packaged policy."""
    return WebhookPolicy.model_validate(packaged("followup.policies", "webhooks").body)
