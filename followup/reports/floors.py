"""Units below a floor (policy `reports`): only where the whole interval of enough ratings lies below it."""

from __future__ import annotations

from collections.abc import Sequence

from followup.reports.callback_report import UnitLine
from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Section, Sentence
from followup.reports.report_policy import report_policy

RULE = "followup.policies.reports"


def floor_section(figures: Figures, units: Sequence[UnitLine]) -> Section:
    """In sentences: the floor, who is below it, how many could not be judged. Their rates stand in the table `units`."""
    policy = report_policy()
    floor = policy.floors.satisfaction_half
    said = f"{100 * floor:.1f}%"
    bar = figures.said(
        "floor.half", both("半权满意率底线", "Floor of satisfaction, half weight"), both(said, said), RULE
    )
    rated = [
        (line, figures[f"units.{line.unit_code or 'none'}.half"])
        for line in units
        if f"units.{line.unit_code or 'none'}.half" in figures
    ]
    judged = [
        (line, figure)
        for line, figure in rated
        if figure.value is not None and (figure.n or 0) >= policy.fewest_ranked
    ]
    below = [line for line, figure in judged if figure.high is not None and figure.high < floor]
    n = figures.count("floor.judged", both("可评单位", "Units that can be judged"), len(judged), RULE)
    rest = figures.count(
        "floor.unjudged", both("评价太少的单位", "Units with too few ratings"), len(units) - len(judged), RULE
    )
    least = figures.count(
        "floor.least", both("评判所需评价", "Ratings needed to judge"), policy.fewest_ranked, RULE
    )
    sentences = [
        Sentence(
            words=both(
                f"半权满意率底线{{{bar}}}。评价达到{{{least}}}份、可以评判的单位{{{n}}}个,其余{{{rest}}}个评价太少,不评判、不排名。",
                f"Floor of satisfaction, half weight: {{{bar}}}. Units with at least {{{least}}} ratings, which can "
                f"be judged: {{{n}}};"
                f" with too few, neither judged nor ranked: {{{rest}}}.",
            )
        )
    ]
    for line in below:
        key = f"units.{line.unit_code or 'none'}.half"
        name = figures.said(
            f"floor.{line.unit_code}", both("低于底线", "Below the floor"),
            both(line.unit_zh or line.unit_code, line.unit_zh or line.unit_code), RULE,
        )  # fmt: skip
        sentences.append(
            Sentence(
                words=both(f"{{{name}}}低于底线:{{{key}}}。", f"{{{name}}} is below the floor: {{{key}}}.")
            )
        )
    if judged and not below:
        sentences.append(
            Sentence(
                words=both("没有单位能说低于底线。", "Of no unit can it be said that it is below the floor.")
            )
        )
    return Section(title=both("底线", "Floor"), blocks=tuple(sentences))
