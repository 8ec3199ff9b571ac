"""How a case comes into each of its states, and every event of its life, through the doors.

`Walk` holds one case of 王芳 of 王庄村 and a clock that moves ten minutes with every event, from Monday 2 March
2026, 08:40 on; so every step is in time. `PATHS` says by which events a state is reached.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import asyncpg
from followup_appeals import DARK, DIRECTOR, QUESTION, SUPERVISOR, SURVEYOR
from followup_county import CENTRE, POLICE, TOWN, WATER, at
from followup_residents import answers, is_never_reached, unit_of

from followup import answering, appeals, callbacks, cases, imports, refusing
from followup.casework.lifecycle import CLOSED, Event
from survey.importing import Brought
from survey.vault import Vault

REVIEWER, OFFICE, COORDINATOR = "审核员-0101", "督查室", "综治办"
SEED = 7
LIST = """工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众
GD1,王芳,15400000001,自来水发黄,城乡建设,柳河镇,自来水公司,2026-03-01 16:20,管道已换,是"""

TO_SUBMITTED = ("register", "accept", "submit")
TO_REVIEW = (*TO_SUBMITTED, "dispatch", "sign", "submit_result")
TO_CALLBACK = (*TO_REVIEW, "accept_result")
TO_FLAG = (*TO_CALLBACK, "callback_flagged")
AGAIN = ("redispatch", "sign", "submit_result", "accept_result", "callback_flagged")
TO_LAST_FLAG = (
    *TO_FLAG,
    *AGAIN,
    "redispatch",
    "plan",
    "sign",
    "submit_result",
    "accept_result",
    "callback_flagged",
)

PATHS: dict[str, tuple[str, ...]] = {
    "registered": ("register",),
    "registered as a question": ("ask",),
    "accepted": ("register", "accept"),
    "major_hold": ("register", "report_major"),
    "submitted": TO_SUBMITTED,
    "dispatched": (*TO_SUBMITTED, "dispatch"),
    "return_review": (*TO_SUBMITTED, "dispatch", "return"),
    "in_progress": (*TO_SUBMITTED, "dispatch", "sign"),
    "result_review": TO_REVIEW,
    "result_review of a suggestion": ("suggest", *TO_REVIEW[1:]),
    "promised": (*TO_REVIEW, "promise"),
    "callback_pending": TO_CALLBACK,
    "redispatch_review": TO_FLAG,
    "redispatch_review in the last round": TO_LAST_FLAG,
    "redispatch_review without a lead": ("register", "withdraw", "object"),
    "return_review a second time": (
        *TO_SUBMITTED, "dispatch", "return", "allow_return", "dispatch", "return",
    ),
    "adjudication": (*TO_LAST_FLAG, "to_meeting"),
    "wrong_person": (*TO_CALLBACK, "callback_wrong_person"),
    "answered": ("ask", "answer"),
    "answered and flagged": ("ask", "answer", "answer_complained"),
    "not_accepted": ("register", "refuse"),
    "archived": (*TO_CALLBACK, "callback_closed", "archive"),
    "closed_explained": (*TO_FLAG, "reject"),
    "closed_withdrawn": (*TO_SUBMITTED, "withdraw"),
    "callback_not_suitable": (*TO_REVIEW, "not_suitable"),
    **{
        state: (*TO_CALLBACK, f"callback_{state}")
        for state in CLOSED
        if state in ("closed", "closed_partly", "closed_dissatisfied", "closed_unrated", "closed_unreached")
    },
    **{
        state: ("suggest", *TO_REVIEW[1:], event)
        for state, event in (("adopted", "adopt"), ("partly_adopted", "adopt_partly"), ("not_adopted", "not_adopt"))
    },
}  # fmt: skip

SAID = {
    Event.CALLBACK_CLOSED: "C2=1 C1=1 C3=2",
    Event.CALLBACK_PARTLY: "C2=2 C1=1 C3=2 C7=2",
    Event.CALLBACK_DISSATISFIED: "C2=3 C1=1 C3=3 C7=2",
    Event.CALLBACK_UNRATED: "C1=1",
    Event.CALLBACK_FLAGGED: "C2=3 C1=1 C3=3 C7=1",
    Event.CALLBACK_WRONG_PERSON: "C0=2",
    Event.CALLBACK_UNREACHED: "",
}


class Walk:
    """One case on its way. `number` is None before it is registered."""

    def __init__(
        self, conn: asyncpg.Connection, vault: Vault, person_id: int, tokens: Callable[[], str]
    ) -> None:
        self.conn = conn
        self.vault = vault
        self.person_id = person_id
        self.tokens = tokens
        self.now = at("2 08:40")
        self.number = ""
        self.lead = POLICE

    async def come_to(self, place: str) -> None:
        """Bring the case into this state."""
        for event in PATHS[place]:
            await self.do(event)

    async def do(self, event: str) -> None:
        """What the event is, by whoever does it, with everything that it needs."""
        self.now += timedelta(minutes=10)
        if event in SAID:
            await self._answer(Event(event))
        else:
            await DO[event](self)

    async def stand(self) -> tuple[str, int]:
        """The case's state and round."""
        row = await self.conn.fetchrow(
            "SELECT status, round FROM followup.case_file WHERE number = $1", self.number
        )
        return row["status"], row["round"]

    async def _answer(self, event: Event) -> None:
        """The resident says in the callback what makes this the verdict, on the telephone."""
        _, round_ = await self.stand()
        ref = await self.conn.fetchval(
            "SELECT unit_ref FROM followup.callback JOIN followup.case_file c ON c.id = case_id"
            " WHERE number = $1 AND callback.round = $2",
            self.number,
            round_,
        )
        if ref is None:
            raise NobodyToAsk
        if event is Event.CALLBACK_UNREACHED:
            await is_never_reached(self.conn, ref, self.now)
        else:
            stranger = event is Event.CALLBACK_WRONG_PERSON
            ended = "wrong_person" if stranger else "complete"
            await answers(
                self.conn, ref, self.now, SAID[event], mode="voice", told=not stranger, disposition=ended
            )
        await self.take()

    async def take(self) -> None:
        """The worker takes what was said out of the outbox."""
        await callbacks.take_finished(self.conn, now=self.now, real_now=lambda: self.now, tokens=self.tokens)

    async def verb(self, act: Callable[..., Awaitable[Any]], **fields: Any) -> Any:
        """A verb of a door, at the walk's own moment."""
        return await act(self.conn, self.number, now=self.now, **fields)


