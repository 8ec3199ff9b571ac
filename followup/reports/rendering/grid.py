"""A table as a grid for spreadsheets: a rate takes four columns, its value, base and limits, so that all stay numbers."""

from __future__ import annotations

from dataclasses import dataclass

from followup.reports.document.figures import Figure
from followup.reports.document.model import Column, Document, Table
from followup.reports.document.wording import Lang, digits, limits_shown, shown

RATE_HEADS = (("基数", "n"), ("下限", "low"), ("上限", "high"))


@dataclass(frozen=True)
class Square:
    """One cell: a number, words or nothing; `decimals` of a number; `key` of the figure that it shows."""

    value: float | int | str | None
    decimals: int = 0
    key: str | None = None
    head: bool = False
    whole: bool = False


def grid(document: Document, table: Table, lang: Lang) -> list[list[Square]]:
    """The heads and all rows. Rates are in percent, rounded as they are printed."""
    heads: list[Square] = []
    for column in table.columns:
        name = column.head.of(lang)
        heads.append(Square(name, head=True))
        if column.rate:
            heads += [Square(f"{name} {zh if lang == 'zh' else en}", head=True) for zh, en in RATE_HEADS]
    lines = [heads]
    for row in table.rows:
        line: list[Square] = []
        for column, cell in zip(table.columns, row.cells, strict=True):
            if isinstance(cell, str):
                line += _figure(document.figures[cell], column, lang, row.whole)
            else:
                line.append(Square(cell.of(lang) if cell else None, whole=row.whole))
                line += [Square(None)] * (3 if column.rate else 0)
        lines.append(line)
    return lines


def _figure(figure: Figure, column: Column, lang: Lang, whole: bool) -> list[Square]:
    if figure.words is not None:
        first = Square(figure.words.of(lang), key=figure.key, whole=whole)
    elif figure.withheld is not None:
        first = Square(figure.withheld.of(lang), key=figure.key, whole=whole)
    else:
        first = Square(shown(figure), digits(figure), figure.key, whole=whole)
    if not column.rate:
        return [first]
    low, high = limits_shown(figure)
    return [
        first,
        Square(figure.n, key=f"{figure.key}:n"),
        Square(low, digits(figure), f"{figure.key}:low"),
        Square(high, digits(figure), f"{figure.key}:high"),
    ]
