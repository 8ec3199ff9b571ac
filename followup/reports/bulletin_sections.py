"""The sections of a bulletin: what residents say by county, ranks with their ranges, changes, and the quarters of a year."""

from __future__ import annotations

from itertools import product

from followup.reports.bulletin_facts import HEADLINE, MEASURED, BulletinFacts, CountyFacts
from followup.reports.bulletin_standing import Sides, Standing, improved, is_claim, said_of, standings
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.document.model import Bar, Chart, Column, Row, Section, Sentence, Table
from followup.reports.indicator_figures import QUERY, put_result, side_of
from followup.reports.report_policy import report_policy
from survey.periods import quarters
from survey.statistics.mover import Side, difference_limits

STANDING = "followup.reports.bulletin_standing"
COUNTY, INDICATOR = both("县区", "County"), both("指标", "Indicator")
UNRANKED = both("样本量不足不排名", "too few answers to rank")
ALONE = both("无可比县区不排名", "no other county to rank beside")
NONE = both("全市没有县。", "The city has no counties.")


def levels(figures: Figures, facts: BulletinFacts) -> Section:
    """Every county in the order of its code, and the headline as a chart."""
    titles = {one.id: both(one.title.zh, one.title.en) for one in facts.counties[0].now.table.definitions}
    rows = tuple(
        Row(cells=(_name(line), *(_put_now(figures, line, one, titles[one]) for one in MEASURED)))
        for line in facts.counties
    )
    table = Table(
        key="levels",
        title=both("各县区主要指标", "Main indicators by county"),
        columns=(
            Column(key="county", head=COUNTY),
            *(Column(key=one, head=titles[one], rate=True) for one in MEASURED),
        ),
        rows=rows,
        empty=NONE,
    )
    chart = Chart(
        key="chart.levels",
        title=titles[HEADLINE],
        top=1.0,
        bars=tuple(Bar(label=_name(line), figure=_key(line, HEADLINE)) for line in facts.counties),
        empty=NONE,
    )
    said = tuple(_said_level(figures, line, titles[HEADLINE]) for line in facts.counties)
    return Section(title=both("各县区情况", "The counties"), blocks=(*said, table, chart))


def _said_level(figures: Figures, line: CountyFacts, title: Words) -> Sentence:
    name = figures.said(f"{line.county.code}.name", COUNTY, _name(line), "followup.store.counties")
    key = _key(line, HEADLINE)
    asked = figures.said(f"title.{HEADLINE}", INDICATOR, title, QUERY)
    return Sentence(words=both(f"{{{name}}}{{{asked}}}{{{key}}}。", f"{{{name}}}, {{{asked}}}: {{{key}}}."))


def ranks(figures: Figures, facts: BulletinFacts) -> Section:
    """Counties with answers enough, the highest first; the others below, without a rank."""
    enough = _ranked(facts, "now")
    found = standings(enough, _ranked(facts, "before"), facts.period.first.toordinal())
    by_code = {line.county.code: line for line in facts.counties}
    rows = [_rank_row(figures, by_code[code], one) for code, one in found.items()]
    left = [line for line in facts.counties if line.county.code not in found]
    rows += [
        Row(
            cells=(
                _name(line),
                _key(line, HEADLINE),
                ALONE if line.county.code in enough else UNRANKED,
                None,
                None,
            )
        )
        for line in left
    ]
    table = Table(
        key="ranks",
        title=both("安全率名次", "Ranks by the safety rate"),
        columns=(
            Column(key="county", head=COUNTY),
            Column(key=HEADLINE, head=both("安全率", "Safety rate"), rate=True),
            Column(key="rank", head=both("名次(范围)", "Rank (range)"), rate=True),
            Column(key="moved", head=both("位次变化", "Places moved")),
            Column(key="chance", head=both("偶然位移", "By chance")),
        ),
        rows=tuple(rows),
        empty=NONE,
    )  # fmt: skip
    count = figures.count("ranks.counties", both("排名的县区", "counties ranked"), len(found), STANDING)
    none = figures.count("ranks.left", both("不排名的县区", "counties not ranked"), len(left), STANDING)
    said = Sentence(
        words=both(
            f"排名的县区{{{count}}}个;样本量不足或无可比县区而不排名的{{{none}}}个。",
            f"Counties ranked: {{{count}}}; not ranked for too few answers, or for want of another: {{{none}}}.",
        )
    )
    return Section(title=both("名次", "Ranks"), blocks=(said, table))


def _rank_row(figures: Figures, line: CountyFacts, one: Standing) -> Row:
    key, name = f"{line.county.code}.rank", _name(line)
    rank = figures.put(
        Figure(
            key=key,
            label=both(f"{name.zh} 名次", f"{name.en}, rank"),
            value=one.rank,
            low=one.best,
            high=one.worst,
            query=STANDING,
        )
    )
    moved: str | None = None
    if one.moved is not None:
        label = both(f"{name.zh} 位次变化", f"{name.en}, places moved")
        moved = figures.put(
            Figure(key=f"{key}.moved", label=label, value=one.moved, unit="places", query=STANDING)
        )
    label = both(f"{name.zh} 偶然位移", f"{name.en}, places by chance")
    return Row(
        cells=(
            name,
            _key(line, HEADLINE),
            rank,
            moved,
            figures.count(f"{key}.chance", label, one.chance, STANDING),
        )
    )


