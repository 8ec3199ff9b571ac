"""Closings with what is known about each and the planted truth: what the detector is fitted on, and judged by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from followup.casework.false_closing import Channel, Policy, Suspicion, in_order

ANSWERS = ("contacted", "confirmed", "solved", "satisfied", "pressed", "words")
"""Items that residents tell; the others come from the unit's claim and from dates."""
ALONE_FROM = 0.35
"""The probability from which on the answers alone put a closing on the list: without the dates and proof, which mostly speak
against it, every sum is higher. Chosen on the cases of the fit, as the policy's threshold."""


@dataclass(frozen=True)
class Closing:
    """A callback that was reached, of a result that claims contact. `false`: it was planted as a false closing.

    `evidence`: values by item (`followup.casework.false_closing_evidence`).
    """

    unit: str
    channel: Channel
    evidence: Mapping[str, str]
    false: bool

    @property
    def denied(self) -> bool:
        """The plain rule: the resident says that nobody contacted them."""
        return self.evidence.get("contacted") == "denied"


def suspicions(closings: Iterable[Closing], by: Policy | None = None) -> list[Suspicion]:
    """How each looks, in the order given, with what was known of its unit until then."""
    return in_order(((one.unit, one.evidence, one.channel) for one in closings), by)


def listed_by_answers_alone(closings: Iterable[Closing]) -> list[bool]:
    """Which are on the list if only the resident's word were known."""
    return [one.probability >= ALONE_FROM for one in suspicions(map(answers_alone, closings))]


def answers_alone(closing: Closing) -> Closing:
    """The same closing, if only the resident's word were known."""
    return Closing(
        closing.unit,
        closing.channel,
        {item: value for item, value in closing.evidence.items() if item in ANSWERS},
        closing.false,
    )
