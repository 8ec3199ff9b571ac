"""What an operator sees: plain lines, one thing a line, that a screen reader reads as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console

from survey.appointing import NotThen
from survey.desk_keys import ALWAYS, LEAVE, NOT_THEN, OUTCOMES, PUT_BACK, Key, Lang, keys_for
from survey.dialogue.turn import Turn
from survey.field.dispositions import dispositions
from survey.field.emptiness import WORDS, Reason
from survey.operating import Task
from survey.queueing import Queue
from survey.store.desk import PastContact

MODES = {
    "voice": ("语音", "by voice"),
    "text": ("短信", "by text"),
    "operator": ("人工", "by an operator"),
}
PURPOSES = {"survey": ("民意调查", "survey"), "case": ("事项回访", "callback")}


class View:
    """Writes to one console in one language; the other half of every pair is never shown."""

    def __init__(self, console: Console, lang: Lang, tz: ZoneInfo) -> None:
        self._console = console
        self._lang = lang
        self._tz = tz
        self._keys_shown: tuple[Key, ...] = ()

    def say(self, zh: str, en: str, *, style: str = "") -> None:
        """A line in the operator's language."""
        self._line(zh if self._lang == "zh" else en, style)

    def task(self, task: Task, now: datetime, *, linked: bool) -> None:
        """Who is next: campaign, place, local time, what was before; never who they are. `linked`: on the line already."""
        local = now.astimezone(self._tz)
        purpose = self._pick(PURPOSES.get(task.purpose, (task.purpose, task.purpose)))
        self._line("")
        self._line(f"{purpose}  {task.title}", "bold")
        self.say(
            f"地点:{task.area}  当地时间:{local:%m-%d %H:%M}", f"{task.area}, local time {local:%m-%d %H:%M}"
        )
        if not task.history:
            self.say("以往联系:无", "contacts before: none")
        for past in task.history:
            self._line(self._past(past))
        if linked:
            self.say(
                f"已接通   回车 开始   8 答录机   {LEAVE} 这一位之后离开",
                f"connected   Enter begin   8 answering machine   {LEAVE} leave after this person",
                style="bold",
            )
            return
        self.say(
            f"回车 拨号   {PUT_BACK} 放回   {LEAVE} 这一位之后离开",
            f"Enter dial   {PUT_BACK} put back   {LEAVE} leave after this person",
        )

    def number(self, number: str) -> None:
        """The number of this one attempt, and the keys for how the call comes out."""
        national = number.removeprefix("+86")
        groups = (national[:3], national[3:7], national[7:])
        spoken = " ".join(groups) if len(national) == 11 else national
        self.say(f"请拨:{spoken}", f"dial: {spoken}", style="bold")
        self._keys(OUTCOMES)

    def shown_before(self, at: datetime) -> None:
        """The number of this attempt was shown already: nobody is rung twice. The keys for how the call comes out."""
        local = at.astimezone(self._tz)
        self.say(
            f"这一位的号码 {local:%H:%M} 已经显示过。打过了就不再打,请直接记结果。",
            f"this person's number was shown at {local:%H:%M}. If it was dialled, do not dial again; key how it came out.",
            style="bold",
        )
        self._keys(OUTCOMES)

    def turn(self, turn: Turn) -> None:
        """What to say, the options, and the keys."""
        self._line("")
        if turn.expects is not None:
            self._line(" ".join(turn.expects.question_ids), "dim")
        for prompt in turn.prompts:
            self._line(prompt, "bold")
        if turn.expects is None:
            return
        for option in turn.expects.options:
            self._line(f"  {option.key or option.code} {option.label}")
        if turn.expects.kind == "open":
            self.say("  请记下原话", "  write down their words")
        self._keys((*keys_for(turn.expects), *ALWAYS))

    def not_understood(self, line: str) -> None:
        """A key that means nothing here."""
        self.say(f"这里没有“{line.strip()}”这个键", f"there is no key “{line.strip()}” here")

    def closing(self, turn: Turn) -> None:
        """What is said last."""
        for prompt in turn.prompts:
            self._line(prompt, "bold")
        self.say("可以挂断了", "put the telephone down")

    def nobody(self, queues: Sequence[Queue]) -> None:
        """Nobody can be called, and why, campaign by campaign."""
        self.say("现在没有人要拨打。", "nobody is due now.")
        for queue in queues:
            why = "; ".join(self._reason(reason) for reason in queue.reasons)
            self._line(f"  {queue.title}: {why}")
        self.say(f"回车 再看   {LEAVE} 离开", f"Enter look again   {LEAVE} leave")

    def _reason(self, reason: Reason) -> str:
        when = f" ({self.local(reason.at):%m-%d %H:%M})" if reason.at is not None else ""
        return self._pick(WORDS[reason.why]) + when

    def local(self, moment: datetime) -> datetime:
        """The moment as clocks of the centre show it."""
        return moment.astimezone(self._tz)

    def when(self) -> None:
        """Asks for the moment of the next call."""
        self.say(
            "什么时候再打?例如“明天下午3点”;对方没说就写“不知道”",
            "when shall we call? e.g. “tomorrow at 3 pm”, or “unknown” if they named no time",
        )

    def no_moment(self, line: str) -> None:
        """No moment is named by this."""
        self.say(
            f"“{line}”看不出是什么时候,请写日期和钟点", f"“{line}” names no time; write a day and an hour"
        )

    def not_then(self, error: NotThen) -> None:
        """An appointment that could not be kept."""
        zh, en = NOT_THEN[error.why]
        opens = f" {self.local(error.opens):%m-%d %H:%M}" if error.opens is not None else ""
        self.say(f"{zh}{opens}", f"{en}{opens}")

    def agreed(self, moment: datetime | None) -> None:
        """What was agreed."""
        if moment is None:
            self.say(
                "没有约定时间,按一般规则再打", "no time agreed: they are tried again by the ordinary rule"
            )
        else:
            self.say(f"约好 {self.local(moment):%m-%d %H:%M}", f"agreed: {self.local(moment):%m-%d %H:%M}")

    def prompt(self) -> None:
        """Where the operator types."""
        self._console.print("> ", end="", highlight=False, markup=False)

    def _past(self, past: PastContact) -> str:
        row = dispositions().get(past.disposition)
        came_out = self._pick((row.zh, row.en)) if row else past.disposition
        mode = self._pick(MODES.get(past.mode, (past.mode, past.mode)))
        before = self._pick(("以往联系:", "before: "))
        return f"{before}{past.at.astimezone(self._tz):%m-%d %H:%M} {mode} {came_out}"

    def _keys(self, keys: Iterable[Key]) -> None:
        """Once, and again only where they change: a screen reader reads them out each time."""
        keys = tuple(keys)
        if keys == self._keys_shown:
            return
        self._keys_shown = keys
        self._line("   ".join(key.label(self._lang) for key in keys), "dim")

    def _pick(self, both: tuple[str, str]) -> str:
        return both[0] if self._lang == "zh" else both[1]

    def _line(self, text: str, style: str = "") -> None:
        self._console.print(text, style=style or None, highlight=False, markup=False, soft_wrap=True)
