"""Closings in doubt on the desks of a simulated quarter: the unit's own word, and what two people find by looking."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from followup import suspecting
from followup.casework import working_time
from workers.city.draws import chance, uniform
from workers.quarter.truth import Round
from workers.rehearsal.clerks import SECOND_SIGNER, SUPERVISOR

ANSWERS = {False: 0.95, True: 0.6}
"""Units that answer for a closing in doubt, by whether it was a false one."""
LATEST_ANSWER_H, LOOKS_FOR_H = 6.0, 7.0
"""Working hours within which a unit answers, and from then on until somebody has been there and looked."""
WORDS = {False: "已联系群众,有记录可查", True: "已安排人员办理"}
FOUND = {False: "现场核实,单位确已联系办理", True: "现场核实,既未联系群众也未办理"}


@dataclass(frozen=True)
class Doubt:
    """A closing that nobody has decided on yet."""

    number: str
    key: str
    round: int
    unit_code: str
    state: str
    opened_at: datetime
    answer_due_at: datetime


SELECT_DOUBTS = """
SELECT DISTINCT ON (c.number) c.number, c.external_number AS key, s.round, s.unit_code, s.state, s.opened_at, s.answer_due_at
FROM followup.suspicion AS s JOIN followup.case_file AS c ON c.id = s.case_id
WHERE s.decided_at IS NULL AND s.opened_at < $1
ORDER BY c.number, s.round DESC"""


async def waiting(conn: asyncpg.Connection, before: datetime) -> list[Doubt]:
    """Those opened before a moment, the last round of each case, by number."""
    return [Doubt(**row) for row in await conn.fetch(SELECT_DOUBTS, before)]


async def step(conn: asyncpg.Connection, doubt: Doubt, truth: Round, seed: int, now: datetime) -> bool:
    """The unit's answer, or the decision; whether anything was done. Whoever looks on the spot finds what is true."""
    false = truth.false_closing
    words = (doubt.key, doubt.round)
    answers_at = working_time.add_hours(doubt.opened_at, LATEST_ANSWER_H * uniform(seed, "answer", *words))
    if doubt.state == "asked" and chance(ANSWERS[false], seed, "answers", *words) and answers_at <= now:
        await suspecting.answer(conn, doubt.number, by=doubt.unit_code, words=WORDS[false], now=now)
        return True
    ready = doubt.state != "asked" or now >= doubt.answer_due_at
    if not ready or working_time.add_hours(doubt.opened_at, LATEST_ANSWER_H + LOOKS_FOR_H) > now:
        return False
    await suspecting.decide(
        conn,
        doubt.number,
        finding="false_closing" if false else "cleared",
        by=SUPERVISOR,
        second_by=SECOND_SIGNER,
        reason=FOUND[false],
        now=now,
    )
    return True
