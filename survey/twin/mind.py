"""A resident while they deal with us: the lasting person, and what they remember of calls, texts and
cases."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from . import dice
from .hearing import Heard, Option, Question, normal
from .opinions import Matter, opinion, problem, reason
from .person import Person
from .town import Opinion, Town

OPEN_TOPICS = frozenset({"open", "reason"})


@dataclass(slots=True)
class OptOut:
    """When and how this resident said never again."""

    at: datetime
    said: str
    via: str


@dataclass(slots=True)
class Conversation:
    """What is remembered from one prompt to the next, within one call or one thread of texts. `wish`: what they ring for."""

    prompts: int = 0
    topics: list[str] = field(default_factory=list)
    offered: set[str] = field(default_factory=set)
    case: str | None = None
    silences: int = 0
    over: bool = False
    wish: str | None = None
    tricks: set[str] = field(default_factory=set)

    def hears(self, heard: Heard) -> None:
        self.prompts += 1
        self.offered |= set(heard.reserved)
        if heard.case is not None:
            self.case = heard.case

    def once(self, trick: str) -> bool:
        """True the first time a whim is asked for in this conversation."""
        if trick in self.tricks:
            return False
        self.tricks.add(trick)
        return True


@dataclass(slots=True)
class Resident:
    """One number of the town and all that has passed with it. `calls`, `texts`, `creates` and `rings`
    (their own calls to the centre) count from 1; `spoken_at`: when they last answered, or were answered."""

    person: Person
    calls: int = 0
    texts: int = 0
    creates: int = 0
    rings: int = 0
    on_the_phone: int = 0
    spoken_at: datetime | None = None
    replies: int = 0
    matters: dict[str, Matter] = field(default_factory=dict)
    last_matter: str | None = None
    thread: Conversation = field(default_factory=Conversation)
    thread_turn: int = 0
    replied_at: datetime | None = None
    written_to: str | None = None
    opted_out: OptOut | None = None
    carrier_stopped: bool = False

    def tell(self, matter: Matter) -> None:
        """What really happened to a case of theirs, as of now."""
        self.matters[matter.number] = matter
        self.last_matter = matter.number

    def matter(self, conversation: Conversation) -> Matter | None:
        """The case that this conversation is about."""
        number = conversation.case or self.last_matter
        return self.matters.get(number) if number is not None else None


@dataclass(frozen=True, slots=True)
class Meant:
    """An answer in mind: the opinion, the word for it (`label`), and the option of the prompt that says
    it, if any."""

    topic: str
    opinion: Opinion
    label: str
    option: Option | None


def own_words(town: Town, resident: Resident, conversation: Conversation, topic: str | None) -> str | None:
    """What they have to say to an open question, if anything."""
    if topic == "reason":
        return reason(town, resident.person, resident.matter(conversation))
    return problem(town, resident.person)


def must_be_said(
    town: Town, resident: Resident, conversation: Conversation, lang: str
) -> tuple[Literal["distress", "minor"], str] | None:
    """That they are in distress, or too young: once in a conversation, whatever was asked."""
    person = resident.person
    kinds: tuple[tuple[Literal["distress", "minor"], str | bool, dict[str, tuple[str, ...]]], ...] = (
        ("distress", person.distress, town.distress),
        ("minor", person.minor, town.minor),
    )
    for kind, trait, words in kinds:
        if trait and conversation.once(kind):
            return kind, trait if isinstance(trait, str) else dice.one_of(person.draw(kind), words[lang])
    return None


def think(
    town: Town, resident: Resident, conversation: Conversation, question: Question, lang: str
) -> Meant | None:
    """What they would answer; None when they do not understand what is asked, in a town where nobody answers by chance.

    The topic is heard in the words of the question; failing that, the one talked about last, if its
    answer is offered;
    failing that, the one whose answers these are."""
    matter = resident.matter(conversation)
    candidates = [
        question.topic,
        *reversed(conversation.topics),
        *(town.opinions if question.options else ()),
    ]
    for topic in dict.fromkeys(t for t in candidates if t in town.opinions):
        mine = opinion(town, resident.person, topic, matter)
        option = fit(mine, question.options)
        if option is None and (question.options or topic != question.topic):
            continue
        if topic != question.topic and not _all_known(town, topic, question.options):
            continue
        return Meant(topic, mine, mine.labels(lang)[0], option)
    return _by_chance(resident, question) if town.opinions_by_chance else None


def _by_chance(resident: Resident, question: Question) -> Meant | None:
    """One of the options, the same one whenever they are asked this."""
    if len(question.options) < 2:
        return None
    labels = [option.label for option in question.options]
    option = dice.one_of(resident.person.draw("by chance", *labels), question.options)
    mine = Opinion(value=option.label, zh=(option.label,), en=(option.label,))
    return Meant(f"by chance {' '.join(labels)}", mine, option.label, option)


def fit(mine: Opinion, options: tuple[Option, ...]) -> Option | None:
    """The option whose label says what they think; an age band also by the years it begins and ends with."""
    words = {normal(word) for word in (*mine.zh, *mine.en)}
    for option in options:
        label = normal(option.label)
        if label in words or _same_band(mine.value, label):
            return option
    return None


def _same_band(value: str, label: str) -> bool:
    if not value[:2].isdigit():
        return False
    if value.endswith("+"):
        return label.startswith(value[:2]) and "-" not in label
    return label.startswith(value)


def _all_known(town: Town, topic: str, options: tuple[Option, ...]) -> bool:
    """Whether each of these labels is an answer to the topic."""
    known = {normal(word) for mine in town.opinions[topic] for word in (*mine.zh, *mine.en)}
    bands = [mine.value for mine in town.opinions[topic]]
    return all(
        normal(option.label) in known or any(_same_band(band, normal(option.label)) for band in bands)
        for option in options
    )
