"""What is said first must be true: where the number comes from, and that the call is recorded (settled policy §1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from survey.questionnaire.lint.finding import Found, Path, found
from survey.questionnaire.lint.policy import in_language, words
from survey.questionnaire.lint.solving import Solver
from survey.questionnaire.lint.view import View
from survey.questionnaire.wording import Mode, say

FRAMES: Mapping[str, str] = {"list": "random", "random": "list"}
"""A frame, and the one whose claim would be untrue in it."""
SPOKEN: tuple[Mode, ...] = ("voice", "operator")


def opening(view: View, solver: Solver) -> Iterator[Found]:
    if not view.modes:
        return
    if not view.q.scripts.get("opening"):
        yield found("no-opening", ("scripts",))
        return
    yield from _claims(view, solver)
    yield from _recording(view, solver)


def _said(
    view: View, solver: Solver, mode: Mode, lang: str, facts: Mapping[str, str]
) -> Iterator[tuple[Path, str]]:
    """The lines of the opening and the notes before the first question that may be said, with their paths."""
    nothing = frozenset(view.q.by_id)
    given = {**facts, "lang": lang}
    for place, line in enumerate(view.q.scripts.get("opening", ())):
        conditions = () if line.when is None else (line.when,)
        if solver.can_hold(conditions, (mode,), nothing, facts=given):
            yield ("scripts", "opening", place, "say"), say(line.say, lang, mode)
    first = next(iter(view.units[mode]), None)
    for note in first.notes if first is not None else ():
        if solver.can_hold(view.q.relevance(note), (mode,), nothing, facts=given):
            yield view.path(note, "prompt"), say(note.prompt, lang, mode)


def _claims(view: View, solver: Solver) -> Iterator[Found]:
    """Each frame may claim only what is true of it."""
    frames = (view.frame,) if view.frame is not None else tuple(FRAMES)
    claims = words().claims
    for frame in frames:
        other = FRAMES.get(frame)
        if other is None:
            continue
        for lang in view.languages:
            pattern = in_language(getattr(claims, other), lang)
            for mode in view.modes if pattern is not None else ():
                for path, text in _said(view, solver, mode, lang, {"frame": frame}):
                    if claim := pattern.search(text):
                        yield found("opening-frame", (*path, lang), frame=frame, other=other, claim=claim[0])


def _recording(view: View, solver: Solver) -> Iterator[Found]:
    """Announced before "for statistics only", wherever calls are recorded."""
    recorded = "recorded" in view.facts
    for lang in view.languages:
        announced, statistics = (in_language(of, lang) for of in (words().recording, words().statistics_only))
        if announced is None or statistics is None:
            continue
        told: dict[tuple[Path, str, str], list[Mode]] = {}
        for mode in (mode for mode in view.modes if mode in SPOKEN):
            lines = list(_said(view, solver, mode, lang, {"recorded": "yes"}))
            text = "".join(said for _, said in lines)
            first, second = announced.search(text), statistics.search(text)
            if first is None and recorded and text:
                told.setdefault((("scripts", "opening"), "never", ""), []).append(mode)
            elif first is not None and second is not None and second.start() < first.start():
                path = next((path for path, said in lines if second[0] in said), ("scripts", "opening"))
                told.setdefault(((*path, lang), "after", second[0]), []).append(mode)
        for (path, says, claim), modes in told.items():
            yield found("recording-announced", path, says, modes=", ".join(modes), lang=lang, claim=claim)


def official(view: View) -> Iterator[Found]:
    """An official form shows by which table, whose authority and until when it is asked."""
    form = view.q.official
    if form is not None:
        parts = ("table_no", "authority", "approval_no", "valid_until")
        if lacking := [part for part in parts if not getattr(form, part).strip()]:
            yield found("official-incomplete", ("official",), parts=", ".join(lacking))
        return
    for lang, styles in view.q.title.items():
        pattern = in_language(words().official, lang)
        for text in styles.values() if pattern is not None else ():
            if claim := pattern.search(text):
                yield found("official-missing", ("title", lang), words=claim[0])
                return
