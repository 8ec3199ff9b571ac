"""The numbers of a report agree wherever they stand: every file is read back and held against the figures."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from reading_reports import (
    docx_cells,
    docx_paragraphs,
    html_cells,
    html_chart,
    html_paragraphs,
    xlsx_figures,
    xlsx_sentences,
)
from report_week import two_weeks
from small_day import CENTRE, SmallDay, at

from followup.reports.building import build
from followup.reports.document.body import body_of, document_of
from followup.reports.document.model import Chart, Document, Kind, Sentence
from followup.reports.document.wording import Lang, in_cell, in_text, limits_shown, sentence_text, shown
from followup.reports.rendering import FORMATS
from followup.reports.rendering.printed import printed
from survey import counting
from survey.periods import Period

WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def period_of(kind: Kind) -> Period:
    """A monthly summary is of a month; here of one that is not over."""
    return MARCH if kind == "monthly" else WEEK


@pytest.fixture
async def reports(small_day: SmallDay) -> AsyncIterator[dict[Kind, Document]]:
    await two_weeks(small_day)
    await counting.refresh(small_day.conn)
    kinds: tuple[Kind, ...] = ("weekly", "callback", "bulletin", "morning", "surveyor", "monthly")
    yield {kind: await build(small_day.conn, kind, CENTRE, period_of(kind), at(0, days=7)) for kind in kinds}


def sentences(made: Document, lang: Lang) -> list[str]:
    return [sentence_text(made, block, lang) for block in made.blocks() if isinstance(block, Sentence)]


def table_cells(made: Document, lang: Lang) -> list[str]:
    return [
        (in_cell(made.figures[cell], lang) if isinstance(cell, str) else cell.of(lang) if cell else "")
        for table in made.tables()
        for row in table.rows
        for cell in row.cells
    ]


def bars(made: Document, lang: Lang) -> list[str]:
    charts = [block for block in made.blocks() if isinstance(block, Chart)]
    return [in_text(made.figures[bar.figure], lang) for chart in charts for bar in chart.bars]


def missing(wanted: list[str], found: list[str]) -> list[str]:
    left = list(found)
    lost = []
    for one in wanted:
        if one in left:
            left.remove(one)
        else:
            lost.append(one)
    return lost


async def test_text_tables_charts_workbook_and_json_say_the_same(reports: dict[Kind, Document]) -> None:
    for made in reports.values():
        this = printed(made)
        langs: tuple[Lang, ...] = ("zh", "en")
        for lang in langs:
            page, word, book = (FORMATS[ending](this, lang) for ending in ("html", "docx", "xlsx"))
            said, squares, drawn = sentences(made, lang), table_cells(made, lang), bars(made, lang)
            if made.header.kind in ("morning", "surveyor"):  # without a chart
                assert len(said) >= 6 and squares
            else:
                assert len(said) > 10 and len(squares) >= 30 and drawn
            assert missing(said, html_paragraphs(page)) == []
            assert missing(said, docx_paragraphs(word)) == []
            assert missing(said, xlsx_sentences(book)) == []
            assert html_cells(page) == squares
            assert missing(squares, docx_cells(word)) == []
            assert html_chart(page) == drawn
            assert missing(drawn, docx_cells(word)) == []
            for key, (value, n, low, high) in xlsx_figures(book).items():
                figure = made.figures[key]
                if figure.words is None:
                    assert (value, n, (low, high)) == (shown(figure), figure.n, limits_shown(figure)), key
        body = json.loads(FORMATS["json"](this, "zh"))
        assert body["sha256"] == this.sha256
        assert document_of(json.dumps(body["document"])) == made
        assert body["sentences"] == [
            {"zh": zh, "en": en} for zh, en in zip(sentences(made, "zh"), sentences(made, "en"), strict=True)
        ]


async def test_a_rate_never_stands_without_its_base(reports: dict[Kind, Document]) -> None:
    for made in reports.values():
        for text in sentences(made, "zh"):
            for part in text.split("%")[1:]:
                assert part.startswith(("(", "区间", ")", "。评价达到")), text  # the floor is a rule, no rate


async def test_the_same_rows_give_the_same_bytes(reports: dict[Kind, Document], small_day: SmallDay) -> None:
    for kind, made in reports.items():
        again = await build(small_day.conn, kind, CENTRE, period_of(kind), at(0, days=7))
        assert body_of(again) == body_of(made)
        for ending, make in FORMATS.items():
            assert make(printed(again), "zh") == make(printed(made), "zh"), ending
        for ending in ("docx", "xlsx"):  # a second later, too: they know no time but the cut-off
            with ZipFile(BytesIO(FORMATS[ending](printed(made), "zh"))) as archive:
                assert {entry.date_time for entry in archive.infolist()} == {(2026, 3, 15, 16, 0, 0)}
                core = archive.read("docProps/core.xml").decode()
            assert re.findall(r"[0-9-]{10}T[0-9:.]+Z", core) == ["2026-03-15T16:00:00Z"] * 2


async def test_nobody_of_a_small_cell_is_in_any_file(reports: dict[Kind, Document]) -> None:
    """Eight people of 王庄乡 answered; they and the next smallest town are kept back."""
    made = reports["weekly"]
    for code in ("991721002", "991721003"):
        figure = made.figures[f"town.{code}"]
        assert (figure.value, figure.n, figure.low) == (None, None, None)
        assert figure.withheld is not None
    assert made.figures["town.991721001"].n == 68
    (towns,) = [table for table in made.tables() if table.key == "towns.table"]
    assert [in_cell(made.figures[str(row.cells[1])], "zh") for row in towns.rows] == [
        "88.2% (68)\n78.0–94.8",
        "*",
        "*",
    ]