class NobodyToAsk(Exception):
    """No callback of this round goes on: nothing can be said in it."""


async def _register(walk: Walk, **fields: Any) -> None:
    raised = replace(DARK, person_id=walk.person_id, **fields)
    registered = await appeals.register(walk.conn, raised, by=SURVEYOR, now=walk.now, tokens=walk.tokens)
    walk.number = registered.number


async def _suggest(walk: Walk) -> None:
    await _register(walk, kind="suggestion")


async def _ask(walk: Walk) -> None:
    raised = replace(QUESTION, person_id=walk.person_id)
    registered = await appeals.register(walk.conn, raised, by=SURVEYOR, now=walk.now, tokens=walk.tokens)
    walk.number = registered.number


async def _reply(walk: Walk) -> None:
    """The centre answers, and the lot falls on this answer: the resident will be asked about it."""
    lots = (f"lot-{n}" for n in count())
    drawn = iter([next(lot for lot in lots if answering.is_sampled(lot, 0.2))])
    await walk.verb(
        answering.answer,
        words="带身份证到村委会办理",
        knowledge_id="K-021",
        by=SURVEYOR,
        tokens=lambda: next(drawn, None) or walk.tokens(),
        seed=SEED,
    )


async def _import(walk: Walk) -> None:
    report = await imports.import_closed_cases(
        walk.conn,
        walk.vault,
        CENTRE,
        LIST.replace("GD1", walk.tokens()).encode(),
        Brought("closed.csv", REVIEWER, "结果回访", "法定职责"),
        plan="fictional",
        now=walk.now,
        tokens=walk.tokens,
        seed=SEED,
    )
    (walk.number,) = report.numbers


async def _complain_about_answer(walk: Walk) -> None:
    ref = await unit_of(walk.conn, walk.number, answering.ANSWER_ROUND)
    await answers(walk.conn, ref, walk.now, SAID[Event.CALLBACK_FLAGGED], mode="voice")
    await walk.take()


async def _dispatch(walk: Walk) -> None:
    if walk.lead == POLICE and await walk.conn.fetchval("SELECT count(*) FROM followup.case_return"):
        walk.lead = WATER  # the one that it was returned to
    await walk.verb(cases.dispatch, lead=walk.lead, assists=[TOWN], by=OFFICE)


async def _change(walk: Walk, act: Callable[..., Awaitable[Any]], by: str, **fields: Any) -> None:
    other = WATER if walk.lead == POLICE else POLICE
    await walk.verb(act, lead=other, reason="属地和职责核定", by=by, **fields)
    walk.lead = other


async def _return(walk: Walk) -> None:
    other = WATER if walk.lead == POLICE else POLICE
    await walk.verb(cases.give_back, by=walk.lead, reason="不属本单位职责", suggested=other)


async def _report(walk: Walk) -> None:
    await walk.verb(
        cases.report_result,
        by=walk.lead,
        summary="已装路灯两盏",
        contact=cases.Contact(walk.now - timedelta(minutes=5), "visit"),
        actions="现场查看,更换线路",
        evidence=["照片2张"],
    )


async def _new_number(walk: Walk) -> None:
    await walk.verb(
        cases.new_number,
        person_id=walk.person_id,
        source="村委会提供",
        by=REVIEWER,
        tokens=walk.tokens,
        seed=SEED,
    )


async def _promise_due(walk: Walk) -> None:
    walk.now = max(walk.now, at("9 10:00"))
    await walk.verb(cases.promise_due, tokens=walk.tokens, seed=SEED)


async def _archive(walk: Walk) -> None:
    walk.now += timedelta(days=31)
    await walk.verb(cases.archive)


