"""DOOR. A sheet for the day the power fails: the next people of the queue on paper, and what came of each entered afterwards.

People are claimed as at the desk, and held for this operator; each result goes through the doors of the desk, so that what is
entered twice is written once.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from survey import operating
from survey.access.number_reading import masked
from survey.claiming import claim
from survey.desk_policy import desk_policy
from survey.desk_shift import SomebodyInHand
from survey.dialogue.inputs import Choice
from survey.field.calling_hours import window_at
from survey.ground import Ground
from survey.operating import MayNotCall, MayNotSee, NoSuchAttempt, OnBreak
from survey.store import call_sheets, desk
from survey.store.call_sheets import Line, NewSheet, Sheet

PRINTED: Final = "打印拨打单"
"""Why numbers are shown, as it stands in the record of whoever read them."""
LETTERS: Final = "ACDEFHJKLMNPRTUVWXY"
"""Of a token: none that is taken for another, or for a digit."""
REFUSALS: Final = frozenset({"declined", "declined_hard", "stop"})
Entered = Literal["kept", "before", "unknown"]


@dataclass(frozen=True)
class OnPaper:
    """A sheet as it stands. `numbers`: with their middle hidden, by token."""

    sheet: Sheet
    lines: tuple[Line, ...]
    numbers: dict[str, str]

    @property
    def open(self) -> bool:
        """Whether a result is still owed."""
        return any(line.open for line in self.lines)


async def sheet_of(ground: Ground, operator: str, centre: str) -> OnPaper | None:
    """The latest sheet of this operator; None: they never had one."""
    async with ground.pool.acquire() as conn:
        sheet = await call_sheets.last_of(conn, operator, centre)
        if sheet is None:
            return None
        lines = await call_sheets.lines(conn, sheet.ref)
    return OnPaper(sheet, tuple(lines), {one.token: masked(ground, one.number_cipher) for one in lines})


async def draw_up(ground: Ground, operator: str, centre: str, wanted: int) -> bool:
    """The next `wanted` people (at most what policy `desk` says) on a sheet. While one of the last still waits for its result,
    nothing new is drawn up. False: nobody is due. Raises OnBreak, SomebodyInHand."""
    now, policy = ground.clock.now(), desk_policy()
    async with ground.pool.acquire() as conn, conn.transaction():
        await desk.hold(conn, operator)
        last = await call_sheets.last_of(conn, operator, centre)
        if last is not None and any(line.open for line in await call_sheets.lines(conn, last.ref)):
            return True
        stands = await desk.standing(conn, operator)
        if stands.on_break:
            raise OnBreak(f"operator {operator}: {OnBreak.__doc__}")
        if stands.in_hand is not None or stands.on_duty:
            raise SomebodyInHand(SomebodyInHand.__doc__)
        limit = max(1, min(wanted, policy.sheet_most))
        claimed = await claim(
            ground, conn, "operator", limit=limit, lease_real=None, operator=operator, not_of=stands.linked
        )
        if not claimed:
            return False
        dial_until = min(
            (
                window.closes
                for one in claimed
                if (window := window_at(now, one.lead.tz, _purpose(one.lead.purpose), own=one.lead.own_hours))
            ),
            default=now,
        )
        lines = [(token(place, one.ref), one.attempt_id) for place, one in enumerate(claimed, 1)]
        enter_until = dial_until + timedelta(hours=policy.sheet_entry_hours)
        new = NewSheet(ground.tokens(), centre, operator, now, dial_until, enter_until, lines)
        await call_sheets.insert(conn, new)
    return True


def _purpose(word: str) -> Literal["survey", "case"]:
    return "case" if word == "case" else "survey"


def token(place: int, ref: str) -> str:
    """What stands beside a person on paper: their place, and a letter that refuses a slip of the key."""
    return f"{place}{LETTERS[hashlib.sha256(ref.encode()).digest()[0] % len(LETTERS)]}"


async def numbers(ground: Ground, operator: str, centre: str) -> dict[str, str]:
    """The numbers of those still open, by token, for one print; that each was read is on record. Who may not be called any more,
    or not be seen by this operator, is off the sheet."""
    paper = await sheet_of(ground, operator, centre)
    shown: dict[str, str] = {}
    for line in paper.lines if paper is not None else ():
        if line.open and line.on_sheet:
            try:
                shown[line.token] = await operating.show_number(ground, line.ref, operator, PRINTED)
            except (MayNotCall, MayNotSee):
                continue
    return shown


async def enter(
    ground: Ground,
    operator: str,
    centre: str,
    typed: str,
    means: str,
    *,
    moment: datetime | None = None,
    heard: str = "",
) -> Entered:
    """What came of one call from paper: `means` is a word of carrier_signals.yaml, a refusal, or `later` (at `moment`). "before":
    something was entered already, and stands. Raises NotThen, and nothing is changed."""
    line = await _line(ground, operator, centre, typed)
    if line is None:
        return "unknown"
    if not line.open or not line.on_sheet:
        return "before"
    try:
        if means not in REFUSALS and means != "later":
            await operating.unanswered(ground, line.ref, means)
            return "kept"
        await _picked_up(ground, line, operator)
        if means == "later":
            await operating.later(ground, line.ref, operator, moment, heard=heard)
        else:
            await operating.say(ground, line.ref, operator, Choice(means))
        await operating.hang_up(ground, line.ref)
    except NoSuchAttempt:
        return "before"
    return "kept"


async def to_desk(ground: Ground, operator: str, centre: str, typed: str) -> Entered:
    """Whoever answered the questions: their answers are keyed at the desk, from the paper. Raises SomebodyInHand."""
    line = await _line(ground, operator, centre, typed)
    if line is None:
        return "unknown"
    async with ground.pool.acquire() as conn, conn.transaction():
        await desk.hold(conn, operator)
        in_hand = await desk.open_attempt_of(conn, operator)
        if in_hand is not None and in_hand != line.ref:
            raise SomebodyInHand(SomebodyInHand.__doc__)
        if not await call_sheets.to_desk(conn, line.ref):
            return "before"
    await _picked_up(ground, line, operator)
    return "kept"


async def _line(ground: Ground, operator: str, centre: str, typed: str) -> Line | None:
    paper = await sheet_of(ground, operator, centre)
    wanted = typed.strip().upper()
    return next((line for line in paper.lines if line.token == wanted), None) if paper else None


async def _picked_up(ground: Ground, line: Line, operator: str) -> None:
    """The dialogue begins; where it had begun, a request before this one broke off."""
    if line.status != "answered":
        await operating.answered(ground, line.ref, operator)
