"""What of a channel's work goes at this moment: whose turn it is, from which number, within every limit. Used by the door
`dialing`, inside its transaction: the channel's row is locked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from survey.field.pacing import Bucket
from survey.field.shares import Key, Kind, OurNumber, Room, Wish, deal_out
from survey.field.turns import Served, Turns
from survey.store import callers, pace, shares
from survey.store.due_units import DueUnit
from survey.store.pace import Pace

CHANNEL: Key = ("channel", "")


@dataclass(frozen=True)
class Going:
    """One who goes: what has to be charged, and to whom."""

    unit: DueUnit
    caller: str | None
    cost: int


@dataclass
class Sharing:
    """The limits of one channel at one moment. `each`: what a usual one costs; `costs`: what is known of single units."""

    channel: Pace
    buckets: dict[Key, Bucket]
    rooms: dict[Key, Room]
    numbers: list[OurNumber]
    any_number: bool
    each: float
    costs: dict[int, int] = field(default_factory=dict)
    held_back: bool = False
    again: bool = False

    @property
    def most(self) -> int:
        """How many may be claimed at the most. With several numbers some of those will wait for theirs."""
        room = self.rooms[CHANNEL]
        if self.any_number and not self.numbers:
            return 0
        tokens = self.buckets[CHANNEL].whole()
        n = 0 if tokens < 1 else max(1, int(tokens / self.each))
        n = n if room.lines is None else min(n, room.lines)
        return n if n <= 0 or len(self.numbers) < 2 else 2 * n

    @property
    def closed(self) -> list[int]:
        """Campaigns that have no room of their own now."""
        full = (key for key, room in self.rooms.items() if key[0] == "campaign" and not room.lets(1, False))
        return [int(name) for _, name in full]

    async def deal(self, conn: Any, due: Sequence[DueUnit]) -> dict[int, str | None]:
        """The persons who may go, each with the number that contacts them."""
        last = await callers.last_of(conn, [unit.person_id for unit in due]) if self.numbers else {}
        first: dict[int, DueUnit] = {}
        for unit in due:
            first.setdefault(unit.person_id, unit)
        wishes = [
            Wish(unit.person_id, str(unit.campaign_id), last.get(unit.person_id), self._cost(unit))
            for unit in first.values()
            if not self.again or unit.id in self.costs
        ]
        goes = deal_out(wishes, self.numbers, self.rooms)
        self.held_back = self.held_back or len(goes) < len(first)
        return goes

    def _cost(self, unit: DueUnit) -> float:
        return self.costs.get(unit.id, self.each)

    def fits(self, going: Sequence[Going]) -> bool:
        """Whether they may go at what they cost in truth. False: they are to be claimed again, by what is known now."""
        self.costs = {one.unit.id: one.cost for one in going}
        left, taken = dict(self.rooms), set[Key]()
        for one in going:
            for key in self._keys(one):
                if not left[key].lets(one.cost, key not in taken):
                    self.again = self.held_back = True
                    return False
                left[key] = left[key].without(one.cost)
                taken.add(key)
        return True

    def _keys(self, one: Going) -> list[Key]:
        account = next((n.account for n in self.numbers if n.number == one.caller), "")
        own: list[Key] = [
            CHANNEL, ("campaign", str(one.unit.campaign_id)), ("number", one.caller or ""), ("account", account),
        ]  # fmt: skip
        return [key for key in own if key in self.rooms]

    def charge(self, going: Iterable[Going]) -> None:
        """Take what went out of every bucket."""
        for one in going:
            for key in self._keys(one):
                if key in self.buckets:
                    self.buckets[key] = self.buckets[key].taken(one.cost)


async def open_sharing(conn: Any, channel: Pace, mode: str, bucket: Bucket, now: datetime) -> Sharing:
    """`bucket`: the channel's, filled."""
    known = await callers.rows(conn)
    working = [OurNumber(row.number, row.account, row.rate) for row in known if row.paused_at is None]
    limits = await shares.rows(conn, mode)
    used = await _lines(conn, mode, known) if any(row.lines is not None for row in limits) else {}
    free = None if channel.lines is None else channel.lines - channel.in_use
    buckets, rooms = {CHANNEL: bucket}, {CHANNEL: Room(bucket.tokens, free)}
    for row in limits:
        key: Key = (_kind(row.kind), row.name)
        tokens = None
        if row.rate is not None:
            most = max(1.0, row.rate * (channel.batch_s or row.burst_s))
            buckets[key] = Bucket(row.rate, most, row.tokens, row.filled_at).filled(now)
            tokens = buckets[key].tokens
        rooms[key] = Room(tokens, None if row.lines is None else row.lines - used.get(key, 0))
    return Sharing(
        channel, buckets, rooms, working, bool(known), channel.tokens_each if mode == "text" else 1
    )


def _kind(word: str) -> Kind:
    return word  # type: ignore[return-value]  # the column holds no other


async def _lines(conn: Any, mode: str, known: Sequence[callers.CallerRow]) -> Mapping[Key, int]:
    account = {row.number: row.account for row in known}
    used: dict[Key, int] = {}
    for number, campaign, n in await shares.lines_by(conn, mode):
        keys: list[Key] = [("campaign", campaign)]
        if number is not None:
            keys += [("number", number), ("account", account.get(number, ""))]
        for key in keys:
            used[key] = used.get(key, 0) + n
    return used


async def keep(conn: Any, mode: str, sharing: Sharing, going: Sequence[Going], next_at: datetime) -> None:
    """What is left in every bucket, and whose turn is next."""
    left = [(*key, b.tokens, b.at) for key, b in sharing.buckets.items() if key != CHANNEL]
    if left:
        await shares.keep(conn, mode, left)
    bucket = sharing.buckets[CHANNEL]
    each = sum(one.cost for one in going) / len(going) if going else sharing.each
    await pace.keep(conn, mode, next_at, bucket.tokens, bucket.at, each)
    if going:
        campaigns = {one.unit.campaign_id for one in going}
        turns = Turns(sharing.channel.turn, await shares.turns(conn, mode, list(campaigns)))
        turns.serve(Served(one.unit.campaign_id, one.unit.weight, _waits_its_turn(one.unit)) for one in going)
        passed = {campaign: turns.passed[campaign] for campaign in sorted(campaigns)}
        await shares.keep_turns(conn, mode, turns.now, passed)


def _waits_its_turn(unit: DueUnit) -> bool:
    """Results that are owed and appointments go before all turns."""
    return unit.purpose != "case" and unit.appointment_at is None
