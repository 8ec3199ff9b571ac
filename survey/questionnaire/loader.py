"""Questionnaires from the packaged library, from a file that a team wrote, and from stored JSON."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import ValidationError

from survey.questionnaire.model import Questionnaire
from survey.questionnaire.places import Place, Step, UnreadableYaml, YamlDocument
from survey.questionnaire.upgrade import upgraded

LIBRARY: Final = files("survey.questionnaire.library")
MOST_FAULTS: Final = 20
"""Faults told of one document; the rest is told when these are mended."""


class MalformedQuestionnaire(ValueError):
    """The document is no questionnaire; the message has a line for each fault: place, what is wrong, remedy."""


@cache
def library(code: str) -> Questionnaire:
    """A shipped instrument, e.g. "perception". Raises KeyError naming the shipped ones."""
    if code not in shipped():
        raise KeyError(f"no shipped questionnaire {code!r}; there are: {', '.join(shipped())}")
    return from_yaml((LIBRARY / f"{code}.yaml").read_text("utf-8"), name=f"{code}.yaml")


def shipped() -> tuple[str, ...]:
    """Codes of the shipped instruments."""
    names = (file.name for file in LIBRARY.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def shipped_instruments() -> dict[str, Questionnaire]:
    """Every shipped instrument by its code."""
    return {code: library(code) for code in shipped()}


def from_yaml(body: str, *, name: str) -> Questionnaire:
    """`name` is used in error messages. Raises MalformedQuestionnaire."""
    try:
        document = YamlDocument(body, name)
    except UnreadableYaml as error:
        raise MalformedQuestionnaire(str(error)) from error
    return from_document(document)


def from_document(document: YamlDocument) -> Questionnaire:
    """A questionnaire from parsed YAML. Raises MalformedQuestionnaire."""
    try:
        return Questionnaire.model_validate(document.value)
    except ValidationError as error:
        lines = (f"{document.place(path)}: {told}" for path, told in told_faults(error))
        raise MalformedQuestionnaire("\n".join(lines)) from error


def from_json(body: str | Mapping[str, object]) -> Questionnaire:
    """What `Questionnaire.to_json` wrote, as text or already parsed. Raises MalformedQuestionnaire."""
    try:
        document = json.loads(body) if isinstance(body, str) else dict(body)
    except json.JSONDecodeError as error:
        raise MalformedQuestionnaire(f"stored questionnaire: not JSON: {error}") from error
    try:
        return Questionnaire.model_validate(upgraded(document))
    except ValidationError as error:
        lines = (f"{Place('stored questionnaire')}: {told}" for _, told in told_faults(error))
        raise MalformedQuestionnaire("\n".join(lines)) from error


def told_faults(error: ValidationError) -> Iterator[tuple[tuple[Step, ...], str]]:
    """(path, sentence) of the first faults of a document."""
    for fault in error.errors(include_url=False)[:MOST_FAULTS]:
        path = tuple(fault["loc"])
        where = ".".join(map(str, path))
        told = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            told = "there is no such key; correct its name, or take it out (docs/questionnaire.md lists the keys)"
        elif fault["type"] == "missing":
            told = "this key is missing; add it"
        elif fault["type"] == "string_type":
            told = f"{fault['input']!r} is no text; put it in quotation marks"
        elif fault["type"] == "model_type":
            told = "keys with their values must stand here; write them as `key: value`"
        elif fault["type"] != "value_error" and "; " not in told:
            told += "; correct it (docs/questionnaire.md says what may stand here)"
        yield path, f"{where}: {told}" if where else told
