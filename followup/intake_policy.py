"""How appeals are taken in, as data (`policies/appeals.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from survey.policies import packaged

Needs = Literal["knowledge", "on_the_spot", "nothing"]


class BridgePolicy(BaseModel):
    """When a masked call expires, from how long a connection on it proves a contact, and what each hears who picks up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    expires_minutes: PositiveInt
    proof_seconds: PositiveInt
    to_unit: str
    to_resident: Mapping[Literal["zh", "en"], str]


class IntakePolicy(BaseModel):
    """The body of policy `appeals`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    similar_days: PositiveInt
    interview_link_days: PositiveInt
    direct_answers: Mapping[str, Needs]
    answer_sample_share: float = Field(ge=0, le=1)
    bridge: BridgePolicy


@cache
def intake_policy() -> IntakePolicy:
    """The packaged policy."""
    return IntakePolicy.model_validate(packaged("followup.policies", "appeals").body)
