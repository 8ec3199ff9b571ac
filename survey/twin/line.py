"""The line of one call: what its verbs share, time on it, documents fetched over it, and its end."""

from typing import NoReturn, Protocol
from urllib.parse import urljoin, urlsplit

from . import progress
from .carrier import Carrier
from .mind import Conversation, OptOut
from .orders import CallOrder
from .recordings import Recording
from .twiml import VOICE, TwimlError, parse
from .verbs import Verb
from .webhooks import Answer

UNFETCHED, NOT_OF_THE_TYPE = 11200, 12300
_XML = frozenset({"text/xml", "application/xml"})


class CallOver(Exception):
    """The call has ended; nothing more is played."""


class Entry(Protocol):
    """A row of the ledger that keeps what became of its webhook."""

    def came_to(self, answer: Answer) -> None: ...


class Line:
    """One ordered call under way. `unplayed_s` is what has been said but has not yet taken its time; `unspoken` a
    recording at which nobody spoke, for which the redirect that follows stands."""

    def __init__(self, carrier: Carrier, order: CallOrder) -> None:
        self.carrier = carrier
        self.order = order
        self.call = order.call
        self.resident = carrier.resident(self.call.resident)
        self.ear = Conversation(wish=order.wish)
        self.unplayed_s = 0.0
        self.unspoken: Recording | None = None
        self._base = order.url or ""

    @property
    def by_machine(self) -> bool:
        return self.call.answered_by == "machine"

    @property
    def answered_for_s(self) -> float:
        since = self.call.answered_at or self.call.created_at
        return (self.carrier.clock.now() - since).total_seconds()

    def absolute(self, url: str | None) -> str:
        """An address in a document, which is relative to that document; None is the document's own."""
        return urljoin(self._base, url) if url else self._base

    async def fetch(
        self,
        url: str,
        method: str,
        more: dict[str, str],
        entry: Entry | None = None,
        *,
        lose_response: bool = False,
    ) -> tuple[Verb, ...]:
        """The next document. Ends the call when it cannot be had; raises TwimlError when it cannot be read."""
        answer = await self.post(url, method, more, entry, lose_response=lose_response)
        if not answer.ok:
            await self.end("completed")
        self._base = url
        if answer.content_type not in _XML:
            raise TwimlError(
                NOT_OF_THE_TYPE, f"the content type is {answer.content_type or 'missing'}, not text/xml"
            )
        return parse(answer.body, VOICE)

    async def post(
        self,
        url: str,
        method: str,
        more: dict[str, str],
        entry: Entry | None = None,
        *,
        lose_response: bool = False,
    ) -> Answer:
        """A webhook of this call, `url` being absolute; a failure is in the ledger's errors."""
        params = progress.call_params(self.carrier, self.call) | more
        answer = await self.carrier.poster_for(self.call.account).send(
            url, params, method, lose_response=lose_response
        )
        if entry is not None:
            entry.came_to(answer)
        self.carrier.record(self.call.sid, url, params, answer.status)
        if not answer.ok:
            self.complain(UNFETCHED, f"{urlsplit(url).path} was answered {answer.status or 'not at all'}")
        return answer

    def is_answered(self) -> None:
        """A call to the centre is answered by the document that it got."""
        self.call.status, self.call.answered_by = "in-progress", "human"
        self.call.answered_at = self.call.updated_at = self.carrier.clock.now()
        self.resident.spoken_at = self.call.answered_at

    async def let_pass(self, seconds: float) -> None:
        """Let time pass; the call may have been ended by the API meanwhile, or reach its time limit."""
        if self.call.answered_at is not None:
            seconds = min(seconds, max(0.0, self.order.time_limit_s - self.answered_for_s))
        await self.carrier.wait(seconds)
        self.unplayed_s = 0.0
        if self.order.over:
            raise CallOver
        if self.call.answered_at is not None and self.answered_for_s >= self.order.time_limit_s:
            await self.end("completed")

    async def leave(self, after_s: float) -> NoReturn:
        """The resident puts the receiver down."""
        await self.let_pass(self.unplayed_s + after_s)
        self.call.hung_up_by = "resident"
        await self.end("completed")

    async def end(self, status: str) -> NoReturn:
        await end(self.carrier, self.order, status)
        raise CallOver

    def opt_out(self, said: str) -> None:
        now = self.carrier.clock.now()
        self.resident.opted_out = self.resident.opted_out or OptOut(now, said, self.call.sid)
        self.carrier.ledger.opt_out(self.call.resident, now, said, self.call.sid)

    def not_understood(self, prompt: str) -> None:
        self.carrier.ledger.not_understood(self.carrier.clock.now(), self.call.resident, prompt)

    def complain(self, code: int, message: str) -> None:
        self.carrier.ledger.error(self.carrier.clock.now(), self.call.sid, code, message)


async def end(carrier: Carrier, order: CallOrder, status: str) -> None:
    """Close a call once, and report it."""
    if order.over:
        return
    order.over = True
    order.call.status = status
    order.call.ended_at = order.call.updated_at = carrier.clock.now()
    order.call.hung_up_by = order.call.hung_up_by or ("service" if order.call.answered_at else None)
    await progress.report_call(carrier, order, "completed")
