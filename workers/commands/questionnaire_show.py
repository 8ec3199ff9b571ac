"""Laid out for reading: a questionnaire, its head, then each mode with its questions in order; and what the lint found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import typer

from survey.questionnaire import Item, Mode, Questionnaire, say
from survey.questionnaire.lint import Finding, estimate, render
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
        elif modes:
            yield f"\n== {NAMES[mode]}: 不问 asks nothing =="


def finding_lines(findings: Sequence[Finding], *, none: int) -> Iterator[str]:
    """Each finding, its severity in colour, and a summary. `none`: files that are no questionnaires."""
    for one in findings:
        colour = typer.colors.RED if one.severity == "error" else typer.colors.YELLOW
        severity = typer.style(one.severity, fg=colour)
        yield render([one]).replace(f": {one.severity} ", f": {severity} ", 1).rstrip("\n")
    if none:
        yield f"{none} 个文件不成问卷 files are no questionnaires"
    if findings:
        errors = sum(one.severity == "error" for one in findings)
        yield f"{errors} 处错误 errors, {len(findings) - errors} 处警告 warnings"
    elif not none:
        yield "没有发现问题 no findings"


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
