"""Grounds on which an appeal is not accepted, as data (`policies/not_accepted.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from survey.policies import packaged


class Words(BaseModel):
    """The same in Chinese and in English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Ground(BaseModel):
    """Why a matter is not taken on, what is said about it, and who is the right one to ask."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Words
    explanation: Words
    channel: Words


class Grounds(BaseModel):
    """The body of policy `not_accepted`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grounds: Mapping[str, Ground]


@cache
def grounds() -> Mapping[str, Ground]:
    """The packaged grounds by code."""
    return Grounds.model_validate(packaged("followup.policies", "not_accepted").body).grounds
