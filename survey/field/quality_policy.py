"""The body of policy `quality`, typed; what each number means stands beside it in quality.yaml."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from survey.policies import packaged

Share = Annotated[float, Field(ge=0, le=1)]
Suspicion = Literal["too_quick", "much_quicker", "same_second", "straight_lined", "mostly_missing"]
SUSPICIONS: Final[tuple[Suspicion, ...]] = get_args(Suspicion)


class QualityPolicy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    share: Share
    machine_share: Share
    back_check_share: Share
    back_check_days: Annotated[float, Field(gt=0)]
    risk_share: Share
    least_points: Annotated[int, Field(ge=1)]
    points: Mapping[Suspicion, int]
    quickest_answer_s: Annotated[float, Field(ge=0)]
    much_quicker: Share
    fewest_timed: Annotated[int, Field(ge=1)]
    same_second: Annotated[int, Field(ge=2)]
    straight_lined: Annotated[int, Field(ge=2)]
    most_missing: Share


@cache
def quality_policy() -> QualityPolicy:
    """The packaged policy."""
    return QualityPolicy.model_validate(packaged("survey.field", "quality").body)


@cache
def quality_version() -> int:
    """Its version: kept with every draw."""
    return packaged("survey.field", "quality").version
