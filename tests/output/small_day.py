"""A small day at the centre, put into the tables row by row: a few people in each mode, four cases, one in its third round.

What is said comes out of the real dialogue engine; the rows are plain INSERTs, so that what is read does not depend on the doors.
Monday 2026-03-09 in Suilan, the hours local.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from survey.dialogue.disposition import disposition as dialogue_disposition
from survey.dialogue.effects import Answered, OptOut, Told
from survey.dialogue.engine import start, step
from survey.dialogue.inputs import Choice, Digits, Hangup, Input, Message, NoInput, Words
from survey.questionnaire import Questionnaire, library

CENTRE = "991721"
DAY = date(2026, 3, 9)
ZONE = ZoneInfo("Asia/Shanghai")
TOWNSHIPS = {"991721001": ("城关镇", "Chengguan"), "991721002": ("石桥乡", "Shiqiao")}


def at(hour: int, minute: int = 0, *, days: int = 0, second: int = 0) -> datetime:
    """A local moment of the day (or `days` later), in UTC."""
    local = datetime(DAY.year, DAY.month, DAY.day, hour, minute, second, tzinfo=ZONE) + timedelta(days=days)
    return local.astimezone(UTC)


@dataclass
class SmallDay:
    """Writes the day; `contacts` and `cases` keep the ids by the name of what happened there."""

    conn: asyncpg.Connection
    campaigns: dict[str, int] = field(default_factory=dict)
    contacts: dict[str, int] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    _questionnaires: dict[str, int] = field(default_factory=dict)
    _serial: int = 0

    async def ground(self) -> None:
        """Areas, the centre, the instruments, four campaigns, two units."""
        areas = [("9917", None, "city", "安澜市", "Anlan"), (CENTRE, "9917", "county", "遂澜县", "Suilan")]
        areas += [(code, CENTRE, "township", zh, en) for code, (zh, en) in TOWNSHIPS.items()]
        await self.conn.executemany(
            "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ($1, $2, $3, $4, $5)", areas
        )
        await self.conn.execute(
            "INSERT INTO survey.centre VALUES ($1, $1, '遂澜县社情民意调查中心', '遂澜', 'Suilan Public Opinion Survey Centre')",
            CENTRE,
        )
        for code in ("perception", "callback"):
            document = library(code)
            self._questionnaires[code] = await self.conn.fetchval(
                "INSERT INTO survey.questionnaire (code, version, sha256, body, frozen_at) "
                "VALUES ($1, 1, $2, $3, $4) RETURNING id",
                code, document.sha256, json.loads(document.to_json()), at(8),
            )  # fmt: skip
        for code, name, purpose, modes in (
            ("daily-voice", "平安调查(语音)", "survey", ["voice"]),
            ("daily-text", "平安调查(短信)", "survey", ["text"]),
            ("daily-operator", "平安调查(调查员)", "survey", ["operator"]),
            ("callbacks", "办结回访", "case", ["text", "voice", "operator"]),
        ):
            self.campaigns[code] = await self.conn.fetchval(
                "INSERT INTO survey.campaign (centre_code, code, name_zh, purpose, questionnaire_id, modes, seed, opens_at) "
                "VALUES ($1, $2, $3, $4, $5, $6, 7, $7) RETURNING id",
                CENTRE, code, name, purpose,
                self._questionnaires["callback" if purpose == "case" else "perception"], modes, at(8),
            )  # fmt: skip
        await self.conn.executemany(
            "INSERT INTO followup.unit VALUES ($1, $2, $3, $4, $2)",
            [("U-CG", CENTRE, "城关镇人民政府", "township"), ("U-PO", CENTRE, "县公安局", "police")],
        )

    async def person(self) -> int:
        """Somebody; the number is not in clear anywhere, here it is not there at all."""
        self._serial += 1
        person: int = await self.conn.fetchval(
            "INSERT INTO survey.person (token, key_id, number_cipher, prn) VALUES ($1, 'test', $1, $2) RETURNING id",
            self._serial.to_bytes(4, "big"), self._serial / 1000,
        )  # fmt: skip
        return person

    async def unit(self, campaign: str, person: int, *, disposition: str, status: str = "done", key: str = "") -> int:
        """A released sample unit that stands at `disposition`."""
        waiting = status == "waiting"
        unit: int = await self.conn.fetchval(
            "INSERT INTO survey.sample_unit (ref, centre_code, campaign_id, person_id, area_code, external_key, prn, "
            "status, next_mode, due_at, disposition, released_at, done_at) "
            "VALUES ($1, $2, $3, $4, '991721001', $5, 0.5, $6, $7, $8, $9, $10, $11) RETURNING id",
            f"unit-{self._serial}-{key}", CENTRE, self.campaigns[campaign], person, key or f"person:{person}", status,
            "voice" if waiting else None, at(9, days=1) if waiting else None, disposition, at(8, 30),
            None if waiting else at(20),
        )  # fmt: skip
        return unit

    async def attempt(
        self, unit: int, person: int, mode: str, when: datetime, disposition: str, *, purpose: str, minutes: float = 0.4
    ) -> int:
        """A contact with its one attempt, over and done; returns the contact."""
        over = when + timedelta(minutes=minutes)
        contact: int = await self.conn.fetchval(
            "INSERT INTO survey.contact (person_id, purpose, mode, opened_at, closed_at) VALUES ($1, $2, $3, $4, $5) "
            "RETURNING id",
            person, purpose, mode, when, over,
        )  # fmt: skip
        answered = disposition not in ("no_answer", "busy", "unassigned", "off", "text_no_reply", "suspended")
        await self.conn.execute(
            "INSERT INTO survey.attempt (ref, contact_id, person_id, unit_id, purpose, mode, operator, status, dialing_at, "
            "answered_at, ended_at, day, day_part, disposition) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, 'ended', $8, $9, $10, $11, 'day', $12)",
            f"attempt-{contact}", contact, person, unit, purpose, mode, "1021" if mode == "operator" else None, when,
            when if answered and mode != "text" else None, over, when.astimezone(ZONE).date(), disposition,
        )  # fmt: skip
        return contact

    async def quiet(self, campaign: str, mode: str, disposition: str, count: int, hour: int) -> None:
        """People of whom nothing was heard."""
        for n in range(count):
            person = await self.person()
            unit = await self.unit(campaign, person, disposition=disposition)
            await self.attempt(unit, person, mode, at(hour, (7 * n) % 60), disposition, purpose="survey")

    async def talk(
        self, name: str, campaign: str, mode: str, when: datetime, said: Sequence[str], *, gap_s: int = 15,
        unit: int | None = None, person: int | None = None, facts: dict[str, str] | None = None,
    ) -> int:  # fmt: skip
        """Play a dialogue and keep all of it; returns the interview. "hangup" leaves, "late:…" comes a day after the end."""
        document = library("callback" if campaign == "callbacks" else "perception")
        person = person or await self.person()
        unit = unit or await self.unit(campaign, person, disposition="not_attempted")
        minutes = gap_s * (len(said) + 1) / 60
        contact = await self.attempt(unit, person, mode, when, "complete", purpose=document.purpose, minutes=minutes)
        self.contacts[name] = contact
        known = {"centre": "遂澜", "frame": "list", "staff_no": "1021", "signature": "遂澜民调中心", **(facts or {})}
        interview: int = await self.conn.fetchval(
            "INSERT INTO survey.interview (ref, contact_id, unit_id, position, questionnaire_id, mode, lang, status, opened_at, "
            "ended_at) VALUES ($1, $2, $3, 0, $4, $5, 'zh', 'open', $6, $7) RETURNING id",
            f"interview-{contact}", contact, unit, self._questionnaires[document.code], mode, when,
            when + timedelta(minutes=minutes),
        )  # fmt: skip
        await self._play(document, interview, contact, person, mode, when, said, gap_s, known)
        return interview

    async def _play(
        self, document: Questionnaire, interview: int, contact: int, person: int, mode: str, when: datetime,
        said: Sequence[str], gap_s: int, facts: dict[str, str],
    ) -> None:  # fmt: skip
        state, turn = start(document, mode=mode, lang="zh", seed=4, facts=facts)  # type: ignore[arg-type]
        if mode == "text":
            await self._sent(contact, None, "".join(turn.prompts), when)
        else:
            await self._input(person, contact, interview, mode, "", "opened", turn.prompts, when, 0)
        for place, words in enumerate(said, 1):
            moment = when + timedelta(seconds=gap_s * place)
            if words.startswith("late:"):
                await self._late(person, contact, words.removeprefix("late:"), moment + timedelta(days=2))
                continue
            state, turn = step(document, state, _input(mode, words))
            if words == "hangup":
                continue
            row = await self._input(
                person, contact, interview, mode, words, turn.reaction, turn.prompts, moment, place
            )
            await self._keep(interview, row, person, turn.effects, moment, mode)
        code = dialogue_disposition(state, state.mode) or "text_no_reply"
        await self.conn.execute("UPDATE survey.interview SET status = $2 WHERE id = $1", interview, state.status)
        await self.conn.execute("UPDATE survey.attempt SET disposition = $2 WHERE contact_id = $1", contact, code)
        await self.conn.execute(
            "UPDATE survey.sample_unit SET disposition = $2 FROM survey.interview i WHERE i.id = $1 AND i.unit_id = sample_unit.id",
            interview, code,
        )  # fmt: skip

    async def _keep(
        self, interview: int, row: int, person: int, effects: Sequence[object], moment: datetime, mode: str
    ) -> None:
        for effect in effects:
            if isinstance(effect, Answered):
                await self.conn.execute(
                    "INSERT INTO survey.answer VALUES ($1, $2, 1, $3, $4, $5, $6)",
                    interview, effect.question_id, effect.code, effect.text, row, moment,
                )  # fmt: skip
            elif isinstance(effect, OptOut):
                await self.conn.execute(
                    "INSERT INTO survey.opt_out VALUES ($1, $2, $3, $4)", person, effect.scope, moment, mode
                )
            elif isinstance(effect, Told):
                await self.conn.execute(
                    "UPDATE survey.interview SET told_at = $2, told_text = $3 WHERE id = $1", interview, moment, effect.text
                )

    async def _input(
        self, person: int, contact: int, interview: int | None, mode: str, said: str, effect: str,
        prompts: Sequence[str], moment: datetime, place: int,
    ) -> int:  # fmt: skip
        text = mode == "text"
        reply = "".join(prompts) if text else json.dumps({"say": list(prompts)}, ensure_ascii=False)
        row: int = await self.conn.fetchval(
            "INSERT INTO survey.input (person_id, contact_id, interview_id, channel, call_sid, step, message_sid, said, effect, "
            "reply, arrived_at, arrived_real) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) RETURNING id",
            person, contact, interview, mode, None if text else f"CA{contact}", None if text else place,
            f"SM{contact}-{place}-{moment:%j}" if text else None, said, effect, reply, moment,
        )  # fmt: skip
        if text and reply:
            await self._sent(contact, row, reply, moment)
        return row

    async def _sent(self, contact: int, row: int | None, body: str, moment: datetime) -> None:
        await self.conn.execute(
            "INSERT INTO survey.text_out (contact_id, attempt_id, input_id, body, segments, at) "
            "SELECT $1, CASE WHEN $2::bigint IS NULL THEN id END, $2, $3, 1 + length($3) / 71, $4 "
            "FROM survey.attempt WHERE contact_id = $1",
            contact, row, body, moment,
        )  # fmt: skip

    async def _late(self, person: int, contact: int, words: str, moment: datetime) -> None:
        reply = ["【遂澜民调中心】谢谢您的回复。这次调查已经结束,您的短信会由工作人员阅读。"]
        row = await self._input(person, contact, None, "text", words, "too_late", reply, moment, 99)
        await self.conn.execute("INSERT INTO survey.inbox_text (input_id, reason) VALUES ($1, 'too_late')", row)


def _input(mode: str, words: str) -> Input:
    if words == "hangup":
        return Hangup()
    if mode == "voice":
        return Digits(words) if words else NoInput()
    if mode == "text":
        return Message(words)
    return Choice(words) if words.isascii() else Words(words)
