"""Columns that are never read in: recognised by heading and by what stands in them."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice, pairwise

from survey.sampling.list_policy import RefusedContent, refused_policy
from survey.sampling.refusals import RefusedColumn

_BORN = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_SHAPE = re.compile(rf"(?<!\d)[1-8]\d{{5}}{_BORN}\d{{3}}[\dXx](?!\d)")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999: 2**(17 - i) modulo 11
_ID_CHECKS = "10X98765432"

Found = tuple[int, str]
"""Position of a column from 0, and what it holds."""


def holds_id_card(text: str) -> bool:
    """Whether an 18-character ID-card number with a right check digit stands anywhere in the text."""
    plain = unicodedata.normalize("NFKC", text)
    return any(_check_digit_fits(match[0]) for match in _ID_SHAPE.finditer(plain))


def _is_id_card(text: str) -> bool:
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return _ID_SHAPE.fullmatch(plain) is not None and _check_digit_fits(plain)


def _check_digit_fits(number: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number, strict=False))
    return _ID_CHECKS[total % 11] == number[17].upper()


def refuse_columns(texts: Sequence[str], columns: Sequence[Sequence[str]], file_name: str) -> None:
    """Raises RefusedColumn that names every refused column; `columns` are the values under each heading."""
    found = dict(_by_content(columns)) | dict(_by_heading(texts))
    if not found:
        return
    columns_named = (
        f"column {at + 1} {_quoted(texts, at)} holds {says}" for at, says in sorted(found.items())
    )
    named = "; ".join(columns_named)
    noun = "this column" if len(found) == 1 else "these columns"
    raise RefusedColumn(
        file_name,
        f"{named}. Such data is never kept here, and nothing of the file was read in",
        f"Delete {noun} and load the file again",
    )


def _quoted(texts: Sequence[str], at: int) -> str:
    return f'"{texts[at]}"' if at < len(texts) and texts[at] else "(no heading)"


def _by_heading(texts: Sequence[str]) -> Iterator[Found]:
    for at, text in enumerate(texts):
        if (says := refused_heading(text)) is not None:
            yield at, says


def refused_heading(heading: str) -> str | None:
    """What a column of this heading would hold that is never kept; None where the heading is harmless."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", heading)).lower()
    chinese = re.sub(r"\s+", "", spaced)
    english = " " + " ".join(re.findall(r"[a-z]+", spaced)) + " "
    for kind in refused_policy().kinds.values():
        if any(word in chinese for word in kind.zh if not word.isascii()):
            return kind.says
        if any(f" {word} " in english for word in (*kind.en, *(word for word in kind.zh if word.isascii()))):
            return kind.says
    return None


def _by_content(columns: Sequence[Sequence[str]]) -> Iterator[Found]:
    content = refused_policy().content
    for at, column in enumerate(columns):
        values = list(islice((value for value in column if value.strip()), content.sample))
        if _share(values, _is_id_card) >= content.id_card_share:
            yield at, refused_policy().kinds["id_card"].says
        elif _share(values, lambda value: _is_pair(value, content)) >= content.position_share:
            yield at, refused_policy().kinds["position"].says
    for left, right in pairwise(range(len(columns))):
        both = ((a, b) for a, b in zip(columns[left], columns[right], strict=True) if a.strip() or b.strip())
        pairs = [f"{a},{b}" for a, b in islice(both, content.sample)]
        if _share(pairs, lambda value: _is_pair(value, content)) >= content.position_share:
            yield left, refused_policy().kinds["position"].says
            yield right, refused_policy().kinds["position"].says


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values) if values else 0.0


@cache
def _pair(decimals: int) -> re.Pattern[str]:
    decimal = rf"(\d{{1,3}}\.\d{{{decimals},}})"
    return re.compile(rf"\s*\(?\s*{decimal}\s*[,;\s]\s*{decimal}\s*\)?\s*")


def _is_pair(value: str, content: RefusedContent) -> bool:
    """Whether a value is a longitude and a latitude of China, in either order."""
    match = _pair(content.position_decimals).fullmatch(unicodedata.normalize("NFKC", value))
    if match is None:
        return False
    first, second = float(match[1]), float(match[2])
    return any(
        content.longitude[0] <= x <= content.longitude[1] and content.latitude[0] <= y <= content.latitude[1]
        for x, y in ((first, second), (second, first))
    )
