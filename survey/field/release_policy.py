"""The body of policy `release`, typed; what each number means stands beside it in release.yaml."""

from functools import cache

from pydantic import BaseModel, ConfigDict, PositiveInt

from survey.policies import packaged


class ReleasePolicy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    look_every_minutes: PositiveInt
    prior_yield: float
    prior_units: float
    seats_wait_minutes: PositiveInt


@cache
def release_policy() -> ReleasePolicy:
    """The packaged policy."""
    return ReleasePolicy.model_validate(packaged("survey.field", "release").body)
