"""What a person thinks: f(seed, number) for the town, and for a case of theirs what was last told about
it."""

from collections.abc import Iterable
from dataclasses import dataclass

from . import dice
from .person import Person
from .town import Opinion, Town

ABOUT_A_CASE = frozenset({"contacted", "solved", "satisfied", "attitude"})
SAFE = frozenset({"safe", "fairly_safe"})


@dataclass(frozen=True, slots=True)
class Matter:
    """A case of a resident as it really went in its last round."""

    number: str
    round: int
    worked_on: bool
    contacted: bool


def opinion(town: Town, person: Person, topic: str, matter: Matter | None = None) -> Opinion:
    """Their answer to a topic; topics about a case follow the matter, or chance where nothing was told.

    Raises KeyError for a topic that town.yaml does not have."""
    planted = person.opinions.get(topic)
    if planted is not None:
        return town.opinion(topic, planted)
    if topic in ABOUT_A_CASE:
        return town.opinion(topic, _about_case(town, person, topic, matter))
    key: tuple[object, ...] = ("opinion", topic)
    if topic == "again":
        key = (*key, *_case_key(matter))
    shares = {o.value: o.share for o in town.opinions[topic]}
    return town.opinion(topic, dice.choose(person.draw(*key), shares))


def _about_case(town: Town, person: Person, topic: str, matter: Matter | None) -> str:
    planted = person.opinions.get(topic)
    if planted is not None:
        return planted
    known = matter or _untold(town, person)
    u = person.draw("opinion", topic, *_case_key(matter))
    rules = town.matters
    if topic == "contacted":
        return dice.choose(u, rules.contacted["told" if known.contacted else "untold"])
    if topic == "solved":
        return dice.choose(u, rules.solved["worked_on" if known.worked_on else "idle"])
    return dice.choose(u, rules.satisfied[_about_case(town, person, "solved", matter)])


def _case_key(matter: Matter | None) -> tuple[object, ...]:
    return (matter.number, matter.round) if matter is not None else ()


def _untold(town: Town, person: Person) -> Matter:
    worked_on = person.draw("worked on") < town.matters.worked_on_unknown
    return Matter("", 0, worked_on, worked_on)


def problem(town: Town, person: Person) -> str | None:
    """What they complain of when asked, in their own words; None when they have nothing to say."""
    if person.problem is not None:
        return person.problem
    safe = opinion(town, person, "safety").value in SAFE
    if person.draw("speaks up") >= town.speaks_up["others" if safe else "unsafe"]:
        return None
    return dice.one_of(person.draw("problem"), town.problems)


def reason(town: Town, person: Person, matter: Matter | None) -> str:
    """Why they are not content with how their case went."""
    nobody = town.nobody_came
    if (
        matter is not None
        and not (matter.contacted or matter.worked_on)
        and person.draw("nobody came", *_case_key(matter)) < nobody.share
        and opinion(town, person, "contacted", matter).value == "no"
    ):
        return dice.one_of(person.draw("reason", *_case_key(matter)), nobody.words)
    return dice.one_of(person.draw("reason", *_case_key(matter)), town.reasons)


def safe_share(town: Town, people: Iterable[Person]) -> tuple[int, float]:
    """How many of these numbers are people, and the planted share of them that feels safe (0 when there
    are none)."""
    living = [person for person in people if person.line == "assigned"]
    safe = sum(opinion(town, person, "safety").value in SAFE for person in living)
    return len(living), safe / len(living) if living else 0.0
