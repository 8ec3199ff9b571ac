"""Texts outside of a thread, which a person reads and makes a case of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import asyncpg
import pytest
from followup_appeals import DARK
from followup_county import at

from followup import reading, registering
from followup.refusals import AppealIncomplete, TextReadBefore
from survey import inbox

Tokens = Callable[[], str]

HEARD = """
INSERT INTO survey.input (person_id, channel, message_sid, said, effect, reply, arrived_at, arrived_real)
VALUES ($1, 'text', $2, $3, 'no_open_contact', '', $4, $4) RETURNING id"""


async def test_a_text_that_a_person_reads_becomes_a_case_once(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    words = "我家门口路灯坏了,打15400000001"
    text = await conn.fetchval(HEARD, wang_fang, "SM1", words, at("9 09:00"))
    await conn.execute(
        "INSERT INTO survey.inbox_text (input_id, reason) VALUES ($1, 'no_open_contact')", text
    )
    assert [(one.input_id, one.said) for one in await inbox.unread(conn)] == [(text, words)]
    read = {"by": "审核员-0101", "now": at("9 09:40"), "tokens": tokens}
    with pytest.raises(AppealIncomplete):
        await registering.register_text(conn, text, replace(DARK, content="", place=""), **read)
    assert len(await inbox.unread(conn)) == 1  # refused, and still to be read
    said = await registering.register_text(conn, text, replace(DARK, content=""), **read)
    case = (await reading.passport(conn, said.number)).case
    assert (case.source, case.person_id, case.content) == ("text", wang_fang, "我家门口路灯坏了,打〔号码〕")
    assert await inbox.unread(conn) == []
    with pytest.raises(TextReadBefore) as refused:
        await registering.register_text(conn, text, replace(DARK, content=""), **read)
    assert str(refused.value) == (
        f"There is no unread text {text} in the inbox. Somebody has read it before you; look for its case."
    )


async def test_the_text_of_an_unknown_sender_lacks_the_resident(
    conn: asyncpg.Connection, county: str, tokens: Tokens
) -> None:
    text = await conn.fetchval(HEARD, None, "SM2", "路灯坏了", at("9 09:00"))
    await conn.execute("INSERT INTO survey.inbox_text (input_id, reason) VALUES ($1, 'unknown_sender')", text)
    with pytest.raises(AppealIncomplete, match=r"lacks resident \(诉求人\)"):
        await registering.register_text(
            conn, text, replace(DARK, content=""), by="审核员-0101", now=at("9 09:40"), tokens=tokens
        )
