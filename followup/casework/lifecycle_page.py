"""docs/lifecycle.md and docs/lifecycle.svg, made from the lifecycle table.

`python -m followup.casework.lifecycle_page` writes them; `make reference` does so with the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from followup.casework.lifecycle import CLOSED, OPEN, Transition, transitions
from followup.casework.lifecycle_drawing import drawing
from followup.casework.limits import Span, limits
from followup.casework.states import OpenState, post_words, states, words

PAGE = Path("docs/lifecycle.md")
PICTURE = Path("docs/lifecycle.svg")

HEAD = """# 事项的流转 · The lifecycle of a case

Written by `make reference` from `followup/casework/transitions.csv` (moves) and `followup/casework/states.yaml`
(states and clocks); a test holds it equal. The same rows are the guard of every door, the buttons
(`minyi case next NUMBER`) and the help of the commands.

![every state and every move](lifecycle.svg)
"""

MOVES = """## 流转 Moves

Who moves a case, from where to where, and what must hold. 「任一未办结」stands for every open state, 「任一已办结」for
every closed one. What a guard says is checked by the door; what is not in this table is refused, with what is possible.

| 行 Row | 从 From | 动作 Move | 到 To | 谁 Who | 条件 Guard | 要填 Given | 告知 Told |
|---|---|---|---|---|---|---|---|
"""

CLOCKS = """
## 时钟 Clocks

Whatever is not closed has a clock that runs. Nothing is decided by itself when one runs out.

| 状态 State | 时钟 Clock | 等谁 Waits for | 多久 How long | 到期后 Then |
|---|---|---|---|---|
"""

ENDS = """
## 办结 Ends

| 状态 State | 中文 | English |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return "".join((HEAD, "\n", MOVES, *_moves(), CLOCKS, *_clocks(), ENDS, *_ends()))


def _moves() -> Iterator[str]:
    for row in transitions():
        move = f"**{row.zh}** {row.en} `{row.event}`"
        cells = (
            row.row,
            _from(row),
            move,
            _state(row.to),
            "、".join(f"{post_words(post).zh} {post_words(post).en}" for post in row.posts),
            _guard(row),
            ", ".join(f"`{name}`" for name in row.needs),
            "、".join(_told(row.notices)),
        )
        yield f"| {' | '.join(cells)} |\n"


def _guard(row: Transition) -> str:
    rounds = {"any": "", "the last": "the last round", "before the last": "before the last round"}[row.rounds]
    return "; ".join(part for part in (row.guard, rounds) if part)


def _from(row: Transition) -> str:
    left = list(row.from_states)
    said = []
    for group, name in ((OPEN, "任一未办结 any open"), (CLOSED, "任一已办结 any closed")):
        if set(group) <= set(left):
            said.append(name)
            left = [state for state in left if state not in group]
    return "<br>".join([*said, *map(_state, left)]) or "–"


def _state(state: str) -> str:
    return f"{words(state).zh} `{state}`"


def _told(notices: Sequence[str]) -> Iterator[str]:
    return (f"{post_words(one).zh} {post_words(one).en}" for one in notices)


def _clocks() -> Iterator[str]:
    for state, clock in states().waiting.items():
        who = post_words(clock.waits_for)
        cells = (
            _state(state),
            f"{clock.clock} {clock.clock_en}",
            f"{who.zh} {who.en}",
            _how_long(clock),
            f"{clock.then}。{clock.then_en}",
        )
        yield f"| {' | '.join(cells)} |\n"


def _how_long(clock: OpenState) -> str:
    if clock.span is not None:
        return _span(clock.span)
    if clock.span_of is not None:
        return f"{_span(limits().centre[clock.span_of])} (`limits`)"
    return {
        "limits": "按类别 by class and round (`limits`)",
        "promise": "承诺日期 the promised date",
        "decision_clock": "按层级 by post (`decision_clock`)",
    }[clock.by or "limits"]


def _span(span: Span) -> str:
    names = {
        "minutes": "分钟 minutes",
        "hours": "小时 hours",
        "working_hours": "工作小时 working hours",
        "working_days": "工作日 working days",
    }
    return ", ".join(f"{value} {names[unit]}" for unit, value in span.model_dump().items() if value)


def _ends() -> Iterator[str]:
    for state in (*CLOSED, "answered", "not_accepted", "archived"):
        yield f"| `{state}` | {words(state).zh} | {words(state).en} |\n"


def main() -> int:
    """Write both files."""
    PAGE.write_text(page(), "utf-8")
    PICTURE.write_text(drawing(), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
