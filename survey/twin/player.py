"""A call played from dialling to the end: one document after the other, verb by verb. One coroutine a call."""

from urllib.parse import urlsplit

from .answering import hangs_up_in
from .carrier import Carrier
from .conferences import confer
from .detecting import detect
from .dialing import dial
from .gathering import gather
from .line import CallOver, Line, end
from .listening import hear
from .orders import CallOrder
from .recording import record
from .twiml import VOICE, TwimlError, parse
from .utterance import Utterance
from .verbs import Conference, Gather, Hangup, Pause, Play, Record, Redirect, Say, Verb

MOST_DOCUMENTS = 200


class Player:
    """Plays one ordered call. `play()` never raises; what goes wrong is in the ledger."""

    def __init__(self, carrier: Carrier, order: CallOrder) -> None:
        self._line = Line(carrier, order)

    async def play(self) -> None:
        line = self._line
        try:
            if line.call.kind != "inbound":
                await dial(line)
                await detect(line)
            await self._perform()
        except CallOver:
            pass
        except TwimlError as error:
            line.complain(error.code, str(error))
            line.call.error_code = error.code
            await end(line.carrier, line.order, "failed")

    async def _perform(self) -> None:
        line = self._line
        verbs = await self._first_document()
        for _ in range(MOST_DOCUMENTS):
            following = await self._document(verbs)
            if following is None:
                await line.let_pass(line.unplayed_s)
                await line.end("completed")
            verbs = following or ()
        raise TwimlError(12100, f"more than {MOST_DOCUMENTS} documents in one call")

    async def _first_document(self) -> tuple[Verb, ...]:
        order = self._line.order
        if order.twiml is not None:
            return parse(order.twiml, VOICE)
        verbs = await self._line.fetch(order.url or "", order.method, {})
        if order.call.kind == "inbound":  # it rings until the service has said what is to be done
            self._line.is_answered()
        return verbs

    async def _document(self, verbs: tuple[Verb, ...]) -> tuple[Verb, ...] | None:
        """Play one document; the next one, or None when the call is to end."""
        line = self._line
        line.unspoken = None
        aloud: list[Utterance] = []
        for verb in verbs:
            following: tuple[Verb, ...] | None = None
            if isinstance(verb, Say | Play):
                aloud.append(await self._say(verb))
            elif isinstance(verb, Pause):
                line.unplayed_s += verb.length_s
            elif isinstance(verb, Redirect):
                return await self._redirect(verb)
            elif isinstance(verb, Hangup):
                return None
            elif isinstance(verb, Gather):
                following = await gather(line, verb)
            elif isinstance(verb, Conference):
                await confer(line, verb)
                aloud = []
            elif isinstance(verb, Record):
                following, aloud = await record(line, verb, aloud), []
            if following is not None:
                return following
        return None

    async def _say(self, verb: Say | Play) -> Utterance:
        """Heard, unless they leave in the middle. The time it takes is let pass at the next turn of
        events."""
        line = self._line
        said = await hear(line, [verb])
        if line.call.answered_by == "human":
            leaves = hangs_up_in(line.resident, line.ear, line.call.nth, said.seconds)
            if leaves is not None:
                await line.leave(leaves)
        line.unplayed_s += said.seconds
        return said

    async def _redirect(self, verb: Redirect) -> tuple[Verb, ...]:
        """After a recording at which nobody spoke, a redirect to the same place is how the service hears of it."""
        line, url = self._line, self._line.absolute(verb.url)
        unspoken = line.unspoken
        line.unspoken = None
        entry = unspoken if unspoken is not None and unspoken.url_path == urlsplit(url).path else None
        return await line.fetch(url, verb.method, {}, entry)
