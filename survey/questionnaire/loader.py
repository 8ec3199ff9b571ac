"""Questionnaires from the packaged library and from stored JSON."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import yaml
from pydantic import ValidationError

from survey.questionnaire.model import Questionnaire

LIBRARY: Final = files("survey.questionnaire.library")


class MalformedQuestionnaire(ValueError):
    """The document is no questionnaire; the message names it, each place and what is wrong there."""


@cache
def library(code: str) -> Questionnaire:
    """A shipped instrument: "perception" or "callback". Raises KeyError naming the shipped ones."""
    shipped = sorted(
        file.name.removesuffix(".yaml") for file in LIBRARY.iterdir() if file.name.endswith(".yaml")
    )
    if code not in shipped:
        raise KeyError(f"no shipped questionnaire {code!r}; there are: {', '.join(shipped)}")
    return from_yaml((LIBRARY / f"{code}.yaml").read_text("utf-8"), name=f"{code}.yaml")


def from_yaml(body: str, *, name: str) -> Questionnaire:
    """`name` is used in error messages. Raises MalformedQuestionnaire."""
    try:
        document = yaml.safe_load(body)
    except yaml.YAMLError as error:
        raise MalformedQuestionnaire(f"{name}: not YAML: {error}") from error
    return _checked(document, name)


def from_json(body: str | Mapping[str, object]) -> Questionnaire:
    """What `Questionnaire.to_json` wrote, as text or already parsed. Raises MalformedQuestionnaire."""
    try:
        document = json.loads(body) if isinstance(body, str) else dict(body)
    except json.JSONDecodeError as error:
        raise MalformedQuestionnaire(f"stored questionnaire: not JSON: {error}") from error
    return _checked(document, "stored questionnaire")


def _checked(document: object, name: str) -> Questionnaire:
    try:
        return Questionnaire.model_validate(document)
    except ValidationError as error:
        places = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'document'}: {fault['msg']}"
            for fault in error.errors()[:5]
        )
        raise MalformedQuestionnaire(f"{name}: {places}") from error
