"""The ticker wakes a worker for notices when there is something to do, and for nothing else; the job does it once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from notices_bench import MAIL, OFFICE, PHONE, Office, SmallCarrier, at

from survey import telling
from survey.channels.base import Placed, Unknown
from workers.due import due_jobs
from workers.jobs import JOBS

NOTICE_JOBS = {"notify", "tell", "check_told", "waiting_for_worker"}


async def owed(office: Office) -> dict[str, datetime]:
    """{job: its earliest moment}, of those that are about notices."""
    async with office.ground.pool.acquire() as conn:
        jobs = await due_jobs(conn, office.clock.moment, office.ground.real_now())
    earliest: dict[str, datetime] = {}
    for due in jobs:
        if due.job in NOTICE_JOBS:
            earliest[due.job] = min(due.at, earliest.get(due.job, due.at))
    return earliest


async def run(office: Office, job: str) -> None:
    service: Any = SimpleNamespace(ground=office.ground, line=office.line, post=office.postman)
    await JOBS[job](service)


async def run_all(office: Office) -> Iterator[str]:
    """Every job that is due now, as the ticker wakes them, until nothing is; their names in order."""
    done: list[str] = []
    while due := sorted(job for job, when in (await owed(office)).items() if when <= office.clock.moment):
        assert len(done) < 20, f"never done: {done}"
        done.append(due[0])
        await run(office, due[0])
    return iter(done)


async def test_nothing_is_owed_when_nobody_is_to_be_told(police: Office) -> None:
    assert await owed(police) == {}


async def test_a_text_from_being_owed_to_being_delivered(police: Office) -> None:
    await police.owe()
    assert list(await run_all(police)) == ["notify", "tell", "notify"]
    assert await owed(police) == {"check_told": at("9 10:15")}
    ref, sid = (await police.rows("SELECT ref, sid FROM survey.telling"))[0]
    await telling.record_progress(police.ground, ref, sid, "delivered", None, {})
    assert await owed(police) == {"notify": police.clock.moment}
    assert list(await run_all(police)) == ["notify"]
    assert (await owed(police), await police.states()) == ({}, ["delivered"])


async def test_a_mail(police: Office) -> None:
    await police.book(OFFICE, "duty", mail=MAIL)
    police.post.answers = ["451 later"]
    await police.owe(OFFICE, "urge_2")
    assert list(await run_all(police)) == ["notify"]
    assert await owed(police) == {"notify": at("9 10:05")}
    police.clock.moment = at("9 10:05")
    assert list(await run_all(police)) == ["notify"]
    assert (await owed(police), len(police.post.mails)) == ({}, 1)


async def test_what_waits_for_office_hours(police: Office) -> None:
    police.clock.moment = at("13 18:30")
    await police.owe()
    await run(police, "notify")
    assert await owed(police) == {"notify": at("16 08:30")}


async def test_what_cannot_be_told_wakes_nobody(office: Office) -> None:
    await office.owe()
    assert list(await run_all(office)) == ["notify"]
    assert (await owed(office), await office.states()) == ({}, ["undelivered: no address"])


@pytest.mark.parametrize("with_server", [True, False])
async def test_a_lost_worker_is_waited_for_and_then_replaced(police: Office, with_server: bool) -> None:
    """A mail that a dead worker left, with the server still there or taken away."""
    await police.owe(template="urge_2")
    await run(police, "notify")
    await police.run(
        "UPDATE followup.notice_message SET status = 'sending', sent_at = NULL, lease_real = $1",
        police.clock.moment + timedelta(seconds=60),
    )
    await police.run("UPDATE followup.notice SET status = 'owed'")
    assert await owed(police) == {"waiting_for_worker": police.clock.moment}
    police.later(seconds=61)
    if not with_server:
        police.postman = None
    assert "waiting_for_worker" not in await run_all(police)
    assert await police.states() == ["sent"]


async def test_an_unanswered_text_is_looked_for(police: Office) -> None:
    class Silent(SmallCarrier):
        async def text(self, number: str, body: str, **more: object) -> Placed:  # type: ignore[override]
            self.texts.append((number, body))
            return Unknown("no answer")

    silent = Silent()
    object.__setattr__(police.line, "carrier", silent)
    await police.owe()
    assert list(await run_all(police)) == ["notify", "tell", "check_told"]
    assert await owed(police) == {"check_told": at("9 10:01")}
    police.later(minutes=1)
    object.__setattr__(police.line, "carrier", police.carrier)
    assert list(await run_all(police)) == ["check_told", "tell", "notify"]
    assert (silent.texts[0][0], police.carrier.texts[0][0]) == (PHONE, PHONE)
