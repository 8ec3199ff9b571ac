"""A questionnaire laid out for reading: its head, then each mode with its questions in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.questionnaire import Item, Mode, Questionnaire, say
from survey.questionnaire.lint import estimate
from survey.questionnaire.wording import MODES

NAMES = {"voice": "电话 voice", "text": "短信 sms", "web": "网页 web", "operator": "调查员 operator"}


def show_lines(q: Questionnaire, lang: str | None, modes: Sequence[Mode]) -> Iterator[str]:
    """`modes` empty: all that ask anything."""
    language = lang or q.spoken_languages[0]
    yield f"{say(q.title, language, 'operator')}  ({q.code}, version {q.version}, sha256 {q.sha256[:12]})"
    yield f"languages: {', '.join(q.spoken_languages)}   questions: {len(q.questions)}"
    if q.essential:
        yield f"complete with: {', '.join(q.essential)}"
    if q.partial is not None:
        yield f"partial: {q.partial.source}"
    for end in q.ends:
        yield f"ends as {end.status}: {end.when.source}"
    for flag in q.flags:
        yield f"raises {flag.flag}: {flag.when.source}"
    if q.appeal is not None:
        yield f"registers an appeal: words of {q.appeal.words}, if {q.appeal.consent} = {q.appeal.agreed}"
    for mode in modes or MODES:
        if any(q.by_id[one].asks for one in q.asked_in(mode)):
            yield from _mode(q, mode, language)


def _mode(q: Questionnaire, mode: Mode, lang: str) -> Iterator[str]:
    length = estimate(q, mode, lang)
    yield ""
    texts = f", {length.messages} texts, {length.segments} segments" if mode == "text" else ""
    yield f"== {NAMES[mode]}: {length.prompts} prompts, about {length.seconds / 60:.1f} min{texts} =="
    for question_id in q.asked_in(mode):
        yield from _item(q, q.by_id[question_id], mode, lang)


def _item(q: Questionnaire, item: Item, mode: Mode, lang: str) -> Iterator[str]:
    when = " and ".join(condition.source for condition in q.relevance(item))
    needed = " *" if item.essential else ""
    yield f"{item.id}{needed} [{item.kind}] {say(item.prompt, lang, mode)}"
    if item.calculation is not None:
        yield f"    = {item.calculation.source}"
    if when:
        yield f"    if {when}"
    options = q.options(item.id)
    if item.range is not None:
        yield f"    {item.range.low} … {item.range.high}"
    elif options:
        yield "    " + "  ".join(f"{option.code} {say(option.label, lang, mode)}" for option in options)
