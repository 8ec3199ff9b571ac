"""Townships of a weekly or monthly report: what their own answers say, and beside it what the model says, marked as that."""

from __future__ import annotations

from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Bar, Chart, Column, Row, Section, Sentence, Table
from followup.reports.indicator_figures import put_result
from followup.reports.indicator_files import area_name
from followup.reports.report_policy import report_policy
from followup.reports.town_model import MODEL, modelled, put_modelled, towns_of
from followup.reports.weekly_facts import HEADLINE, WeeklyFacts
from survey.statistics.indicator_table import ELSEWHERE


def towns(figures: Figures, facts: WeeklyFacts) -> Section:
    """By code, never by rank: the order of so few answers is chance. The model has the numbers that are too few to
    stand alone, and none of a township whose own are private."""
    report, bars, rows = facts.towns, [], []
    known = {town.code: town for town in towns_of(report, HEADLINE) if town.n}
    found = modelled(list(known.values()))
    for result in report.table.rows():
        area = result.cell.area
        if area is None or area.endswith(ELSEWHERE) or result.suppressed == "empty":
            continue
        name = both(*area_name(report, area))
        label = both(f"{name.zh} 安全感", f"{name.en}: safety")
        key = put_result(figures, report, result, f"town.{area}", label)
        model: tuple[str | None, str | None] = (None, None)
        if area in found:
            model = put_modelled(figures, f"town.{area}.model", label, known[area], found[area])
        rows.append(Row(cells=(name, key, *model)))
        if result.value is not None:
            bars.append(Bar(label=name, figure=key))
    title = both("各乡镇安全感", "Sense of safety by township")
    nothing = both("各乡镇样本量不足,不公布。", "No township has as many answers as are published.")
    chart = Chart(key="towns", title=title, top=1.0, bars=tuple(bars), empty=nothing)
    table = Table(
        key="towns.table",
        title=both("各乡镇安全感(按代码排列,不排名)", "Sense of safety by township, in the order of codes, not ranked"),
        columns=(
            Column(key="name", head=both("乡镇", "Township"), wide=True),
            Column(key="safety", head=both("直接估计", "Own answers"), rate=True),
            Column(key="model", head=both("模型估计", "Model-based"), rate=True),
            Column(key="own", head=both("本乡镇回答的权重", "Weight of own answers"), narrow=True),
        ),
        rows=tuple(rows),
        empty=both("没有乡镇有人回答。", "Nobody answered in any township."),
    )  # fmt: skip
    return Section(
        title=both("分乡镇", "By township"), blocks=(chart, table, _about(figures, len(known), len(found)))
    )


def _about(figures: Figures, known: int, carried: int) -> Sentence:
    least = figures.count(
        "towns.model.least", both("建模至少需要的乡镇数", "townships that a model needs"),
        report_policy().townships.model_areas, MODEL,
    )  # fmt: skip
    of = figures.count("towns.known", both("有回答可用的乡镇", "townships with answers to use"), known, MODEL)
    if not carried:
        return Sentence(
            words=both(
                f"可用的乡镇{{{of}}}个,少于建模所需的{{{least}}}个,不作模型估计。",
                f"Townships with answers to use: {{{of}}}, fewer than a model needs ({{{least}}}): nothing is model-based.",
            )
        )
    return Sentence(
        words=both(
            f"模型估计(Fay-Herriot,{{{of}}}个乡镇)借用全县乡镇的共同水平;权重是本乡镇自己的回答在其中占的分量,其余来自模型。"
            f"模型估计不是直接调查结果,不用于考核。(乡镇不足{{{least}}}个时不建模。)",
            f"Model-based (Fay-Herriot, townships: {{{of}}}): leans on the common level of all townships; the weight is what a "
            "township's own answers count in it, the rest is the model. It is no direct result of the survey, and nobody is "
            f"assessed by it. (There is no model of fewer than {{{least}}}.)",
        )
    )
