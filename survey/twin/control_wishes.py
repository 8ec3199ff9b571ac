"""What the control API is asked to do to the carrier, read and checked."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from .callers import Block
from .carrier import Carrier
from .inbound import ring_the_centre
from .ledger import Call, Text
from .menu import Wish
from .outages import Kind, Outage
from .texting import write


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


class RingWish(BaseModel):
    """{from, to?, keys?, wish?, traits…}: a resident rings the centre. They press `keys` first, one at each prompt, and then as
    they mean it: `wish` is what they ring for. Traits, if there are any, plant them anew."""

    model_config = ConfigDict(extra="allow")

    from_: str = Field(alias="from")
    to: str | None = None
    keys: list[Annotated[str, Field(pattern=r"^[0-9*#]+$")]] = []
    wish: Wish | None = None


class TextWish(_Wish):
    """{from, body, to?}: a resident texts the centre of their own accord."""

    from_: str = Field(alias="from")
    body: Annotated[str, Field(min_length=1)]
    to: str | None = None


def ring(carrier: Carrier, wish: RingWish) -> Call:
    """Raises ValueError for a trait that the town does not know, and for a number of ours that cannot be rung."""
    if wish.model_extra:
        carrier.plant(wish.from_, wish.model_extra)
    return ring_the_centre(carrier, wish.from_, to=wish.to, keys=wish.keys, wish=wish.wish)


def text(carrier: Carrier, wish: TextWish) -> Text:
    """Raises ValueError for a number that is none of ours."""
    if wish.to is not None and carrier.owner(wish.to) is None:
        raise ValueError("this carrier has no such number of ours: see --number")
    return write(carrier, wish.from_, wish.body, wish.to)


def _at(carrier: Carrier, at: datetime | None) -> datetime:
    return at if at is not None else carrier.clock.now()
