"""DOOR: bodies of texts that are older than policy `retention` keeps them are forgotten, to us and from us, as a recorded act.

What stays of each: that there was a text, its length, and an HMAC of it by which somebody who still has it can show that it is
the one. A text of a few digits is the code of an answer and stays. Mails, answers, and words that became a case's own are not
bodies of texts: they go with their interview or case. Of pictures that units sent, the row stays, with the hash and who forgot
the picture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import asyncpg

from followup.retention_policy import retention_policy
from followup.store import forgetting as rows
from followup.store import pictures
from followup.store.forgetting import Body, Forgotten
from survey.vault import Vault

__all__ = ["Acts", "forget_bodies"]

LOCAL: Final = ZoneInfo("Asia/Shanghai")
SYSTEM: Final = "system"
DIGITS: Final = re.compile(r"[\s0-9０-９.,。,]*")


@dataclass(frozen=True)
class Acts:
    """How many acts there were, of how many bodies, and how many pictures."""

    acts: int = 0
    bodies: int = 0
    pictures: int = 0


async def forget_bodies(conn: asyncpg.Connection, vault: Vault, *, now: datetime, by: str = SYSTEM) -> Acts:
    """All that is due, an act for each few thousand. Run twice, it finds nothing the second time."""
    done = Acts()
    while count := await _act(conn, vault, now, by):
        done = Acts(done.acts + 1, done.bodies + count)
    policy = retention_policy()
    while count := await pictures.forget(
        conn, now=now, by=by, before=now - policy.pictures, most=policy.at_once
    ):
        done = replace(done, pictures=done.pictures + count)
    await rows.looked(conn, now, _next_look(now))
    return done


async def _act(conn: asyncpg.Connection, vault: Vault, now: datetime, by: str) -> int:
    policy = retention_policy()
    before, held_before = now - policy.texts, now - policy.disputed
    due = (before, held_before, policy.at_once)
    async with conn.transaction():
        said, sent = await rows.inputs(conn, *due), await rows.texts_out(conn, *due)
        told, messages = await rows.tellings(conn, *due), await rows.messages(conn, *due)
        count = len(said) + len(sent) + len(told) + len(messages)
        if not count:
            return 0
        codes = [one for one in said if _is_code(one.body)]
        act = await rows.insert_forgetting(
            conn,
            at=now,
            by=by,
            policy_version=policy.version,
            before=before,
            held_before=held_before,
            texts_in=len(said),
            texts_out=len(sent),
            tellings=len(told),
            messages=len(messages),
            codes=len(codes),
        )
        words = [one for one in said if not _is_code(one.body)]
        kept = _kept(vault, "said", [(one.id, one.body) for one in words])
        kept += _kept(vault, "reply", [(one.id, one.reply) for one in said])
        for source, ours in (("text_out", sent), ("telling", told), ("notice_message", messages)):
            kept += _kept(vault, source, [(one.id, one.body) for one in ours])
        await rows.insert_forgotten(conn, act, kept)
        stands = [_left(one.body) for one in said]
        replies = [policy.forgotten if one.reply else "" for one in said]
        await rows.forget_inputs(conn, act, _ids(said), stands, replies)
        await rows.forget_ours(
            conn, act, policy.forgotten, texts_out=_ids(sent), tellings=_ids(told), messages=_ids(messages)
        )
        return count


def _is_code(body: str) -> bool:
    return len(body.strip()) <= retention_policy().code_length and DIGITS.fullmatch(body) is not None


def _left(body: str) -> str:
    """The code; nothing where there were more digits, which may be a number; the mark where there were words. So a text
    counts as one in digits or in words as it did (`survey.store.reports.field_counts`).
    """
    if DIGITS.fullmatch(body):
        return body if _is_code(body) else ""
    return retention_policy().forgotten


def _kept(vault: Vault, source: str, bodies: Sequence[tuple[int, str]]) -> list[Forgotten]:
    return [Forgotten(source, id_, len(body), vault.body_mac(body)) for id_, body in bodies if body]


def _ids(bodies: Sequence[Body]) -> list[int]:
    return [one.id for one in bodies]


def _next_look(now: datetime) -> datetime:
    local = now.astimezone(LOCAL)
    look = datetime.combine(local.date(), retention_policy().at, LOCAL)
    return look if look > now else look + timedelta(days=1)
