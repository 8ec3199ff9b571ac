"""Other platforms as data (policy `platforms`): how they name what we read, and what they want back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict

from followup.door_refusals import UnknownPlatform
from survey.policies import packaged


class Platform(BaseModel):
    """One platform. `headings`: its heading -> our field; `words`: per heading, its word -> ours.

    `always`: field -> text of every row; `back`: its heading -> field of an exported case.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str
    rows_at: str
    headings: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    always: Mapping[str, str]
    back: Mapping[str, str]


@cache
def platforms() -> Mapping[str, Platform]:
    """The packaged platforms, by name."""
    body = packaged("followup.policies", "platforms").body
    return {name: Platform.model_validate(one) for name, one in body.items()}


def platform(name: str) -> Platform:
    """Raises UnknownPlatform."""
    found = platforms().get(name)
    if found is None:
        raise UnknownPlatform(platform=name, known=", ".join(platforms()))
    return found
