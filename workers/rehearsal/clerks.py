"""The case side of a rehearsal: reviewer, supervision office, units, supervisor, acting through the doors.

They look every half hour of office time and do what is waiting, one step a look. What they decide is drawn by
hash, so that the counts of a rehearsal do not depend on who came first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Protocol

import asyncpg

from followup import callbacks, cases, verifying
from followup.cases import Contact
from followup.casework import working_time
from followup.casework.guards import PLAN_FROM_ROUND
from followup.refusals import NotPossibleNow, SomebodyWasFirst
from survey.clock import Clock
from survey.ids import Tokens, new_ref
from survey.vault import Vault
from workers.city import planted
from workers.rehearsal import case_draws
from workers.rehearsal.case_desk import DeskCase, first_flagged, imported, on_desk

REVIEWER, SECOND_SIGNER, SUPERVISOR = "审核员-0101", "主任-0001", "督办员-0102"
SUPERVISION_OFFICE = "督查室"
PLAN = "班子成员包案,一案一策,现场办理"
LOOK_EVERY_S = 1800


class Residents(Protocol):
    """The town behind the carrier, who know what was really done about their cases."""

    async def matters(self, matters: list[dict[str, Any]]) -> Any: ...


class Clerks:
    """Everybody on the case side, with what they need to act."""

    def __init__(
        self, *, clock: Clock, pool: asyncpg.Pool, vault: Vault, twin: Residents, seed: int, tokens: Tokens
    ) -> None:
        self.clock = clock
        self.pool = pool
        self.vault = vault
        self.twin = twin
        self.seed = seed
        self.tokens = tokens

    async def look(self) -> int:
        """Do what is waiting at this moment, by case number; how many steps were taken."""
        now = self.clock.now()
        async with self.pool.acquire() as conn:
            waiting = await on_desk(conn, self.vault, list(STEPS), before=now)
            left = await first_flagged(conn, before=now)
            done = 0
            for case in waiting:
                if left and case.key == left.key and case.status == "redispatch_review":
                    continue  # nobody ever decides this one: it must still stand there at the end
                done += await self._step(conn, case, now)
        return done

    async def _step(self, conn: asyncpg.Connection, case: DeskCase, now: datetime) -> bool:
        try:
            return await STEPS[case.status](self, conn, case, now)
        except (NotPossibleNow, SomebodyWasFirst):
            return False  # somebody at a terminal was faster

    async def accept(self, conn: asyncpg.Connection, case: DeskCase, now: datetime) -> bool:
        await cases.accept(conn, case.number, by=REVIEWER, now=now)
        return True

    async def submit(self, conn: asyncpg.Connection, case: DeskCase, now: datetime) -> bool:
        await cases.submit(conn, case.number, by=REVIEWER, now=now)
        return True

    async def dispatch(self, conn: asyncpg.Connection, case: DeskCase, now: datetime) -> bool:
        to = case_draws.dispatch(case.centre_code, case.category, case.content, case.area_code)
        await cases.dispatch(
            conn, case.number, lead=to.lead, assists=to.assists, by=SUPERVISION_OFFICE, now=now
        )
        return True

    async def sign(self, conn: asyncpg.Connection, case: DeskCase, now: datetime) -> bool:
        lead = case.lead or ""
        if case.round >= PLAN_FROM_ROUND:
            await cases.make_plan(conn, case.number, leader="分管领导", plan=PLAN, by=lead, now=now)
        await cases.sign(conn, case.number, by=lead, now=now)
        return True

    async def report(self, conn: asyncpg.Connection, case: DeskCase, now: datetime) -> bool:
        hours = case_draws.work_hours(self.seed, case.key, case.round)
        if case.lead is None or case.signed_at is None:
            return False
        if working_time.add_hours(case.signed_at, hours) > now:
            return False
        work = planted.work(self.seed, case.key, case.lead, case.round)
        # before the result is there, so that nobody is asked about it who has not seen what was done
        await self.twin.matters([_matter(case.phone, case.short_number, case.round, work)])
        spoke_at = working_time.add_hours(case.signed_at, hours / 2)
        await cases.report_result(
            conn,
            case.number,
            by=case.lead,
            summary=case_draws.result_summary(case.content, case.round),
            contact=Contact(spoke_at) if work.contacted or work.false_closing else None,
            tried=(case.signed_at, spoke_at, now),
            now=now,
        )
        return True

    async def accept_result(self, conn: asyncpg.Connection, case: DeskCase, now: datetime) -> bool:
        await cases.accept_result(conn, case.number, by=REVIEWER, now=now, tokens=self.tokens, seed=self.seed)
        return True

    async def decide(self, conn: asyncpg.Connection, case: DeskCase, now: datetime) -> bool:
        hours = case_draws.decision_hours(self.seed, case.key, case.round)
        if case.waits_since is None or working_time.add_hours(case.waits_since, hours) > now:
            return False
        if case.being_called:
            return False  # at this very moment; what the resident says is worth half an hour more
        contented = verifying.contented(case.verified_answers or {}, claimed_contact=case.claimed_contact)
        if case_draws.confirms(self.seed, case.key, case.round, contented=contented):
            reason = case_draws.confirm_reason(self.seed, case.key, case.round)
            await callbacks.confirm(conn, case.number, by=SUPERVISOR, reason=reason, now=now)
        else:
            ground, reason = case_draws.reject_reason(self.seed, case.key, case.round, contented=contented)
            await callbacks.reject(
                conn,
                case.number,
                by=SUPERVISOR,
                second_by=SECOND_SIGNER,
                ground=ground,
                reason=reason,
                now=now,
            )
        return True


Act = Callable[[Clerks, asyncpg.Connection, DeskCase, datetime], Awaitable[bool]]

STEPS: dict[str, Act] = {
    "registered": Clerks.accept,
    "accepted": Clerks.submit,
    "submitted": Clerks.dispatch,
    "dispatched": Clerks.sign,
    "in_progress": Clerks.report,
    "result_review": Clerks.accept_result,
    "redispatch_review": Clerks.decide,
}


async def work_cases(
    *,
    clock: Clock,
    pool: asyncpg.Pool,
    vault: Vault,
    twin: Residents,
    seed: int,
    until: datetime,
    tokens: Tokens = new_ref,
) -> None:
    """Work the case side until a moment. To be run in an activity of the clock (`clock.spawn`)."""
    clerks = Clerks(clock=clock, pool=pool, vault=vault, twin=twin, seed=seed, tokens=tokens)
    while (when := next_look(clock.now())) < until:
        await clock.sleep_until(when)
        await clerks.look()
    await clock.sleep_until(until)


def next_look(now: datetime) -> datetime:
    """The next full half hour of office time after `now`."""
    after = _half_hour(now.timestamp() + 1)
    for opens, closes in working_time.working_time().stretches(after):
        look = _half_hour(opens.timestamp())
        if look < closes:
            return look
    raise AssertionError("office hours never end")


def _half_hour(seconds: float) -> datetime:
    """The first full half hour not before these seconds since the epoch."""
    return datetime.fromtimestamp(-(-seconds // LOOK_EVERY_S) * LOOK_EVERY_S, UTC)


async def tell_imported_matters(pool: asyncpg.Pool, vault: Vault, twin: Residents, seed: int) -> int:
    """Tell residents of imported cases what was really done, before anybody calls them; how many cases."""
    async with pool.acquire() as conn:
        known = await imported(conn, vault)
    await twin.matters(
        [
            _matter(case.phone, case.short_number, 1, planted.work(seed, case.key, case.unit_code, 1))
            for case in known
        ]
    )
    return len(known)


def _matter(phone: str, short_number: str, round_: int, work: planted.Work) -> dict[str, Any]:
    return {
        "number": phone,
        "matter": short_number,
        "round": round_,
        "worked_on": work.worked_on,
        "contacted": work.contacted,
    }
