"""The sheet for a village's notice board: done is what residents confirmed, and nobody can be made out."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from reading_reports import docx_paragraphs, html_paragraphs
from small_day import CENTRE, SmallDay, at
from village_quarter import MENGLOU, WANGZHUANG, matter, places, quarter

from followup.casework.states import states
from followup.issuing import issue, verify
from followup.reports.building import build
from followup.reports.document.model import Document, Sentence, Table
from followup.reports.document.wording import in_cell, sentence_text
from followup.reports.rendering import FORMATS
from followup.reports.rendering.printed import printed
from followup.reports.village_pages import village_policy
from survey.periods import Period

QUARTER = Period(date(2026, 1, 1), date(2026, 3, 31))
AFTER = at(0, days=23)
"""The first of April."""


async def sheet(day: SmallDay) -> Document:
    return await build(day.conn, "village", CENTRE, QUARTER, AFTER)


def page(made: Document, name: str) -> list[str]:
    """A page as somebody reads it, line by line."""
    section = next(one for one in made.sections if one.title.zh.startswith(name))
    found = []
    for block in section.blocks:
        if isinstance(block, Sentence):
            found.append(sentence_text(made, block, "zh"))
        elif isinstance(block, Table):
            found += [f"{block.title.zh}: {line}" for line in rows(made, block)]
    return found


def rows(made: Document, table: Table) -> list[str]:
    lines = [
        [
            in_cell(made.figures[cell], "zh") if isinstance(cell, str) else cell.zh
            for cell in row.cells
            if cell
        ]
        for row in table.rows
    ]
    return [" | ".join(line).replace("\n", " ") for line in lines]


async def test_the_whole_page_of_a_village(small_day: SmallDay) -> None:
    await quarter(small_day)
    assert page(await sheet(small_day), "王庄村") == [
        "王庄村(柳河镇):17位居民提出了17件事。",
        "说得最多的是:城乡建设。其他各类的居民太少,列出件数会让人认出是谁。",
        "我办: 本人确认已经解决 | 12",
        "我办: 本人说没有完全解决 | 0",
        "我办: 已经答复,或说明了为什么办不了 | 1",
        "我办: 没有听到本人的评价,不算办好 | 1",
        "我办: 还在办 | 3",
        "我办: 合计 | 17",
        "办完都要问本人:该问15件,问到14件,没问到1件;访到93.3%(n=15)。",
        "问到的人里,说已经解决的:85.7%(95%区间57.2–98.2,n=14)。和上期比:无从比较。",
        "本人确认解决的,例如:",
        "· 第11段路已修好",
        "· 第10段路已修好",
        "· 第9段路已修好",
        "· 第8段路已修好",
        "您的事办得不对,或者不在这里?请找遂澜县社情民意调查中心,报查询码就能查,说一声就能再办。",
    ]


async def test_villages_with_few_residents_share_a_page_and_those_of_a_town_of_few_are_named_with_the_reason(
    small_day: SmallDay,
) -> None:
    await quarter(small_day)
    made = await sheet(small_day)
    assert page(made, "柳河镇其余各村")[:3] == [
        "柳河镇其余各村:12位居民提出了12件事。",
        "包括:李庄村(柳河镇)、赵庄村(柳河镇)。这些地方提出事项的居民各不足十人,所以合在一页。",
        "您说: 农村农业 | 12",
    ]
    assert page(made, "一览") == [
        "以下每村(或同乡镇其余各村)一页,共2页,可以张贴;提出事项的居民不足十人的2处不单独成页。",
        "各村一览: 王庄村(柳河镇) | 17 | 12 | 3 | 85.7% (14) 57.2–98.2 | 93.3% (15)",
        "各村一览: 柳河镇其余各村 | 12 | 12 | 0 | 100.0% (12) 73.5–100.0 | 100.0% (12)",
        "没有单独一页的地方: 城关镇(没有写明村) | 提出事项的居民不足十人,单列会让人认出是谁",
        "没有单独一页的地方: 孟楼村(孟楼镇) | 提出事项的居民不足十人,单列会让人认出是谁",
    ]


async def test_nine_residents_with_many_matters_are_still_nine(small_day: SmallDay) -> None:
    await places(small_day)
    nine = [await small_day.person() for _ in range(9)]
    for n in range(27):
        await matter(small_day, MENGLOU, "0701", "closed", "1", person=nine[n % 9], days=n // 9)
        small_day.people += 1
    assert [one.title.zh for one in (await sheet(small_day)).sections] == ["一览"]
    await matter(small_day, MENGLOU, "0701", None)
    assert page(await sheet(small_day), "孟楼村")[0] == "孟楼村(孟楼镇):10位居民提出了28件事。"


async def test_nothing_by_which_somebody_could_be_found_is_in_any_file(small_day: SmallDay) -> None:
    await quarter(small_day)
    await matter(
        small_day, WANGZHUANG, "0701", "closed", "1", days=12,
        result="已修,见王庄路3号,电话15412345678", anonymity="named",
    )  # fmt: skip
    await matter(
        small_day, WANGZHUANG, "0701", "closed", "1", days=12, result="保密件已办", anonymity="confidential"
    )
    made = printed(await sheet(small_day))
    text = FORMATS["json"](made, "zh").decode() + FORMATS["html"](made, "zh").decode()
    assert "· 已修,见王庄路〔门牌〕,电话〔号码〕" in html_paragraphs(FORMATS["html"](made, "zh"))
    for secret in ("15412345678", "王某", "三百元", "说的原话", "保密件", f"{CENTRE}-20260309-"):
        assert secret not in text
    assert MENGLOU not in text
    figures = made.document.figures
    assert not [key for key in figures if key.startswith(f"{WANGZHUANG}.group")]


async def test_no_rate_of_fewer_than_ten_who_answered(small_day: SmallDay) -> None:
    await places(small_day)
    for _ in range(9):
        await matter(small_day, WANGZHUANG, "0701", "closed", "1")
    await matter(small_day, WANGZHUANG, "0701", None)
    made = await sheet(small_day)
    assert page(made, "王庄村")[-5:-3] == [
        "办完都要问本人;该问的居民还不足十人,问到几位不单列。",
        "问到的人里,说已经解决的:不公布(回答不足十份)。和上期比:无从比较。",
    ]


@pytest.mark.parametrize(("solved_now", "said"), [(24, "无明显变化"), (9, "有下降")])
async def test_a_change_is_claimed_only_with_evidence(
    small_day: SmallDay, solved_now: int, said: str
) -> None:
    await places(small_day)
    for n in range(30):
        await matter(small_day, WANGZHUANG, "0701", "closed", "1" if n < 26 else "3", days=-80)
        await matter(small_day, WANGZHUANG, "0701", "closed", "1" if n < solved_now else "3")
    assert any(line.endswith(f"和上期比:{said}。") for line in page(await sheet(small_day), "王庄村"))


async def test_an_issued_sheet_is_made_again_though_matters_have_moved_on_since(small_day: SmallDay) -> None:
    await quarter(small_day)
    made = await issue(small_day.conn, "village", CENTRE, QUARTER, by="主任", now=AFTER + timedelta(hours=8))
    assert made.document.header.issue is not None
    late = AFTER + timedelta(days=2)
    open_ones = await small_day.conn.fetch("SELECT id FROM followup.case_file WHERE ending IS NULL")
    await small_day.conn.execute(
        "UPDATE followup.case_file SET status = 'closed', ending = 'closed', closed_at = $1 WHERE ending IS NULL",
        late,
    )
    assert len(open_ones) == 4
    found = await verify(small_day.conn, made.document.header.issue.number)
    assert (found.intact, found.same, found.changed) == (True, True, [])


async def test_what_stood_at_the_cut_off_is_told_by_the_events_of_a_case(small_day: SmallDay) -> None:
    await quarter(small_day)
    case = await matter(small_day, WANGZHUANG, "0701", "closed_explained", "3", result="不符合条件")
    for status, days in (("closed_explained", 10), ("archived", 20), ("in_progress", 30)):
        await small_day.put(
            "followup.case_event", case_id=case, round=1, event="x", to_status=status, actor="a", at=at(9, days=days)
        )  # fmt: skip
    lines = page(await sheet(small_day), "王庄村")
    assert "我办: 已经答复,或说明了为什么办不了 | 2" in lines and "我办: 还在办 | 3" in lines


def test_every_state_in_which_a_matter_can_end_is_called_something() -> None:
    endings = village_policy().endings
    named = [*endings.explained, *endings.heard, *endings.unheard]
    known = states()
    assert sorted(named) == sorted({*known.closed, *known.beside} - {"archived"})


async def test_each_page_stands_alone_on_the_board_in_both_languages(small_day: SmallDay) -> None:
    await quarter(small_day)
    made = printed(await sheet(small_day))
    over = "您说我办 · 2026年1月1日至2026年3月31日 · 遂澜县社情民意调查中心"
    html = FORMATS["html"](made, "zh")
    assert b'<body class="board">' in html and html_paragraphs(html).count(over) == 2
    assert docx_paragraphs(FORMATS["docx"](made, "zh")).count(over) == 2
    english = html_paragraphs(FORMATS["html"](made, "en"))
    assert "Wangzhuang (Liuhe Town): 17 residents raised 17 matters." in english
    assert (
        "You said, we did · 1 January 2026 to 31 March 2026 · Suilan Public Opinion Survey Centre" in english
    )
    csv = FORMATS["csv"](made, "zh").decode("utf-8-sig").splitlines()
    assert csv[1] == "王庄村(柳河镇),17,12,3,85.7,14,57.2,98.2,93.3,15,,"
    assert json.loads(FORMATS["json"](made, "zh"))["report"] == "village"


async def test_a_quarter_without_matters_says_so(small_day: SmallDay) -> None:
    made = await build(
        small_day.conn, "village", CENTRE, Period(date(2025, 7, 1), date(2025, 9, 30)), at(0, days=-160)
    )
    assert [one.title.zh for one in made.sections] == ["一览"]
    assert made.tables()[0].empty.zh == "本期没有一个村有十位以上居民提出事项。"
