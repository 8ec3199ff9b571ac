"""Bodies of texts are forgotten when their time is over, and what a dispute holds is not."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest
from followup_appeals import Says
from followup_county import POLICE, at
from followup_residents import answers
from systems_bench import Tokens

from followup import callbacks, cases, forgetting, notices
from followup.forgetting import Acts
from followup.notices import NewNotice
from followup.retention_policy import retention_policy
from followup.store import forgetting as rows
from survey.vault import Vault
from workers.due import due_jobs

GONE = "〔已过保存期 no longer kept〕"
OVER = at("9 10:00") + timedelta(days=180)

SAY = """
INSERT INTO survey.input (person_id, contact_id, channel, message_sid, said, effect, reply, arrived_at, arrived_real)
VALUES ($1, $2, $3, $4, $5, 'answered', $6, $7, $7) RETURNING id"""
CONTACT = """
INSERT INTO survey.contact (person_id, purpose, mode, opened_at, closed_at) VALUES ($1, 'survey', 'text', $2, $2) RETURNING id"""
SEND = """
INSERT INTO survey.text_out (contact_id, input_id, body, segments, at) VALUES ($1, $2, $3, 1, $4)"""
MESSAGE = """
INSERT INTO followup.notice_message (ref, recipient, channel, subject, body, status, created_at)
VALUES ($1, 'resident:x', $2, '', $3, 'delivered', $4) RETURNING id"""
TELL = """
INSERT INTO survey.telling (ref, cause, person_id, body, segments, status, due_at, until_at, ended_at, outcome)
VALUES ($1, 'notice:' || $1, $2, $3, 1, 'ended', $4, $4, $4, 'delivered')"""


class Texts:
    """王芳's texts and ours."""

    def __init__(self, conn: asyncpg.Connection, person: int) -> None:
        self.conn, self.person = conn, person

    async def thread(self, *said: str, when: datetime = at("9 10:00"), channel: str = "text") -> int:
        """A conversation of so many texts, each answered; its contact."""
        contact: int = await self.conn.fetchval(CONTACT, self.person, when)
        for words in said:
            await self.hear(words, contact, when=when, channel=channel)
        return contact

    async def hear(
        self, words: str, contact: int | None, *, when: datetime = at("9 10:00"), channel: str = "text"
    ) -> None:
        sid = f"SM{await self.conn.fetchval('SELECT count(*) FROM survey.input')}"
        text = await self.conn.fetchval(SAY, self.person, contact, channel, sid, words, "谢谢", when)
        await self.conn.execute(SEND, contact, text, "谢谢", when)

    async def notice(
        self, ref: str, case_id: int, *, when: datetime = at("9 10:00"), channel: str = "text"
    ) -> None:
        new = NewNotice(f"c-{ref}", "unit:x", "dispatched", {"short": "0001"}, case_id)
        notice = await notices.owe(self.conn, new, now=when)
        message = await self.conn.fetchval(MESSAGE, ref, channel, f"{ref}:事项", when)
        await self.conn.execute("INSERT INTO followup.notice_part VALUES ($1, $2)", message, notice)
        if channel == "text":
            await self.conn.execute(TELL, ref, self.person, f"{ref}:事项", when)

    async def stand(self) -> list[str]:
        """What stands where bodies stood."""
        found = await self.conn.fetch("SELECT said || '/' || reply AS body FROM survey.input ORDER BY id")
        for table in ("survey.text_out", "survey.telling", "followup.notice_message"):
            found += await self.conn.fetch(f"SELECT body FROM {table} ORDER BY id")
        return [row["body"] for row in found]


@pytest.fixture
def texts(conn: asyncpg.Connection, wang_fang: int) -> Texts:
    return Texts(conn, wang_fang)


async def case_of(conn: asyncpg.Connection, number: str) -> int:
    case_id: int = await conn.fetchval("SELECT id FROM followup.case_file WHERE number = $1", number)
    return case_id


async def disputed(conn: asyncpg.Connection, number: str, tokens: Tokens) -> int:
    """Dispatched, reported, called back, and not solved; the contact in which the resident says so."""
    await cases.accept(conn, number, by="审核员", now=at("9 10:00"))
    await cases.submit(conn, number, by="审核员", now=at("9 10:00"), office="government")
    await cases.dispatch(conn, number, lead=POLICE, by="督查室", now=at("9 10:00"))
    await cases.sign(conn, number, by=POLICE, now=at("9 10:00"))
    await cases.report_result(
        conn, number, by=POLICE, summary="灯已修好", claimed_contact=True, now=at("9 10:00")
    )
    await cases.accept_result(conn, number, by="审核员", now=at("9 10:00"), tokens=tokens, seed=1)
    ref = await conn.fetchval("SELECT unit_ref FROM followup.callback")
    interview = await answers(conn, ref, at("9 10:00"), "C1=1 C2=3 C3=3 C7=1")
    taken = await callbacks.take_finished(
        conn, now=at("9 10:00"), real_now=lambda: at("9 10:00"), tokens=tokens
    )
    assert taken.flagged == 1
    contact: int = await conn.fetchval("SELECT contact_id FROM survey.interview WHERE id = $1", interview)
    await conn.execute("DELETE FROM survey.answer")
    await conn.execute("DELETE FROM survey.input WHERE said = ''")
    return contact


