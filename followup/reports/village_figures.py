"""The figures of one page of the village sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.small_cells import total_kept_back
from followup.reports.village_pages import SOLVED, Outcome, Page, answered, outcomes, residents_of
from followup.store.villages import VillageCase
from survey.statistics.intervals import korn_graubard
from survey.statistics.mover import Side

QUERY: Final = "followup.store.villages.SELECT_VILLAGE_CASES"
FIGURES_OF_PAGE: Final = ("raised", "verified", "open", "solved", "coverage")
NAMES: Final[dict[Outcome, Words]] = {
    "verified": both("本人确认已经解决", "The resident calls it solved"),
    "unsolved": both("本人说没有完全解决", "The resident calls it not, or not wholly, solved"),
    "explained": both("已经答复,或说明了为什么办不了", "Answered, or told why it cannot be done"),
    "unheard": both("没有听到本人的评价,不算办好", "No word of the resident; not counted as done"),
    "open": both("还在办", "Still open"),
}
ANSWERED = both("回访中说了是否解决的居民", "residents who said at the callback whether it is solved")
DUE = both("到期的回访", "matters to be asked about")


def put_page(figures: Figures, page: Page) -> None:
    """All figures of a page, under its code."""
    code, name = page.code, page.name
    figures.count(f"{code}.raised", _label(name, "提出", "raised"), len(page.cases), QUERY)
    figures.count(f"{code}.residents", _label(name, "提出的居民", "residents"), page.residents, QUERY)
    for outcome, n in outcomes(page.cases).items():
        label = both(f"{name.zh} {NAMES[outcome].zh}", f"{name.en}: {NAMES[outcome].en}")
        figures.count(f"{code}.{outcome}", label, n, QUERY)
    said = answered(page.cases)
    solved = sum(case.solved == SOLVED for case in said)
    _rate(figures, f"{code}.solved", _label(name, "解决率", "solved"), solved, said, ANSWERED, sampled=True)
    due = [case for case in page.cases if case.called]
    reached = sum(case.reached for case in due)
    _rate(figures, f"{code}.coverage", _label(name, "访到", "reached"), reached, due, DUE)
    few = _few(due)
    counts = {"due": len(due), "reached": reached, "unreached": len(due) - reached}
    for what, n in counts.items():
        label = both(f"{name.zh} 回访 {what}", f"{name.en}, callbacks {what}")
        figures.put(
            Figure(
                key=f"{code}.calls.{what}", label=label, value=None if few else n, withheld=few, query=QUERY
            )
        )


def side_of(page: Page) -> Side | None:
    """The share of solved matters with its limits; None where it is not published."""
    said = answered(page.cases)
    if not said or _few(said):
        return None
    share = sum(case.solved == SOLVED for case in said) / len(said)
    low, high = korn_graubard(share, len(said))
    return Side(share, low, high)


def _rate(
    figures: Figures,
    key: str,
    label: Words,
    part: int,
    whole: Sequence[VillageCase],
    base: Words,
    *,
    sampled: bool = False,
) -> None:
    """`sampled`: who answered stands for more than themselves, so it has an interval; who was reached is counted, all
    of them."""
    few, n = _few(whole), len(whole)
    share = part / n if n and not few else None
    limits = korn_graubard(share, n) if sampled and share is not None else None
    figures.put(
        Figure(
            key=key,
            label=label,
            value=share,
            unit="share",
            n=None if few else n,
            low=limits.low if limits else None,
            high=limits.high if limits else None,
            base=base,
            withheld=few,
            query=QUERY,
        )
    )


def _few(cases: Sequence[VillageCase]) -> Words | None:
    """Why nothing is told of these: they are of fewer residents than may be told apart. None of nobody."""
    known = residents_of(cases)
    return total_kept_back({"residents": known or 1}) if cases else None


def _label(name: Words, zh: str, en: str) -> Words:
    return both(f"{name.zh} {zh}", f"{name.en}, {en}")
