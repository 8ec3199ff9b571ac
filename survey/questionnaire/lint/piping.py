"""`${name}` in wordings: names that there are, of what is known when the words are said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey.questionnaire.lint import standard
from survey.questionnaire.lint.finding import Found, Path, found
from survey.questionnaire.lint.view import View
from survey.questionnaire.parts import Item
from survey.questionnaire.wording import PLACE, Mode, Wording, pipes, say

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Spot:
    """A wording with a name in it. `item`: at whose turn it is said, None in a script; `guards`: names that its
    condition asks about; `own`: names that it knows by itself."""

    path: Path
    wording: Wording
    modes: Sequence[Mode]
    item: Item | None
    guards: frozenset[str] = NOTHING
    own: frozenset[str] = NOTHING


def piping(view: View) -> Iterator[Found]:
    """Each wording once for each name that is wrong in it, with the modes in which it is."""
    for spot in _spots(view):
        yield from _unknown(view, spot)
        told: dict[tuple[str, str, str, str, str], list[Mode]] = {}
        for mode in spot.modes:
            for lang, name in _piped(view, spot.wording, mode):
                for rule, says, question in _wrong(view, spot, mode, name):
                    told.setdefault((rule, says, lang, name, question), []).append(mode)
        for (rule, says, lang, name, question), modes in told.items():
            path = (*spot.path, lang)
            yield found(rule, path, says, name=name, question=question, modes=", ".join(modes))


def _spots(view: View) -> Iterator[_Spot]:
    labels = {name: list(_labels(view, name)) for name in view.q.choices}
    for item in view.q.items:
        modes = [mode for mode in item.modes if item.id in view.position[mode]]
        guards = NOTHING.union(*(one.names for one in view.q.relevance(item)))
        for path, wording in (*_wordings(view, item), *labels.get(item.choices or "", ())):
            if pipes(wording):
                yield _Spot(path, wording, modes, item, guards)
    for place, page in enumerate(view.q.pages):
        if pipes(page.prompt) and page.items:
            yield _Spot(("pages", place, "prompt"), page.prompt, page.modes, view.q.by_id[page.items[0]])
    for script, lines in view.q.scripts.items():
        own = standard.known_to(script)
        for place, line in enumerate(lines):
            if pipes(line.say):
                asked = line.when.names if line.when is not None else NOTHING
                yield _Spot(("scripts", script, place, "say"), line.say, view.modes, None, asked | own, own)


def _wordings(view: View, item: Item) -> Iterator[tuple[Path, Wording]]:
    for key in ("prompt", "again", "hint", "constraint_message"):
        yield view.path(item, key), getattr(item, key)
    if item.range is not None:
        yield view.path(item, "range", "low_label"), item.range.low_label
        yield view.path(item, "range", "high_label"), item.range.high_label


def _labels(view: View, choices: str) -> Iterator[tuple[Path, Wording]]:
    """Labels that pipe something in, which few do."""
    for place, option in enumerate(view.q.choices[choices]):
        for key, wording in (("label", option.label), ("short", option.short)):
            if pipes(wording):
                yield ("choices", choices, place, key), wording


def _piped(view: View, wording: Wording, mode: Mode) -> Iterator[tuple[str, str]]:
    """(language, name) of what is piped in when a mode says this; each name in the first language that does."""
    seen: set[str] = set()
    for lang in view.languages:
        for name in PLACE.findall(say(wording, lang, mode)):
            if name not in seen:
                seen.add(name)
                yield lang, name


def _wrong(view: View, spot: _Spot, mode: Mode, name: str) -> Iterator[tuple[str, str, str]]:
    """(rule, sentence, question behind the name)"""
    for question in sorted(view.questions_behind(name)):
        if question not in view.position.get(mode, {}):
            if name not in spot.guards:
                yield "piped-too-early", "not_asked", question
        elif spot.item is None:
            if spot.path[1] == "opening":
                yield "piped-too-early", "later", question
        elif spot.item.id in view.position[mode] and not view.surely_before(mode, question, spot.item.id):
            by_chance = question != spot.item.id and view.shuffled(question, spot.item.id)
            yield "piped-too-early", "by_chance" if by_chance else "later", question
    is_fact = name in view.facts and name not in view.q.by_id and name not in view.q.scores_by_id
    if is_fact and name not in spot.guards and name not in view.known_facts[mode]:
        yield "piped-fact", "plain", ""


def _unknown(view: View, spot: _Spot) -> Iterator[Found]:
    known = view.names | spot.own
    for lang, styles in spot.wording.items():
        for name in sorted({one for text in styles.values() for one in PLACE.findall(text)} - known):
            yield found("unknown-name", (*spot.path, lang), name=name)
