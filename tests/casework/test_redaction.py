"""What units do not get to read; the lines stand in `redactions.tsv`."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.redaction import redacted

with Path(__file__).with_name("redactions.tsv").open(encoding="utf-8") as table:
    LINES = list(csv.DictReader(table, delimiter="\t"))


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len(LINES) >= 40


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["said"])
def test_what_a_unit_reads(line: dict[str, str]) -> None:
    assert redacted(line["said"], line["names"].split()) == line["shown"]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["said"])
def test_twice_is_once(line: dict[str, str]) -> None:
    once = redacted(line["said"], line["names"].split())
    assert redacted(once, line["names"].split()) == once


@given(
    st.text("的了路灯不亮找我 ,。:", max_size=10),
    st.integers(0, 99_999_999),
    st.sampled_from(["", " ", "-"]),
    st.text("的了路灯不亮找我 ,。:", max_size=10),
)
def test_no_mobile_number_passes_whatever_stands_around_it(
    before: str, tail: int, gap: str, after: str
) -> None:
    digits = f"{tail:08}"
    shown = redacted(f"{before}154{gap}{digits[:4]}{gap}{digits[4:]}{after}")
    assert digits[4:] not in shown
    assert shown == redacted(f"{before}15400000001{after}")
