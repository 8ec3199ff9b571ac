"""The columns of words in an XLSForm that is being written: one in each language of the document."""

from collections.abc import Iterator

from survey.questionnaire.model import Questionnaire
from survey.questionnaire.wording import FALLBACK, Style, Wording
from survey.questionnaire.xlsform.languages import name_of


class Columns:
    """`default`: the language that the settings name; "" if the form does without."""

    def __init__(self, q: Questionnaire) -> None:
        spoken = q.spoken_languages
        self.first = next((tag for tag in (*spoken[:1], *sorted(q.title)) if tag in q.title), "en")
        used = dict.fromkeys(
            [self.first, *spoken, *sorted({tag for wording in _wordings(q) for tag in wording})]
        )
        names = {tag: q.language_names.get(tag, name_of(tag)) for tag in used}
        # pyxform lets a column without language overwrite those before it, so it comes first.
        self._names = dict(sorted(names.items(), key=lambda one: one[1] != ""))
        several = len(used) > 1 and "" not in self._names.values()
        self.default = self._names.get(self.first, "") if several else ""

    def headings(self, column: str) -> list[str]:
        return [self._heading(column, tag) for tag in self._names]

    def cells(self, column: str, wording: Wording) -> dict[str, str]:
        """The words of a wording by heading."""
        texts = {tag: written(wording, tag) for tag in self._names}
        return {self._heading(column, tag): text for tag, text in texts.items() if text}

    def files(self, column: str, names: dict[str, str]) -> dict[str, str]:
        return {self._heading(column, tag): name for tag, name in names.items() if tag in self._names}

    def _heading(self, column: str, tag: str) -> str:
        name = self._names[tag]
        return f"{column}::{name}" if name else column


def written(wording: Wording, tag: str) -> str:
    """The words that a form shows: those for any mode, else those that an operator reads."""
    styles = wording.get(tag, {})
    order: tuple[Style, ...] = ("any", *FALLBACK["operator"])
    return next((styles[style] for style in order if styles.get(style)), "")


def _wordings(q: Questionnaire) -> Iterator[Wording]:
    for item in q.items:
        yield from (item.prompt, item.hint, item.constraint_message)
        yield {tag: {} for tag in item.audio}
    yield from (block.title for block in q.blocks)
    yield from (option.label for options in q.choices.values() for option in options)
