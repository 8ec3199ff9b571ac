"""Links to the web form: one for each text thread whose campaign lets its texts carry one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SELECT_LINKING = """
SELECT id FROM survey.campaign WHERE id = ANY($1::bigint[]) AND links"""


async def linking(conn: Any, campaigns: Collection[int]) -> set[int]:
    """Those of the campaigns whose texts carry a link."""
    return {row["id"] for row in await conn.fetch(SELECT_LINKING, list(campaigns))}


INSERT_LINKS = """
INSERT INTO survey.form_link (token, contact_id, created_at, expires_at)
SELECT t.token, t.contact_id, $1, t.expires_at
FROM unnest($2::text[], $3::bigint[], $4::timestamptz[]) AS t(token, contact_id, expires_at)"""


@dataclass(frozen=True)
class NewLink:
    """A link about to be sent."""

    token: str
    contact_id: int
    expires_at: datetime


async def insert(conn: Any, links: Sequence[NewLink], at: datetime) -> None:
    """Lay links ready."""
    await conn.execute(
        INSERT_LINKS,
        at,
        [link.token for link in links],
        [link.contact_id for link in links],
        [link.expires_at for link in links],
    )


SELECT_LINK = """
SELECT l.token, l.contact_id, l.expires_at, k.person_id, k.closed_at, z.name_zh AS centre_zh, z.name_en AS centre_en
FROM survey.form_link l
JOIN survey.contact k ON k.id = l.contact_id
JOIN survey.attempt a ON a.contact_id = k.id
JOIN survey.sample_unit u ON u.id = a.unit_id
JOIN survey.centre z ON z.code = u.centre_code
WHERE l.token = $1"""

LOCK_THREAD_OF_LINK = """
SELECT k.id FROM survey.form_link l JOIN survey.contact k ON k.id = l.contact_id
WHERE l.token = $1 FOR UPDATE OF k"""


@dataclass(frozen=True)
class FormLink:
    """A link with the thread that it leads to. `closed_at`: the thread is over."""

    token: str
    contact_id: int
    expires_at: datetime
    person_id: int
    closed_at: datetime | None
    centre_zh: str
    centre_en: str


async def find(conn: Any, token: str) -> FormLink | None:
    """The link that a URL names."""
    row = await conn.fetchrow(SELECT_LINK, token)
    return FormLink(**row) if row else None


async def lock_thread(conn: Any, token: str) -> None:
    """Holds the link's thread until the transaction ends: one input of a conversation at a time, whichever way it comes."""
    await conn.execute(LOCK_THREAD_OF_LINK, token)


SELECT_STEP = """
SELECT count(*)::int FROM survey.input WHERE contact_id = $1"""


async def step_of(conn: Any, contact_id: int) -> int:
    """How many inputs the thread has had, by text or page: a page that was made before the last of them is an old one."""
    step: int = await conn.fetchval(SELECT_STEP, contact_id)
    return step


SELECT_LAST_PAGE = """
SELECT said, reply FROM survey.input WHERE contact_id = $1 AND channel = 'web' ORDER BY id DESC LIMIT 1"""


@dataclass(frozen=True)
class SentPage:
    """A page as it was sent, and the one that came next."""

    said: str
    reply: str


async def last_page(conn: Any, contact_id: int) -> SentPage | None:
    """The last page that was sent in a thread."""
    row = await conn.fetchrow(SELECT_LAST_PAGE, contact_id)
    return SentPage(**row) if row else None


TAKE_OVER = """
UPDATE survey.form_link SET asked_by_text = $2 WHERE token = $1"""

SELECT_ASKED_BY_TEXT = """
SELECT asked_by_text FROM survey.form_link WHERE contact_id = $1"""


async def take_over(conn: Any, token: str, asked: str) -> None:
    """The form takes over a thread in which these questions, parted by blanks, waited for an answer."""
    await conn.execute(TAKE_OVER, token, asked)


async def asked_by_text(conn: Any, contact_id: int) -> str | None:
    """The questions that waited in the thread when its form took over."""
    questions: str | None = await conn.fetchval(SELECT_ASKED_BY_TEXT, contact_id)
    return questions
