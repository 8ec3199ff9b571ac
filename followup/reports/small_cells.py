"""Which lines of a table are kept back, so that nobody can be made out: those of few answers, and those from which
such a line could be worked out with the total that stands above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from followup.reports.document.figures import Words
from followup.reports.report_policy import report_policy
from survey.statistics.suppression import suppression_policy

Answers = Mapping[str, int]
"""{question: valid answers} of one line."""


def kept_back(lines: Sequence[Answers]) -> list[Words | None]:
    """Of each line why it is kept back, or None. The lines add up to a total that is printed where it is large enough itself.

    In every question the lines that are kept back have together as many answers as are printed at least; the
    smallest of the others is kept back with them until that is so.
    """
    least, words = suppression_policy().private_n, report_policy().words
    found: list[Words | None] = [
        words.private if any(0 < n < least for n in line.values()) else None for line in lines
    ]
    for question in sorted({name for line in lines for name in line}):
        sizes = [line.get(question, 0) for line in lines]
        while _gives_away(sizes, found, least):
            open_lines = [k for k, why in enumerate(found) if why is None and sizes[k]]
            if not open_lines:
                break
            found[min(open_lines, key=lambda k: (sizes[k], k))] = words.complementary
    return found


def total_kept_back(total: Answers) -> Words | None:
    """Why the total itself is kept back, or None."""
    return kept_back([total])[0]


def _gives_away(sizes: Sequence[int], found: Sequence[Words | None], least: int) -> bool:
    hidden = [size for size, why in zip(sizes, found, strict=True) if why is not None and size]
    return bool(hidden) and sum(hidden) < least
