"""What the people of the case side decide in a rehearsal. Every draw is a hash of the seed, the case and the round."""

from __future__ import annotations

from dataclasses import dataclass

from followup.categories import categories
from workers.city.draws import chance, choose, uniform
from workers.city.plan import Topic, topics
from workers.city.units import unit_code

CONFIRMED = 0.9  # flags that the supervisor finds right
SHORTEST_WORK_H, LONGEST_WORK_H = 7.0, 14.0  # working hours from signing to the result: one to two working days
SOONEST_DECISION_H, LATEST_DECISION_H = 1.0, 3.0  # working hours from the flag to the supervisor's decision
FALLBACK_UNIT = "xinfang"  # takes what nobody else is responsible for
FALLBACK_RESULT = "已安排专人办理并答复"

CONFIRM_REASONS = ("群众反映属实，请再次办理", "结果与群众所说不符，退回重办", "问题没有解决，再次交办")
REJECT_REASONS = ("已现场核实办结，向群众解释清楚", "诉求超出政策规定，已书面说明", "经两次核实情况不符，已当面解释")


@dataclass(frozen=True)
class Dispatch:
    """Who gets a case."""

    lead: str
    assists: tuple[str, ...]


def dispatch(seed: int, key: str, centre: str, category: str, area_code: str) -> Dispatch:
    """The department that handles such things, assisted by the township's office where the township is known."""
    township = (unit_code(area_code[:9], "gov"),) if len(area_code) >= 9 else ()
    topic = _topic(seed, key, category)
    return Dispatch(unit_code(centre, topic.unit if topic else FALLBACK_UNIT), township)


def result_summary(seed: int, key: str, category: str, round_: int) -> str:
    """What the resident is to be told."""
    topic = _topic(seed, key, category)
    return choose(topic.results, seed, key, "result", round_) if topic else FALLBACK_RESULT


def work_hours(seed: int, key: str, round_: int) -> float:
    """Working hours a unit takes for a round."""
    return _between(SHORTEST_WORK_H, LONGEST_WORK_H, seed, key, "work", round_)


def decision_hours(seed: int, key: str, round_: int) -> float:
    """Working hours until the supervisor decides on a flag."""
    return _between(SOONEST_DECISION_H, LATEST_DECISION_H, seed, key, "decide", round_)


def confirms(seed: int, key: str, round_: int) -> bool:
    """Whether the supervisor finds that the resident is right."""
    return chance(CONFIRMED, seed, key, "confirm", round_)


def confirm_reason(seed: int, key: str, round_: int) -> str:
    """Why a case goes out again."""
    return choose(CONFIRM_REASONS, seed, key, "why", round_)


def reject_reason(seed: int, key: str, round_: int) -> str:
    """Why a case does not go out again; the resident is told this."""
    return choose(REJECT_REASONS, seed, key, "why", round_)


def _topic(seed: int, key: str, category: str) -> Topic | None:
    name = categories().of_code(category).name_zh
    fitting = [topic for topic in topics().topics if topic.category == name]
    return choose(fitting, seed, key, "topic") if fitting else None


def _between(low: float, high: float, *words: object) -> float:
    return low + (high - low) * uniform(*words)
