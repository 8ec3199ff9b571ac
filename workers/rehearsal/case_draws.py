"""What the people of the case side decide in a rehearsal, drawn by hash of seed, case and round."""

from __future__ import annotations

from dataclasses import dataclass

from followup.categories import categories
from workers.city.draws import chance, choose, uniform
from workers.city.plan import Topic, TopicCase, topics
from workers.city.units import unit_code

CONFIRMED = 0.9  # flags that the supervisor finds right
CONFIRMED_THOUGH_CONTENTED = 0.25  # of those whose resident says in the verification call that all is well
SHORTEST_WORK_H, LONGEST_WORK_H = (
    7.0,
    14.0,
)  # working hours from signing to the result: one to two working days
SOONEST_DECISION_H, LATEST_DECISION_H = 1.0, 3.0  # working hours from the flag to the supervisor's decision
FALLBACK_UNIT = "xinfang"  # takes what nobody else is responsible for
FALLBACK_RESULT = "已派人到现场处理"
AGAIN = "重新办理后{}"

VERIFIED_REASON = "经电话核实，问题已解决，群众表示满意"
CONFIRM_REASONS = ("群众反映属实，请再次办理", "结果与群众所说不符，退回重办", "问题没有解决，再次交办")
REJECT_REASONS = (
    ("facts_differ", "已现场核实办结，向群众解释清楚"),
    ("not_lawful", "诉求超出政策规定，已书面说明"),
    ("facts_differ", "经两次核实情况不符，已当面解释"),
)


@dataclass(frozen=True)
class Dispatch:
    """Who gets a case."""

    lead: str
    assists: tuple[str, ...]


def dispatch(centre: str, category: str, content: str, area_code: str) -> Dispatch:
    """The department for such things, assisted by the township's office where the township is known."""
    township = (unit_code(area_code[:9], "gov"),) if len(area_code) >= 9 else ()
    return Dispatch(unit_code(centre, _unit_key(category, content)), township)


def result_summary(content: str, round_: int) -> str:
    """What the resident is to be told."""
    known = _known(content)
    result = known[1].result if known else FALLBACK_RESULT
    return AGAIN.format(result) if round_ > 1 else result


def work_hours(seed: int, key: str, round_: int) -> float:
    """Working hours a unit takes for a round."""
    return _between(SHORTEST_WORK_H, LONGEST_WORK_H, seed, key, "work", round_)


def decision_hours(seed: int, key: str, round_: int) -> float:
    """Working hours until the supervisor decides on a flag."""
    return _between(SOONEST_DECISION_H, LATEST_DECISION_H, seed, key, "decide", round_)


def confirms(seed: int, key: str, round_: int, *, contented: bool = False) -> bool:
    """Whether the supervisor finds that the flag is right. `contented`: the verification call heard that all is well."""
    share = CONFIRMED_THOUGH_CONTENTED if contented else CONFIRMED
    return chance(share, seed, key, "confirm", round_)


def confirm_reason(seed: int, key: str, round_: int) -> str:
    """Why a case goes out again."""
    return choose(CONFIRM_REASONS, seed, key, "why", round_)


def reject_reason(seed: int, key: str, round_: int, *, contented: bool = False) -> tuple[str, str]:
    """On which ground a case does not go out again, and why; the resident is told this."""
    if contented:
        return "facts_differ", VERIFIED_REASON
    return choose(REJECT_REASONS, seed, key, "why", round_)


def _unit_key(category: str, content: str) -> str:
    known = _known(content)
    if known:
        return known[0].unit
    name = categories().of_code(category).group_zh
    return next((topic.unit for topic in topics().topics if topic.category == name), FALLBACK_UNIT)


def _known(content: str) -> tuple[Topic, TopicCase] | None:
    """The topic of a case of the city's own lists, by what was asked for after the name of the place."""
    for topic in (*topics().topics, *topics().planted):
        for case in topic.cases:
            if content.endswith(case.asked.format(place="")):
                return topic, case
    return None


def _between(low: float, high: float, *words: object) -> float:
    return low + (high - low) * uniform(*words)
