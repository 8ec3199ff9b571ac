"""Every wording in every language that is asked, and no question that says nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from survey.questionnaire.lint import standard
from survey.questionnaire.lint.finding import Found, found
from survey.questionnaire.lint.view import View
from survey.questionnaire.parts import Item, Option
from survey.questionnaire.wording import Mode, say


def missing_languages(view: View) -> Iterator[Found]:
    for path, wording in view.wordings():
        if lacking := _lacking(view, wording):
            yield found("missing-language", path, languages=", ".join(lacking))
    for item in view.q.items:
        if item.audio and (lacking := _lacking(view, item.audio)):
            yield found("missing-audio", view.path(item, "audio"), id=item.id, languages=", ".join(lacking))


def _lacking(view: View, given: Collection[str]) -> list[str]:
    """Languages that have neither words of their own nor those of the language without its region."""
    return [lang for lang in view.languages if lang not in given and lang.partition("-")[0] not in given]


def phrases(view: View) -> Iterator[Found]:
    """The sentences of every interview exist in Chinese and English; other languages need their own."""
    names = [name for name in standard.phrases() if name not in view.q.scripts]
    foreign = [lang for lang in view.languages if lang.partition("-")[0] not in ("zh", "en")]
    if foreign and names:
        yield found("phrases-missing", ("languages",), languages=", ".join(foreign), names=_begun(names))


def _begun(names: list[str]) -> str:
    """The first few; there are dozens."""
    return ", ".join([*names[:3], "…"] if len(names) > 3 else names)


def nothing_said(view: View) -> Iterator[Found]:
    """A question or an option for which a mode has no words at all."""
    for item in view.q.items:
        if item.asks:
            yield from _silent_question(view, item)
    for name, options in view.q.choices.items():
        users = view.users.get(name, ())
        modes = [mode for mode in view.modes if any(item.id in view.position[mode] for item in users)]
        for place, option in enumerate(options):
            silent = [
                mode for mode in modes if any(not _label(option, lang, mode) for lang in view.languages)
            ]
            if silent:
                path = ("choices", name, place, "label")
                yield found("empty-wording", path, "option", code=option.code, modes=", ".join(silent))
    for place, page in enumerate(view.q.pages):
        silent = [
            mode
            for mode in page.modes
            if any(not say(page.prompt, lang, mode).strip() for lang in view.languages)
        ]
        if silent:
            yield found("empty-wording", ("pages", place, "prompt"), "page", modes=", ".join(silent))


def _silent_question(view: View, item: Item) -> Iterator[Found]:
    for key, wording in (("prompt", item.prompt), ("again", item.again)):
        silent = [
            mode
            for mode in item.modes
            if wording and any(not say(wording, lang, mode).strip() for lang in view.languages)
        ]
        if silent:
            yield found("empty-wording", view.path(item, key), id=item.id, modes=", ".join(silent))


def _label(option: Option, lang: str, mode: Mode) -> str:
    wording = option.short if mode == "text" and option.short else option.label
    return say(wording, lang, mode).strip()
