"""The lists of a monthly summary that have no figures: places too small for a star, and sanctions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from followup.assessment.star_policy import StarPolicy, star_policy
from followup.reports.document.figures import Words, both
from followup.reports.document.model import Column, Row, Section, Table
from followup.reports.indicator_files import area_name
from followup.reports.monthly_facts import MonthlyFacts
from followup.reports.star_places import Graded

PLACE = Column(key="place", head=both("地方", "Place"))
NOBODY = both("没有可评的地方。", "There is no place to grade.")
TOWNSHIP = 9
"""Digits of the code of a township, which the code of a village begins with."""


def starless(
    facts: MonthlyFacts, left: Sequence[Graded], names: Mapping[str, Words], policy: StarPolicy
) -> Table:
    """Places too small for a star, by the township that they lie in."""
    above: dict[str, list[Words]] = {}
    for one in left:
        above.setdefault(one.place.code[:TOWNSHIP], []).append(names[one.place.code])
    report = facts.windows["township"].now if "township" in facts.windows else facts.whole.towns
    why = policy.words.reasons["too_few"]
    return Table(
        key="starless",
        title=both(f"{why.zh}的村(社区)", f"Villages: {why.en}"),
        columns=(
            Column(key="township", head=both("乡镇", "Township")),
            Column(key="villages", head=both("村(社区)", "Villages"), wide=True),
        ),
        rows=tuple(
            Row(
                cells=(
                    both(*area_name(report, code)),
                    both("、".join(one.zh for one in found), ", ".join(one.en for one in found)),
                )
            )
            for code, found in above.items()
        ),
        empty=NOBODY,
    )


def sanctions_section(facts: MonthlyFacts) -> Section:
    """What was in force on any day of the month."""
    known = star_policy().sanctions
    rows = []
    for one in facts.sanctions:
        words = known[one.kind].words
        until = one.lifted_from or one.to_day
        rows.append(
            Row(
                cells=(
                    both(one.area_zh, one.area_en),
                    both(words.zh, words.en),
                    both(one.what, one.what),
                    both(one.from_day.isoformat(), one.from_day.isoformat()),
                    both(until.isoformat(), until.isoformat()) if until else both("至解除", "until lifted"),
                    both(f"{one.actor}:{one.reason}", f"{one.actor}: {one.reason}"),
                )
            )
        )
    table = Table(
        key="sanctions",
        title=both("本月有效的处分", "Sanctions in force in the month"),
        columns=(
            PLACE,
            Column(key="kind", head=both("处分", "Sanction")),
            Column(key="what", head=both("事由", "What happened"), wide=True),
            Column(key="from", head=both("起", "From")),
            Column(key="to", head=both("止", "Until")),
            Column(key="by", head=both("决定", "Decided by"), wide=True),
        ),
        rows=tuple(rows),
        empty=both("本月没有有效的处分。", "No sanction was in force in this month."),
    )
    return Section(title=both("处分", "Sanctions"), blocks=(table,))
