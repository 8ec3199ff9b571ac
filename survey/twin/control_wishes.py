"""What the control API is asked to do to the carrier, read and checked."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from .callers import Block
from .carrier import Carrier
from .outages import Kind, Outage


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class BlockWish(_Wish):
    """{number, blocked: true | false | share, at?, end?}: networks block calls and texts from a number of ours from `at` on
    (now without it); `end` is one of the town's `blocked_callers`."""

    number: str
    blocked: bool | Annotated[float, Field(ge=0, le=1)]
    at: AwareDatetime | None = None
    end: str | None = None


class OutageWish(_Wish):
    """{minutes, kind, at?}: the REST does not work for so many virtual minutes from `at` on (now without it)."""

    minutes: Annotated[float, Field(gt=0)]
    kind: Kind
    at: AwareDatetime | None = None


def block(carrier: Carrier, wish: BlockWish) -> Block:
    """Raises ValueError for a number that is none of ours, and an end that the town does not know."""
    if carrier.owner(wish.number) is None:
        raise ValueError("this carrier has no such number of ours: see --number")
    if wish.end is not None and wish.end not in carrier.town.blocked_callers:
        raise ValueError(f"a blocked call cannot end {wish.end!r}; town.yaml lists blocked_callers")
    made = Block(wish.number, float(wish.blocked), _at(carrier, wish.at), wish.end)
    carrier.callers.blocks.append(made)
    return made


def outage(carrier: Carrier, wish: OutageWish) -> Outage:
    at = _at(carrier, wish.at)
    made = Outage(wish.kind, at, at + timedelta(minutes=wish.minutes))
    carrier.outages.all.append(made)
    return made


def _at(carrier: Carrier, at: datetime | None) -> datetime:
    return at if at is not None else carrier.clock.now()
