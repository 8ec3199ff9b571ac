"""From a carrier's outcome to a disposition code: one literal map, free of any provider's words
(statistics.md §1.3).
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from survey.policies import packaged


class UnknownSignal(ValueError):
    """An outcome that carrier_signals.yaml does not list. Park the signal and show it; never drop it."""


@dataclass(frozen=True)
class Signal:
    """What the carrier said about one attempt: an outcome of carrier_signals.yaml and, of a failed call, its
    SIP code.
    """

    channel: Literal["voice", "text"]
    outcome: str
    sip: int | None = None


def from_carrier(signal: Signal, *, closing: bool = False) -> str | None:
    """The disposition code of an attempt, or None while it is open.

    A text that was delivered is open until its thread is given up on: then call again with `closing`.
    "answered" is the code of a call in which the dialogue recorded nothing; where the dialogue has a code,
    that one stands. Raises UnknownSignal.
    """
    row = _outcome(signal)
    if row.get("open"):
        return str(row["at_close"]) if closing else None
    if signal.outcome == "failed" and signal.sip is not None:
        return _sip_codes().get(signal.sip, str(row["code"]))
    return str(row["code"])


def _outcome(signal: Signal) -> dict[str, Any]:
    table: dict[str, dict[str, Any]] = packaged("survey.field", "carrier_signals").body[signal.channel]
    if signal.outcome not in table:
        raise UnknownSignal(
            f"{signal.channel} outcome {signal.outcome!r} is not in survey/field/carrier_signals.yaml; "
            f"known: {', '.join(table)}"
        )
    return table[signal.outcome]


@cache
def _sip_codes() -> dict[int, str]:
    table: dict[str, list[int]] = packaged("survey.field", "carrier_signals").body["sip"]
    return {number: code for code, numbers in table.items() for number in numbers}
