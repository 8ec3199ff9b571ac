"""What a person sees while a rehearsal runs: bars on a terminal, a line now and then elsewhere."""

import time
from datetime import datetime
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from workers.rehearsal import progress
from workers.rehearsal.day import Lists
from workers.rehearsal.plan import TZ, Plan

LINE_EVERY_S = 10.0


def lists(console: Console, brought: Lists) -> None:
    """What the two lists came to, with the first of the rows that were refused."""
    for name, kept, refused, refusals in (
        (
            "居民名单 residents",
            brought.people_report.kept,
            brought.people_report.refused,
            brought.people_report.refusals,
        ),
        (
            "办结事项 closed cases",
            brought.cases_report.kept,
            brought.cases_report.refused,
            brought.cases_report.refusals,
        ),
    ):
        console.print(f"  导入 imported: {name} {kept} 行 rows, 未收 refused {refused}")
        for refusal in refusals[:3]:
            console.print(f"    {refusal}", style="dim", highlight=False)


class Bars:
    """Bars for people asked, calls made and cases closed, with the virtual time above them."""

    def __init__(self, console: Console, plan: Plan) -> None:
        self._console = console
        self._plan = plan
        self._last_line = time.monotonic()
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._clock = self._bars.add_task("", total=None)
        self._calls = self._bars.add_task("拨打 calls", total=plan.attempts)
        self._units = self._bars.add_task("样本 people", total=None)
        self._cases = self._bars.add_task("事项 cases closed", total=None)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._bars.stop()

    def show(self, now: datetime, at: progress.Progress) -> None:
        """Bring the bars up to date."""
        local = now.astimezone(TZ)
        if not self._console.is_terminal:
            self._line(local, at)
            return
        self._bars.update(self._clock, description=f"{local:%Y-%m-%d %H:%M}")
        self._bars.update(self._calls, completed=at.calls, total=max(at.calls, self._plan.attempts))
        self._bars.update(self._units, completed=at.units_done, total=at.units)
        self._bars.update(self._cases, completed=at.cases_closed, total=at.cases)

    def _line(self, local: datetime, at: progress.Progress) -> None:
        if time.monotonic() - self._last_line < LINE_EVERY_S:
            return
        self._last_line = time.monotonic()
        self._console.print(
            f"  {local:%m-%d %H:%M}  拨打 calls {at.calls}  短信 texts {at.threads}  完成 done {at.units_done}/{at.units}"
            f"  办结 closed {at.cases_closed}/{at.cases}"
        )
