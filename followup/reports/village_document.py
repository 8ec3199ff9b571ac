"""The village sheet (您说我办) as a document: an overview, then one page per village for its notice board. What only
a unit says is not in it: done is what the resident who raised it has confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from followup.reports.document.figures import Figures, Words, both
from followup.reports.document.model import Column, Document, Header, Row, Section, Sentence, Table
from followup.reports.indicator_figures import claims_of
from followup.reports.report_policy import versions
from followup.reports.serials import serial_of
from followup.reports.village_facts import VillageFacts
from followup.reports.village_figures import FIGURES_OF_PAGE, put_page, side_of
from followup.reports.village_pages import Sheet, sheet_of
from followup.reports.village_sections import page_section
from survey.policies import packaged

PLACE = both("村(社区)", "Village")


def village_document(facts: VillageFacts) -> Document:
    """The document; it is the same for the same rows."""
    figures, sheet = Figures(), sheet_of(facts.cases)
    for page in sheet.pages:
        put_page(figures, page)
    moved = _moved(sheet, sheet_of(facts.before))
    return Document(
        header=_header(facts),
        sections=(
            _overview(figures, sheet),
            *(page_section(figures, page, moved[page.code], facts.centre) for page in sheet.pages),
        ),
        notes=NOTES,
        figures=figures.by_key(),
        main="villages",
    )


def _header(facts: VillageFacts) -> Header:
    serial, year = serial_of(facts.period)
    rules = ("village", "open311")
    return Header(
        kind="village",
        title=both("您说我办", "You said, we did"),
        serial=serial,
        year=year,
        centre_code=facts.centre.code,
        centre=both(facts.centre.name_zh, facts.centre.name_en),
        first=facts.period.first,
        last=facts.period.last,
        cut_off=facts.cut_off.astimezone(UTC).replace(microsecond=0),
        tz=facts.centre.tz,
        policies=versions() | {name: packaged("followup.policies", name).version for name in rules},
    )


def _moved(sheet: Sheet, before: Sheet) -> Mapping[str, Words]:
    """What may be said of how each page's share of solved matters has moved, all pages as one family."""
    then = {page.code: side_of(page) for page in before.pages}
    return claims_of({page.code: (then.get(page.code), side_of(page)) for page in sheet.pages})


def _overview(figures: Figures, sheet: Sheet) -> Section:
    table = Table(
        key="villages",
        title=both("各村一览", "The villages"),
        columns=(
            Column(key="place", head=PLACE, wide=True),
            Column(key="raised", head=both("提出", "Raised")),
            Column(key="verified", head=both("本人确认解决", "Confirmed as solved")),
            Column(key="open", head=both("还在办", "Still open")),
            Column(key="solved", head=both("解决率", "Solved"), rate=True),
            Column(key="coverage", head=both("访到", "Reached"), rate=True),
        ),
        rows=tuple(
            Row(cells=(page.name, *(f"{page.code}.{name}" for name in FIGURES_OF_PAGE)))
            for page in sheet.pages
        ),
        empty=both(
            "本期没有一个村有十位以上居民提出事项。", "No village had ten residents who raised something."
        ),
    )
    left = Table(
        key="left",
        title=both("没有单独一页的地方", "Places without a page of their own"),
        columns=(
            Column(key="place", head=PLACE, wide=True),
            Column(key="why", head=both("原因", "Why"), wide=True),
        ),
        rows=tuple(Row(cells=(name, TOO_FEW)) for name in sheet.left),
        empty=both("没有这样的地方。", "There is no such place."),
    )
    pages = figures.count("pages", both("页数", "pages"), len(sheet.pages), PAGES)
    few = figures.count("left", both("没有单独一页的地方", "places without a page"), len(sheet.left), PAGES)
    said = Sentence(
        words=both(
            f"以下每村(或同乡镇其余各村)一页,共{{{pages}}}页,可以张贴;提出事项的居民不足十人的{{{few}}}处不单独成页。",
            f"One page for each village, or for the other villages of a township together: {{{pages}}}, to be put up. Places with"
            f" fewer than ten residents who raised something have none: {{{few}}}.",
        )
    )
    return Section(title=both("一览", "At a glance"), blocks=(said, table, left))


def _note(zh: str, en: str) -> Sentence:
    return Sentence(words=both(zh, en))


PAGES = "followup.reports.village_pages.sheet_of"
TOO_FEW = both(
    "提出事项的居民不足十人,单列会让人认出是谁",
    "fewer than ten residents raised something; they could be made out",
)
NOTES = (
    _note(
        "只有提出事项的居民本人在回访中说已解决的,才算解决;承办单位自己说办好的不算。",
        "Solved is only what the resident who raised it calls solved when called back; what the unit says does not count.",
    ),
    _note(
        "没联系上和没有评价的单独列出,既不算满意也不算不满意。解决率只算回答了的人,括号里是人数和区间。",
        "Whoever was not reached or gave no rating stands apart, neither content nor discontent. The share of solved matters is"
        " of those who answered; their number and the interval stand in brackets.",
    ),
    _note(
        "不足十位居民的村、类别和比率都不单列。引用的办理结果只限公共场所的事,涉及个人、纠纷和作风的不引用。",
        "Villages, kinds of matters and rates of fewer than ten residents are not told apart. Results are quoted of public places"
        " only, never of persons, disputes or conduct.",
    ),
    _note(
        "和上期比,是与上期同样长的时间以后相比;证据不足的说“无明显变化”。",
        "The period before is taken as it stood after the same time; where evidence is thin, no change is claimed.",
    ),
)
