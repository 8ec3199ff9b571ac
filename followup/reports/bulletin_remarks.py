"""What people hand in with a bulletin (domain.md §7.3): the province's ranks, praise and criticism by name with the day until
which it is to be put right, and what the next quarter is about. Printed as theirs; none of it is counted here."""

from __future__ import annotations

from followup.reports.bulletin_facts import BulletinFacts
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.document.model import Column, Row, Section, Sentence, Table
from followup.reports.remarks import NoRemarks, Province, Remarks, quote

QUERY = "followup.reports.remarks.Province"


class NoCounty(NoRemarks):
    """The remarks rank counties that are none of the city's."""


def said_with_it(figures: Figures, facts: BulletinFacts, remarks: Remarks | None) -> list[Section]:
    """The sections of what was handed in; none of what was not."""
    if remarks is None:
        return []
    parts = []
    if remarks.province is not None:
        parts.append(_province(figures, facts, remarks.province))
    if remarks.praised or remarks.criticised:
        parts.append(_named(remarks))
    if remarks.focus:
        said = tuple(quote(one, remarks.author) for one in remarks.focus)
        parts.append(Section(title=both("下季度重点", "The next quarter"), blocks=said))
    return parts


def _province(figures: Figures, facts: BulletinFacts, published: Province) -> Section:
    """Raises NoCounty."""
    names = {line.county.code: both(line.county.name_zh, line.county.name_en) for line in facts.counties}
    if strange := sorted(published.ranks.keys() - names.keys()):
        raise NoCounty(
            f"remarks: province: ranks: {', '.join(strange)} are no counties of the city; it has {', '.join(sorted(names))}"
        )
    count = figures.count(
        "province.counties",
        both("省里排名的县区", "counties that the province ranks"),
        published.counties,
        QUERY,
    )
    source = figures.said("province.source", both("依据", "Source"), published.source, QUERY)
    above = Sentence(
        words=both(
            f"省里对{{{count}}}个县区排名,依据:{{{source}}}。名次由省里公布,本中心不能核算,没有区间。",
            f"The province ranks {{{count}}} counties, by {{{source}}}. These ranks are the province's: they cannot be worked "
            "out again here, and have no interval.",
        )
    )
    rows = [
        _place(figures, code, names[code], published)
        for code in names  # in the order of the other tables
        if code in published.ranks
    ]
    table = Table(
        key="province",
        title=both("省排名", "The province's ranks"),
        columns=(
            Column(key="county", head=both("县区", "County")),
            Column(key="rank", head=both("省名次", "Rank in the province")),
            Column(key="before", head=both("上期", "Period before")),
            Column(key="moved", head=both("位次变化", "Places moved")),
        ),
        rows=tuple(rows),
        empty=both("没有。", "None."),
    )
    return Section(title=both("省排名", "The province's ranks"), blocks=(above, table))


def _place(figures: Figures, code: str, name: Words, published: Province) -> Row:
    place, key = published.ranks[code], f"{code}.province"
    rank = figures.count(
        key, both(f"{name.zh} 省名次", f"{name.en}, rank in the province"), place.rank, QUERY
    )
    if place.before is None:
        return Row(cells=(name, rank, None, None))
    label = both(f"{name.zh} 上期省名次", f"{name.en}, rank in the province before")
    before = figures.count(f"{key}.before", label, place.before, QUERY)
    moved = figures.put(
        Figure(
            key=f"{key}.moved",
            label=both(f"{name.zh} 省名次变化", f"{name.en}, places moved in the province"),
            value=place.before - place.rank,
            unit="places",
            query=QUERY,
        )
    )
    return Row(cells=(name, rank, before, moved))


def _named(remarks: Remarks) -> Section:
    praised = Table(
        key="praised",
        title=both("通报表扬", "Praised"),
        columns=(
            Column(key="who", head=both("单位或个人", "Who")),
            Column(key="why", head=both("事由", "What for"), wide=True),
        ),
        rows=tuple(Row(cells=(one.who, one.why)) for one in remarks.praised),
        empty=both("本期没有通报表扬。", "Nobody is praised by name."),
    )
    criticised = Table(
        key="criticised",
        title=both("通报批评和限期整改", "Criticised, and to be put right"),
        columns=(
            Column(key="who", head=both("单位或个人", "Who")),
            Column(key="why", head=both("事由", "What for"), wide=True),
            Column(key="rectify", head=both("整改要求", "To be put right"), wide=True),
            Column(key="until", head=both("整改期限", "Until")),
        ),
        rows=tuple(
            Row(cells=(one.who, one.why, one.rectify, both(one.until.isoformat(), one.until.isoformat())))
            for one in remarks.criticised
        ),
        empty=both("本期没有通报批评。", "Nobody is criticised by name."),
    )
    by = quote(both("以上由签发人提出", "Named by whoever hands this in"), remarks.author)
    return Section(title=both("通报表扬和批评", "Praise and criticism"), blocks=(praised, criticised, by))
