"""Table D of a bulletin: townships by the safety rate. Of its own where there are answers enough, otherwise by the
model of Fay and Herriot over all townships of the city, and marked 模型估计; below ten answers named, with the
reason."""

from __future__ import annotations

from followup.reports.bulletin_facts import HEADLINE, BulletinFacts, CountyFacts
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.document.model import Column, Row, Section, Sentence, Table
from followup.reports.indicator_figures import QUERY
from followup.reports.town_model import MODEL, Modelled, Town, modelled, put_modelled, towns_of

COUNTY, TOWN = both("县区", "County"), both("乡镇", "Township")
DIRECT, BY_MODEL = both("直接估计", "direct"), both("模型估计", "model-based")
TOO_FEW_TO_MODEL = both("样本量不足,乡镇太少不建模", "too few answers, too few townships for a model")
PRIVATE = both("回答不足十份,或可由别的数推算出", "fewer than ten answers, or could be worked out")


def townships(figures: Figures, facts: BulletinFacts) -> Section:
    """Those with an estimate in the order of their codes, then those without."""
    towns = [one for line in facts.counties for one in _towns(line)]
    known = [(county, town) for county, town in towns if town.n]
    found = modelled([town for _, town in known])
    rows = [_row(figures, county, town, found.get(town.code)) for county, town in known]
    left = [(county, town) for county, town in towns if town.n is None]
    rows += [Row(cells=(county, town.name, None, PRIVATE, None)) for county, town in left]
    table = Table(
        key="townships",
        title=both("各乡镇安全率(不排名)", "Safety rate by township (not ranked)"),
        columns=(
            Column(key="county", head=COUNTY),
            Column(key="town", head=TOWN),
            Column(key=HEADLINE, head=both("安全率", "Safety rate"), rate=True),
            Column(key="how", head=both("怎样估计", "How"), wide=True),
            Column(key="own", head=both("本乡镇回答的权重", "Weight of own answers")),
        ),
        rows=tuple(rows),
        empty=both("本期没有乡镇的回答。", "No township answered in this period."),
    )
    direct = figures.count(
        "townships.direct", both("直接估计的乡镇", "direct"), sum(one.is_direct for _, one in known), QUERY
    )
    model = figures.count(
        "townships.model", both("模型估计的乡镇", "model-based"),
        sum(not one.is_direct and one.code in found for _, one in known), MODEL,
    )  # fmt: skip
    none = figures.count("townships.left", both("不公布的乡镇", "not published"), len(left), QUERY)
    said = Sentence(
        words=both(
            f"直接估计的乡镇{{{direct}}}个;回答较少、借助全市乡镇模型估计的{{{model}}}个,已标明;回答太少不公布的{{{none}}}个。",
            f"Townships with an estimate of their own: {{{direct}}}; with fewer answers, by a model over all townships, and "
            f"marked: {{{model}}}; not published for too few: {{{none}}}.",
        )
    )
    return Section(title=both("各乡镇", "The townships"), blocks=(said, table))


def _towns(line: CountyFacts) -> list[tuple[Words, Town]]:
    """Townships of a county that anybody answered in."""
    county = both(line.county.name_zh, line.county.name_en)
    return [] if line.towns is None else [(county, town) for town in towns_of(line.towns, HEADLINE)]


def _row(figures: Figures, county: Words, town: Town, model: Modelled | None) -> Row:
    key, label = f"town.{town.code}", both(f"{town.name.zh} 安全率", f"{town.name.en}, safety rate")
    if town.is_direct:
        rate = figures.put(
            Figure(
                key=key, label=label, value=town.value, unit="share", percent=True, n=town.n, low=town.low, high=town.high,
                base=both("有效回答", "valid answers"), query=QUERY,
            )
        )  # fmt: skip
        return Row(cells=(county, town.name, rate, DIRECT, None))
    if model is None:
        return Row(cells=(county, town.name, None, TOO_FEW_TO_MODEL, None))
    rate, weight = put_modelled(figures, key, label, town, model)
    return Row(cells=(county, town.name, rate, BY_MODEL, weight))
