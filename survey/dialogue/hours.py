"""Hours in a written reply: 下午三点, 7点半, 15:30, "3pm", "half past two"; and distances from now: 两小时后."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from typing import Final

from survey.dialogue.normalise import any_of, data
from survey.dialogue.numerals import lists

_NUMBER: Final = r"(?<![\d:.])(\d{1,2})"
_CLOCKS: Final = (
    rf"{_NUMBER}:(\d{{2}})(?::\d{{2}})?(?![\d:])",
    rf"{_NUMBER}(?:点|(?<!小)时)(?:钟|整)?(?:(半)|([1-3])刻|(\d{{1,2}})(?!\d)分?)?",
    rf"\b(half|quarter)\s+(past|to)\s+{_NUMBER}\b",
    rf"\bat\s+{_NUMBER}(?!\d)(?:\s+oclock)?",
    rf"{_NUMBER}\s+oclock",
    rf"{_NUMBER}(?=\s*[ap]\.?m\b)",
)
_LATER: Final[tuple[tuple[str, Callable[[re.Match[str]], int]], ...]] = (
    (r"(\d+)个半(?:小时|钟头)(?:之|以)?后", lambda m: 60 * int(m[1]) + 30),
    (r"半个?(?:小时|钟头)(?:之|以)?后", lambda m: 30),
    (r"(\d+)个?(?:小时|钟头)(?:之|以)?后", lambda m: 60 * int(m[1])),
    (r"(\d+)分钟?(?:之|以)?后", lambda m: int(m[1])),
    (r"\bin\s+half\s+an\s+hour\b", lambda m: 30),
    (r"\bin\s+(\d+|an?)\s+h(?:ou)?rs?\b", lambda m: 60 * (int(m[1]) if m[1].isdigit() else 1)),
    (r"\bin\s+(\d+)\s+min(?:ute)?s?\b", lambda m: int(m[1])),
)


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour as said, with the sign that it is one of 24: 15:30, 03:30."""

    hour: int
    minute: int
    of_day: bool


def with_small_numbers(text: str) -> str:
    """A normalised text whose English number words are figures: "at three", "in two hours"."""
    words = lists()["english"]
    numbers = {**words["ones"], **words["teens"]}
    return re.sub(rf"\b(?:{'|'.join(numbers)})\b", lambda found: str(numbers[found[0]]), text)


def find_later(text: str) -> tuple[set[timedelta], str]:
    """The distances from now that a text names, and the text without them."""
    found: set[timedelta] = set()
    for pattern, minutes in _LATER:
        for match in re.finditer(pattern, text):
            found.add(timedelta(minutes=min(minutes(match), 60 * 24 * 7)))
        text = re.sub(pattern, " ", text)
    return found, text


def find_clocks(text: str) -> tuple[frozenset[Clock | None], str]:
    """The hours that a text names, None for impossible ones, and the text without them."""
    found: set[Clock | None] = set()
    for number, pattern in enumerate(_CLOCKS):

        def take(match: re.Match[str], number: int = number) -> str:
            found.add(_clock(number, match))
            return " "

        text = re.sub(pattern, take, text)
    return frozenset(found), text


def _clock(number: int, match: re.Match[str]) -> Clock | None:
    match number:
        case 0:
            hour, minute = int(match[1]), int(match[2])
        case 1:
            hour = int(match[1])
            minute = 30 if match[2] else 15 * int(match[3]) if match[3] else int(match[4] or 0)
        case 2:
            away = 30 if match[1] == "half" else 15
            hour, minute = int(match[3]), away
            if match[2] == "to":
                hour, minute = (hour - 1 or 12), 60 - away
        case _:
            hour, minute = int(match[1]), 0
    written = match.group()
    of_day = hour > 12 or (number == 0 and (written[0] == "0" or hour == 0))
    return Clock(hour, minute, of_day) if hour < 24 and minute < 60 else None


def find_parts(text: str) -> tuple[frozenset[str], str]:
    """The parts of the day that a text names, and the text without them."""
    found: set[str] = set()

    def take(match: re.Match[str]) -> str:
        found.update(name for name, words in _parts() if match[0] in words)
        return " "

    left = _part().sub(take, text)
    return frozenset(found), left


def hour_of(clock: Clock, part: str | None) -> time | None:
    """The hour of the day; None where it may be in the morning or in the evening, or is in neither."""
    if part is None:
        hour = clock.hour if clock.of_day else data("dates.yaml")["bare_hours"].get(clock.hour)
    else:
        hour = data("dates.yaml")["parts"][part]["hours"].get(clock.hour)
    return None if hour is None else time(hour, clock.minute)


@cache
def _parts() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((name, frozenset(part["words"])) for name, part in data("dates.yaml")["parts"].items())


@cache
def _part() -> re.Pattern[str]:
    return re.compile(any_of(_words()))


def _words() -> Iterator[str]:
    for _, words in _parts():
        yield from words
