"""The policy of lists as data: `survey/policies/lists.yaml` and `refused_columns.yaml`, read once."""

from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict

from survey.policies import packaged


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Frozen):
    max_columns: int
    max_cell: int
    nearest_names: int
    heading_lines: int
    max_unpacked_mb: int
    max_attribute: int
    keys_last_from: int


class Ages(_Frozen):
    youngest: int
    oldest: int


class AgeBand(_Frozen):
    """Ages `first` to `last`, both included; `last` None has no end."""

    code: str
    first: int
    last: int | None


class Column(_Frozen):
    """A field of a list: the headings that mean it, whether it must be filled, its most characters."""

    required: bool
    max_length: int
    headings: tuple[str, ...]


class ListPolicy(_Frozen):
    limits: Limits
    ages: Ages
    age_bands: tuple[AgeBand, ...]
    yes_words: frozenset[str]
    no_words: frozenset[str]
    lists: Mapping[str, Mapping[str, Column]]


class RefusedKind(_Frozen):
    says: str
    zh: tuple[str, ...]
    en: tuple[str, ...]


class RefusedContent(_Frozen):
    sample: int
    id_card_share: float
    position_share: float
    position_decimals: int
    longitude: tuple[float, float]
    latitude: tuple[float, float]


class RefusedPolicy(_Frozen):
    kinds: Mapping[str, RefusedKind]
    content: RefusedContent


@cache
def list_policy() -> ListPolicy:
    return ListPolicy.model_validate(packaged("survey.policies", "lists").body)


@cache
def refused_policy() -> RefusedPolicy:
    return RefusedPolicy.model_validate(packaged("survey.policies", "refused_columns").body)
