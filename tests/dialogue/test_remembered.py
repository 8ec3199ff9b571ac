"""Moves that are remembered are those that would be made: whoever says the same at the same place is moved alike, and keeps
what is their own."""

from hypothesis import given
from hypothesis import strategies as st

from survey.dialogue.engine import start, step
from survey.dialogue.inputs import Digits, Input, Message
from survey.dialogue.remembered import step_stored
from survey.questionnaire.loader import library

FACTS = {
    "signature": "遂澜民调中心",
    "centre": "遂澜",
    "frame": "list",
    "staff_no": "001",
    "now": "2026-03-10T10:00",
}
SAID = (
    "1",
    "2",
    "3",
    "8",
    "不太安全",
    "31",
    "45岁,女",
    "?",
    "停",
    "人工",
    "谢谢",
    "路灯坏了好几个月了,没有人来修",
    '"seed":7,',
)


def as_input(mode: str, said: str) -> Input:
    return Message(said) if mode == "text" else Digits(said if said.isdigit() else "")


@given(mode=st.sampled_from(["text", "voice"]), said=st.lists(st.sampled_from(SAID), min_size=1, max_size=8))
def test_two_residents_who_say_the_same_are_moved_as_each_alone(mode: str, said: list[str]) -> None:
    perception = library("perception")
    for seed in (7, 8, 9_007_199_254_740_991):
        state, _ = start(perception, mode=mode, lang="zh", seed=seed, facts=FACTS)  # type: ignore[arg-type]
        for number, words in enumerate(said):
            facts = {"now": f"2026-03-10T10:{number:02}", "hotline": "12356", "staffed_again": ""}
            stored = state.to_json()
            state, turn = step(perception, state, as_input(mode, words), facts=facts)

            assert step_stored(perception, stored, as_input(mode, words), facts) == (
                state,
                turn,
                state.to_json(),
            )
