"""Every statement of followup is one that Postgres can plan, and gives the columns that its row type has."""

from __future__ import annotations

from dataclasses import fields
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import asyncpg
import pytest

import followup.store
from followup.store import (
    accountability,
    appeals,
    assignments,
    bridges,
    callbacks,
    cases,
    chain,
    claimed_closings,
    clocks,
    complaints,
    counts,
    course,
    decisions,
    endings,
    events,
    evidence,
    explanations,
    intake,
    majors,
    names,
    notice_addresses,
    notice_messages,
    notices,
    objections,
    past_rounds,
    places,
    policies,
    reaching,
    relays,
    results,
    revisits,
    rounds,
    seals,
    suspicions,
    unit_links,
    unit_sheets,
    units,
    urges,
)
from workers.rehearsal import case_desk

NOT_STATEMENTS = {"__init__", "migrations"}
MODULES = [
    *(
        import_module(f"followup.store.{found.name}")
        for found in iter_modules(followup.store.__path__)
        if found.name not in NOT_STATEMENTS
    ),
    case_desk,
]

ROWS: list[tuple[str, type[Any]]] = [
    (units.SELECT_UNITS, units.UnitRow),
    (appeals.SELECT_APPEAL, appeals.AppealRow),
    (appeals.SELECT_SIMILAR, appeals.Similar),
    (appeals.COUNT_DUTY, appeals.DutyShare),
    (bridges.SELECT_BRIDGE, bridges.BridgeRow),
    (relays.SELECT_RELAYS, relays.RelayRow),
    (names.SELECT_NAMES, names.SealedName),
    (intake.SELECT_NOT_ACCEPTED, intake.NotAccepted),
    (intake.SELECT_ANSWERS, intake.DirectAnswer),
    (claimed_closings.OF_CENTRE, claimed_closings.ClaimedClosing),
    (claimed_closings.UP_TO_ONE, claimed_closings.ClaimedClosing),
    (chain.SELECT_CASE_ENDS, chain.ChainEnd),
    (chain.SELECT_POLICIES_NOW, chain.PolicyNow),
    (chain.SELECT_STALE_HEADS, chain.StaleHead),
    (seals.SELECT_DUE_SEALS, seals.DueSeal),
    (seals.INSERT_SEALED_DAY, seals.SealedDayRow),
    (cases.INSERT_CASE, cases.CaseRow),
    (cases.SELECT_CASE, cases.CaseRow),
    (events.SELECT_EVENTS, events.EventRow),
    (assignments.SELECT_ASSIGNMENTS, assignments.AssignmentRow),
    (results.ACCEPT_RESULT, results.ResultRow),
    (results.SELECT_RESULTS, results.ResultRow),
    (callbacks.SELECT_FOR_UNITS, callbacks.PendingCallback),
    (decisions.SELECT_WAITING, decisions.WaitingFlag),
    (callbacks.DECIDE, callbacks.DecidedCallback),
    (course.SELECT_COURSE, course.CourseRow),
    (course.DECIDE_RETURN, course.OpenReturn),
    (endings.SELECT_QUIET, endings.QuietCase),
    (endings.SELECT_DISPATCH_TIMES, endings.DispatchTime),
    (objections.SELECT_OVERDUE_OBJECTIONS, objections.OverdueObjection),
    (objections.SELECT_OBJECTIONS, objections.ObjectionRow),
    (objections.SELECT_PRESSURE_CHECKS, objections.PressureCheckLine),
    (decisions.SELECT_OVERDUE, decisions.OverdueDecision),
    (explanations.TELL_DELIVERED, explanations.ToldRow),
    (explanations.SELECT_LATEST, explanations.ExplanationRow),
    (past_rounds.SELECT_ROUNDS_BEFORE, past_rounds.PastRoundRow),
    (suspicions.SELECT_OF_CASE, suspicions.SuspicionRow),
    (suspicions.TAKE_REMINDERS, suspicions.Asked),
    (suspicions.TAKE_SILENT, suspicions.Asked),
    (revisits.LOCK_DUE, revisits.PlannedRevisit),
    (revisits.SETTLE_REVISIT, revisits.SettledRevisit),
    (revisits.LOCK_RECURRED, revisits.RecurredRevisit),
    (revisits.SELECT_REVISITS, revisits.RevisitRow),
    (complaints.SELECT_COMPLAINTS, complaints.Complaint),
    (evidence.SELECT_OUR_CALLS, evidence.OurCall),
    (rounds.SELECT_CALLBACKS, rounds.CallbackRow),
    (rounds.SELECT_CASES, rounds.CaseLine),
    (rounds.SELECT_FLAGGED, rounds.FlaggedLine),
    (counts.COUNT_ROUNDS, counts.RoundCounts),
    (reaching.SELECT_REACH, reaching.ReachRow),
    (places.SELECT_CENTRE_PLACE, places.CentrePlace),
    (notices.LOCK_DUE, notices.DueNotice),
    (notices.SENT, notices.SentNotice),
    (notices.SELECT_NOTICE, notices.NoticeRow),
    (notices.SELECT_NOTICES, notices.NoticeRow),
    (notices.SELECT_OF_CASES, notices.OfCase),
    (notice_addresses.SELECT_OF_HOLDER, notice_addresses.AddressRow),
    (notice_addresses.SELECT_RESIDENT, notice_addresses.Resident),
    (notice_messages.CLAIM_MAILS, notice_messages.Mail),
    (notice_messages.TAKE_TEXT_NEWS, notice_messages.TextNews),
    (notice_messages.SELECT_MESSAGES, notice_messages.MessageRow),
    (unit_links.SELECT_LINK, unit_links.LinkRow),
    (unit_sheets.SELECT_OPEN_CASES, unit_sheets.OpenCase),
    (unit_sheets.LOCK_CASE, unit_sheets.OpenCase),
    (clocks.SELECT_CLOCKS, clocks.ClockRow),
    (clocks.SELECT_CALENDAR, clocks.CalendarRow),
    (clocks.SELECT_COLOUR_CHANGES, clocks.ColourChange),
    (policies.SELECT_VERSION, policies.PolicyRow),
    (urges.SELECT_URGES, urges.UrgeRow),
    (urges.SELECT_CRITICISED, urges.CriticisedRow),
    (majors.SELECT_MAJOR, majors.MajorRow),
    (majors.LOCK_MAJOR, majors.MajorRow),
    (majors.SELECT_MAJORS, majors.MajorRow),
    (majors.SELECT_STEPS, majors.StepRow),
    (majors.SELECT_FORMS, majors.FormRow),
    (accountability.SELECT_ACCOUNTABILITY, accountability.AccountabilityRow),
    (case_desk.SELECT_FIRST_FLAGS, case_desk.Flagged),
]


def statements(module: ModuleType) -> list[str]:
    """Constants that are more than a word."""
    constants = [value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)]
    return [value for value in constants if " " in value]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
async def test_statements_can_be_planned(conn: asyncpg.Connection, module: ModuleType) -> None:
    found = statements(module)
    assert found
    for statement in found:
        await conn.prepare(statement)


@pytest.mark.parametrize(("statement", "row"), ROWS, ids=lambda one: getattr(one, "__name__", ""))
async def test_columns_are_those_of_the_row_type(
    conn: asyncpg.Connection, statement: str, row: type[Any]
) -> None:
    planned = await conn.prepare(statement)
    assert [column.name for column in planned.get_attributes()] == [field.name for field in fields(row)]
