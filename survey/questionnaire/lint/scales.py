"""Scales: 1 is the best answer, as in the other instruments, and neither side has more answers than the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.questionnaire.lint.finding import Found, Path, found
from survey.questionnaire.lint.labels import is_plain, scale_of
from survey.questionnaire.lint.policy import in_language, limits, words
from survey.questionnaire.lint.view import View, keys_of
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Option
from survey.questionnaire.wording import say

Labels = tuple[str, ...]


def polarity(view: View) -> Iterator[Found]:
    """Against the scales of the other instruments first, and by the words alone where they have none like it."""
    theirs = [(q, scale) for q in view.shipped if q.code != view.q.code for scale in _scales(q)]
    for name, options in view.q.choices.items():
        if not view.users.get(name):
            continue
        ordered = _by_key(view, name, options)
        path: Path = ("choices", name)
        seen = next((one for one in _against(path, view, ordered, theirs)), None)
        seen = seen or next((one for one in _worst_first(path, name, view, ordered)), None)
        if seen is not None:
            yield seen
    for item in view.q.items:
        if item.range is not None:
            ends = (item.range.low_label, item.range.high_label)
            labels = {lang: tuple(say(end, lang, "voice") for end in ends) for lang in view.languages}
            yield from list(_reversed(view.path(item, "range"), item.id, labels))[:1]


def _scales(q: Questionnaire) -> Iterator[tuple[str, dict[str, Labels]]]:
    """The scales of an instrument: what it deals in two directions, by language, from key 1 on."""
    for name in dict.fromkeys(item.choices for item in q.items if item.two_directions and item.choices):
        options = [option for option in q.choices[name] if option.on_scale]
        yield name, {lang: _labels(options, lang) for lang in q.spoken_languages}


def _labels(options: Sequence[Option], lang: str) -> Labels:
    return tuple(say(option.label, lang, "operator").strip().lower() for option in options)


def _by_key(view: View, name: str, options: Sequence[Option]) -> list[Option]:
    keys = keys_of(view.users[name][0], options)
    scale = [option for option in options if option.on_scale]
    return sorted(scale, key=lambda option: int(keys[option.code]))


def _against(
    path: Path,
    view: View,
    options: Sequence[Option],
    theirs: Sequence[tuple[Questionnaire, tuple[str, dict[str, Labels]]]],
) -> Iterator[Found]:
    for lang in view.languages:
        known = in_language(words().scales, lang)
        mine = [one for one in _labels(options, lang) if known is None or not is_plain(one, known)]
        for q, (_, by_lang) in theirs:
            place = {label: n for n, label in enumerate(by_lang.get(lang, ()))}
            shared = [label for label in mine if label in place]
            right = sorted(shared, key=place.__getitem__)
            if shared != right:
                yield found(
                    "polarity",
                    path,
                    choices=path[1],
                    code=q.code,
                    mine=" - ".join(shared),
                    theirs=" - ".join(right),
                )


def _worst_first(path: Path, name: str, view: View, options: Sequence[Option]) -> Iterator[Found]:
    yield from _reversed(path, name, {lang: _labels(options, lang) for lang in view.languages})


def _reversed(path: Path, name: str, by_lang: dict[str, Labels]) -> Iterator[Found]:
    for lang, labels in by_lang.items():
        known = in_language(words().scales, lang)
        scale = scale_of(labels, known) if known is not None else None
        if scale is not None and scale[0].sign < 0 < scale[-1].sign:
            yield found("worst-first", path, choices=name, first=labels[0], last=labels[-1])


def balance(view: View) -> Iterator[Found]:
    """As many good answers as bad ones."""
    allowed = {frozenset(one.labels) for one in limits().may_be_unbalanced}
    for name, options in view.q.choices.items():
        if not view.users.get(name):
            continue
        scale = [option for option in options if option.on_scale]
        for lang in view.languages:
            labels = _labels(scale, lang)
            if frozenset(labels) in allowed:
                break
            known = in_language(words().scales, lang)
            read = scale_of(labels, known) if known is not None and len(labels) > 2 else None
            if read is None:
                continue
            good, bad = (sum(label.sign == sign for label in read) for sign in (1, -1))
            if good != bad:
                yield found("unbalanced-scale", ("choices", name), choices=name, good=good, bad=bad)
                break
