"""The body of policy `attempts`, typed. What each number means stands at its place in attempts.yaml."""

from datetime import timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from survey.field.calling_hours import Purpose
from survey.field.dispositions import RetryRule
from survey.policies import Policy, packaged


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AnyKind(_Body):
    """The cap over all purposes: so many attempts of a person in so many days."""

    at_most: PositiveInt
    in_days: PositiveInt


class Fault(_Body):
    """Pauses after faults of ours or of the carrier."""

    first_minutes: PositiveInt
    longest_minutes: PositiveInt
    at_most: PositiveInt

    def pause(self, faults: int) -> timedelta:
        """After so many faults in a row: doubling from the first, up to the longest."""
        return timedelta(minutes=min(self.longest_minutes, self.first_minutes * 2 ** max(0, faults - 1)))


class Conversion(_Body):
    """Asking somebody once more who refused softly."""

    after_days: PositiveInt
    at_most: int


class Caps(_Body):
    """The caps of one purpose."""

    at_most: PositiveInt
    a_day: PositiveInt
    hours_apart: float
    texts_at_most: int
    days: PositiveInt
    day_parts: PositiveInt
    rules: dict[str, RetryRule] = Field(default_factory=dict)


class AttemptPolicy(_Body):
    """The whole policy."""

    any_kind: AnyKind
    least_slot_s: PositiveInt
    last_start_before_close_s: int
    purposes: dict[Purpose, Caps]
    conversion: Conversion
    appointment_hours: PositiveInt
    text_wait_hours: float
    abandoned_hours: float
    suspension_days: PositiveInt
    suspensions_at_most: PositiveInt
    fault: Fault


@cache
def attempt_policy() -> AttemptPolicy:
    """The packaged policy."""
    return read(packaged("survey.field", "attempts"))


def read(policy: Policy) -> AttemptPolicy:
    """The policy's body, checked. Raises pydantic.ValidationError naming the field."""
    return AttemptPolicy.model_validate(policy.body)
