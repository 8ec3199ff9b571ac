"""On what ground and at which level somebody answers for a case, in words (domain.md R36). Pure."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from survey.policies import packaged


class Named(BaseModel):
    """A level's name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    zh: str
    en: str


class Basis(Named):
    """A ground, with the finding that a record on it says."""

    finding_zh: str
    finding_en: str


class Accountability(BaseModel):
    """The body of policy `accountability`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    levels: dict[str, Named]
    bases: dict[str, Basis]


@cache
def accountability() -> Accountability:
    """The packaged policy."""
    return Accountability.model_validate(packaged("followup.casework", "accountability").body)


def finding(basis: str, level: str) -> tuple[str, str]:
    """What a record says, in Chinese and in English. Raises KeyError for an unknown ground or level."""
    ground, place = accountability().bases[basis], accountability().levels[level]
    return ground.finding_zh.format(level=place.zh), ground.finding_en.format(level=place.en)