def _ranked(facts: BulletinFacts, when: str) -> Sides:
    """Counties with answers enough to be ranked."""
    found = {}
    for line in facts.counties:
        report = line.now if when == "now" else line.before
        side, n = side_of(report, HEADLINE), report.table.total(HEADLINE).n
        if side is not None and (n or 0) >= report_policy().fewest_ranked:
            found[line.county.code] = side
    return found


def moves(figures: Figures, facts: BulletinFacts) -> Section:
    """Every county and indicator beside the period before, all as one family; what is claimed by name above the table."""
    sides: dict[str, tuple[Side | None, Side | None]] = {
        f"{line.county.code}.{one}": (side_of(line.before, one), side_of(line.now, one))
        for line, one in product(facts.counties, MEASURED)
    }
    said = said_of(sides)
    rows, named = [], []
    for line, one in product(facts.counties, MEASURED):
        key = f"{line.county.code}.{one}"
        rows.append(_move_row(figures, line, one, sides[key], said[key]))
        if is_claim(said[key]):
            named.append(_claim(figures, line, one))
    table = Table(
        key="moves",
        title=both("与上期相比", "Beside the period before"),
        columns=(
            Column(key="county", head=COUNTY),
            Column(key="indicator", head=INDICATOR, wide=True),
            Column(key="change", head=both("变化", "Change"), rate=True),
            Column(key="improved", head=both("变好的概率", "P(improved)")),
            Column(key="said", head=both("可以说的", "What may be said")),
        ),
        rows=tuple(rows),
        empty=NONE,
    )
    count = figures.count("moves.claims", both("有证据的变化", "changes with evidence"), len(named), STANDING)
    tested = figures.count("moves.tested", both("一并检验的变化", "changes tested"), len(rows), STANDING)
    above = Sentence(
        words=both(
            f"县区和指标一并看{{{tested}}}项变化,有证据的{{{count}}}项;其余不表述上升或下降。",
            f"Changes looked at together: {{{tested}}}; with evidence: {{{count}}}. Of the others nothing is said to have risen "
            "or fallen.",
        )
    )  # fmt: skip
    return Section(title=both("变化", "Changes"), blocks=(above, *named, table))


def _move_row(
    figures: Figures, line: CountyFacts, indicator: str, sides: tuple[Side | None, Side | None], said: Words
) -> Row:
    definition = next(one for one in line.now.table.definitions if one.id == indicator)
    title, name, key = definition.title, _name(line), f"{line.county.code}.{indicator}"
    label = both(f"{name.zh} {title.zh}", f"{name.en}, {title.en}")
    before, after = sides
    value, low, high = None, None, None
    if before is not None and after is not None:
        value, (low, high) = after.value - before.value, difference_limits(before, after)
    change = figures.put(
        Figure(
            key=f"{key}.change",
            label=both(f"{label.zh} 变化", f"{label.en}, change"),
            value=value,
            unit="difference",
            n=(line.now.table.total(indicator).n or 0) if value is not None else 0,
            low=low,
            high=high,
            percent=definition.scale == (0.0, 1.0),
            query=QUERY,
        )
    )
    chance = figures.put(
        Figure(
            key=f"{key}.improved",
            label=both(f"{label.zh} 变好的概率", f"{label.en}, probability of having improved"),
            value=improved(before, after),
            unit="probability",
            query=STANDING,
        )
    )
    judged = both(f"{label.zh} 判断", f"{label.en}, what may be said")
    told = figures.said(f"{key}.said", judged, said, STANDING)
    return Row(cells=(name, both(title.zh, title.en), change, chance, told))


def _claim(figures: Figures, line: CountyFacts, indicator: str) -> Sentence:
    title = next(one for one in line.now.table.definitions if one.id == indicator).title
    code = line.county.code
    key = f"{code}.{indicator}"
    asked = figures.said(f"title.{indicator}", INDICATOR, both(title.zh, title.en), QUERY)
    return Sentence(
        words=both(
            f"{{{code}.name}}{{{asked}}}{{{key}.said}}:{{{key}.change}}。",
            f"{{{code}.name}}, {{{asked}}}, {{{key}.said}}: {{{key}.change}}.",
        )
    )


def by_quarter(figures: Figures, facts: BulletinFacts) -> Section:
    """The headline of a year's four quarters beside each other."""
    terms = [f"Q{place}" for place in range(1, 1 + len(quarters(facts.period)))]
    rows = []
    for line in facts.counties:
        name = _name(line)
        cells = [
            put_result(
                figures, report, report.table.total(HEADLINE), f"{line.county.code}.{term}",
                both(f"{name.zh} 安全率 {term}", f"{name.en}, safety rate, {term}"),
            )
            for term, report in zip(terms, line.quarters, strict=True)
        ]  # fmt: skip
        rows.append(Row(cells=(name, *cells)))
    table = Table(
        key="quarters",
        title=both("四季安全率", "Safety rate by quarter"),
        columns=(
            Column(key="county", head=COUNTY),
            *(Column(key=term, head=both(term, term), rate=True) for term in terms),
        ),
        rows=tuple(rows),
        empty=NONE,
    )
    return Section(title=both("四季", "The four quarters"), blocks=(table,))


def _put_now(figures: Figures, line: CountyFacts, indicator: str, title: Words) -> str:
    name = _name(line)
    label = both(f"{name.zh} {title.zh}", f"{name.en}, {title.en}")
    return put_result(figures, line.now, line.now.table.total(indicator), _key(line, indicator), label)


def _key(line: CountyFacts, indicator: str) -> str:
    return f"{line.county.code}.{indicator}"


def _name(line: CountyFacts) -> Words:
    return both(line.county.name_zh, line.county.name_en)
