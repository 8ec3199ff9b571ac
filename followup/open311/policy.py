"""Policy `open311`: what is published, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from survey.policies import packaged


class Attribute(BaseModel):
    """A further field of a request, beside those of the standard."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    datatype: Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
    required: bool
    description: str
    datatype_description: str
    values: Mapping[str, str]


class Open311Policy(BaseModel):
    """The body of policy `open311`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    published_groups: tuple[str, ...]
    service_description: str
    registered_notice: str
    attributes: tuple[Attribute, ...]


@cache
def open311_policy() -> Open311Policy:
    """The packaged policy."""
    return Open311Policy.model_validate(packaged("followup.policies", "open311").body)
