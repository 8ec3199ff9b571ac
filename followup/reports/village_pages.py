"""Which places get a page of the village sheet, and what stands on it. Pure: cases in, counts out.

A page is of at least `private_n` residents (policy `suppression`). Villages with fewer share the page of the rest of
their township, if that has enough; otherwise they are named, with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from pydantic import PositiveInt

from followup.open311.policy import open311_policy
from followup.redaction import redacted
from followup.reports.document.figures import Words, both
from followup.reports.report_policy import Closed
from followup.store.villages import VillageCase
from survey.policies import packaged
from survey.statistics.suppression import suppression_policy

Outcome = Literal["verified", "unsolved", "explained", "unheard", "open"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("verified", "unsolved", "explained", "unheard", "open")
SOLVED, NOT_SOLVED = "1", ("2", "3")
NOWHERE: Final = both("没有写明乡镇的", "Without a township")


class Endings(Closed):
    """States of closed matters, by what they say."""

    explained: tuple[str, ...]
    heard: tuple[str, ...]
    unheard: tuple[str, ...]


class VillagePolicy(Closed):
    """Body of village.yaml, where each entry is explained."""

    most_results: PositiveInt
    endings: Endings


@cache
def village_policy() -> VillagePolicy:
    """The packaged version."""
    return VillagePolicy.model_validate(packaged("followup.policies", "village").body)


@dataclass(frozen=True)
class Page:
    """A village, or the rest of a township. `shares`: the villages that share it."""

    code: str
    name: Words
    cases: Sequence[VillageCase]
    shares: Sequence[Words] = ()

    @property
    def residents(self) -> int:
        """Who raised something, each once; whoever is anonymous is not known to be somebody else."""
        return residents_of(self.cases)


@dataclass(frozen=True)
class Sheet:
    """`left`: places with matters of too few residents for a page."""

    pages: Sequence[Page]
    left: Sequence[Words]


def has_enough(cases: Iterable[VillageCase]) -> bool:
    """Whether they are of so many residents that nobody can be made out."""
    return residents_of(cases) >= suppression_policy().private_n


def sheet_of(cases: Iterable[VillageCase]) -> Sheet:
    """Pages in the order of their codes, the rest of a township after its villages."""
    by_township: dict[str, dict[str, list[VillageCase]]] = defaultdict(lambda: defaultdict(list))
    for case in cases:
        by_township[case.township or ""][case.village or ""].append(case)
    pages: list[Page] = []
    left: list[Words] = []
    for township, villages in sorted(by_township.items()):
        rest: list[VillageCase] = []
        shares: list[Words] = []
        for village, members in sorted(villages.items()):
            if village and has_enough(members):
                pages.append(Page(village, village_name(members[0]), members))
            else:
                rest += members
                shares.append(village_name(members[0]))
        if has_enough(rest):
            pages.append(Page(f"{township}-rest", _rest_name(rest[0]), rest, shares))
        elif rest:
            left += shares
    return Sheet(pages, left)


def residents_of(cases: Iterable[VillageCase]) -> int:
    """Different residents among those who are known to have raised these."""
    return len({case.person for case in cases if case.person is not None})


def outcome_of(case: VillageCase) -> Outcome:
    """What became of a matter. Only the resident's own word makes it done."""
    endings = village_policy().endings
    if case.state in endings.explained:
        return "explained"
    if case.state in endings.unheard:
        return "unheard"
    if case.state not in endings.heard:
        return "open"
    if case.solved == SOLVED:
        return "verified"
    return "unsolved" if case.solved in NOT_SOLVED else "unheard"


def outcomes(cases: Iterable[VillageCase]) -> Mapping[Outcome, int]:
    """How many of each; together all of them."""
    found: dict[Outcome, int] = dict.fromkeys(OUTCOMES, 0)
    for case in cases:
        found[outcome_of(case)] += 1
    return found


def answered(cases: Iterable[VillageCase]) -> list[VillageCase]:
    """Those whose resident said at the last callback whether it is solved; also of matters that are open again since."""
    return [case for case in cases if case.solved in (SOLVED, *NOT_SOLVED)]


def results(cases: Iterable[VillageCase]) -> list[str]:
    """Results that their resident has confirmed and anybody may read, the newest first, each once; without anything by which
    somebody could be found."""
    groups = open311_policy().published_groups
    found = [
        case
        for case in cases
        if case.quotable and case.result and case.category[:2] in groups and outcome_of(case) == "verified"
    ]
    newest = sorted(found, key=lambda case: case.number, reverse=True)
    words = dict.fromkeys(redacted(case.result or "", []) for case in newest)
    return list(words)[: village_policy().most_results]


def village_name(case: VillageCase) -> Words:
    """A village with its township; of a matter without a village the township alone."""
    if case.township_zh is None:
        return NOWHERE
    if case.village_zh is None:
        return both(f"{case.township_zh}(没有写明村)", f"{case.township_en} (no village named)")
    return both(f"{case.village_zh}({case.township_zh})", f"{case.village_en} ({case.township_en})")


def _rest_name(case: VillageCase) -> Words:
    if case.township_zh is None:
        return NOWHERE
    return both(f"{case.township_zh}其余各村", f"Other villages of {case.township_en}")
