"""The colour of an unfinished case: red, yellow, green; none once it is closed (domain.md §4.2). A pure
function of now.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from followup.casework.working_time import WorkingTime, working_time
from survey.policies import packaged

Colour = Literal["red", "yellow", "green"]


class ColourPolicy(BaseModel):
    """The body of policy `colours`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    red_sign_overdue_working_days: float
    red_from_round: int
    yellow_from_round: int
    yellow_remaining_working_days: float
    yellow_remaining_share: float


@dataclass(frozen=True)
class Progress:
    """What the colour depends on. `allowed`: working time granted for the round (limits.Due)."""

    handle_by: datetime
    allowed: timedelta
    sign_by: datetime
    signed_at: datetime | None = None
    round: int = 1
    extended: bool = False
    open: bool = True


@cache
def colour_policy() -> ColourPolicy:
    """The packaged policy."""
    return ColourPolicy.model_validate(packaged("followup.casework", "colours").body)


def colour(case: Progress, now: datetime, office: WorkingTime | None = None) -> Colour | None:
    """The colour at `now`; None for a case that is closed."""
    office = office or working_time()
    policy = colour_policy()
    if not case.open:
        return None
    unsigned = office.between(case.sign_by, now) if case.signed_at is None and now > case.sign_by else None
    patience = policy.red_sign_overdue_working_days * office.day
    if now > case.handle_by or case.round >= policy.red_from_round or (unsigned and unsigned > patience):
        return "red"
    watched = unsigned is not None or case.round >= policy.yellow_from_round or case.extended
    return "yellow" if watched or _running_out(case, now, office) else "green"


def _running_out(case: Progress, now: datetime, office: WorkingTime) -> bool:
    policy = colour_policy()
    least = max(
        policy.yellow_remaining_working_days * office.day, policy.yellow_remaining_share * case.allowed
    )
    return office.between(now, case.handle_by) <= least
