"""Sections of the weekly report that tell of appeals and cases: what came in, handling, callbacks, causes, decisions,
major reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from followup.categories import categories
from followup.duties import duties
from followup.reports import terms
from followup.reports.document.figures import Figures, Words, both
from followup.reports.document.model import Bar, Chart, Column, Row, Section, Sentence, Table
from followup.reports.report_policy import report_policy
from followup.reports.weekly_facts import WeeklyFacts
from followup.reports.weekly_field_sections import APPEALS
from followup.store.weekly_cases import UnitRounds

CASES = "followup.store.weekly_cases"
EVENTS = f"{CASES}.SELECT_EVENTS"
ROUNDS = f"{CASES}.SELECT_UNITS"
ROUNDS_BASE = both("到期的办理轮次", "rounds that were due")
STEPS = {
    "submit": both("呈报", "submitted"),
    "dispatch": both("交办", "dispatched"),
    "sign": both("签收", "signed"),
    "return": both("退单", "returned"),
    "submit_result": both("反馈结果", "results reported"),
    "return_incomplete": both("退回补充", "results sent back"),
    "redispatch": both("再次交办", "sent out again"),
}
COLOURS = {"red": both("红", "red"), "yellow": both("黄", "yellow"), "green": both("绿", "green")}
KINDS = {
    "consult": both("咨询", "consultation"),
    "help": both("求助", "help"),
    "complaint": both("投诉", "complaint"),
    "report": both("举报", "report"),
    "opinion": both("意见", "opinion"),
    "suggestion": both("建议", "suggestion"),
    "praise": both("表扬", "praise"),
}
NO_APPEALS = both("本期没有登记诉求。", "No appeal was registered in this period.")
N = Column(key="n", head=both("件数", "Cases"))
SHARE = Column(key="share", head=both("占比", "Share"), rate=True)


def appeals(figures: Figures, facts: WeeklyFacts) -> Section:
    """三、诉求."""
    lines, most = facts.appeals, report_policy().most_named
    if not lines:
        return Section(title=both("诉求", "Appeals"), blocks=(Sentence(words=NO_APPEALS),))
    groups = Counter(line.category[:2] for line in lines).most_common()
    groups.sort(key=lambda item: (-item[1], item[0]))
    names = {group.code: both(group.name_zh, group.name_en) for group in categories().groups}
    by_category = _counted(
        figures,
        "category",
        both("诉求分类", "Appeals by category"),
        both("类别", "Category"),
        [(code, names.get(code, both(code, code)), n) for code, n in groups],
        len(lines),
    )
    kinds = Counter(line.kind for line in lines)
    by_kind = _counted(
        figures,
        "kind",
        both("诉求性质", "Appeals by kind"),
        both("性质", "Kind"),
        [(code, name, kinds[code]) for code, name in KINDS.items() if kinds[code]],
        len(lines),
    )
    sources = Counter(line.source for line in lines)
    by_source = _counted(
        figures,
        "source",
        both("诉求来源", "Appeals by source"),
        both("来源", "Source"),
        [(code, both(*terms.words(terms.SOURCES, code)), n) for code, n in sorted(sources.items())],
        len(lines),
    )
    numbers = Counter(line.duty_no for line in lines)
    by_duty = _counted(
        figures, "duty", both("按十项职责", "By duty"), both("职责", "Duty"),
        [
            (str(one.number), both(one.name_zh, one.name_en), numbers[one.number])
            for one in duties().duties
            if numbers[one.number]
        ],
        len(lines),
    )  # fmt: skip
    chart = Chart(
        key="categories",
        title=both("诉求分类(件)", "Appeals by category (cases)"),
        bars=tuple(
            Bar(label=names.get(code, both(code, code)), figure=f"category.{code}.n") for code, _ in groups
        ),
        empty=NO_APPEALS,
    )
    return Section(
        title=both("诉求", "Appeals"),
        blocks=(_top(figures, facts, groups[:most], names), chart, by_category),
        parts=(
            Section(title=both("性质、来源与职责", "Kinds, sources, duties"), blocks=(by_kind, by_source, by_duty)),
            Section(title=both("热点", "Hot spots"), blocks=(_hot_spots(figures, facts),)),
        ),
    )  # fmt: skip


def _top(
    figures: Figures, facts: WeeklyFacts, top: Sequence[tuple[str, int]], names: dict[str, Words]
) -> Sentence:
    repeats = figures.count(
        "appeals.repeats",
        both("重复诉求", "repeated appeals"),
        sum(line.repeats for line in facts.appeals),
        APPEALS,
    )
    for code, _ in top:
        name = names.get(code, both(code, code))
        figures.said(f"category.{code}.name", name, name, "followup.policies.categories")
    joint = figures.share(
        "category.top", both("前几类合计占比", "the most frequent together"), sum(n for _, n in top), len(facts.appeals), APPEALS,
        both("登记的诉求", "appeals registered"),
    )  # fmt: skip
    zh = "、".join(
        f"{{category.{code}.name}}{{category.{code}.n}}件,占{{category.{code}}}" for code, _ in top
    )
    en = "; ".join(f"{{category.{code}.name}} {{category.{code}.n}}, {{category.{code}}}" for code, _ in top)
    return Sentence(
        words=both(
            f"诉求最多的:{zh};合计占{{{joint}}}。重复诉求{{{repeats}}}件。",
            f"Most frequent: {en}; together {{{joint}}}. Repeated: {{{repeats}}}.",
        )
    )


def _counted(
    figures: Figures,
    key: str,
    title: Words,
    first: Words,
    lines: Sequence[tuple[str, Words, int]],
    whole: int,
) -> Table:
    """Counts with their shares of the whole."""
    rows = []
    for code, name, n in lines:
        label = both(f"{title.zh}:{name.zh}", f"{title.en}: {name.en}")
        base = both("登记的诉求", "appeals registered")
        count = figures.count(f"{key}.{code}.n", label, n, APPEALS)
        share = figures.share(
            f"{key}.{code}", both(f"{label.zh}占比", f"{label.en}, share"), n, whole, APPEALS, base
        )
        rows.append(Row(cells=(name, count, share)))
    return Table(
        key=key, title=title, columns=(Column(key="name", head=first, wide=True), N, SHARE), rows=tuple(rows), empty=NO_APPEALS
    )  # fmt: skip


def _hot_spots(figures: Figures, facts: WeeklyFacts) -> Table:
    least = report_policy().hot_spot
    spots = Counter((line.category, line.area_code, line.area_zh, line.area_en) for line in facts.appeals)
    leaves = {one.code: both(one.name_zh, one.name_en) for one in categories().categories}
    rows = []
    for (category, area, zh, en), n in sorted(spots.items(), key=lambda item: (-item[1], item[0])):
        if n < least:
            continue
        leaf = leaves.get(category, both(category, category))
        label = both(f"热点 {zh} {leaf.zh}", f"hot spot {en}: {leaf.en}")
        rows.append(
            Row(cells=(both(zh, en), leaf, figures.count(f"spot.{category}.{area}", label, n, APPEALS)))
        )
    return Table(
        key="spots",
        title=both("同一地方的同一类诉求", "Appeals of one kind in one place"),
        columns=(
            Column(key="area", head=both("地方", "Place"), wide=True),
            Column(key="category", head=both("类别", "Category"), wide=True),
            N,
        ),
        rows=tuple(rows),
        empty=both("本期没有热点。", "There was no hot spot in this period."),
    )


def handling(figures: Figures, facts: WeeklyFacts) -> Section:
    """四、办理."""
    steps = {
        code: figures.count(f"step.{code}", name, facts.events.get(code, 0), EVENTS)
        for code, name in STEPS.items()
    }
    said = both(
        "、".join(f"{name.zh}{{{steps[code]}}}" for code, name in STEPS.items()) + "(件次)。",
        "Moves of cases: " + ", ".join(f"{name.en} {{{steps[code]}}}" for code, name in STEPS.items()) + ".",
    )
    query = ROUNDS
    in_time, late = (sum(getattr(one, name) for one in facts.units) for name in ("in_time", "late"))
    figures.count("rounds.in_time", both("按时反馈", "reported in time"), in_time, query)
    figures.count("rounds.late", both("超期", "late"), late, query)
    base = ROUNDS_BASE
    figures.share(
        "rounds.rate", both("按时反馈率", "reported in time, share"), in_time, in_time + late, query, base
    )
    colours = Counter(line.colour for line in facts.colours)
    for colour, name in COLOURS.items():
        figures.count(
            f"colour.{colour}",
            both(f"{name.zh}色在办", f"open and {name.en}"),
            colours[colour],
            f"{CASES}.SELECT_COLOURS",
        )
    due = both(
        "到期的办理轮次中按时反馈{rounds.in_time},超期{rounds.late},按时率{rounds.rate}。在办事项:红{colour.red}、黄{colour.yellow}、绿{colour.green}。",
        "Rounds that were due: in time {rounds.in_time}, late {rounds.late}, {rounds.rate} in time. Open cases: red "
        "{colour.red}, "
        "yellow {colour.yellow}, green {colour.green}.",
    )
    units = rounds_table(figures, facts.units)
    return Section(
        title=both("办理", "Handling"), blocks=(Sentence(words=said), Sentence(words=due), units, _red(facts))
    )


def rounds_table(figures: Figures, lines: Sequence[UnitRounds]) -> Table:
    """Rounds that were due, by the unit that led them."""
    query, base = ROUNDS, ROUNDS_BASE
    rows = []
    for one in lines:
        whole = one.in_time + one.late
        name = both(one.unit_zh, one.unit_zh)
        keys = [
            figures.count(
                f"rounds.{one.unit_code}.{what}", both(f"{name.zh} {label}", f"{name.en}: {what}"), n, query
            )
            for what, label, n in (
                ("due", "到期", whole),
                ("in_time", "按时", one.in_time),
                ("late", "超期", one.late),
            )
        ]
        rate = figures.share(
            f"rounds.{one.unit_code}.rate",
            both(f"{name.zh} 按时率", f"{name.en}: in time, share"),
            one.in_time,
            whole,
            query,
            base,
        )
        rows.append(Row(cells=(name, *keys, rate)))
    return Table(
        key="rounds",
        title=both("各单位按时反馈", "Results in time by unit"),
        columns=(
            Column(key="unit", head=both("承办单位", "Unit"), wide=True),
            Column(key="due", head=both("到期", "Due")),
            Column(key="in_time", head=both("按时", "In time")),
            Column(key="late", head=both("超期", "Late")),
            Column(key="rate", head=both("按时率", "Share in time"), rate=True),
        ),
        rows=tuple(rows),
        empty=both("本期没有到期的办理。", "No result was due in this period."),
    )  # fmt: skip


def _red(facts: WeeklyFacts) -> Table:
    red = [line for line in facts.colours if line.colour == "red"][: report_policy().most_listed]
    return Table(
        key="red",
        title=both("红色督办事项", "Red cases"),
        columns=(
            Column(key="case", head=both("事项", "Case"), wide=True),
            Column(key="title", head=both("标题", "Title"), wide=True),
            Column(key="unit", head=both("承办单位", "Unit")),
            Column(key="round", head=both("轮次", "Round"), narrow=True),
        ),
        rows=tuple(
            Row(
                cells=tuple(both(text, text) for text in (one.number, one.title, one.unit_zh, str(one.round)))
            )
            for one in red
        ),
        empty=both("没有红色事项。", "No case is red."),
    )
