"""What contacts cost: policy `tariff`, in thousandths of its currency."""

from functools import cache
from math import ceil

from pydantic import BaseModel, ConfigDict, PositiveInt

from survey.policies import packaged

THOUSANDTHS = 1000


class Tariff(BaseModel):
    """The body of the policy; what each number means stands beside it in tariff.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: str
    call: float
    call_minute: float
    segment: float
    longest_call_minutes: PositiveInt
    most_segments: PositiveInt

    def call_money(self, seconds: float) -> int:
        """An answered call of this length, in thousandths; 0 seconds: nobody answered, and nothing is charged."""
        if seconds <= 0:
            return 0
        return round((self.call + ceil(seconds / 60) * self.call_minute) * THOUSANDTHS)

    @property
    def booked_call_money(self) -> int:
        """What is booked for a call before it is dialled, in thousandths."""
        return self.call_money(self.longest_call_minutes * 60)

    def text_money(self, segments: int) -> int:
        """A text of so many segments, in thousandths."""
        return round(segments * self.segment * THOUSANDTHS)


@cache
def tariff() -> Tariff:
    """The packaged policy."""
    return Tariff.model_validate(packaged("survey.policies", "tariff").body)
