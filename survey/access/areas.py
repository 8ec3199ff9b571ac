"""PURE. Which area lies in which: codes by their prefix, cut only where one level ends and the next begins."""

from typing import Final

LENGTHS: Final = (2, 4, 6, 9, 12, 15)
"""Digits of a province, city, county, township, village and grid (GB/T 2260 and the codes of the statistics office)."""


def is_area(code: str) -> bool:
    """Whether this is written as the code of an area is."""
    return code.isascii() and code.isdecimal() and len(code) in LENGTHS


def contains(outer: str, inner: str) -> bool:
    """Whether `inner` is `outer` or lies in it. What is not written as a code contains nothing and lies nowhere."""
    return is_area(outer) and is_area(inner) and inner.startswith(outer)
