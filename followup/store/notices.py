"""Notices that are owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class NewNotice:
    """Something that somebody must be told, once per `cause` and `recipient`.

    `recipient`: `unit:CODE`, `office:party:CENTRE`, `office:government:CENTRE`, `post:NAME:CENTRE` or
    `resident:CASE NUMBER`. `template` is a key of policy `notices`, `facts` fill its words. `urgent`: also
    outside office hours, which only major reports may be.
    """

    cause: str
    recipient: str
    template: str
    facts: Mapping[str, str]
    case_id: int | None = None
    urgent: bool = False


INSERT_NOTICE = """
INSERT INTO followup.notice (cause, recipient, template, facts, case_id, urgent, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (cause, recipient) DO NOTHING
RETURNING id"""


async def insert_notice(conn: asyncpg.Connection, notice: NewNotice, at: datetime) -> int | None:
    """A notice that is owed from now on; None if this recipient was told of this cause before."""
    notice_id: int | None = await conn.fetchval(
        INSERT_NOTICE,
        notice.cause,
        notice.recipient,
        notice.template,
        dict(notice.facts),
        notice.case_id,
        notice.urgent,
        at,
    )
    return notice_id
