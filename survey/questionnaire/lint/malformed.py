"""Why a file is no questionnaire, as findings: each fault with the place of the part that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from survey.questionnaire.lint.finding import Finding, Found, Path, found
from survey.questionnaire.lint.rules import told
from survey.questionnaire.loader import told_faults
from survey.questionnaire.places import Place, Step, UnreadableYaml, YamlDocument

_PLACED: Final = re.compile(r"^.*?:(\d+):(\d+): ", re.S)
_OF_ALL: Final = re.compile(r"^questionnaire \S+: ")
_LOOK: Final = "look there, or just before, for a missing bracket, quotation mark, colon or indent"
"""Where YAML itself does not go on."""
_DOUBLE_CODE: Final = "a code stands twice"

_PARTS: Final = (
    (re.compile(r"\b(relevant|constraint|choice_filter|calculation) of (?!block )(\S+)"), "items"),
    (re.compile(r"\b(relevant) of block (\S+)"), "blocks"),
    (re.compile(r"^()item (\S+?)[: ]"), "items"),
    (re.compile(r"^()block (\S+)"), "blocks"),
    (re.compile(r"^()(\S+) -> "), "items"),
)
"""How a fault of the whole document names the part where it lies: (key, id), and the list that holds the part."""


def malformed(
    error: UnreadableYaml | ValidationError, document: YamlDocument | None, name: str
) -> tuple[Finding, ...]:
    """`document`: None where the file could not even be read as YAML."""
    if document is None or isinstance(error, UnreadableYaml):
        return told(
            [_found((), str(error).removeprefix(f"{name}: "))], lambda path: _place_in(str(error), name)
        )
    return told(_faults(error, document), document.place)


def _place_in(message: str, name: str) -> Place:
    placed = _PLACED.match(message)
    return Place(name) if placed is None else Place(name, int(placed[1]), int(placed[2]))


def _faults(error: ValidationError, document: YamlDocument) -> Iterator[Found]:
    body = document.value if isinstance(document.value, Mapping) else {}
    twice = list(double_codes(body))
    yield from twice
    for path, sentence in told_faults(error):
        if path or not _OF_ALL.match(sentence):
            yield _found(path, sentence)
            continue
        fault = _OF_ALL.sub("", sentence)
        if not (twice and _DOUBLE_CODE in fault):
            yield _found(_named(fault, body), fault)


def _found(path: Path, sentence: str) -> Found:
    """`sentence`: what is wrong and, behind the last "; ", what to do; perhaps with its place before, which is taken
    off."""
    where = ".".join(map(str, path))
    plain = _PLACED.sub("", sentence)
    what, _, remedy = plain.rpartition("; ") if "; " in plain else (plain, "", _LOOK)
    if where and what.startswith(f"{where}: "):
        what = f"{path[-1]}: {what.removeprefix(f'{where}: ')}"
    return found("malformed", path, what=what, remedy=remedy)


def double_codes(body: Mapping[str, Any]) -> Iterator[Found]:
    """The second option of each code that stands twice in one list, before the document is anything more than YAML."""
    choices = body.get("choices")
    for name, options in choices.items() if isinstance(choices, Mapping) else ():
        seen: set[object] = set()
        for place, option in enumerate(options if isinstance(options, list) else ()):
            code = option.get("code") if isinstance(option, Mapping) else None
            if isinstance(code, str) and code in seen:
                yield found("two-options-one-key", ("choices", name, place, "code"), choices=name, code=code)
            seen.add(code if isinstance(code, str) else None)


def _named(fault: str, body: Mapping[str, Any]) -> Path:
    """Where the part stands that a fault names; () if it names none that is there."""
    for pattern, listed in _PARTS:
        if named := pattern.search(fault):
            place = _index(body.get(listed), named[2], last=False)
            if place is not None:
                return (listed, place, *([named[1]] if named[1] else []))
    if named := re.match(r"the id (\S+) stands twice in (\w+)", fault):
        place = _index(body.get(named[2]), named[1], last=True)
        return (named[2],) if place is None else (named[2], place, "id")
    if named := re.match(r"choices (\S+):", fault):
        return ("choices", named[1])
    if named := re.match(r"(ends)\.(\d+)", fault):
        return ("ends", int(named[2]), "when")
    if named := re.match(r"flag (\S+)", fault):
        return ("flags",)
    if named := re.match(r"script (\S+)", fault):
        return ("scripts", named[1])
    if named := re.match(r"(order|pages|scores|appeal|complete|partial)\b(?:.*? names (\S+?),)?", fault):
        return _mention(body.get(named[1]), named[2], (named[1],))
    if named := re.match(r"an item's (block) names (\S+?),", fault):
        return _mention(body.get("items"), named[2], ("items",))
    return ()


def _index(parts: object, wanted: str, *, last: bool) -> int | None:
    found = [
        place
        for place, part in enumerate(parts if isinstance(parts, Sequence) else ())
        if isinstance(part, Mapping) and part.get("id") == wanted
    ]
    return None if not found else found[-1 if last else 0]


def _mention(part: object, wanted: str | None, path: tuple[Step, ...]) -> Path:
    """The first place in a part of the document where a name is written, as a value or as a key; else the part."""
    stack: list[tuple[object, tuple[Step, ...]]] = [(part, path)]
    while stack and wanted is not None:
        value, at = stack.pop()
        if value == wanted:
            return at
        if isinstance(value, Mapping):
            if wanted in value:
                return (*at, wanted)
            stack += [(inner, (*at, key)) for key, inner in reversed(list(value.items()))]
        elif isinstance(value, list):
            stack += [(inner, (*at, n)) for n, inner in reversed(list(enumerate(value)))]
    return path
