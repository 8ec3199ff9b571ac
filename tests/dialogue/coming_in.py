"""What may come in, likely or not: strategies for inputs of every kind."""

from typing import Final, TypeAlias

from hypothesis import strategies as st

from survey.dialogue import (
    Choice,
    Correct,
    Digits,
    Form,
    Hangup,
    Input,
    Message,
    Never,
    NoInput,
    NoSeat,
    Recorded,
    Speech,
    Words,
)

Move: TypeAlias = int | Input
"""A number is the answer of that number to whatever is asked; everything else comes in as it is."""

LIKELY: Final = [
    "1", "2", "3", "4", "12", "31", "0", "9", "8", "7", "*", "#", "*9", "13#", "20260301#", "03101530#", "?", "T",
    "安全", "不安全", "没有", "红色", "被偷,被骗", "不知道", "好的", "路灯坏了", "四十二", "明天下午三点", "3月1日",
    "安全,没有,45岁", "有的,红色", "苹果,42岁", "全部退订", "转人工", "发错人了", "我才15岁", "救命,他正在打我", "2026-03-01",
    "3.5", "dk", "41,13", "991721100",
    "refused", "no_answer", "other", "red green", "later", "stop", "minor", "declined_hard", "1 2", "",
]  # fmt: skip
said = st.one_of(st.sampled_from(LIKELY), st.text(max_size=8))
ids = st.sampled_from([f"Q{place}" for place in range(7)] + ["Q0_other", "gone", "_button"])
anything: st.SearchStrategy[Input] = st.one_of(
    st.builds(Digits, st.one_of(st.text("0123456789*#", max_size=9), said)),
    st.builds(Speech, said, st.floats(0, 1)),
    st.builds(Recorded, st.just("RE1"), st.integers(0, 60), st.none() | said, st.sampled_from("09*# 1")),
    st.just(NoInput()),
    st.builds(Message, said),
    st.builds(Form, st.dictionaries(ids, said, max_size=4)),
    st.builds(Choice, said),
    st.builds(Words, said),
    st.builds(Correct, ids),
)
endings: st.SearchStrategy[Input] = st.sampled_from([Hangup(), Never(), NoSeat()])


@st.composite
def _move(draw: st.DrawFn) -> Move:
    """A good half answer what is asked, one in fifty ends it."""
    kind = draw(st.integers(0, 49))
    if kind < 27:
        return draw(st.integers(0, 99))
    return draw(anything if kind < 49 else endings)


moves = st.lists(_move(), min_size=3, max_size=14)
