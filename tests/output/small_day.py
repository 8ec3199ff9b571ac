"""A small day at the centre, row by row: a few people in each mode, and (in small_cases) five cases.

What is said comes out of the real dialogue engine; the rows are plain INSERTs, so that what is read does not
depend on the doors. Monday 2026-03-09 in Suilan, the hours local.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from survey.dialogue.disposition import disposition as dialogue_disposition
from survey.dialogue.effects import Answered, OptOut, Told
from survey.dialogue.engine import start, step
from survey.dialogue.inputs import Choice, Digits, Hangup, Input, Message, NoInput, Words, to_line
from survey.questionnaire import library

CENTRE = "991721"
DAY = date(2026, 3, 9)
ZONE = ZoneInfo("Asia/Shanghai")
NOT_ANSWERED = ("no_answer", "busy", "unassigned", "off", "text_no_reply", "suspended")
FACTS = {"centre": "遂澜", "frame": "list", "staff_no": "1021", "signature": "遂澜民调中心"}
TOO_LATE = "【遂澜民调中心】谢谢您的回复。这次调查已经结束,您的短信会由工作人员阅读。"
AREAS = (
    ("9917", None, "city", "安澜市", "Anlan"),
    (CENTRE, "9917", "county", "遂澜县", "Suilan"),
    ("991721001", CENTRE, "township", "城关镇", "Chengguan"),
)
CAMPAIGNS = (
    ("daily-voice", "平安调查(语音)", "survey", ["voice"]),
    ("daily-text", "平安调查(短信)", "survey", ["text"]),
    ("daily-operator", "平安调查(调查员)", "survey", ["operator"]),
    ("callbacks", "办结回访", "case", ["text", "voice", "operator"]),
)


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """A local moment of the day (or `days` later), in UTC."""
    local = datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=ZONE) + timedelta(days=days)
    return local.astimezone(UTC)


@dataclass(frozen=True)
class Talk:
    """A dialogue that is under way: whose, in which rows, in which mode."""

    person: int
    contact: int
    interview: int
    mode: str


@dataclass
class SmallDay:
    """Writes the day; `contacts` and `cases` keep the ids by the name of what happened there."""

    conn: asyncpg.Connection
    contacts: dict[str, int] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    campaigns: dict[str, int] = field(default_factory=dict)
    questionnaires: dict[str, int] = field(default_factory=dict)
    people: int = 0

    async def put(self, table: str, returning: str | None = "id", **columns: Any) -> Any:
        """One row; what `returning` names comes back."""
        places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
        if returning is None:
            return await self.conn.execute(sql, *columns.values())
        made = await self.conn.fetchval(f"{sql} RETURNING {returning}", *columns.values())
        if table == "survey.sample_unit":
            await self._history(made, columns)
        return made

    async def _history(self, unit: int, columns: dict[str, Any]) -> None:
        """A unit's events: released, and done with its code."""
        await self.stands(unit, columns["released_at"], None, "waiting", "not_attempted")
        if columns["status"] == "done":
            await self.stands(unit, columns["done_at"], "waiting", "done", columns["disposition"])

    async def stands(self, unit: int, when: datetime, left: str | None, to: str, code: str) -> None:
        """An event of a unit."""
        await self.put(
            "survey.unit_event", unit_id=unit, at=when, from_status=left, to_status=to, why="test", disposition=code
        )  # fmt: skip

    async def ground(self) -> None:
        """Areas, the centre, the instruments, four campaigns, two units."""
        for code, parent, level, zh, en in AREAS:
            await self.put(
                "survey.area", None, code=code, parent_code=parent, level=level, name_zh=zh, name_en=en
            )
        await self.put(
            "survey.centre", None, code=CENTRE, area_code=CENTRE, name_zh="遂澜县社情民意调查中心",
            short_zh="遂澜", name_en="Suilan Public Opinion Survey Centre",
        )  # fmt: skip
        for code in ("perception", "callback"):
            document = library(code)
            self.questionnaires[code] = await self.put(
                "survey.questionnaire", code=code, version=1, sha256=document.sha256,
                body=json.loads(document.to_json()), frozen_at=at(8),
            )  # fmt: skip
        for code, name, purpose, modes in CAMPAIGNS:
            asked = self.questionnaires["callback" if purpose == "case" else "perception"]
            self.campaigns[code] = await self.put(
                "survey.campaign", centre_code=CENTRE, code=code, name_zh=name, purpose=purpose,
                questionnaire_id=asked, modes=modes, seed=7, opens_at=at(8),
            )  # fmt: skip
        for code, name, kind in (("U-CG", "城关镇人民政府", "township"), ("U-PO", "县公安局", "police")):
            await self.put(
                "followup.unit",
                None,
                code=code,
                centre_code=CENTRE,
                name_zh=name,
                kind=kind,
                area_code=CENTRE,
            )

    async def person(self) -> int:
        """Somebody; the number is not in clear anywhere, here it is not there at all."""
        self.people += 1
        sealed = self.people.to_bytes(4, "big")
        person: int = await self.put(
            "survey.person", token=sealed, key_id="test", number_cipher=sealed, prn=self.people / 1000
        )
        return person

    async def unit(self, campaign: str, person: int, disposition: str, *, key: str = "") -> int:
        """A released sample unit, done with."""
        unit: int = await self.put(
            "survey.sample_unit", ref=f"unit-{self.people}-{key}", centre_code=CENTRE,
            campaign_id=self.campaigns[campaign], person_id=person, area_code="991721001",
            external_key=key or f"person:{person}", prn=0.5, status="done", disposition=disposition,
            released_at=at(8, 30), done_at=at(20),
        )  # fmt: skip
        return unit

    async def waiting(self, campaign: str, mode: str, due_at: datetime) -> int:
        """A released sample unit that nobody has been asked for yet."""
        unit: int = await self.put(
            "survey.sample_unit", ref=f"waiting-{self.people}-{mode}-{due_at}", centre_code=CENTRE,
            campaign_id=self.campaigns[campaign], person_id=await self.person(), area_code="991721001",
            external_key=f"waiting:{self.people}", prn=0.5, status="waiting", next_mode=mode, due_at=due_at,
            released_at=at(8, 30),
        )  # fmt: skip
        return unit

    async def attempt(
        self,
        unit: int,
        person: int,
        mode: str,
        when: datetime,
        disposition: str,
        purpose: str,
        lasts: timedelta,
    ) -> int:
        """A contact with its one attempt, over and done; returns the contact."""
        contact: int = await self.put(
            "survey.contact",
            person_id=person,
            purpose=purpose,
            mode=mode,
            opened_at=when,
            closed_at=when + lasts,
        )
        spoke = mode != "text" and disposition not in NOT_ANSWERED
        await self.put(
            "survey.attempt", ref=f"attempt-{contact}", contact_id=contact, person_id=person, unit_id=unit,
            purpose=purpose, mode=mode, operator="1021" if mode == "operator" else None, status="ended",
            dialing_at=when, answered_at=when if spoke else None, ended_at=when + lasts,
            day=when.astimezone(ZONE).date(), day_part="day", disposition=disposition,
        )  # fmt: skip
        return contact

    async def quiet(self, campaign: str, mode: str, disposition: str, count: int, hour: int) -> None:
        """People of whom nothing was heard."""
        for n in range(count):
            person = await self.person()
            unit = await self.unit(campaign, person, disposition)
            when = at(hour, (7 * n) % 60)
            contact = await self.attempt(
                unit, person, mode, when, disposition, "survey", timedelta(seconds=25)
            )
            if mode == "text":
                await self._sent(contact, None, "【遂澜民调中心】平安建设调查(3题)", when)

    async def talk(
        self, name: str, campaign: str, mode: str, when: datetime, said: Sequence[str], *, gap_s: int = 15,
        unit: int | None = None, person: int | None = None, facts: dict[str, str] | None = None,
    ) -> int:  # fmt: skip
        """Play a dialogue and keep all of it; returns the interview.

        Said is one key, text or choice after the other; "hangup" leaves, "late:…" comes two days late.
        """
        code = "callback" if campaign == "callbacks" else "perception"
        purpose = library(code).purpose
        lasts = timedelta(seconds=gap_s * (len(said) + 1))
        person = person or await self.person()
        unit = unit or await self.unit(campaign, person, "not_attempted")
        contact = await self.attempt(unit, person, mode, when, "complete", purpose, lasts)
        self.contacts[name] = contact
        interview: int = await self.put(
            "survey.interview", ref=f"interview-{contact}", contact_id=contact, unit_id=unit, position=0,
            questionnaire_id=self.questionnaires[code], mode=mode, lang="zh", status="open", opened_at=when,
            ended_at=when + lasts,
        )  # fmt: skip
        talk = Talk(person, contact, interview, mode)
        status, outcome = await self._play(talk, code, when, said, gap_s, {**FACTS, **(facts or {})})
        await self.conn.execute("UPDATE survey.interview SET status = $2 WHERE id = $1", interview, status)
        await self.conn.execute(
            "UPDATE survey.attempt SET disposition = $2 WHERE contact_id = $1", contact, outcome
        )
        await self.conn.execute("UPDATE survey.sample_unit SET disposition = $2 WHERE id = $1", unit, outcome)
        await self.stands(unit, at(20), "done", "done", outcome)
        return interview

    async def _play(
        self, talk: Talk, code: str, when: datetime, said: Sequence[str], gap_s: int, facts: dict[str, str]
    ) -> tuple[str, str]:
        """Status and outcome code of the dialogue."""
        document = library(code)
        state, turn = start(document, mode=talk.mode, lang="zh", seed=4, facts=facts)  # type: ignore[arg-type]
        if talk.mode == "text":
            await self._sent(talk.contact, None, "".join(turn.prompts), when)
        else:
            await self._input(talk, "", "opened", turn.prompts, when, 0)
        for place, words in enumerate(said, 1):
            moment = when + timedelta(seconds=gap_s * place)
            if words.startswith("late:"):
                await self._late(talk, words.removeprefix("late:"), moment + timedelta(days=2))
                continue
            state, turn = step(document, state, _input(talk.mode, words))
            if words != "hangup":
                row = await self._input(talk, words, turn.reaction, turn.prompts, moment, place)
                await self._keep(talk, row, turn.effects, moment)
        return state.status, dialogue_disposition(state, state.mode) or "text_no_reply"

    async def _keep(self, talk: Talk, row: int, effects: Sequence[object], moment: datetime) -> None:
        for effect in effects:
            if isinstance(effect, Answered):
                await self.put(
                    "survey.answer", None, interview_id=talk.interview, question_id=effect.question_id,
                    code=effect.code, words=effect.text, input_id=row, at=moment,
                )  # fmt: skip
            elif isinstance(effect, OptOut):
                await self.put(
                    "survey.opt_out", None, person_id=talk.person, scope=effect.scope, said_at=moment,
                    said_in=talk.mode,
                )  # fmt: skip
            elif isinstance(effect, Told):
                sql = "UPDATE survey.interview SET told_at = $2, told_text = $3 WHERE id = $1"
                await self.conn.execute(sql, talk.interview, moment, effect.text)

    async def _input(
        self, talk: Talk, said: str, effect: str, prompts: Sequence[str], moment: datetime, place: int
    ) -> int:
        """As the doors store it: a text's reply is its words, a call's what is said, an operator's a turn."""
        text = talk.mode == "text"
        key = "prompts" if talk.mode == "operator" else "say"
        reply = "".join(prompts) if text else json.dumps({key: list(prompts)}, ensure_ascii=False)
        row: int = await self.put(
            "survey.input", person_id=talk.person, contact_id=talk.contact,
            interview_id=None if effect == "too_late" else talk.interview, channel=talk.mode,
            call_sid=None if text else f"CA{talk.contact}", step=None if text else place,
            message_sid=f"SM{talk.contact}-{place}" if text else None,
            said=to_line(_input("operator", said)) if talk.mode == "operator" and said else said,
            effect=effect, reply=reply, arrived_at=moment, arrived_real=moment,
        )  # fmt: skip
        if text and reply:
            await self._sent(talk.contact, row, reply, moment)
        return row

    async def _sent(self, contact: int, row: int | None, body: str, moment: datetime) -> None:
        find = "SELECT id FROM survey.attempt WHERE contact_id = $1"
        invitation = await self.conn.fetchval(find, contact) if row is None else None
        await self.put(
            "survey.text_out", contact_id=contact, attempt_id=invitation, input_id=row, body=body,
            segments=1 + len(body) // 71, at=moment,
        )  # fmt: skip

    async def _late(self, talk: Talk, words: str, moment: datetime) -> None:
        row = await self._input(talk, words, "too_late", [TOO_LATE], moment, 99)
        await self.put("survey.inbox_text", None, input_id=row, reason="too_late")


def _input(mode: str, words: str) -> Input:
    if words == "hangup":
        return Hangup()
    if mode == "voice":
        return Digits(words) if words else NoInput()
    if mode == "text":
        return Message(words)
    return Choice(words) if words.isascii() else Words(words)
