"""Policy `changes`, typed."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from survey.policies import packaged


class Words(BaseModel):
    """What is printed, in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str


class ChangePolicy(BaseModel):
    """Body of changes.yaml, where each entry is explained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    false_discovery: float = Field(gt=0, le=0.05)
    tier_false_discovery: float = Field(gt=0, le=0.05)
    dashboard_probability: float = Field(gt=0.5, lt=1)
    chance_level: float = Field(gt=0.5, lt=1)
    holm_up_to: int = Field(ge=1)
    words: dict[str, Words]
    tiers: dict[str, Words]


@cache
def change_policy() -> ChangePolicy:
    """The packaged version."""
    return ChangePolicy.model_validate(packaged("survey.statistics", "changes").body)
