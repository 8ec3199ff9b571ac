"""The body of policy `desk`, typed; what each number means stands beside it in desk.yaml."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from survey.policies import packaged


class DeskPolicy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    abuse_pause_minutes: int = Field(gt=0)
    notes_days: int = Field(gt=0)
    notes_shown: int = Field(gt=0)
    sheet_most: int = Field(gt=0)
    sheet_entry_hours: int = Field(gt=0)


@cache
def desk_policy() -> DeskPolicy:
    """The packaged policy."""
    return DeskPolicy.model_validate(packaged("survey.policies", "desk").body)
