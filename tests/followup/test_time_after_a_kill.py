"""A worker that is killed in the middle of urging, or of a ladder, leaves nothing double and nothing lost."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import datetime, timedelta

import asyncpg
from followup_appeals import Says
from followup_county import CENTRE, POLICE, at

from followup import cases, major, urging

CASES = 40
KILLED_AT = 25
WORKER = """
import asyncio, os, signal, sys
from datetime import datetime
from followup import major, urging
from survey.store.pool import connection

url, job, now, killed_at = sys.argv[1], sys.argv[2], datetime.fromisoformat(sys.argv[3]), int(sys.argv[4])
of = {"colours": (urging, "_write"), "climb": (major, "climb_ladder")}[job]
write, written = getattr(*of), 0

async def write_and_die(*args):
    # Everything of this case is written, nothing of it is committed.
    global written
    done, written = await write(*args), written + 1
    if written == killed_at:
        os.kill(os.getpid(), signal.SIGKILL)
    return done

setattr(*of, write_and_die)

async def work():
    async with connection(url, application_name="worker") as conn:
        if job == "colours":
            while (await urging.look_due(conn, now, limit=7)).cases:
                pass
        else:
            await major.climb_due(conn, now)

asyncio.run(work())
"""


async def killed(database: str, job: str, now: datetime) -> None:
    """Let a worker do the job until it is killed with SIGKILL, just before its 25th transaction commits."""
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, database, job, now.isoformat(), str(KILLED_AT)
    )
    assert await worker.wait() == -signal.SIGKILL


async def test_urging_goes_on_where_it_was_killed(
    conn: asyncpg.Connection, database: str, says: Says
) -> None:
    for number in [(await says("2 08:40")).number for _ in range(CASES)]:
        await conn.execute("UPDATE followup.case_file SET kind = 'complaint' WHERE number = $1", number)
        await cases.accept(conn, number, by="审核员-0101", now=at("2 08:45"))
        await cases.submit(conn, number, by="审核员-0101", now=at("2 08:50"))
        await cases.dispatch(conn, number, lead=POLICE, by="督查室", now=at("2 09:00"))
        await cases.sign(conn, number, by=POLICE, now=at("2 09:40"))
    late, count = at("20 09:00"), "SELECT count(*) FROM followup.urge"
    await killed(database, "colours", late)
    assert await conn.fetchval(count) == 3 * (KILLED_AT - 1)
    while (await urging.look_due(conn, late)).cases:
        pass
    for query in (
        count,
        "SELECT count(*) FROM followup.case_event WHERE event = 'urge'",
        "SELECT count(*) FROM followup.notice WHERE starts_with(cause, 'urge:') AND starts_with(recipient, 'unit:')",
        "SELECT count(*) FROM followup.colour_change",
    ):
        assert await conn.fetchval(query) == 3 * CASES, query  # U1 to U3; green, yellow, red
    sheets = await conn.fetch("SELECT sheet_number FROM followup.urge WHERE level = 'U3' ORDER BY id")
    assert len({row["sheet_number"] for row in sheets}) == CASES
    last = await conn.fetchval("SELECT last FROM followup.paper_serial WHERE series = 'sheet:2026'")
    assert last == CASES  # no number was used up by what was killed


async def test_no_level_of_a_ladder_is_lost_to_a_kill(
    conn: asyncpg.Connection, database: str, county: str
) -> None:
    raised = at("14 23:50")
    facts = {"time": "23时", "place": "柳河镇", "source": "来电", "what": "聚集"}
    for _ in range(CASES):
        await major.raise_report(conn, CENTRE, class_="mass", facts=facts, by="调查员-0103", now=raised)
    later, count = raised + timedelta(minutes=45), "SELECT count(*) FROM followup.major_step WHERE level = 3"
    await killed(database, "climb", later)
    assert await conn.fetchval(count) == KILLED_AT - 1
    await major.climb_due(conn, later)
    await major.climb_due(conn, later)
    rows = await conn.fetch("SELECT level, count(*) AS sent, min(again) AS least, max(again) AS most FROM "
                            "followup.major_step GROUP BY level ORDER BY level")  # fmt: skip
    assert [tuple(row.values()) for row in rows] == [(1, CASES, 1, 1), (2, CASES, 0, 0), (3, CASES, 0, 0)]
    told = await conn.fetchval("SELECT count(*) FROM followup.notice WHERE template = 'major_report'")
    assert told == CASES * (1 + 1 + 1 + 2)  # level 1 twice, level 2 once, level 3 to two offices
