"""What a unit's own system does with the cases that the unit leads: sign, return, report."""

from __future__ import annotations

from followup import cases as doors
from followup.api.cases import iso
from followup.api.fields import moment_of, readable
from followup.api.models import Moved, NewResult, NewReturn
from followup.api.operations import Answer, Call
from followup.api.problems import Problem
from followup.cases import Contact
from followup.outside_view import visible
from followup.store import cases, exchange
from followup.store.exchange import ExchangeCase


async def sign(call: Call) -> Answer:
    """签收"""
    row = await _case(call)
    await doors.sign(call.conn, row.number, by=call.by, now=call.now)
    return await _moved(call, row)


async def give_back(call: Call) -> Answer:
    """退单"""
    sent: NewReturn = call.sent
    row = await _case(call)
    await doors.give_back(
        call.conn,
        row.number,
        by=call.by,
        reason=readable(sent.reason),
        suggested=sent.suggested_unit,
        now=call.now,
    )
    return await _moved(call, row)


async def report(call: Call) -> Answer:
    """反馈"""
    sent: NewResult = call.sent
    row = await _case(call)
    reported = await doors.report_result(
        call.conn,
        row.number,
        by=call.by,
        summary=readable(sent.summary),
        contact=_contact(sent),
        tried=[moment_of("tried", text) for text in sent.tried],
        actions=sent.actions,
        evidence=[readable(one) for one in sent.evidence],
        parts_overridden=sent.parts_overridden,
        now=call.now,
    )
    return await _moved(call, row, reported.returned)


def _contact(sent: NewResult) -> Contact | None:
    if sent.contact is None:
        return None
    return Contact(moment_of("contact.at", sent.contact.at), sent.contact.way)


async def _case(call: Call) -> ExchangeCase:
    row = await exchange.one(call.conn, call.key.centre_code, call.key.unit_code, call.path["case"])
    if row is None or await visible(call.conn, row.number, call.key.centre_code, call.key.unit_code) is None:
        raise Problem("unknown_case")
    return row


async def _moved(call: Call, row: ExchangeCase, returned: str | None = None) -> Answer:
    now = await cases.case_by_number(call.conn, row.number)
    if now is None:
        raise Problem("unknown_case")
    moved = Moved(
        number=now.number, status=now.status, round=now.round, due_at=iso(now.due_at), returned=returned
    )
    return Answer(moved, [now.id])
