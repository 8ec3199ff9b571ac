"""Wordings: one meaning in several languages, for the ear, for 70 characters, for a page, for a person to read."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema

Mode: TypeAlias = Literal["voice", "text", "web", "operator"]
Lang: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
"""A language tag as in BCP 47: zh, en, zh-Hant, fr."""
Style: TypeAlias = Literal["any", "voice", "text", "web", "operator"]

MODES: Final[tuple[Mode, ...]] = ("voice", "text", "web", "operator")
FALLBACK: Final[Mapping[Mode, tuple[Style, ...]]] = {
    "voice": ("voice", "any", "operator", "web", "text"),
    "text": ("text", "any", "web", "voice", "operator"),
    "web": ("web", "any", "text", "operator", "voice"),
    "operator": ("operator", "any", "web", "voice", "text"),
}
"""Where a mode has no wording of its own, the next best one is used; never none."""

PLACE: Final = re.compile(r"\$\{\s*([^\s{}]+)\s*\}")
"""Where a wording pipes in what is known: `${name}` of a question, a calculation, a score or a fact."""


def _spelled_out(value: object) -> object:
    """`{zh: "…"}` is short for `{zh: {any: "…"}}`."""
    if not isinstance(value, Mapping):
        return value
    return {lang: {"any": text} if isinstance(text, str) else text for lang, text in value.items()}


_STYLES: Final = {"type": "object", "properties": {style: {"type": "string"} for style in ("any", *MODES)}}
_WRITTEN: Final = {
    "type": "object",
    "additionalProperties": {"anyOf": [{"type": "string"}, {**_STYLES, "additionalProperties": False}]},
}
"""As a team writes it, for editors: by language, a text or texts by mode."""

Wording: TypeAlias = Annotated[
    dict[Lang, dict[Style, str]], BeforeValidator(_spelled_out), WithJsonSchema(_WRITTEN)
]


def say(wording: Mapping[str, Mapping[Style, str]], lang: str, mode: Mode) -> str:
    """The words for this mode, in this language or else in the nearest that there is (the language without its
    region, English, Chinese, any); "" if the wording has none at all."""
    styles = _in_language(wording, lang)
    return next((styles[style] for style in FALLBACK[mode] if style in styles), "") if styles else ""


def _in_language(wording: Mapping[str, Mapping[Style, str]], lang: str) -> Mapping[Style, str]:
    exact = wording.get(lang)
    if exact is not None:
        return exact
    base = lang.partition("-")[0]
    if base in wording:
        return wording[base]
    same = (one for one in wording if one.partition("-")[0] == base)
    nearest = (*same, "zh" if lang.startswith("zh") else "en", "zh")
    return next((wording[one] for one in nearest if one in wording), next(iter(wording.values()), {}))


def pipes(wording: Mapping[str, Mapping[Style, str]]) -> frozenset[str]:
    """The names that a wording pipes in, over all languages and modes."""
    return frozenset(
        name for styles in wording.values() for text in styles.values() for name in PLACE.findall(text)
    )
