"""A small town on both sides: what the carrier wrote into its ledger, and what the database holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from agreement_ground import Ground, Talk

from survey.twin import ledger as twin

CENTRE_NUMBER = "+8615400000000"
Delivered = twin.Delivered


@dataclass
class World(Ground):
    """Builds both sides. Every method says what happened once, and writes it down on each side."""

    book: twin.Ledger = field(default_factory=twin.Ledger)

    def call(
        self,
        name: str,
        sid: str,
        status: str,
        at: datetime,
        *,
        answered: bool = False,
        rang: int = 1,
        ref: str | None = None,
    ) -> twin.Call:
        """The carrier's side of a call; `ref`: it was dialled at the desk for this attempt."""
        call = twin.Call(
            sid,
            "api" if ref is None else "desk",
            self.people[name][1],
            CENTRE_NUMBER,
            at,
            1,
            status=status,
            rang=rang,
            reference=ref,
            answered_at=at if answered else None,
            ended_at=at + timedelta(minutes=5),
        )
        self.book.calls[sid] = call
        return call

    async def voice_call(
        self, name: str, *, ref: str, sid: str, at: datetime, **more: Any
    ) -> tuple[Talk, twin.Call]:
        """An answered call by machine, from both sides, with its first request."""
        talk = await self.talk(name, "voice", ref=ref, at=at, sid=sid, word="answered", answered=True, **more)
        await self._input(talk, "voice", "", "opened", at, call_sid=sid, step=0)
        return talk, self.call(name, sid, "completed", at, answered=True)

    async def key(
        self,
        talk: Talk,
        call: twin.Call,
        step: int,
        digits: str,
        *,
        meant: str | None = None,
        effect: str = "answered",
        answer: tuple[str, str] | None = None,
        delivered: Delivered = "yes",
        requests: int = 1,
        slip: bool = False,
        prompt: str = "",
    ) -> int | None:
        """A key in a call; stored, with `answer` (question, code), unless it was never delivered. Returns
        the input's id.
        """
        at = talk.at + timedelta(seconds=20 * step)
        call.keys.append(
            twin.KeyPress(
                len(call.keys),
                f"/twilio/voice/{talk.ref}/{step}",
                digits,
                prompt,
                meant,
                at,
                "answer",
                slip,
                delivered,
                requests,
            )
        )
        if delivered == "no":
            return None
        taken = await self._input(talk, "voice", digits, effect, at, call_sid=call.sid, step=step)
        await self._answers(talk, taken, at, [answer] if answer else [])
        return taken

    async def invitation(
        self, name: str, *, ref: str, sid: str, at: datetime, body: str, **more: Any
    ) -> Talk:
        """A text that opens a thread, from both sides."""
        talk = await self.talk(name, "text", ref=ref, at=at, sid=sid, word="delivered", **more)
        await self._sent(talk, body, at, attempt_id=talk.attempt)
        self._out(name, sid, body, at)
        return talk

    async def reply(
        self,
        talk: Talk,
        sid: str,
        body: str,
        after_min: int,
        *,
        meant: tuple[str, ...] | None = None,
        effect: str = "answered",
        answers: Sequence[tuple[str, str]] = (),
        back: str = "",
        kind: str = "answer",
        delivered: Delivered = "yes",
        requests: int = 1,
    ) -> int:
        """A resident's text and the centre's reply to it, from both sides. Returns the input's id."""
        at, number = talk.at + timedelta(minutes=after_min), self.people[talk.name][1]
        self.book.texts[sid] = twin.Text(
            sid,
            "in",
            CENTRE_NUMBER,
            number,
            body,
            at,
            "received",
            meant,
            kind,
            delivered=delivered,
            requests=requests,
        )
        taken = await self._input(talk, "text", body, effect, at, message_sid=sid)
        await self._answers(talk, taken, at, answers)
        if back:
            await self._sent(talk, back, at, input_id=taken)
            self._out(talk.name, f"{sid}-r", back, at)
        return taken

    async def asked(
        self, talk: Talk, call: twin.Call, said: str, meant: str | None, answer: tuple[str, str] | None
    ) -> None:
        """An exchange at the desk, and what the operator stored of it."""
        at = talk.at + timedelta(seconds=20 * (len(call.spoken) + 1))
        call.said.append(said)
        call.spoken.append(
            {"n": len(call.spoken), "said": said, "heard": meant, "meant": meant, "kind": "answer"}
        )
        if answer is not None:
            step = len(call.spoken)
            said = f"choice:{answer[1]} ({meant})"
            taken = await self._input(
                talk, "operator", said, "answered", at, call_sid=f"desk:{talk.ref}", step=step
            )
            await self._answers(talk, taken, at, [answer])

    async def opted_out(self, talk: Talk, said: str, via: str, after: timedelta, scope: str) -> None:
        at, (person, number) = talk.at + after, self.people[talk.name]
        self.book.opt_out(number, at, said, via)
        await self.put("survey.opt_out", person_id=person, scope=scope, said_at=at, said_in="text")

    async def told(self, talk: Talk, text: str, at: datetime) -> None:
        await self.conn.execute(
            "UPDATE survey.interview SET told_at = $2, told_text = $3 WHERE id = $1", talk.interview, at, text
        )

    async def _input(
        self, talk: Talk, channel: str, said: str, effect: str, at: datetime, **more: Any
    ) -> int:
        taken: int = await self.put(
            "survey.input",
            person_id=self.people[talk.name][0],
            contact_id=talk.contact,
            interview_id=talk.interview,
            channel=channel,
            said=said,
            effect=effect,
            reply="",
            arrived_at=at,
            arrived_real=at,
            **more,
        )
        if effect in ("too_late", "no_open_contact"):
            await self.put("survey.inbox_text", input_id=taken, reason=effect)
        return taken

    async def _answers(
        self, talk: Talk, taken: int, at: datetime, answers: Sequence[tuple[str, str]]
    ) -> None:
        for question, code in answers:
            await self.put(
                "survey.answer",
                interview_id=talk.interview,
                question_id=question,
                code=code,
                input_id=taken,
                at=at,
            )

    async def _sent(self, talk: Talk, body: str, at: datetime, **why: int) -> None:
        await self.put("survey.text_out", contact_id=talk.contact, body=body, segments=1, at=at, **why)

    def _out(self, name: str, sid: str, body: str, at: datetime) -> None:
        self.book.texts[sid] = twin.Text(
            sid, "out", self.people[name][1], CENTRE_NUMBER, body, at, "delivered", delivered="yes"
        )
