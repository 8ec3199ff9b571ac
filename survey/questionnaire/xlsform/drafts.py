"""Questions and groups as they are being understood: what they would be here, what they need, what is lost."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from survey.questionnaire.places import Place
from survey.questionnaire.xlsform.dropped import Dropped
from survey.questionnaire.xlsform.headings import Key


@dataclass(frozen=True, slots=True)
class Need:
    """A name that must be known, and the cell that says so."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Wish:
    """A text beside the question that can go without: a field, and the names that its words pipe in."""

    field: str
    names: frozenset[str]
    place: Place
    feature: str


@dataclass
class Part:
    """`row` in the survey sheet; `name` there, `id` here; `inside`: ids of the groups around it, outermost first;
    `place` of its type; `fields` of the Item or Block to be, with the place of each. `lost`: its cells that are not
    carried over, told only if the part itself is kept; `why_not`: why it is not."""

    row: int
    id: str
    inside: tuple[str, ...]
    place: Place
    name: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    places: dict[Key, Place] = field(default_factory=dict)
    needs: list[Need] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    lost: list[Dropped] = field(default_factory=list)
    why_not: list[Dropped] = field(default_factory=list)

    def told(self) -> list[Dropped]:
        """What is lost of it, or why it is not kept; each with its name."""
        return [replace(one, name=self.name) for one in (self.why_not[:1] or self.lost)]

    def put(self, key: str, value: Any, place: Place) -> None:
        self.fields[key] = value
        self.places[(key,)] = place

    def need(self, names: Iterable[str], place: Place) -> None:
        self.needs.extend(Need(name, place) for name in sorted(names))


@dataclass
class Draft(Part):
    """A question, note or calculation; or, with `fact`, a value that is known from elsewhere."""

    fact: bool = False


@dataclass
class BlockDraft(Part):
    """A group."""
