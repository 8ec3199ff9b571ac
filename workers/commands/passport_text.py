"""The whole passport of a case (一案一档) as text, Chinese first, and as JSON. No telephone number is in either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from followup.categories import categories
from followup.dossier import Dossier, moment_of, without_keys
from followup.reading import CallbackRow, CasePassport
from followup.reports import passport_terms as terms
from followup.reports.terms import ANSWERS, DECISIONS, POSTS, SOURCES, VERDICTS, words
from followup.store.assignments import AssignmentRow
from followup.store.events import EventRow
from followup.store.results import ResultRow
from survey.masking import without_numbers
from workers.commands.case_text import LOCAL
from workers.commands.verify_text import chain_record, located

ANONYMITY = {"named": "实名", "confidential": "保密", "anonymous": "匿名"}
ROLES = {"lead": "牵头 lead", "assist": "协办 assist"}


def moment(at: datetime | None) -> str:
    """A moment in the centre's own time, to the minute."""
    return at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M") if at else "-"


def dossier_lines(found: Dossier) -> Iterator[str]:
    """Who and what, round by round, every event, other records, seals, and whether the chain holds."""
    for line in _all_lines(found):
        yield "\n".join(without_numbers(part) for part in line.splitlines()) if line else line


def _all_lines(found: Dossier) -> Iterator[str]:
    yield from _head(found)
    for round_ in range(1, found.passport.case.round + 1):
        yield ""
        yield from _round(found, round_)
    yield ""
    yield "经过 events"
    for seq, event in enumerate(found.passport.events, 1):
        yield from _event(found, seq, event)
    if found.records:
        yield ""
        yield "其他记录 other records"
        for kind, row in found.records:
            yield f"  {terms.record(kind)}  {_facts(found, row)}"
    yield ""
    yield from _proof(found)


def _head(found: Dossier) -> Iterator[str]:
    case = found.passport.case
    yield f"{case.number}  {case.content}"
    yield (
        f"来源 source {terms.with_code(SOURCES, case.source)} · 分类 category {case.category} {_category(case.category)} · "
        f"职责 duty {case.duty_no} · {found.area_name} · {ANONYMITY.get(case.anonymity, case.anonymity)} {case.anonymity} · "
        f"{case.urgency}" + (" · 突发 sudden" if case.sudden else "")
    )
    if case.external_number:
        yield f"原平台编号 number elsewhere {case.external_number}"
    yield (
        f"接收 received {moment(case.received_at)} · 首问 first handler {case.first_handler or '-'} · "
        f"时限政策 limits version {case.policy_version}"
    )
    ended = f" · 结束 closed {moment(case.closed_at)}" if case.closed_at else ""
    yield (
        f"现状 now {terms.state(case.status)} · 第{case.round}轮 round {case.round} · 期限 due {moment(case.due_at)}{ended}"
    )


def _category(code: str) -> str:
    try:
        return categories().of_code(code).name_zh
    except KeyError:
        return ""


def _round(found: Dossier, round_: int) -> Iterator[str]:
    passport = found.passport
    yield f"第{round_}轮 round {round_}"
    for part in passport.assignments:
        if part.round == round_:
            yield _assignment(found, part)
    for result in passport.results:
        if result.round == round_:
            yield from _result(found, result)
    for callback in passport.callbacks:
        if callback.round == round_:
            yield from _callback(callback)


def _assignment(found: Dossier, part: AssignmentRow) -> str:
    return (
        f"  {ROLES[part.role]} {_unit(found, part.unit_code)} · 交办 dispatched {moment(part.dispatched_at)} · "
        f"签收 signed {moment(part.signed_at)} · 期限 due {moment(part.due_at)}"
    )


def _result(found: Dossier, result: ResultRow) -> Iterator[str]:
    contact = "称已联系反映人 says it spoke" if result.claimed_contact else "未联系反映人 did not speak"
    yield (
        f"  结果 result {moment(result.reported_at)}, 审核 accepted {moment(result.accepted_at)}: {result.result_summary}"
    )
    yield f"    {_unit(found, result.unit_code)} {contact} with the resident"


def _callback(callback: CallbackRow) -> Iterator[str]:
    mode = callback.mode or "未联系 no contact"
    yield f"  回访 callback {callback.status}, {mode}, 告知 told {moment(callback.told_at)}"
    if callback.told_text:
        yield f"    告知原文 told: {callback.told_text}"
    said = _said(callback.answers or {})
    if said:
        yield f"    回答 answers: {said}"
    if callback.verdict:
        reasons = "、".join(terms.with_code(VERDICTS, reason) for reason in callback.reasons)
        flag = f", 标记 flagged: {reasons}" if callback.flagged else ""
        line = f"表第{callback.verdict_line}行 line {callback.verdict_line}"
        yield f"    判定 verdict {terms.with_code(VERDICTS, callback.verdict)}, {line}{flag}"
    if callback.words:
        yield f"    原话 in the resident's words: {callback.words}"
    yield from _verification(callback)
    if callback.decision:
        yield (
            f"    决定 decision {terms.with_code(DECISIONS, callback.decision)}, {callback.decided_by} "
            f"{moment(callback.decided_at)}: {callback.decision_reason}"
        )
    elif callback.decision_post:
        post, due = terms.with_code(POSTS, callback.decision_post), moment(callback.decision_due_at)
        yield f"    等待决定 waits for the {post}, 期限 due {due}"


