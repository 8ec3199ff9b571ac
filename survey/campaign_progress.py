"""What people answer so far in a campaign: its first needed question, from the counted answers, with an interval where its design
gives one. Reads only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from survey.questionnaire import Questionnaire
from survey.statistics.intervals import Interval, korn_graubard
from survey.statistics.proportions import MISSING
from survey.statistics.suppression import suppressed
from survey.store import counted


@dataclass(frozen=True)
class Share:
    """One answer: how many gave it, its weighted share in [0, 1], and the 95 % interval, None for a sample with quotas."""

    code: str
    n: int
    share: float
    interval: Interval | None


@dataclass(frozen=True)
class FirstAnswers:
    """The answers to one question. `n` valid ones, `missing` beside them; `shares` is empty where `kept_back` says why."""

    question: str
    n: int
    missing: int
    shares: tuple[Share, ...]
    kept_back: str | None


async def first_answers(
    conn: Any, centre: str, campaign: int, instrument: Questionnaire, days: tuple[date, date], *, quota: bool
) -> FirstAnswers | None:
    """None: the questionnaire needs no question whose answers could be counted. `days`: the first and the last to be read."""
    question = next((one for one in instrument.essential if instrument.options(one)), None)
    if question is None:
        return None
    first, last = days
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    rows = await counted.counts(conn, every, centre, [campaign], [question])
    return _of(
        question,
        [entry for row in rows for entry in zip(row.codes, row.n, row.w, row.w2, strict=True)],
        quota,
    )


def _of(question: str, entries: Sequence[tuple[str, int, float, float]], quota: bool) -> FirstAnswers:
    valid = [entry for entry in entries if entry[0] not in MISSING]
    n = sum(entry[1] for entry in valid)
    missing = sum(entry[1] for entry in entries) - n
    weight, squares = sum(entry[2] for entry in valid), sum(entry[3] for entry in valid)
    effect = n * squares / weight**2 if weight else 1.0
    why = suppressed("proportion", n, n_eff=n / effect if n else 0)
    if why is not None:
        return FirstAnswers(question, n, missing, (), why)
    shares = []
    for code in sorted({entry[0] for entry in valid}):
        own = [entry for entry in valid if entry[0] == code]
        share = sum(entry[2] for entry in own) / weight
        interval = None if quota else korn_graubard(share, n, design_effect=effect)
        shares.append(Share(code, sum(entry[1] for entry in own), share, interval))
    return FirstAnswers(question, n, missing, tuple(shares), None)
