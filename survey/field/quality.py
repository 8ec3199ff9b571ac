"""PURE. Which finished interviews a person checks, and how many of a surveyor's are wrong.

Two ways lead to a check. By lot: of each surveyor's interviews a share, so that what is found speaks of all of them. By
suspicion: what the automatic checks find besides; it was not drawn, is more likely to be wrong, and enters no rate.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from statistics import median
from typing import Final

from survey.field.auditing import Verdict
from survey.field.quality_policy import SUSPICIONS, QualityPolicy, Suspicion
from survey.statistics.intervals import Interval, korn_graubard

WORDS: Final[dict[Suspicion, tuple[str, str]]] = {
    "too_quick": ("答得太快", "answered too quickly"),
    "much_quicker": ("比同类访问快得多", "much quicker than others of its kind"),
    "same_second": ("几题同一秒录入", "several answers keyed within one second"),
    "straight_lined": ("答案全都一样", "every answer the same"),
    "mostly_missing": ("多数题没有答案", "most answers are missing"),
}


UNTIMED = frozenset({"text", "paper"})
"""Modes in which the time between the first word and the last says nothing of how fast it was asked."""


@dataclass(frozen=True)
class Held:
    """A finished interview. `operator` None: a machine or the person themselves held it; `kind`: its questionnaire in its mode;
    `mode` paper: asked from a call sheet, and keyed in afterwards; `seconds` from its first word to its last; `missing` of its
    `answers` say nothing; `codes`: how many different ones were answered; `at_once`: the most answers within one second."""

    ref: str
    operator: str | None
    mode: str
    kind: str
    seconds: float
    answers: int
    missing: int
    codes: int
    at_once: int

    @property
    def stratum(self) -> str:
        """Whose lot it is in: a surveyor's, or that of a mode."""
        return self.operator if self.operator is not None else f"mode:{self.mode}"


@dataclass(frozen=True)
class Pick:
    """An interview that a person checks. `of`: how many its stratum held; `by_lot`: drawn, so that it enters the rate; `ring`:
    where nothing was recorded, the resident is rung again; `findings`: what the automatic checks found."""

    ref: str
    stratum: str
    of: int
    by_lot: bool
    ring: bool
    findings: tuple[Suspicion, ...]


def chosen(held: Sequence[Held], seed: int, policy: QualityPolicy) -> list[Pick]:
    """Those to check, drawn ones first in the order of the lot. The same seed and interviews give the same picks, in whatever
    order they come."""
    strata: dict[str, list[Held]] = defaultdict(list)
    for one in sorted(held, key=lambda one: sha256(f"{seed}:{one.ref}".encode()).digest()):
        strata[one.stratum].append(one)
    found = suspicions(held, policy)
    picks = []
    for stratum, members in sorted(strata.items()):
        manned = members[0].operator is not None
        drawn = ceil((policy.share if manned else policy.machine_share) * len(members))
        rung = ceil(policy.back_check_share * len(members)) if manned else 0
        picks += [
            Pick(one.ref, stratum, len(members), True, place < rung, found[one.ref])
            for place, one in enumerate(members[: max(drawn, rung)])
        ]
    return picks + _suspects(strata, {one.ref for one in picks}, found, policy)


def _suspects(
    strata: Mapping[str, Sequence[Held]],
    drawn: set[str],
    found: Mapping[str, tuple[Suspicion, ...]],
    policy: QualityPolicy,
) -> list[Pick]:
    """The most suspicious of those that were not drawn; of equals the first in the lot."""
    points = {ref: sum(policy.points.get(one, 0) for one in which) for ref, which in found.items()}
    rest = [
        Pick(one.ref, stratum, len(members), False, one.operator is not None, found[one.ref])
        for stratum, members in strata.items()
        for one in members
        if one.ref not in drawn and points[one.ref] >= policy.least_points
    ]
    most = ceil(policy.risk_share * sum(map(len, strata.values())))
    return sorted(rest, key=lambda one: -points[one.ref])[:most]


def suspicions(held: Sequence[Held], policy: QualityPolicy) -> dict[str, tuple[Suspicion, ...]]:
    """What the automatic checks find in each, in the order of the policy's list."""
    times: dict[str, list[float]] = defaultdict(list)
    for one in held:
        times[one.kind].append(one.seconds)
    usual = {kind: median(all_) for kind, all_ in times.items() if len(all_) >= policy.fewest_timed}
    return {one.ref: _found(one, usual.get(one.kind), policy) for one in held}


def _found(one: Held, usual: float | None, policy: QualityPolicy) -> tuple[Suspicion, ...]:
    spoken = one.mode not in UNTIMED
    is_so: dict[Suspicion, bool] = {
        "too_quick": spoken and one.seconds < policy.quickest_answer_s * one.answers,
        "much_quicker": spoken and usual is not None and one.seconds < policy.much_quicker * usual,
        "same_second": one.operator is not None and one.at_once >= policy.same_second,
        "straight_lined": one.codes == 1 and one.answers - one.missing >= policy.straight_lined,
        "mostly_missing": one.answers > 0 and one.missing / one.answers > policy.most_missing,
    }
    return tuple(name for name in SUSPICIONS if is_so[name])


@dataclass(frozen=True)
class Checked:
    """A drawn interview and the verdict that stands. `stratum` in `round`: the `of` interviews it was drawn from."""

    round: str
    stratum: str
    of: int
    verdict: Verdict | None


@dataclass(frozen=True)
class ErrorRate:
    """Of the interviews that somebody held, how many are not as they should be: `wrong` of the `checked`, out of `held`.

    `rate` weighs each by how many it stands for; None where nothing was checked. `limits`: its interval of 95 %.
    """

    held: int
    drawn: int
    checked: int
    wrong: int
    void: int
    rate: float | None
    limits: Interval | None


def error_rate(drawn: Iterable[Checked]) -> ErrorRate:
    """Over the given strata and draws. A share was drawn of each, so an interview stands for as many as its stratum held over
    those that were checked in it; unequal weights make the interval wider (Kish)."""
    cells: dict[tuple[str, str], list[Checked]] = defaultdict(list)
    for one in drawn:
        cells[one.round, one.stratum].append(one)
    seen = {key: [one for one in members if one.verdict is not None] for key, members in cells.items()}
    weights = [
        (cells[key][0].of / len(looked), one.verdict)
        for key, looked in seen.items()
        for one in looked
    ]  # fmt: skip
    verdicts = Counter(verdict for _, verdict in weights)
    counts = (sum(one[0].of for one in cells.values()), sum(map(len, cells.values())), len(weights))
    wrong = verdicts["corrected"] + verdicts["void"]
    if not weights:
        return ErrorRate(*counts, 0, 0, None, None)
    total, squared = sum(w for w, _ in weights), sum(w * w for w, _ in weights)
    rate = min(1.0, sum(w for w, verdict in weights if verdict != "pass") / total)
    effect = len(weights) * squared / total**2
    limits = korn_graubard(rate, len(weights), design_effect=max(1.0, effect))
    return ErrorRate(*counts, wrong, verdicts["void"], rate, limits)
