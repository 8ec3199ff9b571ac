"""Which verb of a door a `minyi case` move is, and what is asked for it. Checked against the lifecycle table by a test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg

from followup import cases
from followup.casework.lifecycle import Event

Door = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Option:
    """What is asked for. `kind`: text, texts (may be given again), moment, number, flag; `needed`: without it nothing
    happens.
    """

    flag: str
    help: str
    kind: str = "text"
    needed: bool = True
    default: Any = None


@dataclass(frozen=True)
class Verb:
    """One command: the event it is, the door's verb, and from each argument of that verb to its option."""

    name: str
    event: Event
    door: Door
    by: str
    asks: Mapping[str, Option] = field(default_factory=dict)
    seeded: bool = False


REASON = Option("--reason", "为什么,本人看得的话。Why, in words that the resident could be told.")
LEAD = Option("--lead", "牵头单位编号。Code of the unit that leads.")
ASSISTS = Option(
    "--helper",
    "协办单位,可不报。An assisting unit whose part is welcome; may be given again.",
    "texts",
    False,
)
MANDATORY = Option(
    "--assist", "协办单位,必须报。An assisting unit whose part is needed; may be given again.", "texts", False
)
SECOND = Option("--second-by", "第二个签字的人。The second person who signs.")
WORDS = Option("--words", "原话或情况。In words.")
EXPLANATION = Option("--explanation", "给本人的说明。What the resident is told.")
LEADER = Option("--leader", "包案的班子成员。The unit's leader who is responsible.", needed=False)
PLAN = Option("--plan", "办理方案。The plan.", needed=False)
OFFICE = Option("--office", "party 党委督查室 / government 政府督查室。", needed=False)
UNIT, CENTRE, SUPERVISOR = "单位编号 the unit's code", "审核员", "督办员"

VERBS: tuple[Verb, ...] = (
    Verb("submit", Event.SUBMIT, cases.submit, CENTRE, {"office": OFFICE}),
    Verb(
        "dispatch", Event.DISPATCH, cases.dispatch, "督查室",
        {
            "lead": LEAD, "assists": ASSISTS, "mandatory": MANDATORY, "office": OFFICE, "leader": LEADER,
            "plan": PLAN, "complex_": Option("--complex", "疑难事项。A complex case.", "flag", False, False),
        },
    ),
    Verb("hand-back", Event.HAND_BACK, cases.hand_back, "督查室", {"reason": REASON}),
    Verb("change-lead", Event.CHANGE_LEAD, cases.change_lead, "督查室", {"lead": LEAD, "reason": REASON}),
    Verb("reassign", Event.REASSIGN_LEAD, cases.reassign_lead, "综治办", {"lead": LEAD, "reason": REASON}),
    Verb(
        "plan", Event.PLAN, cases.make_plan, UNIT,
        {
            "leader": Option("--leader", "包案的班子成员。The unit's leader who is responsible."),
            "plan": Option("--plan", "办理方案。The plan."),
        },
    ),
    Verb("sign", Event.SIGN, cases.sign, UNIT),
    Verb(
        "return", Event.RETURN, cases.give_back, UNIT,
        {"reason": REASON, "suggested": Option("--suggest", "建议办理单位。The unit that it belongs to.")},
    ),
    Verb("allow-return", Event.ALLOW_RETURN, cases.allow_return, "督查室", {"reason": REASON}),
    Verb("deny-return", Event.DENY_RETURN, cases.deny_return, "督查室", {"reason": REASON}),
    Verb(
        "decide-jointly", Event.DECIDE_JOINTLY, cases.decide_jointly, "督查室",
        {"lead": LEAD, "reason": REASON, "second_by": SECOND},
    ),
    Verb(
        "extend", Event.EXTEND, cases.extend, "督查室",
        {
            "asked_by": Option("--asked-by", "申请延期的牵头单位。The lead that asks for it."),
            "reason": REASON,
            "days": Option("--days", "延几个工作日。By how many working days.", "number", False),
        },
    ),
    Verb("part", Event.ASSIST_DONE, cases.file_part, UNIT, {"words": WORDS}),
    Verb("supplement", Event.RETURN_INCOMPLETE, cases.return_incomplete, CENTRE, {"reason": REASON}),
    Verb("accept-result", Event.ACCEPT_RESULT, cases.accept_result, CENTRE, seeded=True),
    Verb(
        "promise", Event.PROMISE, cases.promise, CENTRE,
        {"until": Option("--until", "承诺日期 2026-06-30 18:00。The promised moment.", "moment"), "words": WORDS},
    ),
    Verb("adopt", Event.ADOPT, cases.adopt, CENTRE, {"explanation": EXPLANATION}),
    Verb("adopt-partly", Event.ADOPT_PARTLY, cases.adopt_partly, CENTRE, {"explanation": EXPLANATION}),
    Verb("not-adopt", Event.NOT_ADOPT, cases.not_adopt, CENTRE, {"explanation": EXPLANATION}),
    Verb(
        "not-suitable", Event.NOT_SUITABLE, cases.close_unsuitable, CENTRE,
        {
            "ground": Option("--ground", "不宜回访的情形。The ground, of the list."),
            "reason": REASON,
            "second_by": SECOND,
        },
    ),
    Verb("hand-up", Event.HAND_UP, cases.hand_up, SUPERVISOR, {"reason": REASON, "office": OFFICE}),
    Verb(
        "meeting-dispatch", Event.MEETING_DISPATCH, cases.meeting_dispatch, "主任",
        {
            "lead": LEAD, "assists": ASSISTS, "mandatory": MANDATORY,
            "level": Option("--level", "提级到 township、county 或 city。The level that it is raised to."),
            "leader": Option("--leader", "包案领导。The leader who is responsible."),
            "plan": Option("--plan", "专项方案。The plan."),
            "reason": REASON,
        },
    ),
    Verb(
        "meeting-explain", Event.MEETING_EXPLAIN, cases.meeting_explain, "主任",
        {"explanation": EXPLANATION, "minutes": Option("--minutes", "会议纪要编号。The meeting's record.")},
    ),
    Verb("no-new-number", Event.NO_NEW_NUMBER, cases.no_new_number, CENTRE, {"reason": REASON}),
    Verb(
        "withdraw", Event.WITHDRAW, cases.withdraw, "居民",
        {
            "proof": Option("--proof", "recording 录音 / text 短信。"),
            "ref": Option("--ref", "录音或短信的编号。The reference of the recording or the text."),
            "reason": REASON,
            "unit_contact_at": Option(
                "--unit-contact", "单位何时联系过本人。When the unit last spoke with them.", "moment", False
            ),
        },
    ),
    Verb(
        "object", Event.OBJECT, cases.object_to, "居民",
        {"channel": Option("--channel", "query_code、text、phone 或 visit。"), "words": WORDS},
    ),
    Verb(
        "hold", Event.REPORT_MAJOR, cases.hold, "值班领导",
        {"reason": REASON, "report": Option("--report", "重大信息编号。The report.", needed=False)},
    ),
    Verb(
        "release", Event.RELEASE_MAJOR, cases.release, "值班领导",
        {"outcome": Option("--outcome", "final 终报 / false_alarm 误报。"), "reason": REASON},
    ),
)  # fmt: skip

