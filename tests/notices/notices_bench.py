"""A county with addresses, a mail server of its own and a carrier that does as it is told; and words for what tests do often."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import count
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, Envelope, Session

from followup import addresses, notices, notifying
from followup.notice_templates import notice_policy, text_of, title_of
from followup.notices import NewNotice
from followup.postman import Postman
from followup.store.units import UnitRow
from survey import telling
from survey.channels.base import Accepted, Placed, Progress
from survey.clock import RealClock
from survey.dialing import Line
from survey.ground import Ground

CENTRE = "991721"
VILLAGE = "991721100200"
POLICE, WATER = "unit:991721-police", "unit:991721-tap-water"
OFFICE, DEPUTY = f"office:government:{CENTRE}", f"post:deputy:{CENTRE}"
AREAS = [
    ("9917", None, "city", "安澜市", "Anlan City"),
    (CENTRE, "9917", "county", "遂澜县", "Suilan County"),
    ("991721100", CENTRE, "township", "柳河镇", "Liuhe Town"),
    (VILLAGE, "991721100", "village", "王庄村", "Wangzhuang Village"),
]
UNITS = [
    UnitRow("991721-police", CENTRE, "遂澜县公安局", "gov", CENTRE),
    UnitRow("991721-tap-water", CENTRE, "遂澜县自来水公司", "public_service", CENTRE),
]
PHONE, LEADERS_PHONE = "+8615400000901", "+8615400000902"
MAIL, LEADERS_MAIL = "liaison@police.example", "leader@police.example"
SIGNED = "【遂澜民调中心】"


def at(text: str) -> datetime:
    """A moment of March 2026 in the county's own time: `at("9 09:30")` is Monday the 9th, half past nine."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return datetime.fromisoformat(f"2026-03-{int(day):02}T{hour}:{minute}:00+08:00").astimezone(UTC)


def plain(mail: EmailMessage) -> str:
    """The text part of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content.replace("\r\n", "\n")


def words(template: str, **facts: str) -> str:
    """The signed text of a template with its example, and with these facts in it."""
    known = notice_policy().templates[template]
    return SIGNED + text_of(known, {**known.example, **facts}, "zh")


def title(template: str, lang: str = "zh") -> str:
    """The title of a template with its example."""
    known = notice_policy().templates[template]
    return title_of(known, known.example, lang)


class StandingClock(RealClock):
    """A clock that a test sets."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def activity(self) -> AbstractContextManager[None]:
        return contextlib.nullcontext()


@dataclass
class PostOffice:
    """A real SMTP server; `answers` are what it says to the next mails, otherwise it takes them. `on_mail` is awaited when a mail
    is in its hands and before it says so."""

    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: Mapping[str, str] = field(default_factory=dict)
    on_mail: Callable[[], Awaitable[None]] | None = None
    was_encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.raw.append(envelope.content)
            mail = message_from_bytes(envelope.content, policy=default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            self.was_encrypted.append(session.ssl is not None)
        if self.on_mail is not None:
            await self.on_mail()
        return answer

    @contextlib.asynccontextmanager
    async def open(self, **options: Any) -> Any:
        """Serve while the context lasts; its port."""
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(self, hostname="post.example", enable_SMTPUTF8=True, **options), "127.0.0.1", 0
        )
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await server.wait_closed()


@dataclass
class SmallCarrier:
    """Takes texts, unless `answers` has something for the number."""

    answers: dict[str, Placed] = field(default_factory=dict)
    texts: list[tuple[str, str]] = field(default_factory=list)
    _sids: Any = field(default_factory=lambda: count(1))

    async def text(
        self, number: str, body: str, *, status_url: str, valid_s: int, caller: str | None = None
    ) -> Placed:
        self.texts.append((number, body))
        return self.answers.get(number) or Accepted(f"SM{next(self._sids):032}")

    async def look_up_text(self, sid: str) -> Progress | None:
        return None

    async def texts_since(self, since: datetime) -> list[Progress]:
        return []


@dataclass
class Office:
    """The centre's post room."""

    ground: Ground
    clock: StandingClock
    carrier: SmallCarrier
    line: Line
    post: PostOffice
    postman: Postman | None

    async def owe(
        self,
        recipient: str = POLICE,
        template: str = "urge_1",
        *,
        cause: str = "urge:1",
        urgent: bool = False,
        case_id: int | None = None,
        without: tuple[str, ...] = (),
        **facts: str,
    ) -> int | None:
        known = notice_policy().templates.get(template)
        example = known.example if known is not None else {}
        given = {name: value for name, value in example.items() if name not in without}
        new = NewNotice(cause, recipient, template, {**given, **facts}, case_id, urgent)
        async with self.ground.pool.acquire() as conn, conn.transaction():
            return await notices.owe(conn, new, now=self.clock.moment)

    async def book(
        self,
        holder: str,
        role: Literal["liaison", "leader", "duty"],
        *,
        text: str | None = None,
        mail: str | None = None,
    ) -> None:
        async with self.ground.pool.acquire() as conn:
            for channel, value in (("text", text), ("mail", mail)):
                if value is not None:
                    await addresses.keep(
                        conn, self.ground.vault, holder, role, channel, value,  # type: ignore[arg-type]
                        centre=CENTRE, plan="fictional", by="管理员", now=self.clock.moment,
                    )  # fmt: skip

    async def work(self) -> None:
        """What the workers' jobs do, in the order in which they are woken."""
        await notifying.deliver(self.ground, self.postman)
        await telling.tell_due(self.ground, self.line)
        await notifying.deliver(self.ground, self.postman)

    async def status_of_text(self, word: str) -> None:
        """The carrier's webhook about the last text."""
        ref, sid = (await self.rows("SELECT ref, sid FROM survey.telling ORDER BY id DESC LIMIT 1"))[0]
        await telling.record_progress(self.ground, ref, sid, word, None, {})
        await notifying.deliver(self.ground, self.postman)

    async def states(self) -> list[str]:
        """Every notice: `sent`, `undelivered: no address`."""
        rows = await self.rows("SELECT status, why FROM followup.notice ORDER BY id")
        return [f"{status}: {why}" if status == "undelivered" else status for status, why in rows]

    async def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        async with self.ground.pool.acquire() as conn:
            return [tuple(row) for row in await conn.fetch(sql, *values)]

    async def run(self, sql: str, *values: object) -> None:
        async with self.ground.pool.acquire() as conn:
            await conn.execute(sql, *values)

    def later(self, **by: float) -> None:
        self.clock.moment += timedelta(**by)
