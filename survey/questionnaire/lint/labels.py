"""What the labels of a scale say: each good or bad, and of what. By the word lists alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.questionnaire.lint.policy import ScaleWords


@dataclass(frozen=True, slots=True)
class Label:
    """`sign`: 1 good, -1 bad, 0 neither; `stem`: what it is about, such as 满意."""

    sign: int
    stem: str


def scale_of(labels: Sequence[str], words: ScaleWords) -> tuple[Label, ...] | None:
    """The labels of a scale read one by one; None if they are not all about one thing, with something good in it and
    something bad."""
    read = [_neutral(label, words) or _read(label.strip().lower(), words) for label in labels]
    stems = {label.stem for label in read if label.sign}
    read = [_without_prefix(label, stems, words) for label in read]
    signs, stems = {label.sign for label in read}, {label.stem for label in read if label.sign}
    if len(stems) != 1 or stems & words.no_scale or not {1, -1} <= signs:
        return None
    return tuple(read)


def is_plain(label: str, words: ScaleWords) -> bool:
    """Whether it is a bare yes or no, good in one question and bad in the next."""
    return _read(label, words).stem in words.no_scale


def _neutral(label: str, words: ScaleWords) -> Label | None:
    return Label(0, "") if label.strip().lower() in words.neutral else None


def _read(label: str, words: ScaleWords) -> Label:
    sign, rest = (_tokens if label.isascii() else _characters)(label, words)
    opposite = words.opposites.get(rest)
    return Label(sign, rest) if opposite is None else Label(-sign, opposite)


def _characters(label: str, words: ScaleWords) -> tuple[int, str]:
    """Chinese: what stands in front is taken off, longest first, as long as something is left."""
    sign, rest = 1, label
    fronts = sorted((*words.degrees, *words.negations), key=len, reverse=True)
    while front := next((one for one in fronts if rest.startswith(one) and len(rest) > len(one)), None):
        sign, rest = (-sign if front in words.negations else sign), rest.removeprefix(front)
    while ending := next((one for one in words.endings if rest.endswith(one) and len(rest) > len(one)), None):
        rest = rest.removesuffix(ending)
    return sign, rest


def _tokens(label: str, words: ScaleWords) -> tuple[int, str]:
    tokens = [token.strip(".,!()") for token in label.split()]
    negated = sum(token in words.negations for token in tokens) % 2
    left = [token for token in tokens if token not in words.degrees and token not in words.negations]
    return (-1 if negated else 1), " ".join(left)


def _without_prefix(label: Label, stems: set[str], words: ScaleWords) -> Label:
    """ "unsafe" is bad where "safe" is among the labels."""
    for prefix in words.prefixes:
        bare = label.stem.removeprefix(prefix)
        if label.sign and bare != label.stem and bare in stems:
            return Label(-label.sign, bare)
    return label
