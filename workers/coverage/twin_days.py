"""The safety rate of 400 days in the twin's town, whose truth is planted: does its interval hold it, and how wide is it?"""

from collections.abc import Iterator

import numpy as np

from survey.statistics.intervals import jeffreys
from survey.statistics.proportions import safety_rate
from survey.twin.opinions import opinion, safe_share
from survey.twin.person import meet
from survey.twin.town import town
from workers.coverage.checking import Check, Effort, Found, at_least, at_most, bars

NUMBERS, CALLED = 6000, 300
"""On the list, and called on a day."""
GOES_THROUGH = frozenset({"patient", "hurried", "wrong_keys", "again"})
CODES = {"safe": "1", "fairly_safe": "2", "not_very_safe": "3", "unsafe": "4"}


def checks() -> Iterator[Check]:
    yield Check("孪生 the twin's town", _days)


def _days(effort: Effort, dice: np.random.Generator) -> list[Found]:
    place = town()
    people = [meet(place, int(dice.integers(1 << 30)), f"+861540{number:07d}") for number in range(NUMBERS)]
    _, truth = safe_share(place, people)
    answers = [
        CODES[opinion(place, person, "safety").value]
        if person.line == "assigned" and person.voice_temper in GOES_THROUGH
        else None
        for person in people
    ]
    days = max(60, round(effort.share * bars().twin_days))
    held, width, narrow = [], [], []
    for _ in range(days):
        called = dice.choice(NUMBERS, CALLED, replace=False)
        found = safety_rate([answers[place] for place in called])
        if found.estimate is None or found.low is None or found.high is None:
            continue
        low, high = jeffreys(found.estimate, found.n)
        held.append(found.low <= truth <= found.high)
        width.append(found.high - found.low)
        narrow.append(high - low)
    cell = f"{days} 天 days,每天呼叫 called a day {CALLED},真值 truth {truth:.4f}"
    bar = bars().twin_coverage
    return [
        at_least("每日安全率 daily safety rate", cell, float(np.mean(held)), bar, effort.slack(bar, days)),
        at_most(
            "宽度比 width over Jeffreys", cell, float(np.mean(width) / np.mean(narrow)), bars().twin_width
        ),
    ]
