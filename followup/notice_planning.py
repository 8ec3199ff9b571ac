"""Choosing a way for what is owed, and making the messages. Used by the door `notifying`, inside its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from followup import notice_templates as words
from followup.casework.working_time import working_time
from followup.notice_templates import CannotSay, Template, notice_policy
from followup.notice_ways import NoWay, Recipient, Way, centre_of, open_hours, recipient, way_to
from followup.store import notice_addresses as book
from followup.store import notice_messages as messages
from followup.store import notices as rows
from followup.store.notice_messages import NewMessage
from followup.store.notices import DueNotice
from survey import telling
from survey.ids import Tokens
from survey.telling import NewTelling

CAUSE = "notice:{}"
"""Of a text in survey.telling, by the message's reference."""


@dataclass(frozen=True)
class Ready:
    """A notice with its words, its way and its hours."""

    notice: DueNotice
    to: Recipient
    template: Template
    facts: dict[str, str]
    signature: str
    way: Way
    closes: datetime


async def plan(conn: asyncpg.Connection, now: datetime, tokens: Tokens, *, mail: bool) -> list[int]:
    """Messages for all that is due and may be told now. The ids of notices that nobody can be told by text or mail."""
    await rows.only_here(conn)
    ready: list[Ready] = []
    lost: list[int] = []
    for notice in await rows.lock_due(conn, now):
        try:
            one = await _ready(conn, notice, now, mail=mail)
        except CannotSay as why:
            await rows.undelivered(conn, notice.id, str(why))
            lost.append(notice.id)
            continue
        if one is not None:
            ready.append(one)
    for together in _grouped(ready):
        await _make(conn, together, now, tokens)
    return lost


async def _ready(conn: asyncpg.Connection, notice: DueNotice, now: datetime, *, mail: bool) -> Ready | None:
    """None: it was put off. Raises CannotSay where no way is left, or no words can be made."""
    to = recipient(notice.recipient)
    centre = await centre_of(conn, to) if to is not None else None
    names = await book.centre_names(conn, centre) if centre is not None else None
    if to is None or names is None:
        raise CannotSay(f"nobody is called {notice.recipient}")
    template = notice_policy().template(notice.template)
    signature = f"{names.short_zh.removesuffix('民调中心')}民调中心"
    facts = _facts(notice, to, names.name_zh)
    _checked(template, facts)
    way = await way_to(conn, to, template, notice.tried, now, mail=mail)
    if isinstance(way, NoWay):
        raise CannotSay(way.why)
    opens, closes = await open_hours(conn, to, now, urgent=notice.urgent)
    if opens > now:
        await rows.put_off(conn, notice.id, opens)
        return None
    return Ready(notice, to, template, facts, signature, way, closes)


def _facts(notice: DueNotice, to: Recipient, centre: str) -> dict[str, str]:
    """Those that every notice has, and its own, which stand above them. The query code opens the case: for the resident only."""
    of_case = {"number": notice.number, "short": notice.short_number}
    if to.kind == "resident":
        of_case["query_code"] = notice.query_code
    given = {"centre": centre, **{name: value for name, value in of_case.items() if value is not None}}
    return given | {name: str(value) for name, value in notice.facts.items()}


def _checked(template: Template, facts: dict[str, str]) -> None:
    """Every word of it can be said. Raises CannotSay."""
    for lang in ("zh", "en"):
        words.title_of(template, facts, lang)
        words.text_of(template, facts, lang)
    words.letter_of(template, facts)


def _grouped(ready: Sequence[Ready]) -> list[list[Ready]]:
    """What goes to one address by one way at this moment goes together; urgent notices and residents' go alone."""
    groups: dict[tuple[object, ...], list[Ready]] = {}
    for one in ready:
        alone = one.notice.urgent or one.to.kind == "resident"
        groups.setdefault((one.to.key, one.way.key, one.notice.id if alone else None), []).append(one)
    return list(groups.values())


async def _make(conn: asyncpg.Connection, together: Sequence[Ready], now: datetime, tokens: Tokens) -> None:
    first, ref = together[0], tokens()
    message = replace(
        _text(together) if first.way.channel == "text" else _mail(together),
        ref=ref,
        notice_ids=[one.notice.id for one in together],
    )
    await messages.insert(conn, message, now)
    await rows.on_its_way(conn, message.notice_ids)
    if first.way.channel == "text":
        address = first.way.address
        owed = NewTelling(
            CAUSE.format(ref),
            first.way.person_id,
            address.address_id if address is not None else None,
            message.body,
            now,
            min(one.closes for one in together),
        )
        await telling.owe(conn, owed, tokens)


def _titles(together: Sequence[Ready], lang: str) -> list[str]:
    return [words.title_of(one.template, one.facts, lang) for one in together]


def _subject(together: Sequence[Ready], lang: str) -> str:
    titles = _titles(together, lang)
    return titles[0] if len(titles) == 1 else words.digest_title(len(titles), lang)


def _text(together: Sequence[Ready]) -> NewMessage:
    first, lang = together[0], together[0].way.lang
    if len(together) == 1:
        body = words.text_of(first.template, first.facts, lang)
    else:
        body = words.digest_text(_titles(together, lang), lang)
    address = first.way.address
    return NewMessage(
        "",
        first.to.key,
        "text",
        address.id if address is not None else None,
        _subject(together, lang),
        words.signed(body, first.signature),
        [],
        [],
    )


def _mail(together: Sequence[Ready]) -> NewMessage:
    """Chinese first, all of it, then English; of several notices each with its title."""
    first = together[0]
    letters = [_letter(one) for one in together]
    subject = f"【{first.signature}】{_subject(together, 'zh')} {_subject(together, 'en')}"
    plain = "\n\n".join(
        "\n\n".join(f"{letter[f'title_{lang}']}\n" + "\n".join(letter[lang]) for letter in letters)
        for lang in ("zh", "en")
    )
    address = first.way.address
    assert address is not None  # residents get no mail
    return NewMessage("", first.to.key, "mail", address.id, subject, plain, letters, [])


def _letter(one: Ready) -> dict[str, Any]:
    zh, en = words.letter_of(one.template, one.facts)
    return {
        "title_zh": words.title_of(one.template, one.facts, "zh"),
        "title_en": words.title_of(one.template, one.facts, "en"),
        "zh": list(zh),
        "en": list(en),
    }


def receipt_by(template: str, at: datetime, *, urgent: bool) -> datetime | None:
    """Until when a notice that was sent at `at` is to be acknowledged: in working hours, an urgent one by the clock."""
    known = notice_policy().templates.get(template)
    if known is None or known.receipt_hours is None:
        return None
    hours = timedelta(hours=known.receipt_hours)
    return at + hours if urgent else working_time().add(at, hours)
