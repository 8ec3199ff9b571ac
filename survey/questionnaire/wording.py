"""Wordings: one meaning in several languages, for the ear, for 70 characters, for a person to read."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BeforeValidator

Mode: TypeAlias = Literal["voice", "text", "operator"]
Lang: TypeAlias = Literal["zh", "en"]
Style: TypeAlias = Literal["any", "voice", "text", "operator"]

FALLBACK: Final[Mapping[Mode, tuple[Style, ...]]] = {
    "voice": ("voice", "any", "operator", "text"),
    "text": ("text", "any", "voice", "operator"),
    "operator": ("operator", "any", "voice", "text"),
}
"""Where a mode has no wording of its own, the next best one is used; never none."""


def _spelled_out(value: object) -> object:
    """`{zh: "…"}` is short for `{zh: {any: "…"}}`."""
    if not isinstance(value, Mapping):
        return value
    return {lang: {"any": text} if isinstance(text, str) else text for lang, text in value.items()}


Wording: TypeAlias = Annotated[dict[Lang, dict[Style, str]], BeforeValidator(_spelled_out)]


def say(wording: Mapping[Lang, Mapping[Style, str]], lang: Lang, mode: Mode) -> str:
    """The words for this mode, in this language or else in Chinese; "" if the wording has none at all."""
    styles = wording.get(lang) or wording.get("zh") or {}
    return next((styles[style] for style in FALLBACK[mode] if style in styles), "")
