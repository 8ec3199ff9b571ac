"""Reading: how far each closing that claims contact looks like a false one, for the list of what is to be verified (待核实).

Nothing here decides, marks or writes. What a suspicion is made of: `followup.casework.false_closing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import asyncpg

from followup.casework import working_time
from followup.casework.false_closing import MISSING, Channel, Suspicion, in_order, policy
from followup.casework.false_closing_evidence import evidence
from followup.intake_policy import intake_policy
from followup.store import claimed_closings
from followup.store.cases import CaseRow
from followup.store.claimed_closings import ClaimedClosing

CHANNELS: dict[str, Channel] = {"text": "text", "web": "web", "voice": "voice", "operator": "operator"}


PROOFS = {
    "bridged": "dated",
    "claimed": "dated",
    "none": "bare",
    "waived": MISSING,
    "tried": MISSING,
}
"""What a unit says stands for its contact, as evidence; whether a call was connected, our own record says. A claim without a
date comes with imported cases only."""


@dataclass(frozen=True)
class Weighed:
    """A closing, what is known of it, and how it looks."""

    closing: ClaimedClosing
    evidence: dict[str, str]
    suspicion: Suspicion

    @property
    def denied(self) -> bool:
        """The resident says that nobody contacted them: the plain rule, by which a closing is marked 待核实 at once."""
        return self.evidence["contacted"] == "denied"


async def weighed(conn: asyncpg.Connection, centre_code: str) -> list[Weighed]:
    """All closings of a centre that claim contact and whose resident was reached, in the order of their callbacks."""
    return weigh(await claimed_closings.of_centre(conn, centre_code, intake_policy().bridge.proof_seconds))


async def of_case(conn: asyncpg.Connection, case: CaseRow) -> dict[int, Weighed]:
    """The closings of one case by their round, each weighed after those of its unit: others bear on nothing here."""
    seconds, before = intake_policy().bridge.proof_seconds, policy().history_closings
    runs = await claimed_closings.of_case(conn, case.id, seconds, before)
    return {run[-1].round: weigh(run)[-1] for run in runs}


def most_suspicious_first(found: Iterable[Weighed]) -> list[Weighed]:
    """Those that are to be verified, because the resident denied it or because of everything together."""
    listed = [one for one in found if one.denied or one.suspicion.listed]
    return sorted(listed, key=lambda one: (-one.suspicion.probability, one.closing.number, one.closing.round))


def weigh(closings: Iterable[ClaimedClosing]) -> list[Weighed]:
    """How each looks with what was known of its unit until then; in the order given, which is that of their callbacks."""
    given = [(closing, _evidence(closing), CHANNELS[closing.mode]) for closing in closings]
    looks = in_order((closing.unit_code, what, channel) for closing, what, channel in given)
    return [Weighed(closing, what, look) for (closing, what, _), look in zip(given, looks, strict=True)]


def _evidence(closing: ClaimedClosing) -> dict[str, str]:
    hours = (
        working_time.working_time().between(closing.dispatched_at, closing.reported_at).total_seconds() / 3600
    )
    return evidence(
        {question: given[0] for question, given in closing.answers.items()},
        words=closing.words,
        confirmed={question: given[0] for question, given in (closing.verified_answers or {}).items()},
        proof="bridged" if closing.bridged else PROOFS[closing.proof],
        working_hours=hours,
        round_=closing.round,
    )
