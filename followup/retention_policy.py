"""Policy `retention`: how long bodies of texts and pictures are kept."""

from __future__ import annotations

from datetime import time, timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from survey.policies import packaged


class RetentionPolicy(BaseModel):
    """The body of policy `retention`, with its version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    text_days: int = Field(gt=0)
    disputed_days: int = Field(gt=0)
    picture_days: int = Field(gt=0)
    forgotten: str = Field(min_length=1)
    code_length: int = Field(ge=0)
    at: time
    at_once: int = Field(gt=0)

    @property
    def texts(self) -> timedelta:
        """How long a body is kept."""
        return timedelta(days=self.text_days)

    @property
    def disputed(self) -> timedelta:
        """How long after the archive, where the case was disputed."""
        return timedelta(days=self.disputed_days)

    @property
    def pictures(self) -> timedelta:
        """How long after the archive a picture is kept."""
        return timedelta(days=self.picture_days)


@cache
def retention_policy() -> RetentionPolicy:
    """The packaged policy."""
    policy = packaged("followup.policies", "retention")
    return RetentionPolicy.model_validate({"version": policy.version, **policy.body})
