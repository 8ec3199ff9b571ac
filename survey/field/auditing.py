"""The audit of a campaign (复核): which interviews a person looks at, and whether that is enough to publish what they say.

Interviews are drawn by lot, so that the share of wrong ones speaks of all of them. Those that the automatic checks find are
looked at besides, and left out of that share: they were not drawn, and are more likely to be wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from typing import Final, Literal, get_args

from survey.field.audit_policy import AuditPolicy

Verdict = Literal["pass", "corrected", "void"]
Method = Literal["listen", "recontact", "records"]
"""`records`: answers and times were read. It is no listening: a pass by it alone does not count in the audit of a campaign."""
Finding = Literal["too_quick", "mostly_missing"]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
METHODS: Final[tuple[Method, ...]] = ("listen", "recontact")
"""Those of the audit of a campaign."""
FINDINGS: Final[dict[Finding, tuple[str, str]]] = {
    "too_quick": ("答得太快", "answered too quickly"),
    "mostly_missing": ("多数题没有答案", "most answers are missing"),
}


@dataclass(frozen=True)
class Finished:
    """An interview that counts. `seconds` from its first word to its last; `missing` of its `answers` say nothing; `verdict`
    None: nobody has looked at it."""

    ref: str
    mode: str
    seconds: float
    answers: int
    missing: int
    verdict: Verdict | None


@dataclass(frozen=True)
class ToCheck:
    """An interview that a person must look at: drawn by lot, or found by the automatic checks, or both."""

    interview: Finished
    drawn: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Audit:
    """How far the audit of a campaign is. `looked_at`: of all interviews, whether they had to be or not."""

    interviews: int
    looked_at: int
    to_check: tuple[ToCheck, ...]

    @property
    def left(self) -> int:
        """How many must still be looked at."""
        return sum(one.interview.verdict is None for one in self.to_check)

    @property
    def drawn(self) -> int:
        return sum(one.drawn for one in self.to_check)

    @property
    def wrong(self) -> int:
        """Of those drawn, how many were not as they should be."""
        return sum(one.drawn and one.interview.verdict in ("corrected", "void") for one in self.to_check)


def findings(one: Finished, policy: AuditPolicy) -> tuple[Finding, ...]:
    """What the automatic checks find in an interview."""
    found: list[Finding] = []
    if one.mode != "text" and one.seconds < policy.quickest_answer_s * one.answers:
        found.append("too_quick")
    if one.answers and one.missing / one.answers > policy.most_missing:
        found.append("mostly_missing")
    return tuple(found)


def audit_of(finished: Sequence[Finished], seed: int, policy: AuditPolicy) -> Audit:
    """Who is looked at; the same seed and interviews give the same lot. In the order of the lot, those only found after it."""
    by_lot = sorted(finished, key=lambda one: sha256(f"{seed}:{one.ref}".encode()).digest())
    n = ceil(policy.share * len(finished))
    chosen = (ToCheck(one, place < n, findings(one, policy)) for place, one in enumerate(by_lot))
    return Audit(
        len(finished),
        sum(one.verdict is not None for one in finished),
        tuple(one for one in chosen if one.drawn or one.findings),
    )


def why_not_published(audit: Audit, policy: AuditPolicy) -> str | None:
    """What is missing before the results may be published; None: nothing."""
    if audit.left:
        return f"{audit.left} of {len(audit.to_check)} interviews that must be looked at have no verdict"
    rate = audit.wrong / audit.drawn if audit.drawn else 0.0
    if rate > policy.most_wrong and audit.looked_at < audit.interviews:
        return (
            f"{audit.wrong} of {audit.drawn} drawn were wrong, {rate:.1%}, and at most {policy.most_wrong:.1%} may be; "
            f"look at all {audit.interviews} interviews ({audit.looked_at} have a verdict)"
        )
    return None