async def forget(conn: asyncpg.Connection, vault: Vault, now: datetime = OVER) -> Acts:
    return await forgetting.forget_bodies(conn, vault, now=now)


async def due(conn: asyncpg.Connection) -> datetime | None:
    found = {one.job: one.at for one in await due_jobs(conn, at("9 10:00"), at("9 10:00"))}
    return found.get("forget_bodies")


async def test_bodies_are_forgotten_after_their_time_once_as_a_recorded_act(
    conn: asyncpg.Connection, vault: Vault, texts: Texts, says: Says
) -> None:
    case_id = await case_of(conn, (await says()).number)
    assert await due(conn) is None
    await texts.thread("不满意,门口还是黑的", "1", "打15400000001", "１５４０００００００１")
    await texts.hear("路灯坏了", None)
    await texts.thread("2", "还行", when=at("9 10:01"))
    await texts.thread("按键1", channel="voice")
    await texts.notice("n1", case_id)
    await texts.notice("mail", case_id, channel="mail")
    assert await due(conn) == OVER
    before = await texts.stand()
    assert await forget(conn, vault, OVER - timedelta(seconds=1)) == Acts() and await texts.stand() == before
    assert await forget(conn, vault) == Acts(1, 5 + 6 + 2)
    assert await texts.stand() == [
        f"{GONE}/{GONE}",
        f"1/{GONE}",
        f"{GONE}/{GONE}",
        f"/{GONE}",
        f"{GONE}/{GONE}",
        "2/谢谢",
        "还行/谢谢",
        "按键1/谢谢",
        *[GONE] * 5,
        *["谢谢"] * 2,
        GONE,
        GONE,
        GONE,
        "mail:事项",
    ]
    act = dict(await conn.fetchrow("SELECT * FROM survey.forgetting"))
    assert act == {
        "id": 1,
        "at": OVER,
        "by": "system",
        "policy_version": 2,
        "before": at("9 10:00"),
        "held_before": OVER - timedelta(days=365),
        "texts_in": 5,
        "texts_out": 6,
        "tellings": 1,
        "messages": 1,
        "codes": 1,
    }
    kept = await conn.fetchrow(
        "SELECT length, mac FROM survey.forgotten_body WHERE source = 'said' AND row_id = 1"
    )
    assert tuple(kept) == (10, vault.body_mac("不满意,门口还是黑的"))
    assert await forget(conn, vault) == Acts()
    look = await rows.round_(conn)
    assert (look.next_at, look.forgotten) == (at("6 03:30").replace(month=9), 4 + 5 + 6 + 1 + 1)


async def test_what_a_dispute_holds_stays_until_a_year_after_the_archive(
    conn: asyncpg.Connection, vault: Vault, texts: Texts, says: Says, tokens: Tokens
) -> None:
    number = (await says()).number
    case_id = await case_of(conn, number)
    contact = await disputed(conn, number, tokens)
    await texts.hear("没有解决", contact)
    await texts.hear("你们骗人", None)
    await texts.notice("n1", case_id)
    await texts.thread("别的调查")
    await forget(conn, vault, OVER + timedelta(days=3000))
    held = ["没有解决/谢谢", "你们骗人/谢谢", f"{GONE}/{GONE}", "谢谢", "谢谢", GONE, "n1:事项", "n1:事项"]
    assert await texts.stand() == held
    archived = at("9 10:00") + timedelta(days=400)
    await conn.execute(
        "INSERT INTO followup.case_event (case_id, round, event, from_status, to_status, actor, at) "
        "VALUES ($1, 1, 'archive', 'closed', 'archived', 'system', $2)",
        case_id,
        archived,
    )
    await forget(conn, vault, archived + timedelta(days=365, seconds=-1))
    assert await texts.stand() == held
    assert (await forget(conn, vault, archived + timedelta(days=365))).bodies == 6
    assert await texts.stand() == [f"{GONE}/{GONE}"] * 3 + [GONE] * 5


async def test_many_bodies_take_several_acts_and_two_workers_do_each_once(
    pool: asyncpg.Pool, conn: asyncpg.Connection, vault: Vault, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = retention_policy().model_copy(update={"at_once": 2})
    monkeypatch.setattr(forgetting, "retention_policy", lambda: policy)
    await texts.thread("还行", "不好", "说不清", "谢谢你们", "再见")

    async def work() -> int:
        async with pool.acquire() as own:
            return (await forget(own, vault)).bodies

    assert sum(await asyncio.gather(work(), work())) == 10
    assert await conn.fetchval("SELECT sum(texts_in + texts_out) FROM survey.forgetting") == 10
    assert await texts.stand() == [f"{GONE}/{GONE}"] * 5 + [GONE] * 5


async def test_a_text_that_waits_or_whose_end_nobody_has_read_stays(
    conn: asyncpg.Connection, vault: Vault, texts: Texts, says: Says
) -> None:
    case_id = await case_of(conn, (await says()).number)
    await texts.notice("n1", case_id)
    await conn.execute("UPDATE followup.notice_message SET status = 'waiting'")
    await conn.execute("UPDATE survey.telling SET news = true")
    assert await forget(conn, vault) == Acts()
