"""Policy `api`: how much other systems may ask for."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from survey.policies import packaged


class ApiPolicy(BaseModel):
    """The body of policy `api`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_minute: int = Field(gt=0)
    burst: int = Field(gt=0)
    wrong_keys_a_minute: int = Field(gt=0)
    largest_body_kb: int = Field(gt=0)
    page: int = Field(gt=0)
    largest_page: int = Field(gt=0)
    rows_an_import: int = Field(gt=0)
    answers_kept_hours: int = Field(gt=0)
    key_days: int = Field(gt=0)
    longest_key_days: int = Field(gt=0)
    open311_days: int = Field(gt=0)
    open311_rows: int = Field(gt=0)


@cache
def api_policy() -> ApiPolicy:
    """The packaged policy."""
    return ApiPolicy.model_validate(packaged("followup.policies", "api").body)
