"""The category tree as data (`policies/categories.yaml`), and a first guess of a category from words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from pydantic import BaseModel, ConfigDict, Field

from survey.policies import packaged


@dataclass(frozen=True)
class Category:
    """A leaf of the tree: what a case is about, and with it its duty (十项职责) and the kind that sets its limits."""

    code: str
    group_zh: str
    name_zh: str
    name_en: str
    duty_no: int
    kind: str
    words: tuple[str, ...]
    external: str | None

    @property
    def group(self) -> str:
        """The two digits of its group."""
        return self.code[:2]


class Leaf(BaseModel):
    """A leaf as the policy has it; `duty_no` and `kind` of None are those of its group."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^\d{4}$")
    name_zh: str
    name_en: str
    words: tuple[str, ...]
    duty_no: int | None = Field(default=None, ge=1, le=10)
    kind: str | None = None
    external: str | None = None


class Group(BaseModel):
    """The upper level. Its last leaf takes what none of the others does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^\d{2}$")
    name_zh: str
    name_en: str
    duty_no: int = Field(ge=1, le=10)
    kind: str
    words: tuple[str, ...]
    leaves: tuple[Leaf, ...] = Field(min_length=1)

    def categories(self) -> Iterator[Category]:
        """Its leaves, each with its duty and kind."""
        for leaf in self.leaves:
            yield Category(
                leaf.code,
                self.name_zh,
                leaf.name_zh,
                leaf.name_en,
                leaf.duty_no or self.duty_no,
                leaf.kind or self.kind,
                leaf.words,
                leaf.external,
            )

    def guess(self, text: str) -> Category | None:
        """The leaf that the text is about, if it is about this group at all."""
        *named, rest = self.categories()
        for category in named:
            if category.name_zh in text or any(word in text for word in category.words):
                return category
        return rest if self.name_zh in text or any(word in text for word in self.words) else None


class Categories(BaseModel):
    """The body of policy `categories`; the order of its groups is the order in which words are tried."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    other: str
    groups: tuple[Group, ...]

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        """All leaves."""
        return tuple(category for group in self.groups for category in group.categories())

    def of_code(self, code: str) -> Category:
        """The leaf with this code of four digits. Raises KeyError."""
        for category in self.categories:
            if category.code == code:
                return category
        raise KeyError(code)

    def guess(self, *texts: str) -> Category:
        """The first group that a text names, the texts tried one after the other; in it the leaf that any names."""
        for text in texts:
            for group in self.groups:
                if any(word in text for word in (group.name_zh, *group.words)):
                    found = group.guess(" ".join(texts))
                    assert found is not None  # a word of the group stands in the text
                    return found
        return self.of_code(self.other)


@cache
def categories() -> Categories:
    """The packaged category tree."""
    return Categories.model_validate(packaged("followup.policies", "categories").body)
