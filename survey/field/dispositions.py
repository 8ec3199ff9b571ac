"""What became of an attempt, and of a sample unit: the AAPOR table as data (statistics.md §1, settled.md §6).

An attempt gets a code; a unit's final code follows from its attempts in their order. Codes are ours and
stable, the AAPOR number is a column beside them.
"""

from collections.abc import Sequence
from functools import cache
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict

from survey.policies import packaged

Group = Literal["I", "P", "R", "NC", "O", "UH", "UO", "NE"]
Eligible = Literal["yes", "no", "unknown"]
Refusal = Literal["hard", "soft"]
RetryRule = Literal[
    "stop", "again", "after_fault", "after_suspension", "at_appointment",
    "by_person", "other_person", "by_call", "after_text", "convert", "after_abandoned",
]  # fmt: skip


class UnknownDisposition(ValueError):
    """A code that is not in dispositions.yaml."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"disposition {code!r} is not in dispositions.yaml; known: {', '.join(dispositions())}"
        )


class Disposition(BaseModel):
    """One row of the table. Columns are explained at the head of dispositions.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    aapor: str
    group: Group
    zh: str
    en: str
    final: bool
    contacted: bool
    eligible: Eligible
    counts: bool
    cost: Literal["none", "call", "text"]
    retry: RetryRule
    refusal: Refusal | None = None
    suppress: bool = False
    """The person is not contacted again in the reach that settled.md §4 gives."""
    unlink: bool = False
    """The number leads to somebody else."""
    next_number: bool = False
    """The person's next number, if there is one, is tried instead."""
    final_as: str | None = None


@cache
def dispositions() -> MappingProxyType[str, Disposition]:
    """All dispositions by code, in the order of the table (that of the groups)."""
    rows = packaged("survey.field", "dispositions").body["codes"]
    return MappingProxyType({code: Disposition(code=code, **row) for code, row in rows.items()})


def disposition(code: str) -> Disposition:
    """The row of `code`. Raises UnknownDisposition."""
    try:
        return dispositions()[code]
    except KeyError:
        raise UnknownDisposition(code) from None


@cache
def _rank(code: str) -> int:
    """Place in the precedence of statistics.md §1.1; the lower says more about the unit."""
    row = disposition(code)
    order: list[str] = packaged("survey.field", "dispositions").body["precedence"]
    hard = f"{row.group} hard" if row.refusal == "hard" else None
    return next(place for place, name in enumerate(order) if name in (code, hard, row.group))


def final_code(attempts: Sequence[str]) -> str:
    """The final code of a unit from the codes of its attempts, oldest first (`standing_code`)."""
    best = standing_code(attempts)
    return disposition(best).final_as or best


def standing_code(attempts: Sequence[str]) -> str:
    """What a unit's attempts say of it as long as others may follow.

    What says most wins, and among equals the latest. "Not eligible" wins only when nothing later contradicts
    it and no other attempt speaks against it: a refusal stays a refusal though the number dies, and a
    suspended line that rings again is no longer suspended. A unit without an attempt is not_attempted.
    """
    standing = [code for place, code in enumerate(attempts) if _stands(code, attempts, place)]
    if not standing:
        return str(packaged("survey.field", "dispositions").body["nothing_tried"])
    newest_first = standing[::-1]
    excluded = next((code for code in newest_first if disposition(code).group == "NE"), None)
    return excluded or min(newest_first, key=_rank)


def _stands(code: str, attempts: Sequence[str], place: int) -> bool:
    """Whether the code may be final at all; only "not eligible" can be contradicted."""
    row = disposition(code)
    if row.group != "NE":
        return True
    others = [disposition(other) for other in attempts]
    if any(_speaks_against(other, row) for other in others):
        return False
    # What a person said about themselves holds until another person is reached; what the line said, until the
    # next attempt.
    return not any(other.contacted or not row.contacted for other in others[place + 1 :] if other.counts)


def _speaks_against(other: Disposition, excluded: Disposition) -> bool:
    """An eligible person was found; or somebody was spoken to on a line that is now said to be none."""
    return other.eligible == "yes" or (not excluded.contacted and other.group in ("NC", "O"))
