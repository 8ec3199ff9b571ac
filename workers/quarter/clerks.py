"""Everybody on the case side of a simulated quarter: the rehearsal's clerks, with units whose truth is planted by the quarter."""

from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from followup import bridging, cases
from followup.cases import Contact
from followup.casework import working_time
from followup.refusals import NotPossibleNow, SomebodyWasFirst, UseTheRelay
from survey.ground import Ground
from survey.ids import Tokens
from workers.quarter import doubts
from workers.quarter.reception import Reception
from workers.quarter.truth import BRIDGED, Round, round_truth
from workers.rehearsal import case_draws
from workers.rehearsal.case_desk import DeskCase, on_desk
from workers.rehearsal.clerks import STEPS, Clerks, Residents, next_look
from workers.rehearsal.twin_control import Matter

TALKED_S = 120
"""Of a call that the centre connects."""


@dataclass
class Diary:
    """What units truly did, by case key and round: the planted truth as it came about."""

    rounds: dict[tuple[str, int], tuple[str, Round]] = field(default_factory=dict)

    def note(self, key: str, round_no: int, unit: str, truth: Round) -> None:
        self.rounds[key, round_no] = (unit, truth)


class QuarterClerks(Clerks):
    """Look every half hour of office time: take in who has come, then one step of every case that waits."""

    def __init__(
        self, ground: Ground, twin: Residents, seed: int, tokens: Tokens, reception: Reception
    ) -> None:
        super().__init__(
            clock=ground.clock, pool=ground.pool, vault=ground.vault, twin=twin, seed=seed, tokens=tokens
        )
        self.reception = reception
        self.diary = Diary()
        self._result_at: dict[tuple[str, int], datetime] = {}

    async def look(self) -> int:
        """Everything that is waiting at this moment; how many steps were taken."""
        now = self.clock.now()
        async with self.pool.acquire() as conn:
            done = await self.reception.look(conn, now)
            for case in await on_desk(conn, self.vault, list(STEPS), before=now):
                done += await self._step(conn, case, now)
            for doubt in await doubts.waiting(conn, before=now):
                _, truth = self.diary.rounds[doubt.key, doubt.round]
                done += await doubts.step(conn, doubt, truth, self.seed, now)
        return done

    async def _step(self, conn: asyncpg.Connection, case: DeskCase, now: datetime) -> bool:
        if case.status != "in_progress":
            return await super()._step(conn, case, now)
        try:
            return await self.report(conn, case, now)
        except (NotPossibleNow, SomebodyWasFirst):
            return False

    async def report(self, conn: asyncpg.Connection, case: DeskCase, now: datetime) -> bool:
        """The lead reports when its planted hours are over; the resident knows before what was really done."""
        if case.lead is None or case.signed_at is None:
            return False
        truth = round_truth(self.seed, case.key, case.lead, case.round)
        if self._due(case, case.signed_at, truth) > now:
            return False
        spoke_at = working_time.add_hours(case.signed_at, truth.hours / 2)
        await self.twin.matters([_matter(case, truth)])
        self.diary.note(case.key, case.round, case.lead, truth)
        await cases.report_result(
            conn,
            case.number,
            by=case.lead,
            summary=case_draws.result_summary(case.content, case.round),
            contact=await self._contact(conn, case, truth, spoke_at, now),
            tried=(case.signed_at, spoke_at, now),
            now=now,
        )
        return True

    def _due(self, case: DeskCase, signed_at: datetime, truth: Round) -> datetime:
        """When the result is there; reckoned once, for desks are looked at every half hour."""
        if (case.key, case.round) not in self._result_at:
            self._result_at[case.key, case.round] = working_time.add_hours(signed_at, truth.hours)
        return self._result_at[case.key, case.round]

    async def _contact(
        self, conn: asyncpg.Connection, case: DeskCase, truth: Round, spoke_at: datetime, now: datetime
    ) -> Contact | None:
        """What the unit says about having spoken with the resident, true or not. A call over the centre leaves its record."""
        if not truth.claims_contact:
            return None
        if truth.proof != BRIDGED:
            return Contact(spoke_at)
        assert case.lead is not None  # it reports
        try:
            call = await bridging.request(conn, case.number, unit=case.lead, now=now, tokens=self.tokens)
        except UseTheRelay:
            return Contact(spoke_at)  # whose resident must stay unknown: no proof is asked for
        await bridging.begin(conn, call.ref, now=now)
        await bridging.end(conn, call.ref, seconds=TALKED_S, now=now)
        return Contact(now, "bridged")

    async def work(self, until: datetime) -> None:
        """Look until a moment. To be run in an activity of the clock (`clock.spawn`)."""
        while (when := next_look(self.clock.now())) < until:
            await self.clock.sleep_until(when)
            await self.look()
        await self.clock.sleep_until(until)


def _matter(case: DeskCase, truth: Round) -> dict[str, object]:
    told = Matter(case.phone, case.short_number, case.round, truth.worked_on, truth.contacted)
    return dict(vars(told))
