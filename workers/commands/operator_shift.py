"""The operator's loop: the next person, their number, how the call came out, the dialogue, the next person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from survey.appointing import NotThen
from survey.desk_keys import (
    ANSWERED,
    HANG_UP,
    LATER,
    LEAVE,
    PUT_BACK,
    UNKNOWN,
    outcome,
    read_line,
    read_when,
)
from survey.dialogue.inputs import Choice, Input
from survey.operating import MayNotCall, MayNotSee, NoSuchAttempt, OnBreak, Reply, Task
from survey.queueing import Queue
from workers.commands.operator_view import View

PUT_BACK_AS = "cancelled"
MACHINE = "machine"


class InputEnded(Exception):
    """The operator is gone: Ctrl-C, or the end of what was piped in."""


class Desk(Protocol):
    """The door of `survey.operating`, for one operator, one thing after the other."""

    def now(self) -> datetime: ...
    def next_task(self) -> Task | None: ...
    def wait_for_person(self) -> Task | None: ...
    def idle(self) -> tuple[Queue, ...]: ...
    def show_number(self, ref: str) -> str: ...
    def answered(self, ref: str) -> Reply: ...
    def say(self, ref: str, given: Input) -> Reply: ...
    def later(self, ref: str, moment: datetime | None, heard: str) -> Reply: ...
    def hang_up(self, ref: str) -> None: ...
    def unanswered(self, ref: str, outcome: str) -> None: ...


class Shift:
    """One operator at work. `read` gives the next typed line, or raises InputEnded. `linked`: people are connected to them."""

    def __init__(self, desk: Desk, view: View, read: Callable[[], str], *, linked: bool = False) -> None:
        self._desk = desk
        self._linked = linked
        self._view = view
        self._read = read
        self._leaving = False

    def work(self) -> None:
        """Take one person after the other, until the operator leaves or is gone."""
        try:
            if self._linked:
                self._work_linked()
            while not self._linked and not self._leaving:
                try:
                    task = self._desk.next_task()
                except OnBreak:
                    self._view.say(
                        "您在休息;请先在页面上结束休息。", "you are on a break; end it on the page first."
                    )
                    self._leaving = self._ask().strip().lower() == LEAVE
                    continue
                if task is None:
                    self._view.nobody(self._desk.idle())
                    self._leaving = self._ask().strip().lower() == LEAVE
                    continue
                self._take(task)
        except InputEnded:
            self._view.say("输入结束,离开。", "input ended, leaving.")

    def _work_linked(self) -> None:
        """Whoever answers is connected to them; it ends when they leave, or their own telephone is put down."""
        while not self._leaving:
            self._view.say("等待接通", "waiting to be connected")
            task = self._desk.wait_for_person()
            if task is None:
                self._view.say("您的电话已断开,离开。", "your telephone has been put down; leaving.")
                return
            self._take(task)

    def _take(self, task: Task) -> None:
        try:
            self._call(task)
        except MayNotCall:
            self._view.say(
                "现在不能再打给这一位(本人要求不再打、时间太晚或任务已暂停),号码不显示。",
                "this person may not be called now: they asked not to be, it is too late, or the campaign is paused."
                " The number is not shown.",
            )
        except MayNotSee as no:
            self._view.say(
                f"您看不到这一位的号码{no.masked}(外包人员,或岗位、地区不符),已放回。请用自动接通方式:minyi operator --linked",
                f"you do not see this person's number {no.masked} (a contractor, or another role or area); they were put back."
                " Work connected: minyi operator --linked",
            )
            self._leaving = True
        except NoSuchAttempt:
            self._view.say(
                "这一位已不在您手上(超时或已由别人处理)。",
                "this person is no longer at your desk: it took too long, or somebody else closed it.",
            )

    def _call(self, task: Task) -> None:
        self._view.task(task, self._desk.now(), linked=task.linked)
        if task.linked:
            self._connected(task)
            return
        while (line := self._line()) != "":
            if line == PUT_BACK:
                self._desk.unanswered(task.ref, PUT_BACK_AS)
                self._view.say("已放回", "put back")
                return
            self._view.not_understood(line)
        if task.shown_at is None:
            self._view.number(self._desk.show_number(task.ref))
        else:
            self._view.shown_before(task.shown_at)
        came_out = self._outcome()
        if came_out != ANSWERED:
            self._desk.unanswered(task.ref, came_out)
            self._view.say("已记录", "recorded")
            return
        self._talk(task.ref)

    def _connected(self, task: Task) -> None:
        """They are on the line already; only the operator hears whether it is a person."""
        while (line := self._line()) != "":
            came_out = outcome(line)
            if came_out == MACHINE:
                self._desk.unanswered(task.ref, came_out)
                self._view.say("已记录", "recorded")
                return
            self._view.not_understood(line)
        self._talk(task.ref)

    def _outcome(self) -> str:
        while (came_out := outcome(line := self._line())) is None:
            self._view.not_understood(line)
        return came_out

    def _talk(self, ref: str) -> None:
        """However the talk ends, what was answered is kept and the attempt is closed."""
        try:
            self._dialogue(ref)
        except NoSuchAttempt:
            self._view.say(
                "这次通话早已开始,没有说完;已有的回答保留。",
                "this call was begun before and not finished; its answers are kept.",
            )
        finally:
            self._desk.hang_up(ref)
        self._view.say("已记录", "recorded")

    def _dialogue(self, ref: str) -> None:
        reply = self._desk.answered(ref)
        while not reply.over:
            self._view.turn(reply.turn)
            line = self._line()
            if line == HANG_UP:
                return
            given = read_line(line, reply.turn.expects)
            if given is None:
                if line:
                    self._view.not_understood(line)
                continue
            reply = self._another_time(ref) if given == Choice(LATER) else self._desk.say(ref, given)
        self._view.closing(reply.turn)

    def _another_time(self, ref: str) -> Reply:
        """When: until a moment is named that can be kept, or they know none."""
        while True:
            self._view.when()
            line = self._line()
            moment = read_when(line, self._view.local(self._desk.now()))
            if moment is None and line.lower() not in UNKNOWN:
                self._view.no_moment(line)
                continue
            try:
                reply = self._desk.later(ref, moment, line)
            except NotThen as error:
                self._view.not_then(error)
                continue
            self._view.agreed(moment)
            return reply

    def _line(self) -> str:
        """The next line that is not `q`, which only says that this person is the last one."""
        while (line := self._ask().strip()).lower() == LEAVE:
            self._leaving = True
            self._view.say("这一位之后离开", "leaving after this person")
        return line

    def _ask(self) -> str:
        self._view.prompt()
        return self._read()
