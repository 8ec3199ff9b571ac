"""Languages as XLSForm names them ("English (en)", "Français", none at all) and as tags, and back."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

UNNAMED: Final = "default"
"""What pyxform calls the language of a column without one."""

_IN_BRACKETS: Final = re.compile(r"\(\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\s*\)\s*$")
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")


class Languages:
    """Gives each language that a form names a tag of its own."""

    def __init__(self, names: Sequence[str], default: str, unnamed: str, first_choice: bool) -> None:
        """`names`: in order, the default first, UNNAMED for the columns without a language. `default`: what the
        settings call these columns, UNNAMED where they do not. `unnamed`: the tag that they have then, if it is free;
        `first_choice`: they come first to it, and a named language takes what is left."""
        self.default, self._unnamed = default, unnamed
        self._tags: dict[str, str] = {}
        for name in sorted(names, key=lambda name: (name == UNNAMED) != first_choice):
            self.tag(name)
        self._tags = {name: self._tags[name] for name in names}

    def _free(self, tag: str) -> str:
        taken = set(self._tags.values())
        if tag and tag not in taken:
            return tag
        return next(one for n in range(1, 10_000) if (one := f"{tag or 'und'}-x-{n}") not in taken)

    def tag(self, name: str) -> str:
        if name not in self._tags:
            self._tags[name] = self._free(self._unnamed if name == UNNAMED else tag_of(name))
        return self._tags[name]

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(self._tags.values())

    @property
    def names(self) -> dict[str, str]:
        """By tag; "" for the columns without a language."""
        return {tag: "" if name == UNNAMED else name for name, tag in self._tags.items()}


def tag_of(name: str) -> str:
    """The tag that a name gives, itself or by the list of languages; "" if it gives none."""
    bracketed = _IN_BRACKETS.search(name)
    if bracketed is not None:
        return _canonical(bracketed[1])
    plain = name.strip()
    known = _tags_by_name().get(plain.casefold())
    if known is not None:
        return known
    return _canonical(plain) if _TAG.fullmatch(plain) else ""


def name_of(tag: str) -> str:
    """How a language without another name is called in a heading: "English (en)"."""
    return f"{_names_by_tag().get(tag, tag)} ({tag})"


def detected(texts: Iterable[str]) -> str:
    """The tag for texts without a language: zh where most of them hold Chinese characters, else en."""
    said = [bool(_CHINESE.search(text)) for text in texts]
    return "zh" if said and 2 * sum(said) >= len(said) else "en"


def _canonical(tag: str) -> str:
    first, *rest = tag.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    text = (files(__package__) / "languages.csv").read_text("utf-8")
    return tuple((tag, name) for tag, name in list(csv.reader(text.splitlines()))[1:])


@cache
def _tags_by_name() -> Mapping[str, str]:
    return {name.casefold(): tag for tag, name in _rows()}


@cache
def _names_by_tag() -> Mapping[str, str]:
    return dict(reversed(_rows()))
