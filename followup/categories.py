"""The category tree as data (`policies/categories.yaml`), and a first guess of a category from words."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from survey.policies import packaged


class Category(BaseModel):
    """What a case is about, and with it its duty (十项职责) and the kind that sets its limits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^\d{2}$")
    name_zh: str
    duty_no: int = Field(ge=1, le=10)
    kind: str
    words: tuple[str, ...]


class Categories(BaseModel):
    """The body of policy `categories`; its order is the order in which words are tried."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    other: str
    categories: tuple[Category, ...]

    def of_code(self, code: str) -> Category:
        """The category with this code. Raises KeyError."""
        for category in self.categories:
            if category.code == code:
                return category
        raise KeyError(code)

    def guess(self, *texts: str) -> Category:
        """The category whose name or one of whose words stands in the texts, tried one after the other."""
        for text in texts:
            for category in self.categories:
                if category.name_zh in text or any(word in text for word in category.words):
                    return category
        return self.of_code(self.other)


@cache
def categories() -> Categories:
    """The packaged category tree."""
    return Categories.model_validate(packaged("followup.policies", "categories").body)
