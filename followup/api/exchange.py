"""Closed cases of another platform: brought as a batch, and what became of them taken back."""

from __future__ import annotations

import json

from followup import imports
from followup.api.cases import iso
from followup.api.models import Exported, ExportedCase, Imported, KeptRow, NewImport, RefusedRow, Since
from followup.api.operations import Answer, Call
from followup.api.problems import Fault, Problem
from followup.store import cases, exchange
from survey.importing import Brought
from survey.masking import without_numbers
from survey.sampling.refusals import ListError

STANDING_SEED = 1


async def bring(call: Call) -> Answer:
    """The rows go the way of a file: good ones kept with their callback, bad ones told one by one."""
    sent: NewImport = call.sent
    data = json.dumps([row.model_dump(exclude_none=True) for row in sent.cases], ensure_ascii=False)
    brought = Brought(f"{call.request_id}.json", call.by, sent.reason, sent.ground)
    try:
        report = await imports.import_closed_cases(
            call.conn,
            call.ground.vault,
            call.key.centre_code,
            data.encode(),
            brought,
            plan=call.plan,
            now=call.now,
            tokens=call.ground.tokens,
            seed=STANDING_SEED,
        )
    except ListError as no:
        raise Problem(
            "not_possible", no.what, [Fault(field="cases", reason=no.what, remedy=no.remedy)]
        ) from None
    # the headings are line 1 of what a list is read from; the rows of the request count from 1
    refused = [
        RefusedRow(row=r.line - 1, field=r.field, reason=without_numbers(r.reason), remedy=r.remedy)
        for r in report.refusals
    ]
    rows = [await cases.case_by_number(call.conn, number) for number in report.numbers]
    kept = [KeptRow(external_number=row.external_number or "", number=row.number) for row in rows if row]
    return Answer(Imported(batch=report.batch, kept=kept, refused=refused), [row.id for row in rows if row])


async def take_back(call: Call) -> Answer:
    """Brought cases since the cursor, with their verdicts."""
    query: Since = call.query
    until = await exchange.horizon(call.conn)
    rows = await exchange.exported(call.conn, call.key.centre_code, int(query.since), until, query.limit)
    told = [
        ExportedCase(
            external_number=row.external_number,
            number=row.number,
            status=row.status,
            ending=row.ending,
            round=row.round,
            result_told=row.result_told,
            verdict=row.verdict,
            counted_as=row.counted_as,
            called_back_at=iso(row.called_back_at),
            dispatched_again=row.dispatched_again,
        )
        for row in rows
    ]
    following = str(rows[-1].changed) if rows else query.since
    return Answer(Exported(cases=told, next=following), [row.id for row in rows])
