"""Numbers of ours that networks have come to block: calls from them fail or ring nobody, their texts are filtered."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .dice import uniform


@dataclass(frozen=True, slots=True)
class Block:
    """From `at` on this share (0 to 1) of what goes out from `number` is stopped; 0 lifts it. `end` is how calls end then,
    a signal of the town; None leaves it to the town's shares."""

    number: str
    share: float
    at: datetime
    end: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"number": self.number, "blocked": self.share, "at": self.at.isoformat(), "end": self.end}


@dataclass(slots=True)
class Callers:
    """Every block that was ever set, in the order in which they were."""

    blocks: list[Block] = field(default_factory=list)

    def stops(self, seed: int, from_: str, now: datetime, *what: object) -> Block | None:
        """The block that stops this call or text, named by number and count; a hash decides within a share."""
        in_force = [one for one in reversed(self.blocks) if one.number == from_ and one.at <= now]
        block = max(in_force, key=_begins, default=None)
        if block is None or uniform(seed, "caller blocked", from_, *what) >= block.share:
            return None
        return block


def _begins(block: Block) -> datetime:
    return block.at
