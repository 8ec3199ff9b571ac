"""The switch: what every part of the carrier shares, and waiting on its clock."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from survey.clock import Clock

from .accounts import SEGMENTS_PER_SECOND, Account
from .callers import Callers
from .clients import Clients, is_client, whoever
from .dice import identifier
from .faults import Faults
from .ledger import Ledger
from .limits import GRAIN_S, Rate
from .mind import Resident
from .opinions import Matter
from .orders import CallOrder
from .outages import Outages
from .person import meet, plant
from .queues import Queue
from .rooms import Room, Seat
from .town import Town
from .webhooks import Poster

INTERNAL = 20500
_log = logging.getLogger("survey.twin")


@dataclass(slots=True)
class Carrier:
    """One clock, one town, one ledger. All state of a run lives here.

    `account`, `poster` and `rate` are those of the first customer, `others`, `posters` and `rates` by account those of the
    rest. `queue_s`: how many seconds of work may wait at the carrier; None refuses what is too fast. `origin` is where the
    service reached this carrier last. `rooms`: those in which calls are connected, by account and name; `opened`: how many
    so far."""

    clock: Clock
    town: Town
    seed: int
    account: Account
    poster: Poster
    rate: Rate
    faults: Faults = field(default_factory=Faults)
    others: dict[str, Account] = field(default_factory=dict)
    posters: dict[str, Poster] = field(default_factory=dict)
    rates: dict[str, Rate] = field(default_factory=dict)
    queue_s: float | None = None
    segments_per_second: float = SEGMENTS_PER_SECOND
    queues: dict[str, Queue] = field(default_factory=dict)
    callers: Callers = field(default_factory=Callers)
    outages: Outages = field(default_factory=Outages)
    clients: Clients = field(default_factory=Clients)
    origin: str = ""
    rooms: dict[tuple[str, str], Room] = field(default_factory=dict)
    opened: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    residents: dict[str, Resident] = field(default_factory=dict)
    events: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    orders: dict[str, CallOrder] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def resident(self, number: str) -> Resident:
        """Whoever has this number of the town, or sits at this browser; the same for as long as the carrier runs."""
        found = self.residents.get(number)
        if found is None:
            person = whoever(number, self.seed) if is_client(number) else meet(self.town, self.seed, number)
            found = self.residents[number] = Resident(person)
        return found

    def account_of(self, sid: str) -> Account:
        """The account of that sid; the first one for "". Raises KeyError for one that is not here."""
        return self.account if sid in ("", self.account.sid) else self.others[sid]

    def owner(self, number: str) -> Account | None:
        """Whose number of ours this is."""
        return next((one for one in (self.account, *self.others.values()) if one.owns(number)), None)

    def poster_for(self, account_sid: str) -> Poster:
        """Who signs with that account's token."""
        return self.posters.get(account_sid, self.poster)

    def rate_for(self, account_sid: str) -> Rate:
        return self.rates.get(account_sid, self.rate)

    def queue_for_calls(self, account_sid: str) -> Queue | None:
        """Where an account's calls wait; None where nothing waits."""
        return self._queue(f"calls of {account_sid}", lambda: self.rate_for(account_sid))

    def queue_for_texts(self, sender: str) -> Queue | None:
        """Where the texts of a number of ours wait."""
        owner = self.owner(sender)
        own = owner.segments_per_second(sender) if owner is not None else None
        return self._queue(f"texts of {sender}", lambda: Rate(own or self.segments_per_second))

    def _queue(self, name: str, rate: Callable[[], Rate]) -> Queue | None:
        if self.queue_s is None:
            return None
        found = self.queues.get(name)
        if found is None:
            found = Queue(rate(), self.queue_s, self.clock, self.wait, self.spawn)
            self.queues[name] = found
        return found

    def plant(self, number: str, wishes: dict[str, Any]) -> None:
        """Give a resident traits of choice. Raises ValueError naming what the town does not know."""
        self.resident(number).person = plant(self.town, self.seed, number, wishes)

    def tell(self, number: str, matter: Matter) -> None:
        """What happened to a resident's case."""
        self.resident(number).tell(matter)

    def sid(self, prefix: str, *what: object) -> str:
        return identifier(prefix, self.seed, *what)

    def take_up(self, order: CallOrder) -> None:
        """A call that is about to be played, whoever began it: the ledger has it, and the API finds it."""
        self.ledger.calls[order.call.sid] = order.call
        self.orders[order.call.sid] = order

    def seat_of(self, call_sid: str) -> Seat | None:
        """Where a call sits that is in a room."""
        seats = (seat for room in self.rooms.values() for seat in room.seats)
        return next((seat for seat in seats if seat.call.sid == call_sid), None)

    def spawn(self, coro: Coroutine[Any, Any, None], name: str) -> None:
        """Run something that goes on by itself, such as a call; its failing is an error in the ledger."""
        task = self.clock.spawn(coro, name)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (failure := task.exception()) is None:
            return
        _log.error("%s broke off", task.get_name(), exc_info=failure)
        message = f"{task.get_name()} broke off: {type(failure).__name__}"
        self.ledger.error(self.clock.now(), task.get_name().split()[-1], INTERNAL, message)

    async def stop(self) -> None:
        """End whatever goes on."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def wait(self, seconds: float) -> None:
        """Let virtual time pass, at least one grain of it: nothing that is planned happens in the
        instant it was planned."""
        await self.clock.sleep_until(self.clock.now() + timedelta(seconds=max(GRAIN_S, seconds)))

    def record(self, sid: str, url: str, params: dict[str, str], status: int | None) -> None:
        """Keep a webhook for the call's Events resource."""
        event = {"at": self.clock.now(), "url": url, "parameters": params, "status": status}
        self.events.setdefault(sid, []).append(event)