def _verification(callback: CallbackRow) -> Iterator[str]:
    """The person's call that a flag by text brings: owed, or what it came to."""
    if callback.verify_unit_ref is None:
        return
    if callback.verified_at is None:
        yield f"    待人工核实 a person calls to verify; the decision waits for it until {moment(callback.waits_since)}"
        return
    by = f" by {callback.verified_by}" if callback.verified_by else ""
    yield f"    人工核实 verification call{by}, over {moment(callback.verified_at)}: {callback.verify_outcome}"
    said = _said(callback.verified_answers or {})
    if said:
        yield f"      核实所答 said there: {said}"


def _said(answers: Mapping[str, Any]) -> str:
    """Answers in words: `C1 联系过, C2 未解决, C5 还是不亮`."""
    return ", ".join(
        f"{question} {text or words(ANSWERS[question], code)[0]}"
        for question, (code, text) in sorted(answers.items())
        if question in ANSWERS or text
    )


def _event(found: Dossier, seq: int, event: EventRow) -> Iterator[str]:
    reason = f": {event.reason}" if event.reason else ""
    step = "" if event.from_status == event.to_status else f" -> {terms.state(event.to_status)}"
    yield (
        f"  {seq}  {moment(event.at)}  第{event.round}轮  {terms.event(event.event)}{step}  "
        f"({_unit(found, event.actor)}){reason}"
    )
    if event.detail:
        yield f"       {_facts(found, event.detail)}"


def _facts(found: Dossier, facts: Mapping[str, Any]) -> str:
    """Facts of any kind in a line, each with its name; what is empty is left out."""
    return " · ".join(
        f"{terms.detail(name)} {_fact(found, value)}"
        for name, value in without_keys(facts).items()
        if value not in (None, "", [], {})
    )


def _fact(found: Dossier, value: object) -> str:
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if isinstance(value, Mapping):
        return f"{{{_facts(found, value)}}}"
    if isinstance(value, list | tuple):
        return "、".join(_fact(found, one) for one in value)
    text = str(value)
    return _moment_or_text(found, text) if isinstance(value, str) else text


def _moment_or_text(found: Dossier, text: str) -> str:
    if "T" in text[:11]:
        try:
            return moment(datetime.fromisoformat(text))
        except ValueError:
            return text
    return _unit(found, text)


def _unit(found: Dossier, code: str) -> str:
    """A unit's name and code; whatever is no unit stands for itself."""
    return f"{found.unit_names[code]} {code}" if code in found.unit_names else code


def _proof(found: Dossier) -> Iterator[str]:
    for seal in found.seals:
        yield f"封存 sealed {seal.day}: 至第{seal.seq}条 events up to {seal.seq}, {seal.seal.hex()}"
    checked = found.checked
    if checked.first is None:
        unsealed = checked.events - max((seal.seq for seal in found.seals), default=0)
        rest = f", {unsealed} 条待封存 not sealed yet" if unsealed else ""
        yield f"✓ 记录链完整 the chain holds: {checked.events} events{rest}"
        return
    yield "✗ 记录被改动 the record was altered"
    for one in checked.faults:
        yield f"    {located(one)}"


def dossier_record(found: Dossier) -> dict[str, Any]:
    """The same as JSON values, without the keys that stay inside the store."""
    record = _passport_record(found.passport)
    record["area_name"] = found.area_name
    record["records"] = [{"table": kind, "at": moment_of(row) or None, **row} for kind, row in found.records]
    record["seals"] = [
        {**asdict(seal), "hash": seal.hash.hex(), "seal": seal.seal.hex()} for seal in found.seals
    ]
    record["chain"] = {"holds": not found.checked.faults, **chain_record(found.checked)}
    return dict(_masked(record))


def _passport_record(passport: CasePassport) -> dict[str, Any]:
    record = asdict(passport)
    record["case"] = without_keys(record["case"])
    for part in ("events", "assignments", "results", "callbacks"):
        record[part] = [without_keys(row) for row in record[part]]
    for event in record["events"]:
        event["detail"] = event["detail"] and without_keys(event["detail"])
    return record


def _masked(value: Any) -> Any:
    """Words without numbers that could be called, at any depth; hashes are no words."""
    if isinstance(value, dict):
        return {
            key: inner if key in ("hash", "seal", "number") else _masked(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    return without_numbers(value) if isinstance(value, str) else value
