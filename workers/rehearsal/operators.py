"""Scripted operators: they take people from the queue, dial on the desk phone, read the script, and key what they hear.

They act through the door that `minyi operator` uses; the desk phone is the twin's.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from survey import operating
from survey.dialogue.inputs import Choice, Input, Words
from survey.dialogue.turn import Expect, Turn
from survey.ground import Ground
from survey.operating import Reply, Task
from workers.rehearsal.plan import TZ
from workers.rehearsal.twin_control import DeskReply, TwinControl

SHIFT_BEGINS, SHIFT_ENDS = time(8, 45), time(20, 30)
LOOKS_AGAIN_S = 60
WRAP_UP_S = 20
LONG_PAUSE_S = 1800
BUTTONS = {
    "never": "stop",
    "refusal": "declined",
    "appointment": "later",
    "puzzled": "again",
    "listens": "again",
}
OUTCOMES = {"trouble": "failed"}


@dataclass(frozen=True)
class Operator:
    """One operator of the rehearsal. `staff_no` is what residents are told. `unkeyed`: attempts and questions of which the
    service went away before what was said could be keyed; it is lost to the operator, as in life. `heard`: how a
    call came out that could not be keyed yet; that is keyed when the service is back. `looks_again_s`: how soon an
    operator looks again whom somebody is due for who may not be called just now.
    """

    staff_no: str
    ground: Ground
    twin: TwinControl
    unkeyed: set[tuple[str, str]] = field(default_factory=set)
    heard: dict[str, str] = field(default_factory=dict)
    looks_again_s: float = LOOKS_AGAIN_S

    async def work(self) -> None:
        """Take one person after the other, for ever."""
        while True:
            task = await operating.next_task(self.ground, self.staff_no)
            if task is None:
                await self._wait_for_work()
                continue
            if task.shown_at is not None:  # the service went away in the middle of this call
                await self._close(task.ref)
                continue
            await self._call(task)
            await self._pause(WRAP_UP_S)

    async def _wait_for_work(self) -> None:
        """Until somebody falls due, at most half an hour; at night until the next shift."""
        now = self.ground.clock.now()
        local = now.astimezone(TZ)
        if local.time() >= SHIFT_ENDS:
            morning = datetime.combine(local.date() + timedelta(days=1), SHIFT_BEGINS, TZ)
            await self.ground.clock.sleep_until(morning)
            return
        due = await operating.next_due_at(self.ground)
        left = LONG_PAUSE_S if due is None else (due - now).total_seconds()
        await self._pause(min(max(left, self.looks_again_s), LONG_PAUSE_S))

    async def _call(self, task: Task) -> None:
        try:
            number = await operating.show_number(self.ground, task.ref, self.staff_no, "手工拨打")
        except operating.MayNotCall:
            return
        dialled = await self.twin.desk_call(number, task.ref)
        await self._pause(dialled.after_s)
        if dialled.outcome != "answered":
            outcome = OUTCOMES.get(dialled.outcome, dialled.outcome)
            await self.twin.desk_hangup(dialled.id)
            self.heard[task.ref] = outcome
            await self._close(task.ref)
            return
        await self._talk(task.ref, dialled.id)

    async def _close(self, ref: str) -> None:
        """Key how the call came out, if that was heard; otherwise nothing more is known of it."""
        if ref in self.heard:
            await operating.unanswered(self.ground, ref, self.heard[ref])
            del self.heard[ref]
        else:
            await operating.lose(self.ground, ref)

    async def _talk(self, ref: str, call_id: str) -> None:
        reply = await operating.answered(self.ground, ref, self.staff_no)
        while not reply.over:
            asked = reply.turn.expects
            try:
                said = await self.twin.desk_say(call_id, read_aloud(reply.turn))
                await self._pause(said.takes_s)
                if said.heard is not None:
                    reply = await self._key(ref, reply, said)
            except Exception:
                self.unkeyed.update((ref, question) for question in (asked.question_ids if asked else ()))
                raise
            if said.hung_up:
                break
        else:
            await self.twin.desk_say(call_id, " ".join(reply.turn.prompts))
        await self.twin.desk_hangup(call_id)
        await operating.hang_up(self.ground, ref)

    async def _key(self, ref: str, asked: Reply, said: DeskReply) -> Reply:
        given = understood(asked.turn.expects, said)
        return await operating.say(self.ground, ref, self.staff_no, given, heard=said.heard or "")

    async def _pause(self, seconds: float) -> None:
        clock = self.ground.clock
        await clock.sleep_until(clock.now() + timedelta(seconds=seconds))


def read_aloud(turn: Turn) -> str:
    """The script, and below it the options that only the screen lists, such as the townships of a county."""
    said = " ".join(turn.prompts)
    labels = [option.label for option in turn.expects.options] if turn.expects is not None else []
    if not labels or any(label in said for label in labels):
        return said
    return f"{said}\n{'、'.join(labels)}?"


def understood(expects: Expect | None, said: DeskReply) -> Input:
    """What a good operator keys on hearing this: the option that was meant, the words themselves, or "don't know"."""
    if said.kind in BUTTONS:
        return Choice(BUTTONS[said.kind])
    if expects is None or said.heard is None:
        return Choice("no_answer")
    if expects.kind == "open":
        return Words(said.heard)
    meant = next((o.code for o in expects.options if o.label == said.meant), None)
    return Choice(meant) if meant is not None else Choice("dk")
