"""The unit quality sheet: who differs by more than chance, and who cannot be told from the centre."""

from __future__ import annotations

from datetime import date

import pytest
from reading_reports import docx_cells, docx_paragraphs, html_paragraphs
from small_day import CENTRE, SmallDay, at
from test_callback_report import SUILAN, WEEK, line

from followup.reports.building import build
from followup.reports.callback_report import make_report
from followup.reports.document.model import Document, Funnel, Sentence
from followup.reports.document.wording import sentence_text
from followup.reports.rendering import FORMATS
from followup.reports.rendering.funnel_geometry import geometry
from followup.reports.rendering.printed import printed
from followup.reports.unit_document import UnitFacts, unit_document
from followup.store.weekly_cases import Counted, UnitRounds
from survey.periods import Period

UNITS = {"公安局": (150, 15), "水利局": (12, 3), "住建局": (60, 26), "民政局": (4, 0)}
"""{unit: (ratings, dissatisfied among them)}."""


@pytest.fixture
def sheet() -> Document:
    lines = [
        line(100 * place + n, unit, codes=f"C1=1 C2=1 C3={3 if n < bad else 1}")
        for place, (unit, (ratings, bad)) in enumerate(UNITS.items())
        for n in range(ratings)
    ]
    report = make_report(SUILAN, WEEK, at(18, days=6), lines)
    rounds = [UnitRounds("公安局", "公安局", 30, 2)]
    return unit_document(UnitFacts(report, report, rounds, [Counted("住建局", 1)]))


def said(made: Document) -> list[str]:
    return [sentence_text(made, block, "zh") for block in made.blocks() if isinstance(block, Sentence)]


def test_only_what_lies_outside_the_limits_is_called_different(sheet: Document) -> None:
    """Of the small one a quarter is dissatisfied, too, and nothing is said of it."""
    assert said(sheet)[:2] == [
        "全中心半权满意率80.5%(95%区间74.8–85.2,n=226)。界限以内的单位1个,它们之间的差别与偶然分不开。",
        "住建局明显低于全中心:56.7%(95%区间43.6–68.9,n=60)。",
    ]
    assert "明显高于" not in "".join(said(sheet))


def test_a_small_unit_and_the_next_are_not_in_the_plot(sheet: Document) -> None:
    (plot,) = [block for block in sheet.blocks() if isinstance(block, Funnel)]
    assert [dot.label.zh for dot in plot.dots] == ["公安局", "住建局"]


def test_where_the_dots_lie(sheet: Document) -> None:
    (plot,) = [block for block in sheet.blocks() if isinstance(block, Funnel)]
    found = geometry(sheet, plot)
    assert [(round(spot.at[0], 3), round(1 - spot.at[1], 3), spot.outside) for spot in found.spots] == [
        (1.0, 0.9, False),
        (0.4, 0.567, True),
    ]
    assert found.most == 150
    assert all(0 <= x <= 1 and 0 <= y <= 1 for line in found.limits for x, y in line)
    inner, outer = found.limits[0][-1][1], found.limits[2][-1][1]  # the lower lines at n = 150
    assert (round(1 - inner, 3), round(1 - outer, 3)) == (0.742, 0.705)


def test_the_legend_names_each_dot_in_every_format(sheet: Document) -> None:
    page, word = (FORMATS[ending](printed(sheet), "zh") for ending in ("html", "docx"))
    assert "<li>2 住建局: 56.7%(95%区间43.6–68.9,n=60)</li>" in page.decode()
    assert 'fill="#000" stroke="#000"' in page.decode()  # outside: filled
    at_dot = docx_cells(word).index("2 住建局")
    assert docx_cells(word)[at_dot + 1] == "56.7%(95%区间43.6–68.9,n=60)"
    for text in said(sheet):
        assert text in html_paragraphs(page) and text in docx_paragraphs(word)


async def test_a_period_without_ratings_says_so(small_day: SmallDay) -> None:
    day = Period(date(2026, 1, 5), date(2026, 1, 5))
    page = FORMATS["html"](printed(await build(small_day.conn, "unit", CENTRE, day, at(0))), "zh").decode()
    assert "遂澜县社情民意调查中心承办单位办理质量表" in page
    assert "评价不足,不画。" in page and "本期没有到期的办理。" in page and "本期没有认定的虚假办结。" in page
