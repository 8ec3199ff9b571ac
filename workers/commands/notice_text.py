"""How notices and the address book are printed: Chinese and English beside each other, addresses masked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from followup.notice_templates import CannotSay, notice_policy, title_of
from followup.store.notice_addresses import AddressRow
from followup.store.notice_messages import MessageRow
from followup.store.notices import NoticeRow
from survey.masking import without_numbers
from workers.commands.case_text import moment

STATES: Final[Mapping[str, str]] = {
    "owed": "待发 owed",
    "sent": "已发 sent",
    "delivered": "已送达 delivered",
    "acknowledged": "已签收 acknowledged",
    "undelivered": "无法送达 undelivered",
}
MESSAGE_STATES: Final[Mapping[str, str]] = {
    "waiting": "待发 waiting",
    "sending": "发送中 sending",
    "sent": "已发 sent",
    "delivered": "已送达 delivered",
    "failed": "失败 failed",
}
CHANNELS: Final[Mapping[str, str]] = {"text": "短信 text", "mail": "邮件 mail"}
ROLES: Final[Mapping[str, str]] = {
    "liaison": "联络员 liaison",
    "leader": "分管领导 leader",
    "duty": "值班 duty",
}
HOW: Final[Mapping[str, str]] = {
    "desk": "系统 desk",
    "call": "电话 call",
    "visit": "当面 visit",
    "letter": "书面 letter",
}
NOTHING: Final = "没有这样的通知。No notice is like that."
NO_ADDRESSES: Final = "通讯录是空的。The address book is empty."


def list_lines(rows: Sequence[NoticeRow], now: datetime) -> Iterator[str]:
    """One line a notice, what is late or lost on a line of its own below."""
    for row in rows:
        urgent = "  紧急 urgent" if row.urgent else ""
        yield f"{row.id:>6}  {STATES[row.status]}  {row.recipient}  {titled(row)}{urgent}"
        if row.why is not None and row.status == "undelivered":
            yield f"        原因 why: {row.why}"
        if late(row, now):
            yield f"        逾期未签收 not acknowledged by {moment(row.receipt_by)}"


def late(row: NoticeRow, now: datetime) -> bool:
    """Nobody has acknowledged it in time."""
    return row.status != "acknowledged" and row.receipt_by is not None and row.receipt_by < now


def titled(row: NoticeRow) -> str:
    """The title in both languages; of a notice whose words cannot be made the template's key."""
    facts = {"number": row.number or "", **{name: str(value) for name, value in row.facts.items()}}
    try:
        template = notice_policy().template(row.template)
        return without_numbers(f"{title_of(template, facts, 'zh')} {title_of(template, facts, 'en')}")
    except CannotSay:
        return row.template


def show_lines(row: NoticeRow, messages: Sequence[MessageRow], now: datetime) -> Iterator[str]:
    """One notice with everything that was sent for it."""
    yield from list_lines([row], now)
    yield f"事由 cause: {row.cause}" + (f"  事项 case: {row.number}" if row.number else "")
    yield f"产生 owed {moment(row.created_at)}  发出 sent {moment(row.sent_at)}  送达 delivered {moment(row.delivered_at)}"
    if row.acknowledged_how is not None:
        how = HOW.get(row.acknowledged_how, row.acknowledged_how)
        yield f"签收 acknowledged {moment(row.acknowledged_at)}  {row.acknowledged_by}  {how}"
    elif row.receipt_by is not None:
        yield f"签收期限 to be acknowledged by {moment(row.receipt_by)}"
    for message in messages:
        where = message.shown or "群众 resident"
        why = f"  {message.why}" if message.why else ""
        yield f"- {CHANNELS[message.channel]} {where}  {MESSAGE_STATES[message.status]}  {moment(message.created_at)}{why}"
        yield from (f"    {line}" for line in message.body.splitlines() if line)


def book_lines(rows: Sequence[AddressRow]) -> Iterator[str]:
    """The address book; nothing in it can be dialled."""
    for row in rows:
        yield (
            f"{row.holder}  {ROLES[row.role]}  {CHANNELS[row.channel]}  {row.shown}  "
            f"{moment(row.set_at)} {row.set_by}"
        )


def notice_record(
    row: NoticeRow, now: datetime, messages: Sequence[MessageRow] | None = None
) -> dict[str, Any]:
    """As JSON has it."""
    record = {**asdict(row), "title": titled(row), "late": late(row, now)}
    return record if messages is None else {**record, "messages": [asdict(one) for one in messages]}


def address_record(row: AddressRow) -> dict[str, Any]:
    """As JSON has it: without the key of the sealed row."""
    return {name: value for name, value in asdict(row).items() if name not in ("id", "address_id")}
