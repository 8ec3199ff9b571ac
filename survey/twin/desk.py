"""The operator's own telephone on the desk: dialling by hand, talking, hanging up. It answers at once;
time is the caller's."""

from dataclasses import dataclass
from typing import Any

from .carrier import Carrier
from .ledger import Call
from .limits import GRAIN_S
from .mind import Conversation, OptOut, Resident
from .person import picks_up, ring_s
from .rooms import Seat
from .speaking import Spoken, speak
from .utterance import spoken_s

DESK = "desk"
LETS_IT_RING_S = 45.0
_SILENCE_S = 1.0


@dataclass(slots=True)
class _Talk:
    call: Call
    resident: Resident
    ear: Conversation
    seat: Seat | None = None


class Desk:
    """Calls dialled by hand, each with its id."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._talks: dict[str, _Talk] = {}

    def dial(self, to: str, reference: str | None) -> dict[str, Any]:
        """Dial a town number: its outcome, and after how many seconds it is known.

        Outcomes: answered, machine, busy, no_answer, unassigned, off, suspended, rejected, blocked,
        trouble."""
        carrier = self._carrier
        resident = carrier.resident(to)
        resident.calls += 1
        now = carrier.clock.now()
        call = Call(
            carrier.sid("DK", to, resident.calls),
            "desk",
            to,
            DESK,
            now,
            nth=resident.calls,
            reference=reference,
        )
        carrier.ledger.calls[call.sid] = call
        if resident.opted_out is not None:
            carrier.ledger.contacted_after(to, now, call.sid, resident.opted_out.at)
        outcome = picks_up(carrier.town, resident.person, call.nth, now)
        ring = ring_s(carrier.town, resident.person, call.nth)
        after = {"answered": ring, "machine": ring, "rejected": ring, "no_answer": LETS_IT_RING_S}.get(
            outcome, GRAIN_S
        )
        call.rang = int(outcome in ("answered", "machine", "rejected", "no_answer"))
        call.rang_from = now if call.rang else None
        if outcome in ("answered", "machine"):
            call.status, call.answered_at = "in-progress", now
            call.answered_by = "machine" if outcome == "machine" else "human"
            self._talks[call.sid] = _Talk(call, resident, Conversation())
        else:
            call.status, call.ended_at = outcome.replace("_", "-"), now
        return {"id": call.sid, "outcome": outcome, "after_s": round(after)}

    def say(self, call_id: str, text: str) -> dict[str, Any]:
        """Say something, on a call dialled here or to whoever of that call is in a room. Raises KeyError when there is no such
        talk, or it is over."""
        talk = self._talk(call_id)
        talk.call.said.append(text)
        answer = self._answer(talk, text)
        takes = (
            spoken_s(self._carrier.town, text) + spoken_s(self._carrier.town, answer.heard or "") + _SILENCE_S
        )
        talk.call.spoken.append(
            {"n": len(talk.call.spoken), "said": text, "heard": answer.heard, "meant": answer.meant,
             "kind": answer.kind, "at": self._carrier.clock.now().isoformat()}
        )  # fmt: skip
        if answer.hung_up:
            talk.call.hung_up_by = "resident"
            self._end(call_id)
        return {
            "heard": answer.heard,
            "meant": answer.meant,
            "kind": answer.kind,
            "hung_up": answer.hung_up,
            "takes_s": max(1, round(takes)),
        }

    def _talk(self, call_id: str) -> _Talk:
        seat = self._carrier.seat_of(call_id)
        if seat is None:
            if call_id in self._talks and self._talks[call_id].seat is not None:
                del self._talks[call_id]
            return self._talks[call_id]
        return self._talks.setdefault(call_id, _Talk(seat.call, seat.resident, seat.ear, seat))

    def _answer(self, talk: _Talk, text: str) -> Spoken:
        town = self._carrier.town
        if talk.call.answered_by == "machine":
            return Spoken(town.at_the_desk["machine"][0], "machine")
        answer = speak(town, talk.resident, talk.ear, talk.call.nth, text)
        if answer.kind == "never":
            now = self._carrier.clock.now()
            talk.resident.opted_out = OptOut(now, answer.heard or "", talk.call.sid)
            self._carrier.ledger.opt_out(talk.call.to, now, answer.heard or "", talk.call.sid)
        if answer.kind == "puzzled":
            self._carrier.ledger.not_understood(self._carrier.clock.now(), talk.call.to, text)
        return answer

    def hang_up(self, call_id: str) -> None:
        """The operator puts the receiver down, that of a call dialled here or of one that is in a room; nothing happens when the
        call is over already."""
        seat = self._carrier.seat_of(call_id)
        if seat is not None:
            seat.rings_off = True
        elif call_id in self._talks:
            self._talks[call_id].call.hung_up_by = "service"
            self._end(call_id)

    def _end(self, call_id: str) -> None:
        talk = self._talks.pop(call_id)
        if talk.seat is not None:
            talk.seat.rings_off = True
            return
        call = talk.call
        call.status, call.ended_at = "completed", self._carrier.clock.now()
