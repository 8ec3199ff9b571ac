"""The ten duties of a centre (十项职责) as data (`policies/duties.yaml`)."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from survey.policies import packaged

CAMPAIGN = "none"
"""The route of a duty that campaigns fulfil: nothing is registered under it."""


class Duty(BaseModel):
    """One duty. `route`: where its matters go by default; the supervision office may send them elsewhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = Field(ge=1, le=10)
    name_zh: str
    name_en: str
    kinds: tuple[str, ...]
    route: tuple[str, ...]


class Duties(BaseModel):
    """The body of policy `duties`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    other: int
    other_share: float = Field(gt=0, lt=1)
    other_share_of: PositiveInt
    other_share_days: PositiveInt
    duties: tuple[Duty, ...]

    def of_number(self, number: int) -> Duty:
        """The duty with this number. Raises KeyError."""
        for duty in self.duties:
            if duty.number == number:
                return duty
        raise KeyError(number)

    def too_many(self, others: int, cases: int) -> bool:
        """Whether so many of so many cases under duty `other` call for classifying again."""
        return cases >= self.other_share_of and others > self.other_share * cases


@cache
def duties() -> Duties:
    """The packaged duties."""
    return Duties.model_validate(packaged("followup.policies", "duties").body)
