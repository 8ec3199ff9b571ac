"""The clock that runs in a case: what is owed next, by whom, until when. Pure; which state waits for which post,
and how long, stands in states.yaml.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from followup.casework import states
from followup.casework.colours import Progress
from followup.casework.working_time import WorkingTime

Party = Literal["unit", "office", "centre"]
"""Who is late when the clock runs out: the lead, the supervision office, or the centre itself."""

_PARTIES: dict[str, Party] = {"lead": "unit", "office": "office"}
_HANDLING, _CALLBACK = "in_progress", "callback_pending"


@dataclass(frozen=True)
class CaseFacts:
    """What the clock of a case is read from. Moments are aware.

    `entered_at`: when it came into its state. `due_at`: what the last door wrote into the case. `handle_by`
    and `allowed`: what the unit of this round was granted, None and zero before a dispatch. `begun`: of a
    callback, that the person was tried; how often and when again are the rules of attempts, not a clock.
    """

    status: str
    round: int
    entered_at: datetime
    due_at: datetime | None = None
    handle_by: datetime | None = None
    allowed: timedelta = timedelta(0)
    extended: bool = False
    begun: bool = False


@dataclass(frozen=True)
class Running:
    """A clock that runs: `due` is the last moment in time, `progress` what the colour is read from. `kept`: what
    the limit asks for has been done, and nobody is late any more.
    """

    state: str
    party: Party
    since: datetime
    due: datetime
    progress: Progress
    kept: bool = False


def running(case: CaseFacts, office: WorkingTime) -> Running | None:
    """The clock of the case; None where nothing is owed.

    A step of the centre or the office is green until its limit, then yellow, and red a working day later, like
    a signature (domain.md R14).
    """
    state = states.states().waiting.get(case.status)
    if state is None:
        return None
    due = states.due(case.status, case.entered_at, office) or case.due_at or case.handle_by
    if due is None:
        return None
    party = _PARTIES.get(state.waits_for, "centre")
    if case.status == _CALLBACK and case.begun:
        progress = Progress(None, case.allowed, None, None, case.round, case.extended)
        return Running(case.status, party, case.entered_at, due, progress, kept=True)
    return Running(case.status, party, case.entered_at, due, _progress(case, party, due))


def _progress(case: CaseFacts, party: Party, due: datetime) -> Progress:
    if case.status == _HANDLING:
        return Progress(case.handle_by or due, case.allowed, None, None, case.round, case.extended)
    handle_by = case.handle_by if party == "unit" else None
    return Progress(handle_by, case.allowed, due, None, case.round, case.extended)
