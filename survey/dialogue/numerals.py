"""Written-out numbers: 一百零二, 两千三, 3万5, "two thousand and five", "three and a half"."""

import re
from decimal import Decimal
from functools import cache
from typing import Any, Final

from survey.dialogue.normalise import data

HALF: Final = Decimal("0.5")
LONGEST: Final = 24
"""Characters of one number; none that answers a question is longer."""


def lists() -> Any:
    """numbers.yaml, as written there."""
    return data("numbers.yaml")


def chinese(run: str) -> Decimal | None:
    """三十五, 三点五, 二〇二六; None for what is no number or two: 三五, 七八十."""
    whole, point, fraction = run.partition("点")
    value = chinese_whole(whole)
    if value is None or not point:
        return None if value is None else Decimal(value)
    size = lists()["sizes"].get(fraction[-1:])
    figures = [lists()["digits"].get(one) for one in (fraction[:-1] if size else fraction)]
    if not figures or None in figures:
        return None
    return (value + Decimal("0." + "".join(map(str, figures)))) * (size or 1)


def chinese_whole(run: str) -> int | None:
    """The same for whole numbers."""
    if len(run) > LONGEST:
        return None
    for sign, size in lists()["sizes"].items():
        head, found, tail = run.partition(sign)
        if found:
            return _section(head, tail, size)
    figures = [lists()["digits"].get(one) for one in run]
    if not figures or None in figures or (len(figures) in (2, 3) and 0 not in figures):
        return None
    return int("".join(map(str, figures)))


def _section(head: str, tail: str, size: int) -> int | None:
    """`head` times `size` and what follows: 两千 and 三, which is 三百; 一百 and 零二; 十 and 五."""
    many = 1 if size == 10 and not head else chinese_whole(head)
    if many is None or not 1 <= many < (size if size >= 10000 else 10):
        return None
    if not tail:
        return many * size
    after_zero = tail[0] in "零〇"
    rest = chinese_whole(tail.lstrip("零〇"))
    if rest is None or rest >= size:
        return None
    if not after_zero and size > 10 and rest < size // 10:
        if len(tail) > 1:
            return None
        rest *= size // 10
    return many * size + rest


def figures(run: str) -> Decimal | None:
    """Figures, perhaps with Chinese sizes: 35, 3.5, 1.5万, 3万5, 2千3百."""
    if len(run) > LONGEST:
        return None
    total, before = Decimal(0), 10**16
    for number, sizes in re.findall(r"([\d.]+)(\D*)", run):
        worth = 1
        for size in sizes:
            worth *= lists()["sizes"][size]
        if total and not sizes:
            worth = before // 10 if len(number) == 1 else before
        if worth >= before:
            return None
        total, before = total + Decimal(number) * worth, worth
    return total


def english(text: str) -> Decimal:
    """The number of a text that `english_form` fits."""
    words = lists()["english"]
    plain = {**words["ones"], **words["teens"], **words["tens"]}
    said, _, fraction = text.partition("point")
    total, current = Decimal(0), Decimal(0)
    for word in re.findall(r"[\d.]+|[a-z]+", said):
        size = words["scales"].get(word)
        if word == "half":
            return total + current + HALF
        if size == 100:
            current = max(current, Decimal(1)) * 100
        elif size:
            total, current = total + max(current, Decimal(1)) * size, Decimal(0)
        else:
            current += Decimal(word) if word[0].isdigit() else plain.get(word, 0)
    behind = "".join(str(plain[word]) for word in fraction.split())
    return total + current + (Decimal("0." + behind) if behind else 0)


@cache
def english_form() -> str:
    """A pattern for a number in English words."""
    words = lists()["english"]
    ones, teens, tens = ("|".join(words[kind]) for kind in ("ones", "teens", "tens"))
    small = rf"(?:(?:{tens})(?:[\s-]+(?:{ones})\b)?|{teens}|{ones})\b"
    hundreds = rf"(?:(?:{small}|an?)\s+hundred\b(?:\s+(?:and\s+)?{small})?|{small})"
    thousands = rf"(?:{hundreds}|an?|[\d.]+)\s*(?:thousand|k|million)\b(?:\s+(?:and\s+)?{hundreds})?"
    whole = rf"(?:{thousands}|\d+\s*hundred\b|{hundreds})"
    behind = rf"(?:\s+point(?:\s+(?:zero|{ones})\b)+|\s+and\s+a\s+half\b)?"
    return rf"(?<![\w.])(?:{whole}{behind}|(?:a\s+)?half\b(?!\s+past))"
