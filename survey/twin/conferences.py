"""Rooms in which calls are connected, as `<Dial><Conference>` has them: who joins, who leaves, when a room ends, and what of that
is reported. A room belongs to one account, and begins when two are in it."""

from email.utils import format_datetime

from . import progress
from .carrier import Carrier
from .line import Line
from .rooms import Room, Seat
from .verbs import Conference

_LOOKS_EVERY_S = 1.0


async def confer(line: Line, noun: Conference) -> None:
    """Stay in the room until it ends. Raises CallOver where this call ends before."""
    await line.let_pass(line.unplayed_s)
    room = _room(line.carrier, line, noun)
    seat = Seat(line.call, line.resident, line.ear, noun)
    await _join(line.carrier, room, seat)
    try:
        while not room.over:
            await line.let_pass(_LOOKS_EVERY_S)
            if seat.rings_off:
                await line.leave(0.0)
    finally:
        await _leave(line.carrier, room, seat)


def _room(carrier: Carrier, line: Line, noun: Conference) -> Room:
    """The room of that name; whoever opens it says where it is reported."""
    account = carrier.account_of(line.call.account).sid
    room = carrier.rooms.get((account, noun.name))
    if room is None:
        carrier.opened += 1
        callback = line.absolute(noun.status_callback) if noun.status_callback else None
        sid = carrier.sid("CF", account, noun.name, carrier.opened)
        room = carrier.rooms[account, noun.name] = Room(sid, noun.name, account, callback, noun.status_events)
    return room


async def _join(carrier: Carrier, room: Room, seat: Seat) -> None:
    room.seats.append(seat)
    await _report(carrier, room, "join", "participant-join", _of(seat))
    if len(room.seats) > 1 and not room.started and any(one.noun.start_on_enter for one in room.seats):
        room.started = True
        await _report(carrier, room, "start", "conference-start", {})


async def _leave(carrier: Carrier, room: Room, seat: Seat) -> None:
    room.seats.remove(seat)
    ends = not room.over and (seat.noun.end_on_exit or not room.seats)
    if ends:
        room.over = True
        del carrier.rooms[room.account, room.name]
    await _report(carrier, room, "leave", "participant-leave", _of(seat))
    if ends and room.started:
        why = (
            "participant-with-end-conference-on-exit-left"
            if seat.noun.end_on_exit
            else "last-participant-left"
        )
        more = {"CallSidEndingConference": seat.call.sid, "ReasonConferenceEnded": why}
        await _report(carrier, room, "end", "conference-end", more)


def _of(seat: Seat) -> dict[str, str]:
    flags = {"StartConferenceOnEnter": seat.noun.start_on_enter, "EndConferenceOnExit": seat.noun.end_on_exit}
    said = {name: str(flag).lower() for name, flag in flags.items()}
    return {"CallSid": seat.call.sid, "Muted": "false", "Hold": "false", **said}


async def _report(carrier: Carrier, room: Room, wish: str, event: str, more: dict[str, str]) -> None:
    if room.callback is None or wish not in room.events:
        return
    room.sequence += 1
    params = {
        "AccountSid": room.account,
        "ConferenceSid": room.sid,
        "FriendlyName": room.name,
        "SequenceNumber": str(room.sequence),
        "StatusCallbackEvent": event,
        "Timestamp": format_datetime(carrier.clock.now()),
        **more,
    }
    await progress.report(carrier, room.sid, room.callback, params, (room.name, event, room.sequence))
