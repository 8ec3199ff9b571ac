"""The stars of a monthly summary: the board of each level with ups and downs, and what the points are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from followup.assessment.star_policy import Level, StarPolicy, star_policy
from followup.reports.document.figures import Figures, Words, both
from followup.reports.document.model import Bar, Block, Chart, Column, Row, Section, Sentence, Table
from followup.reports.indicator_files import area_name
from followup.reports.monthly_facts import MonthlyFacts
from followup.reports.star_figures import (
    STARS,
    level_words,
    put_change,
    put_parts,
    put_points,
    put_standing,
    put_star,
)
from followup.reports.star_lists import NOBODY, PLACE, sanctions_section, starless
from followup.reports.star_places import Graded, county_points, county_star, least

Boards = Mapping[Level, Sequence[Graded]]


def summary(figures: Figures, boards: Boards) -> tuple[Sentence, ...]:
    """What a reader has to know first: how many stars moved and did not, and which."""
    policy, found = star_policy(), []
    for level, graded in boards.items():
        found += [_counted(figures, level, graded, policy), *_moves(graded)]
    return tuple(found)


def stars(figures: Figures, facts: MonthlyFacts, boards: Boards) -> Section:
    """星级评定: level by level, then the sanctions."""
    parts = [_level(figures, facts, level, graded) for level, graded in boards.items()]
    return Section(
        title=both("星级评定", "Stars"),
        blocks=(_whence(figures, facts),),
        parts=(*parts, sanctions_section(facts)),
    )


def _whence(figures: Figures, facts: MonthlyFacts) -> Sentence:
    if facts.goes_on_from is None:
        return Sentence(
            words=both(
                "此前没有签发过月总结,各地都是首次评定。",
                "No summary was issued before; every place is graded for the first time.",
            )
        )
    number = figures.said(
        "stars.before",
        both("上月星级的出处", "where the stars before come from"),
        both(facts.goes_on_from, facts.goes_on_from),
        "followup.store.issued_reports.SELECT_LAST_BEFORE",
    )
    return Sentence(
        words=both(
            f"上月星级取自已签发的{{{number}}}。",
            f"Stars before are those of {{{number}}}, as it was issued.",
        )
    )


def _level(figures: Figures, facts: MonthlyFacts, level: Level, graded: Sequence[Graded]) -> Section:
    policy, report = star_policy(), facts.windows[level].now
    names = {one.place.code: both(*area_name(report, one.place.code)) for one in graded}
    keys = {one.place.code: put_standing(figures, names[one.place.code], one, policy) for one in graded}
    shown = [one for one in graded if level == "township" or one.standing.colour is not None]
    left = [one for one in graded if one not in shown]
    blocks: list[Block] = [
        _county(figures, facts, level, policy),
        _board(level, shown, names, keys, policy),
        *([_chart(shown, names, policy)] if level == "township" else []),
        _changes(figures, level, shown, names, policy),
        _parts(figures, facts, level, shown, names, policy),
    ]
    if left:
        blocks.append(starless(facts, left, names, policy))
    return Section(title=level_words(level, policy), blocks=tuple(blocks))


def _county(figures: Figures, facts: MonthlyFacts, level: Level, policy: StarPolicy) -> Sentence:
    window, prefix = facts.windows[level], f"county.{level}"
    results = {one.id: window.now.table.total(one.id) for one in window.now.table.definitions}
    name = level_words(level, policy)
    months = figures.count(
        f"{prefix}.months", both(f"{name.zh} 得分所依的月数", f"{name.en}, months that points rest on"),
        policy.levels[level].months, "followup.assessment.stars",
    )  # fmt: skip
    points = put_points(
        figures, f"{prefix}.points", both(f"全县得分({name.zh}口径)", f"points of the county, as for {name.en}"),
        county_points(window.now, policy), least(results, policy),
    )  # fmt: skip
    star = put_star(
        figures, f"{prefix}.level", both(f"全县得分合{name.zh}星级", f"stars that the county's points come to, {name.en}"),
        county_star(window, level, policy),
    )  # fmt: skip
    return Sentence(
        words=both(
            f"得分依据截至本月底的{{{months}}}个月。全县得分{{{points}}},合{{{star}}},首次评定的从这里起步。",
            f"Points rest on the months up to the end of this one, {{{months}}} in all. The county: {{{points}}}, which comes to "
            f"{{{star}}}; whoever is graded for the first time begins there.",
        )
    )


def _counted(figures: Figures, level: Level, graded: Sequence[Graded], policy: StarPolicy) -> Sentence:
    reasons = Counter(one.standing.reason for one in graded)
    moved = [one.standing.moved or 0 for one in graded]
    numbers = {
        "starred": (both("有星级的", "with stars"), sum(one.standing.stars is not None for one in graded)),
        "up": (both("升星的", "gone up"), sum(one > 0 for one in moved)),
        "down": (both("降星的", "gone down"), sum(one < 0 for one in moved)),
        "chance": (both("偶然就能解释而不动的", "outside their band by chance, unmoved"), reasons["chance"]),
        "carried": (both("沿用的", "carried on"), reasons["carried"]),
        "too_few": (both("样本不足或须保密不评的", "no star"), reasons["too_few"]),
    }
    name = level_words(level, policy)
    whose = figures.said(f"{level}.name", both("级别", "level"), name, STARS)
    for key, (label, n) in numbers.items():
        whole = both(f"{name.zh} {label.zh}", f"{name.en}, {label.en}")
        figures.count(f"{level}.{key}", whole, n, STARS)
    return Sentence(
        words=both(
            f"{{{whose}}}:有星级的{{{level}.starred}}个,升星{{{level}.up}}个,降星{{{level}.down}}个;"
            f"得分在原档之外、没有变化的证据(偶然就能解释)而不动的{{{level}.chance}}个;"
            f"样本不足或须保密而沿用原星级的{{{level}.carried}}个。样本不足或须保密、不评星的{{{level}.too_few}}个。",
            f"{{{whose}}} with stars: {{{level}.starred}}; up: {{{level}.up}}, down: {{{level}.down}}; outside of their band "
            f"without evidence of a change (chance explains it), so unmoved: {{{level}.chance}}; carried on without a grade: "
            f"{{{level}.carried}}. Without a star for too few answers or a neighbour's sake: {{{level}.too_few}}.",
        )
    )


def _moves(graded: Sequence[Graded]) -> list[Sentence]:
    """Every star that moved, by name and with its reason."""
    found = []
    for one in graded:
        if one.standing.moved:
            code = one.place.code
            found.append(
                Sentence(
                    words=both(
                        f"{{{code}.name}}由{{{code}.held}}变为{{{code}.star}}:{{{code}.reason}};得分{{{code}.points}}。",
                        f"{{{code}.name}}, from {{{code}.held}} to {{{code}.star}}: {{{code}.reason}}; points {{{code}.points}}.",
                    )
                )
            )
    return found


def _board(
    level: Level,
    shown: Sequence[Graded],
    names: Mapping[str, Words],
    keys: Mapping[str, Mapping[str, str]],
    policy: StarPolicy,
) -> Table:
    cells = ("star", "held", "moved", "colour", "points", "alone", "reason")
    name = level_words(level, policy)
    return Table(
        key=f"stars.{level}",
        title=both(f"{name.zh}星级(按代码排列,不排名)", f"Stars: {name.en}, in the order of codes, not ranked"),
        columns=(
            PLACE,
            Column(key="star", head=both("星级", "Stars"), narrow=True),
            Column(key="held", head=both("上月", "Before"), narrow=True),
            Column(key="moved", head=both("升降", "Moved"), narrow=True),
            Column(key="colour", head=both("红黄黑", "Colour")),
            Column(key="points", head=both("得分", "Points"), rate=True),
            Column(key="alone", head=both("单看得分(范围)", "By points alone (range)"), rate=True),
            Column(key="reason", head=both("判断", "Why"), wide=True),
        ),
        rows=tuple(
            Row(cells=(names[one.place.code], *(keys[one.place.code].get(cell) for cell in cells))) for one in shown
        ),
        empty=NOBODY,
    )  # fmt: skip


def _chart(shown: Sequence[Graded], names: Mapping[str, Words], policy: StarPolicy) -> Chart:
    return Chart(
        key="chart.stars",
        title=both("乡镇得分", "Points of the townships"),
        top=100.0,
        bars=tuple(
            Bar(label=names[one.place.code], figure=f"{one.place.code}.points")
            for one in shown
            if one.place.points is not None
        ),
        empty=both("没有乡镇的样本量够得上评分。", "No township has answers enough for points."),
    )


def _changes(
    figures: Figures, level: Level, shown: Sequence[Graded], names: Mapping[str, Words], policy: StarPolicy
) -> Table:
    rows = []
    for one in shown:
        keys = put_change(figures, names[one.place.code], one)
        if one.place.points is not None:
            rows.append(Row(cells=(names[one.place.code], keys["change"], keys["improved"], keys["said"])))
    name = level_words(level, policy)
    return Table(
        key=f"changes.{level}",
        title=both(
            f"{name.zh}得分与此前同样长的一段相比",
            f"Points beside the same number of months before: {name.en}",
        ),
        columns=(
            PLACE,
            Column(key="change", head=both("得分变化", "Change of points"), rate=True),
            Column(key="improved", head=both("变好的概率", "P(improved)")),
            Column(key="said", head=both("可以说的", "What may be said")),
        ),
        rows=tuple(rows),
        empty=NOBODY,
    )


def _parts(
    figures: Figures,
    facts: MonthlyFacts,
    level: Level,
    shown: Sequence[Graded],
    names: Mapping[str, Words],
    policy: StarPolicy,
) -> Table:
    report, name = facts.windows[level].now, level_words(level, policy)
    titles = {one.id: both(one.title.zh, one.title.en) for one in report.table.definitions}
    return Table(
        key=f"parts.{level}",
        title=both(f"{name.zh}得分由来", f"What points are made of: {name.en}"),
        columns=(
            PLACE,
            *(Column(key=part, head=titles[part], rate=True) for part in policy.indicators),
            Column(key="unreached", head=both("未访到或未评价", "Not reached or not rated"), narrow=True),
        ),
        rows=tuple(
            Row(
                cells=(
                    names[one.place.code],
                    *put_parts(figures, report, names[one.place.code], one.place, policy),
                )
            )
            for one in shown
        ),
        empty=NOBODY,
    )
