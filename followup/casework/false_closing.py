"""How likely a closing is a false one (虚假办结), from all that is known about it, in log-odds that can be read.

Pure. It never decides: a suspicion orders the list of what is to be verified (待核实) and says why; only a decision after
the unit's answer (申辩) may call a closing false (settled.md §3). Weights and words: false_closing.yaml.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, fsum, log
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from survey.policies import packaged

Channel = Literal["text", "web", "voice", "operator"]
MISSING = "missing"


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Value(_Body):
    """One thing that an item of evidence can say, and its weight in log-odds."""

    weight: float
    zh: str
    en: str


class Item(_Body):
    """One item of evidence; its values from the least to the most suspicious."""

    zh: str
    en: str
    values: dict[str, Value]


class Policy(_Body):
    """The body of policy `false_closing`. Raises ValueError where a weight falls as suspicion rises."""

    base: float = Field(gt=0, lt=1)
    threshold: dict[Channel, Annotated[float, Field(gt=0, lt=1)]]
    history_weight: float = Field(gt=0)
    history_closings: int = Field(gt=0)
    quick_below_hours: float
    intercept: float
    evidence: dict[str, Item]
    channels: dict[Channel, dict[str, dict[str, float]]]
    words: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _every_channel_has_its_threshold(self) -> "Policy":
        if missing := [channel for channel in get_args(Channel) if channel not in self.threshold]:
            raise ValueError(f"false_closing: no threshold for {', '.join(missing)}")
        return self

    @model_validator(mode="after")
    def _weights_rise(self) -> "Policy":
        for channel in (None, *self.channels):
            for name, item in self.evidence.items():
                weights = [self.weight(name, value, channel) for value in item.values]
                if weights != sorted(weights):
                    raise ValueError(
                        f"false_closing: the weights of {name} are {weights} in channel {channel or 'any'}; "
                        "they may not fall from the least to the most suspicious value"
                    )
        return self

    def weight(self, item: str, value: str, channel: Channel | None) -> float:
        """Log-odds of a value, in this channel. Raises KeyError for a value that the item does not have."""
        own = self.evidence[item].values[value].weight
        return self.channels.get(channel, {}).get(item, {}).get(value, own) if channel else own


@cache
def policy() -> Policy:
    """The packaged policy."""
    return Policy.model_validate(packaged("followup.casework", "false_closing").body)


@dataclass(frozen=True)
class History:
    """What is known of a unit's earlier closings that claimed contact: `closings` of them, of which about `false` were false, the
    sum of their probabilities, each reckoned without any history."""

    closings: int = 0
    false: float = 0.0

    def rate(self, base: float, weight: float) -> float:
        """The unit's share of false closings, drawn to the base the more, the less is known (empirical Bayes)."""
        return (weight * base + self.false) / (weight + self.closings)


@dataclass(frozen=True)
class Term:
    """What one item of evidence adds to the log-odds, and how it reads."""

    item: str
    value: str
    weight: float
    zh: str
    en: str


@dataclass(frozen=True)
class Suspicion:
    """How far a closing looks like a false one. `terms`: everything that moves it, the heaviest first."""

    probability: float
    log_odds: float
    listed: bool
    terms: tuple[Term, ...]

    @property
    def reasons(self) -> tuple[Term, ...]:
        """What speaks for it."""
        return tuple(term for term in self.terms if term.weight > 0)


def suspicion(
    evidence: Mapping[str, str],
    channel: Channel,
    history: History | None = None,
    by: Policy | None = None,
) -> Suspicion:
    """How far this closing looks like a false one.

    `evidence`: a value for each item that something is known about (`false_closing_evidence` makes it from answers,
    words and the unit's claim); an item that is left out counts as missing. Raises KeyError for an unknown one.
    """
    rules = by or policy()
    terms = [_unit_term(history or History(), rules)]
    terms += [_term(item, value, channel, rules) for item, value in evidence.items()]
    log_odds = rules.intercept + sum(term.weight for term in terms)
    probability = 1 / (1 + exp(-log_odds))
    heaviest_first = sorted((t for t in terms if t.weight), key=lambda term: -abs(term.weight))
    listed = probability >= rules.threshold[channel]
    return Suspicion(probability, log_odds, listed, tuple(heaviest_first))


def in_order(
    closings: Iterable[tuple[str, Mapping[str, str], Channel]], by: Policy | None = None
) -> list[Suspicion]:
    """How each of these (unit, evidence, channel) looks, with what was known of its unit from those before it.

    A closing enters its unit's history with the suspicion that it has without any history, so that a bad name does not
    feed itself. The latest `history_closings` count: a unit that has become better is not held to what it was years ago.
    """
    rules = by or policy()
    known: dict[str, deque[float]] = {}
    found = []
    for unit, evidence, channel in closings:
        before = known.setdefault(unit, deque(maxlen=rules.history_closings))
        found.append(suspicion(evidence, channel, History(len(before), fsum(before)), rules))
        before.append(suspicion(evidence, channel, None, rules).probability)
    return found


def _term(item: str, value: str, channel: Channel, rules: Policy) -> Term:
    known, said = rules.evidence[item], rules.evidence[item].values[value]
    weight = rules.weight(item, value, channel)
    return Term(item, value, weight, f"{known.zh}: {said.zh}", f"{known.en}: {said.en}")


def _unit_term(history: History, rules: Policy) -> Term:
    rate = history.rate(rules.base, rules.history_weight)
    weight = logit(rate) - logit(rules.base)
    percent = f"{100 * rate:.0f} %"
    return Term(
        "unit",
        percent,
        weight,
        f"承办单位以往办结: 约 {percent} 存疑",
        f"The unit's earlier closings: about {percent} doubtful",
    )


def logit(share: float) -> float:
    """Log-odds of a share strictly between 0 and 1."""
    return log(share / (1 - share))
