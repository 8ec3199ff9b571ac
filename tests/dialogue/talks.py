"""Conversations for the dialogue tests: what is known in Suilan, and what a dialogue comes to after some inputs."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from survey.dialogue import Digits, Form, Input, State, Turn, start, step
from survey.questionnaire import Lang, Mode, Questionnaire, from_yaml, library

Facts: TypeAlias = Mapping[str, str]

FACTS: Final[Facts] = {
    "centre": "遂澜",
    "staff_no": "1021",
    "frame": "list",
    "signature": "遂澜民调中心",
    "case_short": "0037",
    "result": "路灯已修好",
    "query_code": "K7Q2M9XA",
}
"""What is known before an interview in Suilan."""


def talk(
    code: str | Questionnaire, mode: Mode, facts: Facts, *said: Input, lang: Lang = "zh"
) -> tuple[State, Turn]:
    """The state and the last turn after these inputs; the state goes through JSON between any two."""
    q = library(code) if isinstance(code, str) else code
    state, turn = start(q, mode=mode, lang=lang, seed=7, facts=facts)
    for one in said:
        state, turn = step(q, State.from_json(state.to_json()), one)
    return state, turn


def keys(pressed: str) -> list[Digits]:
    """One key after the other."""
    return [Digits(key) for key in pressed]


def pages(*values: str) -> list[Form]:
    """Pages with one field each: "Q1=2"."""
    return [Form({name: written}) for name, _, written in (value.partition("=") for value in values)]


def small(items: str, rest: str = "") -> Questionnaire:
    """A questionnaire of these items, in YAML."""
    body = f'code: small\nversion: 1\ntitle: {{zh: "小问卷"}}\nitems:\n{items}\n{rest}'
    return from_yaml(body, name="small.yaml")
