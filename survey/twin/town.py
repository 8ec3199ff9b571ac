"""The town's policy: rates, tempers, opinions and words, read from town.yaml and checked."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from .numbers import Column

Shares = dict[str, float]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Signal(_Frozen):
    """How Twilio shows an unanswered call: its final status and the SIP response behind it."""

    status: Literal["failed", "busy", "no-answer"]
    sip: int
    rings: bool


class Delay(_Frozen):
    """A lognormal wait in minutes, cut at `longest`."""

    median: float
    sigma: float
    longest: float


class BlockedEnd(_Frozen):
    """How a call ends whose own number is blocked, and its share of such calls."""

    share: float
    status: Literal["failed", "no-answer"]
    sip: int


class MachineDetection(_Frozen):
    """What the carrier says to a person and to a machine, in seconds after how long, and how a greeting is heard to end."""

    says: dict[str, Shares]
    human_s: tuple[float, float]
    machine_s: tuple[float, float]
    greeting_s: tuple[float, float]
    ends: Shares


class RingsBack(_Frozen):
    """The share of missed calls that are rung back, in minutes after how long, and what for."""

    share: float
    after_min: Delay
    wishes: Shares


class DayPart(_Frozen):
    """Up to this local time of day, `no_answer` is so many times its share."""

    until: str = Field(pattern=r"^\d\d:\d\d$")
    no_answer: float


class Speech(_Frozen):
    """How fast a voice speaks, in characters a second, and how long sounds and silences last."""

    zh_per_s: float
    other_per_s: float
    beep_s: float
    unmeasured_s: float
    ends_s: float


class Delays(_Frozen):
    first: Delay
    next: Delay
    late_h: tuple[float, float]


class Recordings(_Frozen):
    """What people do at a recording, and what becomes of it: spans in seconds, the transcript's delay in minutes."""

    ends: Shares
    nothing: Shares
    noise: float
    ready_s: tuple[float, float]
    transcript_min: Delay
    transcribed_s: tuple[int, int]
    unintelligible: float


class Opinion(_Frozen):
    """One answer to a topic: its share, the labels it is recognised by, and how it is put in writing."""

    value: str
    share: float = 0.0
    zh: tuple[str, ...]
    en: tuple[str, ...]
    says: tuple[str, ...] = ()

    def labels(self, lang: str) -> tuple[str, ...]:
        return self.en if lang == "en" else self.zh


class Matters(_Frozen):
    """Shares of each opinion about a case, given how it was handled."""

    worked_on_unknown: float
    contacted: dict[Literal["told", "untold"], Shares]
    solved: dict[Literal["worked_on", "idle"], Shares]
    satisfied: dict[str, Shares]


class NobodyCame(_Frozen):
    """The share of those to whom nobody came who say so when asked for their reason, and their words."""

    share: float
    words: tuple[str, ...]


class Town(_Frozen):
    """Everything about the town that is not a hash of a number. Shares are between 0 and 1."""

    version: int
    zone: str
    lines: dict[Column, Shares]
    signals: dict[str, Signal]
    blocked_callers: dict[str, BlockedEnd]
    machine_detection: MachineDetection
    rings_back: RingsBack
    opinions_by_chance: bool
    day_parts: tuple[DayPart, ...]
    ring_s: tuple[float, float]
    speech: Speech
    voice_tempers: dict[Column, Shares]
    desk_appointment: float
    voice_slip: float
    voice_unsure: float
    voice_speech: Shares
    voice_misheard: float
    confidence: dict[Literal["heard", "misheard"], tuple[float, float]]
    recordings: Recordings
    text_answers: dict[Literal["survey", "callback"], float]
    text_goes_on: float
    text_late: float
    text_tempers: Shares
    text_unsure: float
    text_duplicate: float
    text_slip: float
    text_thanks_after: float
    delays_min: Delays
    receipt_s: tuple[float, float]
    no_route: float
    reply_forms: dict[str, Shares]
    stop_words: Shares
    carrier_stops: frozenset[str]
    carrier_starts: frozenset[str]
    other_words: dict[str, tuple[str, ...]]
    spoken_forms: dict[str, Shares]
    spoken_words: dict[str, dict[str, tuple[str, ...]]]
    misheard: dict[str, tuple[str, ...]]
    at_the_desk: dict[str, tuple[str, ...]]
    opinions: dict[str, tuple[Opinion, ...]]
    matters: Matters
    speaks_up: dict[Literal["unsafe", "others"], float]
    problems: tuple[str, ...]
    reasons: tuple[str, ...]
    nobody_came: NobodyCame
    nothing_to_say: tuple[str, ...]
    distress: dict[str, tuple[str, ...]]
    minor: dict[str, tuple[str, ...]]

    def opinion(self, topic: str, value: str) -> Opinion:
        """Raises KeyError for a value that the topic does not have."""
        for opinion in self.opinions[topic]:
            if opinion.value == value:
                return opinion
        raise KeyError(f"topic {topic} has no opinion {value!r} in town.yaml")


def packaged(name: str) -> Any:
    """The content of a YAML file that lies beside this module."""
    return yaml.safe_load((files(__package__) / name).read_text(encoding="utf-8"))


@cache
def town(changes: str = "") -> Town:
    """The packaged town, with the JSON object of `changes` laid over it. Raises ValueError naming the key that is wrong."""
    changed = json.loads(changes) if changes.strip() else {}
    if not isinstance(changed, dict):
        raise ValueError(f"--town wants a JSON object, not {changes!r}")
    return Town.model_validate(_laid_over(packaged("town.yaml"), changed))


def _laid_over(body: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Objects key by key, everything else whole."""
    return body | {
        name: _laid_over(body[name], value)
        if isinstance(value, dict) and isinstance(body.get(name), dict)
        else value
        for name, value in changes.items()
    }
