"""At which level a case is handled: 0 grid, 1 village, 2 township, 3 county (domain.md R34). Pure."""

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from survey.policies import packaged

HIGHEST = 3


class EscalationLevel(BaseModel):
    """One level. `unit`: the kind of the unit that leads there; None: a department, which the category tells."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    level: int
    area: Literal["grid", "village", "township", "county"]
    zh: str
    en: str
    unit: str | None


class Escalation(BaseModel):
    """The body of policy `escalation`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    levels: tuple[EscalationLevel, ...]
    sudden: int


@cache
def escalation() -> Escalation:
    """The packaged policy."""
    return Escalation.model_validate(packaged("followup.casework", "escalation").body)


def level(number: int) -> EscalationLevel:
    """One level by its number, 0 to 3."""
    return escalation().levels[number]


def entry_level(area_level: str, *, sudden: bool) -> int:
    """Where a case enters: at the level of its area, a sudden one at the township at the latest.

    An area above the county (a city) enters with the county's departments.
    """
    own = next((one.level for one in escalation().levels if one.area == area_level), HIGHEST)
    return max(own, escalation().sudden) if sudden else own


def next_level(number: int) -> int | None:
    """The level above, or None at the top (提级)."""
    return number + 1 if number < HIGHEST else None
