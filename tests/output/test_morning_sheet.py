"""The morning sheet: what waits, three numbers, one resident's words, and what is not known. One page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

from report_week import two_weeks
from small_day import CENTRE, SmallDay, at

from followup.reports.building import build
from followup.reports.document.model import Document, Sentence
from followup.reports.document.wording import in_cell, sentence_text
from followup.reports.morning_document import morning_document, read_morning_facts
from followup.reports.rendering.docx import to_docx
from followup.reports.rendering.printed import printed
from survey import counting
from survey.periods import Period

THURSDAY = Period(date(2026, 3, 12), date(2026, 3, 12))


async def sheet(day: SmallDay, period: Period = THURSDAY) -> Document:
    await counting.refresh(day.conn)
    end = at(0, days=(period.last - date(2026, 3, 9)).days + 1)
    return await build(day.conn, "morning", CENTRE, period, end)


def said(made: Document) -> list[str]:
    return [sentence_text(made, block, "zh") for block in made.blocks() if isinstance(block, Sentence)]


def decisions(made: Document) -> list[list[str]]:
    return [
        [
            cell.zh if not isinstance(cell, str) else in_cell(made.figures[cell], "zh")
            for cell in row.cells
            if cell
        ]
        for row in made.tables()[0].rows
    ]


async def test_a_whole_sheet(small_day: SmallDay) -> None:
    await two_weeks(small_day)
    made = await sheet(small_day)
    assert decisions(made) == [["991721-20260309-00060-4", "未解决、不满意", "03-09 21:45 已逾时"]]
    assert said(made) == [
        "共1件,其中已逾时1件。",
        "觉得安全的(近7日):89.7%(95%区间83.3–94.3,n=136)。",
        "回访说“已解决”的:不公布(回答不足十份)。",
        "满意率(半权):不公布(回答不足十份)。",
        "“还剩一只大的”(991721-20260309-00052-4)",
        "回访率87.5%(n=8):没有访到的1件和访到没评价的0件,怎么想我们不知道;还有0件正在联系。",
    ]


async def test_in_word_its_lines_are_close_so_that_five_decisions_are_on_one_page(
    small_day: SmallDay,
) -> None:
    """Looked at in LibreOffice with five decisions; the lines of an official document took two pages."""
    await two_weeks(small_day)
    made = await sheet(small_day)
    with ZipFile(BytesIO(to_docx(printed(made), "zh"))) as parts:
        styles = parts.read("word/styles.xml").decode()
    assert 'w:line="400" w:lineRule="exact"' in styles and '<w:sz w:val="28"/>' in styles
    assert 'w:line="560"' not in styles and 'w:jc w:val="both"' not in styles


async def test_a_day_of_nothing_says_so(small_day: SmallDay) -> None:
    made = await sheet(small_day, Period(date(2026, 2, 2), date(2026, 2, 2)))
    assert decisions(made) == [] and made.tables()[0].empty.zh == "没有待决定的标记。"
    assert said(made) == [
        "共0件,其中已逾时0件。",
        "觉得安全的(近7日):无数据(n=0)。",
        "回访说“已解决”的:无数据(n=0)。",
        "满意率(半权):无数据(n=0)。",
        "近日没有居民留下原话。",
        "回访率无数据(n=0):没有访到的0件和访到没评价的0件,怎么想我们不知道;还有0件正在联系。",
    ]


async def test_more_than_a_page_of_decisions_is_counted_and_the_oldest_are_shown(small_day: SmallDay) -> None:
    await counting.refresh(small_day.conn)
    facts = await read_morning_facts(small_day.conn, CENTRE, THURSDAY, at(0, days=4))
    (line,) = facts.callbacks.waiting
    many = [replace(line, number=f"991721-20260309-1000{n}") for n in range(9)]
    made = morning_document(replace(facts, callbacks=replace(facts.callbacks, waiting=many)))
    assert said(made)[0] == "共9件,其中已逾时9件。"
    assert [row[0] for row in decisions(made)] == [f"991721-20260309-1000{n}" for n in range(5)]