ELSEWHERE: Mapping[Event, str] = {
    Event.REGISTER: "minyi case register",
    Event.IMPORT: "minyi import",
    Event.REFUSE: "minyi case refuse",
    Event.REOPEN: "minyi case reopen",
    Event.ANSWER: "minyi case answer",
    Event.ACCEPT: "minyi case accept",
    Event.ANSWER_FLAGGED: "minyi case take-on",
    Event.SUBMIT_RESULT: "minyi case result",
    Event.NEW_NUMBER: "minyi case new-number",
    Event.REDISPATCH: "minyi case confirm",
    Event.TO_MEETING: "minyi case confirm",
    Event.REJECT: "minyi case reject",
    Event.PROMISE_DUE: "the worker, on the promised date",
    Event.ARCHIVE: "the worker, after 30 quiet days",
    **{event: "the worker, out of the callback" for event in Event if event.startswith("callback_")},
}
"""Events that have a command of their own shape, or nobody's: what brings them about."""


async def result(
    conn: asyncpg.Connection,
    number: str,
    *,
    by: str,
    now: datetime,
    summary: str,
    actions: str,
    contact_on: datetime | None,
    contact_way: str,
    tried: list[datetime],
    evidence: list[str],
    view: str | None,
    without_parts: str | None,
) -> cases.Reported:
    """The lead's result with its proof of contact; see `cases.report_result`."""
    way: Any = contact_way
    return await cases.report_result(
        conn,
        number,
        by=by,
        now=now,
        summary=summary,
        actions=actions,
        contact=cases.Contact(contact_on, way) if contact_on else None,
        tried=tried,
        evidence=evidence,
        resident_view=view,
        parts_overridden=without_parts,
    )


RESULT = Verb(
    "result", Event.SUBMIT_RESULT, result, UNIT,
    {
        "summary": Option("--summary", "告知本人的结果,不含号码。What the resident is told, without numbers."),
        "actions": Option("--actions", "做了什么、何时。What was done and when, for the centre."),
        "contact_on": Option(
            "--contact-on", "何时联系群众 2026-03-10 09:30。When the unit spoke with the resident.", "moment", False
        ),
        "contact_way": Option("--contact-way", "visit、phone、bridged、text、meeting。", needed=False, default="phone"),
        "tried": Option("--tried", "联系未果的时间,可多次。A try in vain; may be given again.", "moments", False),
        "evidence": Option("--evidence", "证据,可多次。A piece of evidence; may be given again.", "texts", False),
        "view": Option("--view", "群众的意见。What the resident said to it.", needed=False),
        "without_parts": Option("--without-parts", "协办未报仍反馈的理由。Why, although parts are open.", needed=False),
    },
)  # fmt: skip
