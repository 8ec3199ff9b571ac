"""The sentences that every interview has: what the dialogue says where a questionnaire has no script of that name."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from survey.questionnaire.lint.policy import limits
from survey.questionnaire.parts import Line
from survey.questionnaire.wording import pipes


@cache
def phrases() -> Mapping[str, tuple[Line, ...]]:
    """Script by name, from the dialogue's own file; nothing of its code is needed for that."""
    raw = yaml.safe_load(files("survey").joinpath("dialogue", "phrases.yaml").read_text("utf-8"))
    return TypeAdapter(dict[str, tuple[Line, ...]]).validate_python(raw)


@cache
def names() -> frozenset[str]:
    """Every script that a dialogue may say."""
    return frozenset({*phrases(), *limits().scripts})


@cache
def known_to(script: str) -> frozenset[str]:
    """What a script may pipe in beside the facts: an option's ${label} and ${key}, the ends of a scale."""
    return frozenset().union(*(pipes(line.say) for line in phrases().get(script, ())))