def _verb(act: Callable[..., Awaitable[Any]], **fields: Any) -> Callable[[Walk], Awaitable[None]]:
    async def done(walk: Walk) -> None:
        await walk.verb(act, **fields)

    return done


def _by_lead(
    act: Callable[..., Awaitable[Any]], name: str, **fields: Any
) -> Callable[[Walk], Awaitable[None]]:
    async def done(walk: Walk) -> None:
        await walk.verb(act, **{name: walk.lead}, **fields)

    return done


def _with_seed(act: Callable[..., Awaitable[Any]], **fields: Any) -> Callable[[Walk], Awaitable[None]]:
    async def done(walk: Walk) -> None:
        await walk.verb(act, tokens=walk.tokens, seed=SEED, **fields)

    return done


def _refuse(walk: Walk) -> Awaitable[Any]:
    return walk.verb(
        refusing.refuse,
        ground="court",
        explanation="已向您说明,此事由法院受理",
        told_at=walk.now,
        by=SURVEYOR,
        reviewed_by=REVIEWER,
    )


CONFIRM = _verb(callbacks.confirm, by=SUPERVISOR, reason="现场看过,属实")

DO: dict[str, Callable[[Walk], Awaitable[Any]]] = {
    "ask": _ask,
    "suggest": _suggest,
    "answer_complained": _complain_about_answer,
    "register": _register,
    "import": _import,
    "refuse": _refuse,
    "reopen": _verb(refusing.reopen, by=SUPERVISOR, reason="应当受理"),
    "answer": _reply,
    "accept": _verb(cases.accept, by=REVIEWER),
    "report_major": _verb(cases.hold, reason="多人受伤", by=SURVEYOR, report="991721-2026-001"),
    "release_major": _verb(cases.release, outcome="final", reason="已处置完毕", by="值班领导"),
    "submit": _verb(cases.submit, by=REVIEWER, office="government"),
    "dispatch": _dispatch,
    "hand_back": _verb(cases.hand_back, reason="属咨询,由中心答复", by=OFFICE),
    "change_lead": lambda walk: _change(walk, cases.change_lead, OFFICE),
    "reassign_lead": lambda walk: _change(walk, cases.reassign_lead, COORDINATOR),
    "plan": _by_lead(cases.make_plan, "by", leader="副局长李强", plan="重新布线,一周内完成"),
    "sign": _by_lead(cases.sign, "by"),
    "return": _return,
    "allow_return": _verb(cases.allow_return, reason="确属他单位职责", by=OFFICE),
    "deny_return": _verb(cases.deny_return, reason="属本单位职责", by=OFFICE),
    "decide_jointly": lambda walk: _change(walk, cases.decide_jointly, OFFICE, second_by=COORDINATOR),
    "extend": _by_lead(cases.extend, "asked_by", reason="雨天不能施工", by=OFFICE, days=3),
    "assist_done": _verb(cases.file_part, by=TOWN, words="已清理路面"),
    "submit_result": _report,
    "return_incomplete": _verb(cases.return_incomplete, reason="请附照片", by=REVIEWER),
    "accept_result": _with_seed(cases.accept_result, by=REVIEWER),
    "promise": _verb(cases.promise, until=at("9 10:00"), words="雨停后安装", by=REVIEWER),
    "promise_due": _promise_due,
    "adopt": _verb(cases.adopt, explanation="下月增设路灯", by=REVIEWER),
    "adopt_partly": _verb(cases.adopt_partly, explanation="先装两盏路灯", by=REVIEWER),
    "not_adopt": _verb(cases.not_adopt, explanation="已列入明年计划", by=REVIEWER),
    "not_suitable": _verb(
        cases.close_unsuitable, ground="minor", reason="当事人未成年", by=REVIEWER, second_by=DIRECTOR
    ),
    "redispatch": CONFIRM,
    "to_meeting": CONFIRM,
    "hand_up": _verb(cases.hand_up, reason="应当办理", by=SUPERVISOR),
    "reject": _verb(
        callbacks.reject, by=SUPERVISOR, second_by=DIRECTOR, ground="facts_differ", reason="现场核实灯亮"
    ),
    "meeting_dispatch": _verb(
        cases.meeting_dispatch,
        lead=WATER,
        level="county",
        leader="副县长周涛",
        plan="专班一周内解决",
        reason="提级办理",
        by=DIRECTOR,
    ),
    "meeting_explain": _verb(
        cases.meeting_explain, explanation="管线产权属企业,已协调", minutes="会商纪要第9期", by=DIRECTOR
    ),
    "answer_flagged": _verb(answering.take_on, by=SUPERVISOR, reason="答复不够"),
    "new_number": _new_number,
    "no_new_number": _verb(cases.no_new_number, reason="村里也没有", by=REVIEWER),
    "withdraw": _verb(cases.withdraw, proof="recording", ref="rec-0001", reason="自己解决了"),
    "object": _verb(cases.object_to, channel="query_code", words="还是不亮"),
    "archive": _archive,
}
