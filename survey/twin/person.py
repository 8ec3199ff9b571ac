"""Who lives behind a number. Everything is a hash of (seed, number), unless planted otherwise."""

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Literal
from zoneinfo import ZoneInfo

from . import dice, numbers
from .town import Town

Line = Literal["assigned", "unassigned", "suspended"]

VOICE_TEMPERS = frozenset(
    {"patient", "hurried", "wrong_keys", "again", "refuses", "midway", "silent", "person", "never_again"}
)
TEXT_TEMPERS = frozenset(
    {
        "digits",
        "words",
        "contradictory",
        "nonsense",
        "thanks",
        "question",
        "stop",
        "person",
        "late",
        "ignores",
    }
)


@dataclass(frozen=True, slots=True)
class Writes:
    """A text to the centre that answers nothing, so many minutes after the resident was planted."""

    after_min: float
    body: str


@dataclass(frozen=True, slots=True)
class Person:
    """A resident's lasting traits. `opinions` holds planted ones by topic (value, not label); `answers`
    plants what
    happens to the first calls (answered, busy, no_answer …), the last one standing for all later calls.

    `speaks`: they say answers where speech is listened for; None leaves it to chance. `record_ends`: how they end a
    recording. `rings_back`: minutes after a missed call; `rings_for`: why they ring; `writes`: texts of their own accord.
    `detected_as`: what machine detection makes of them. `distress` and `minor`: they say so once, in these
    words, or (True) in words of the town."""

    number: str
    seed: int
    line: Line
    voice_temper: str
    text_temper: str | None = None
    opinions: dict[str, str] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    problem: str | None = None
    slips: bool = True
    speaks: bool | None = None
    record_ends: str | None = None
    distress: str | bool = False
    minor: str | bool = False
    detected_as: str | None = None
    rings_back: float | None = None
    rings_for: str | None = None
    writes: tuple[Writes, ...] = ()

    def draw(self, *what: object) -> float:
        """This person's own chance for something, the same in every run of the same seed."""
        return dice.uniform(self.seed, self.number, *what)


def meet(town: Town, seed: int, number: str) -> Person:
    """The person (or the dead line) behind a number."""
    column = numbers.column(number)
    rates = town.lines[column]
    u = dice.uniform(seed, number, "line")
    line: Line = "assigned"
    if u < rates["unassigned"]:
        line = "unassigned"
    elif u < rates["unassigned"] + rates["suspended"]:
        line = "suspended"
    temper = dice.choose(dice.uniform(seed, number, "voice temper"), town.voice_tempers[column])
    return Person(number=number, seed=seed, line=line, voice_temper=temper)


def plant(town: Town, seed: int, number: str, wishes: dict[str, Any]) -> Person:
    """The same person with traits overridden: line, voice_temper, text_temper, temper (both), opinions,
    answers,
    problem, slips, speaks, record_ends, distress, minor, detected_as, rings_back, rings_for, writes.

    Raises ValueError naming the trait or value that the town does not know."""
    own = meet(town, seed, number)
    given = dict(wishes)
    temper = given.pop("temper", None)
    traits: dict[str, Any] = {
        "number": number,
        "seed": seed,
        "line": given.pop("line", "assigned"),
        "voice_temper": given.pop("voice_temper", temper or own.voice_temper),
        "text_temper": given.pop("text_temper", _as_text_temper(temper)),
        "opinions": _opinions(town, given.pop("opinions", {})),
        "answers": tuple(given.pop("answers", ())),
        "problem": given.pop("problem", None),
        "slips": bool(given.pop("slips", False)),
        "speaks": given.pop("speaks", None),
        "record_ends": given.pop("record_ends", None),
        "distress": given.pop("distress", False),
        "minor": given.pop("minor", False),
        "detected_as": given.pop("detected_as", None),
        "rings_back": given.pop("rings_back", None),
        "rings_for": given.pop("rings_for", None),
        "writes": tuple(_writes(one) for one in given.pop("writes", ())),
    }
    if given:
        raise ValueError(f"unknown trait {sorted(given)[0]!r} of a planted resident")
    _known("line", traits["line"], {"assigned", "unassigned", "suspended"})
    _known("voice_temper", traits["voice_temper"], VOICE_TEMPERS)
    _known("text_temper", traits["text_temper"], TEXT_TEMPERS | {None})
    _known("record_ends", traits["record_ends"], {*town.recordings.ends, None})
    _known("detected_as", traits["detected_as"], {"human", "machine", "unknown", None})
    _known("rings_for", traits["rings_for"], {*town.rings_back.wishes, None})
    if traits["rings_back"] is not None and not _minutes(traits["rings_back"]):
        raise ValueError("a planted resident's rings_back is a number of minutes")
    _known("speaks", traits["speaks"], {True, False, None})
    for name in ("distress", "minor"):
        if not isinstance(traits[name], bool | str):
            raise ValueError(f"a planted resident's {name} is words, or true for words of the town")
    for outcome in traits["answers"]:
        _known("answers", outcome, {"answered", "machine", *town.signals})
    return Person(**traits)


def _as_text_temper(temper: str | None) -> str | None:
    return {"patient": "digits", "hurried": "digits", "never_again": "stop", "silent": "ignores"}.get(
        temper or ""
    )


def _opinions(town: Town, wishes: dict[str, str]) -> dict[str, str]:
    """Planted opinions, given by value or by any label."""
    found = {}
    for topic, wish in wishes.items():
        _known("topic", topic, set(town.opinions))
        fitting = [o.value for o in town.opinions[topic] if wish == o.value or wish in o.zh or wish in o.en]
        if not fitting:
            raise ValueError(f"no opinion {wish!r} about {topic!r}; town.yaml lists them")
        found[topic] = fitting[0]
    return found


def _writes(wish: Any) -> Writes:
    if not isinstance(wish, dict) or set(wish) != {"after_min", "body"} or not _minutes(wish["after_min"]):
        raise ValueError("what a planted resident writes is {after_min: minutes, body: words}")
    return Writes(float(wish["after_min"]), str(wish["body"]))


def _minutes(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _known(what: str, value: object, known: set[Any] | frozenset[Any]) -> None:
    if value not in known:
        listed = ", ".join(sorted(map(str, known)))
        raise ValueError(f"a planted resident's {what} cannot be {value!r}; known: {listed}")


def picks_up(town: Town, person: Person, nth: int, now: datetime) -> str:
    """What happens to the `nth` call (from 1) to this person: answered, machine, or an unanswered outcome of
    `town.signals`. Depends on the part of the day of `now`, never on other calls."""
    if person.line != "assigned":
        return person.line
    if person.answers:
        return person.answers[min(nth, len(person.answers)) - 1]
    rates = town.lines[numbers.column(person.number)]
    left = {name: share for name, share in rates.items() if name not in ("unassigned", "suspended")}
    living = 1 - rates["unassigned"] - rates["suspended"]
    left["no_answer"] *= _day_part(town, now)
    left["answered"] = max(0.0, living - sum(left.values()))
    return dice.choose(person.draw("picks up", nth), left)


def ring_s(town: Town, person: Person, nth: int) -> float:
    """How long it rings before they do something about it."""
    return dice.between(person.draw("ring", nth), *town.ring_s)


def _day_part(town: Town, now: datetime) -> float:
    local = now.astimezone(ZoneInfo(town.zone)).time()
    for part in town.day_parts:
        if part.until == "24:00" or local < time.fromisoformat(part.until):
            return part.no_answer
    return 1.0
