"""A call played from dialling to the end: ringing, TwiML, keys, barge-in, silence, hanging up. One
coroutine a call."""

from urllib.parse import urljoin, urlsplit

from . import progress
from .answering import Act, hangs_up_in, react, spoken_s
from .carrier import Carrier
from .ledger import KeyPress
from .limits import GRAIN_S
from .mind import Conversation, OptOut
from .orders import CallOrder
from .person import picks_up, ring_s
from .twiml import VOICE, Gather, Hangup, Pause, Redirect, Say, TwimlError, Verb, parse
from .webhooks import Answer

MOST_DOCUMENTS = 200
_UNFETCHED, _NOT_XML = 11200, 12300
_XML = frozenset({"text/xml", "application/xml"})
_MACHINE_LISTENS_S = 45.0


class CallOver(Exception):
    """The call has ended; nothing more is played."""


class Player:
    """Plays one ordered call. `play()` never raises; what goes wrong is in the ledger."""

    def __init__(self, carrier: Carrier, order: CallOrder) -> None:
        self.carrier = carrier
        self.order = order
        self.call = order.call
        self.resident = carrier.resident(self.call.to)
        self.ear = Conversation()
        self._unplayed_s = 0.0
        self._base = order.url or ""

    async def play(self) -> None:
        try:
            await self._dial()
            await self._perform()
        except CallOver:
            pass
        except TwimlError as error:
            self._complain(error.code, str(error))
            self.call.error_code = error.code
            await end(self.carrier, self.order, "failed")

    # -- dialling ------------------------------------

    async def _dial(self) -> None:
        await self._pass(GRAIN_S)
        await progress.report_call(self.carrier, self.order, "initiated")
        outcome = picks_up(self.carrier.town, self.resident.person, self.call.nth, self.carrier.clock.now())
        if outcome in ("answered", "machine"):
            await self._ring(outcome)
            return
        signal = self.carrier.town.signals[outcome]
        self.call.sip = signal.sip
        wait = GRAIN_S
        if signal.rings:
            await self._ringing()
            wait = self.order.timeout_s if outcome == "no_answer" else self._ring_s()
        await self._pass(min(wait, self.order.timeout_s))
        await self._end(signal.status)

    async def _ring(self, outcome: str) -> None:
        await self._ringing()
        ring = self._ring_s()
        await self._pass(min(ring, self.order.timeout_s))
        if ring > self.order.timeout_s:
            self.call.sip = self.carrier.town.signals["no_answer"].sip
            await self._end("no-answer")
        self.call.status = "in-progress"
        self.call.answered_at = self.call.updated_at = self.carrier.clock.now()
        self.call.answered_by = "machine" if outcome == "machine" else "human"
        await progress.report_call(self.carrier, self.order, "answered")

    async def _ringing(self) -> None:
        self.call.status = "ringing"
        self.call.rang += 1
        await progress.report_call(self.carrier, self.order, "ringing")

    def _ring_s(self) -> float:
        return ring_s(self.carrier.town, self.resident.person, self.call.nth)

    # -- playing ------------------------------------

    async def _perform(self) -> None:
        verbs = await self._first_document()
        for _ in range(MOST_DOCUMENTS):
            following = await self._document(verbs)
            if following is None:
                await self._pass(self._unplayed_s)
                await self._end("completed")
            verbs = following or ()
        raise TwimlError(12100, f"more than {MOST_DOCUMENTS} documents in one call")

    async def _first_document(self) -> tuple[Verb, ...]:
        if self.order.twiml is not None:
            return parse(self.order.twiml, VOICE)
        return await self._fetch(self._base, self.order.method, {})

    async def _document(self, verbs: tuple[Verb, ...]) -> tuple[Verb, ...] | None:
        """Play one document; the next one, or None when the call is to end."""
        for verb in verbs:
            if isinstance(verb, Say):
                await self._say(verb)
            elif isinstance(verb, Pause):
                self._unplayed_s += verb.length_s
            elif isinstance(verb, Redirect):
                return await self._fetch(verb.url, verb.method, {})
            elif isinstance(verb, Hangup):
                return None
            elif isinstance(verb, Gather) and (following := await self._gather(verb)) is not None:
                return following
        return None

    async def _say(self, say: Say) -> None:
        """Heard, unless they leave in the middle. The time it takes is let pass at the next turn of
        events."""
        self.call.said.append(say.text)
        if self.call.answered_by == "human":
            leaves = hangs_up_in(self.carrier.town, self.resident, self.ear, self.call.nth, say.text)
            if leaves is not None:
                await self._leave(leaves)
        self._unplayed_s += spoken_s(self.carrier.town, say.text)

    async def _gather(self, gather: Gather) -> tuple[Verb, ...] | None:
        prompt, before = self._prompt_of(gather)
        act = self._act(prompt, gather.timeout_s)
        if act.hangs_up:
            await self._leave(before + act.after_s)
        said = spoken_s(self.carrier.town, prompt)
        starts = act.after_s if gather.barge_in else max(act.after_s, said + 1.0)
        if not act.keys or starts > said + gather.timeout_s:
            await self._pass(self._unplayed_s + before + said + gather.timeout_s)
            if not gather.action_on_empty:
                return None
            return await self._send_keys(gather, prompt, Act(0.0), "")
        digits, complete = _collected(act.keys, gather)
        await self._pass(self._unplayed_s + before + starts + (0 if complete else gather.timeout_s))
        return await self._send_keys(gather, prompt, act, digits)

    def _prompt_of(self, gather: Gather) -> tuple[str, float]:
        """The words of the prompt, and the seconds of pauses within it."""
        words = [verb.text for verb in gather.prompts if isinstance(verb, Say)]
        self.call.said.extend(words)
        pauses = sum(verb.length_s for verb in gather.prompts if isinstance(verb, Pause))
        return "".join(words), pauses

    def _act(self, prompt: str, timeout_s: float) -> Act:
        said = spoken_s(self.carrier.town, prompt)
        if self.call.answered_by == "machine":
            elapsed = (
                self.carrier.clock.now() - (self.call.answered_at or self.call.created_at)
            ).total_seconds()
            if elapsed >= _MACHINE_LISTENS_S:
                return Act(1.0, hangs_up=True)
            return Act(said + timeout_s)
        act = react(self.carrier.town, self.resident, self.ear, self.call.nth, prompt, timeout_s)
        if act.puzzled:
            self.carrier.ledger.not_understood(self.carrier.clock.now(), self.call.to, prompt)
        return act

    async def _send_keys(self, gather: Gather, prompt: str, act: Act, digits: str) -> tuple[Verb, ...]:
        url = urljoin(self._base, gather.action) if gather.action else self._base
        pressed = KeyPress(
            n=len(self.call.keys),
            url_path=urlsplit(url).path,
            digits=digits,
            prompt=prompt,
            meant=act.meant,
            at=self.carrier.clock.now(),
            kind=act.kind,
            slip=act.slip,
        )
        self.call.keys.append(pressed)
        if act.kind == "never":
            self._opt_out(digits)
        lost = self.carrier.faults.hit("gather_response_lost", self.call.to, self.call.nth, pressed.n)
        return await self._fetch(url, gather.method, {"Digits": digits}, pressed, lose_response=lost)

    def _opt_out(self, said: str) -> None:
        now = self.carrier.clock.now()
        self.resident.opted_out = self.resident.opted_out or OptOut(now, said, self.call.sid)
        self.carrier.ledger.opt_out(self.call.to, now, said, self.call.sid)

    # -- fetching and ending ------------------------------------

    async def _fetch(
        self,
        url: str,
        method: str,
        more: dict[str, str],
        pressed: KeyPress | None = None,
        *,
        lose_response: bool = False,
    ) -> tuple[Verb, ...]:
        self._unplayed_s = 0.0 if pressed else self._unplayed_s
        url = urljoin(self._base, url)
        params = progress.call_params(self.carrier, self.call) | more
        answer = await self.carrier.poster.send(url, params, method, lose_response=lose_response)
        if pressed is not None:
            pressed.came_to(answer)
        self.carrier.record(self.call.sid, url, params, answer.status)
        if not answer.ok:
            self._complain(_UNFETCHED, f"{urlsplit(url).path} was answered {answer.status or 'not at all'}")
            await self._end("completed")
        self._base = url
        return self._read(answer)

    def _read(self, answer: Answer) -> tuple[Verb, ...]:
        if answer.content_type not in _XML:
            raise TwimlError(
                _NOT_XML, f"the content type is {answer.content_type or 'missing'}, not text/xml"
            )
        return parse(answer.body, VOICE)

    async def _leave(self, after_s: float) -> None:
        await self._pass(self._unplayed_s + after_s)
        self.call.hung_up_by = "resident"
        await self._end("completed")

    async def _pass(self, seconds: float) -> None:
        """Let time pass; the call may have been ended by the API meanwhile, or reach its time limit."""
        if self.call.answered_at is not None:
            spent = (self.carrier.clock.now() - self.call.answered_at).total_seconds()
            seconds = min(seconds, max(0.0, self.order.time_limit_s - spent))
        await self.carrier.wait(seconds)
        self._unplayed_s = 0.0
        if self.order.over:
            raise CallOver
        if self.call.answered_at is not None:
            spent = (self.carrier.clock.now() - self.call.answered_at).total_seconds()
            if spent >= self.order.time_limit_s:
                await self._end("completed")

    async def _end(self, status: str) -> None:
        await end(self.carrier, self.order, status)
        raise CallOver

    def _complain(self, code: int, message: str) -> None:
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


def _collected(keys: str, gather: Gather) -> tuple[str, bool]:
    """What Gather makes of the keys, and whether it stops listening at once."""
    if gather.finish_on_key and gather.finish_on_key in keys:
        return keys.split(gather.finish_on_key)[0], True
    if gather.num_digits and len(keys) >= gather.num_digits:
        return keys[: gather.num_digits], True
    return keys, False
