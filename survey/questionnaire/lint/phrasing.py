"""Questions that lead, and questions that ask two things at once: by word lists, so each is a matter for a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from survey.questionnaire.lint.finding import Found, Path, found
from survey.questionnaire.lint.policy import in_language, words
from survey.questionnaire.lint.view import View
from survey.questionnaire.wording import Wording

_SENTENCE: Final = re.compile(r"[^。.!！??]+[。.!！??]?")
MOST_READ: Final = 1_000
"""Characters of a question that are looked at; a longer one is too long in any case. A bound of the machine."""


def phrasing(view: View) -> Iterator[Found]:
    for item in view.q.items:
        if item.asks:
            for key, wording in (("prompt", item.prompt), ("again", item.again)):
                yield from _told(view.path(item, key), item.id, wording)
    for place, page in enumerate(view.q.pages):
        yield from _told(("pages", place, "prompt"), ", ".join(page.items), page.prompt)


def _told(path: Path, ids: str, wording: Wording) -> Iterator[Found]:
    for lang, styles in wording.items():
        for rule, patterns in (("leading-question", words().leading), ("double-question", words().double)):
            pattern = in_language(patterns, lang)
            if pattern is None:
                continue
            questions = (one for text in styles.values() for one in _questions(text))
            if seen := next((hit for one in questions if (hit := pattern.search(one))), None):
                yield found(rule, (*path, lang), id=ids, words=seen[0].strip())


def _questions(text: str) -> list[str]:
    """The sentences that ask; what is only explained may lead and join as it likes."""
    return [one for one in _SENTENCE.findall(text[:MOST_READ]) if one[-1] in "??"]
