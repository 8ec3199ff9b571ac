"""No demo, no test and no typing error may ring a person: every number passes the number plan before it reaches a carrier."""

from datetime import datetime

from survey.channels.base import CLIENT, Carrier, InboundText, Placed, Progress, Refused
from survey.field.who_answered import Detection
from survey.sampling.numbers import NumberPlan, dialable


class GuardedCarrier:
    """A carrier that refuses numbers outside the plan: with `real` all that are not valid and diallable, with `fictional`
    all but prefix 154, which no real phone has. A browser of ours is nobody's number."""

    def __init__(self, carrier: Carrier, plan: NumberPlan) -> None:
        self._carrier = carrier
        self._plan = plan

    async def call(
        self,
        number: str,
        *,
        answer_url: str,
        status_url: str,
        detection: Detection = "none",
        machine_url: str = "",
        caller: str | None = None,
        longest_s: int | None = None,
    ) -> Placed:
        if not (number.startswith(CLIENT) or dialable(number, self._plan)):
            return Refused("unassigned", None)
        return await self._carrier.call(
            number,
            answer_url=answer_url,
            status_url=status_url,
            detection=detection,
            machine_url=machine_url,
            caller=caller,
            longest_s=longest_s,
        )

    async def text(
        self, number: str, body: str, *, status_url: str, valid_s: int, caller: str | None = None
    ) -> Placed:
        if not dialable(number, self._plan):
            return Refused("unassigned", None)
        return await self._carrier.text(number, body, status_url=status_url, valid_s=valid_s, caller=caller)

    async def look_up_call(self, sid: str) -> Progress | None:
        return await self._carrier.look_up_call(sid)

    async def look_up_text(self, sid: str) -> Progress | None:
        return await self._carrier.look_up_text(sid)

    async def calls_since(self, since: datetime) -> list[Progress]:
        return await self._carrier.calls_since(since)

    async def texts_since(self, since: datetime) -> list[Progress]:
        return await self._carrier.texts_since(since)

    async def inbound_texts_since(self, since: datetime) -> list[InboundText]:
        return await self._carrier.inbound_texts_since(since)

    async def cancel_call(self, sid: str) -> bool:
        return await self._carrier.cancel_call(sid)

    async def end_call(self, sid: str) -> None:
        await self._carrier.end_call(sid)

    async def cancel_text(self, sid: str) -> bool:
        return await self._carrier.cancel_text(sid)

    async def recording(self, sid: str) -> bytes | None:
        return await self._carrier.recording(sid)

    async def delete_recording(self, sid: str) -> bool:
        return await self._carrier.delete_recording(sid)

    async def close(self) -> None:
        await self._carrier.close()
