"""Texts of a form as wordings: in each language what is written, and what is said where letters cannot be styled."""

import re
from collections.abc import Mapping
from typing import Any, Final

from survey.questionnaire.wording import MODES, Style
from survey.questionnaire.xlsform.languages import Languages

Texts = dict[str, str]
"""By language tag."""

_STYLES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"<br\s*/?>", re.I), " "),
    (
        re.compile(
            r"</?(?:a|b|big|center|div|em|font|h[1-6]|i|li|ol|p|small|span|strong|sub|sup|u|ul)\b[^<>]*>",
            re.I,
        ),
        "",
    ),
    (re.compile(r"\[([^\[\]]+)\]\([^()\s]+\)"), r"\1"),
    (re.compile(r"^\s{0,3}#{1,6}\s+", re.M), ""),
    (re.compile(r"(?<![\w*])\*\*(?!\s)([^*\n]+)(?<!\s)\*\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w*])\*(?!\s)([^*\n]+)(?<!\s)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w{])__(?!\s)([^_\n]+)(?<!\s)__(?![\w_])"), r"\1"),
    (re.compile(r"(?<![\w{])_(?!\s)([^_\n]+)(?<!\s)_(?![\w_])"), r"\1"),
)
"""XLSForm's emphasis, headings, links and colours."""


_QUOTES: Final = str.maketrans("‘’“”", "\ufdd0\ufdd1\ufdd2\ufdd3")
_QUOTES_AGAIN: Final = str.maketrans("\ufdd0\ufdd1\ufdd2\ufdd3", "‘’“”")


def guarded(text: str) -> str:
    """Words whose curved quotes pyxform leaves alone: it straightens them everywhere, for the sake of expressions,
    and in Chinese “…” is how one quotes."""
    return text.translate(_QUOTES)


def unguarded(text: str) -> str:
    return text.translate(_QUOTES_AGAIN)


def texts_of(value: Any, languages: Languages) -> Texts:
    """What pyxform read in a column of words, whether it has languages or not."""
    if isinstance(value, str):
        return {languages.tag(languages.default): unguarded(value)} if value else {}
    if not isinstance(value, Mapping):
        return {}
    texts = {languages.tag(str(name)): text for name, text in value.items() if isinstance(text, str) and text}
    return {tag: unguarded(text) for tag, text in texts.items()}


def wording(texts: Texts) -> dict[str, dict[Style, str]]:
    return {tag: _styles(text) for tag, text in texts.items()}


def _styles(text: str) -> dict[Style, str]:
    bare = plain(text)
    if bare in ("", text):
        return {"any": text}
    return {"any": text, **dict.fromkeys(MODES, bare)}


def plain(text: str) -> str:
    """Without emphasis, headings, links and colours."""
    for style, instead in _STYLES:
        text = style.sub(instead, text)
    return text.strip()
