"""What the ticker knows of cases: promises that fall due, objections that go on, quiet cases that are put away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import asyncpg
import pytest
from case_walks import SEED, Walk
from followup_county import at
from followup_residents import state

from followup import cases
from followup.move_refusals import NotQuietYet
from survey.vault import Vault
from workers.due import due_jobs
from workers.jobs import JOBS

OURS = ("keep_promises", "archive_quiet", "escalate")


@pytest.fixture
def walk(conn: asyncpg.Connection, vault: Vault, wang_fang: int, tokens: Callable[[], str]) -> Walk:
    return Walk(conn, vault, wang_fang, tokens)


async def owed(walk: Walk) -> dict[str, datetime]:
    jobs = await due_jobs(walk.conn, walk.now, walk.now)
    return {one.job: one.at for one in jobs if one.job in OURS}


def test_each_has_its_function() -> None:
    assert set(OURS) <= set(JOBS)


async def test_a_promise_is_owed_on_its_date(walk: Walk) -> None:
    await walk.come_to("promised")
    assert await owed(walk) == {"keep_promises": at("9 10:00")}
    await cases.keep_promises(walk.conn, now=at("9 10:00"), tokens=walk.tokens, seed=SEED)
    assert await owed(walk) == {}


async def test_the_archive_is_owed_thirty_days_after_the_end_and_once(walk: Walk) -> None:
    await walk.come_to("closed")
    ends = walk.now + timedelta(days=30)
    assert await owed(walk) == {"archive_quiet": ends}
    await cases.archive_quiet(walk.conn, now=ends)
    assert await owed(walk) == {}


async def test_a_withdrawal_that_is_to_be_asked_about_keeps_the_archive_away(walk: Walk) -> None:
    await walk.come_to("callback_pending")
    await walk.do("withdraw")
    assert await owed(walk) == {}
    await walk.verb(cases.check_pressure, outcome="free", words="自愿的", by="督办员-0102")
    assert await owed(walk) == {"archive_quiet": walk.now + timedelta(days=30)}


async def test_a_flag_on_a_direct_answer_keeps_the_archive_away_until_it_is_decided(walk: Walk) -> None:
    await walk.come_to("answered and flagged")
    closed_at = walk.now
    assert "archive_quiet" not in await owed(walk)
    assert await cases.archive_quiet(walk.conn, now=closed_at + timedelta(days=90)) == 0
    with pytest.raises(NotQuietYet):
        await cases.archive(walk.conn, walk.number, now=closed_at + timedelta(days=90))
    assert await state(walk.conn, walk.number) == "answered, round 1, answered"


async def test_an_objection_goes_on_when_it_is_not_decided(walk: Walk) -> None:
    await walk.come_to("closed")
    walk.now = at("3 10:00")
    await walk.verb(cases.object_to, channel="phone", words="还是不亮")
    assert await owed(walk) == {"escalate": at("3 16:30")}
