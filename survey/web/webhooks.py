"""The carrier's webhooks: verified, handed to the doors, answered in the carrier's language. No decision is made here."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from aiohttp import web

from survey import dialing, interviewing, listening, telling
from survey.channels.twilio import twiml
from survey.channels.twilio.signature import is_signed
from survey.channels.twilio.words import ANSWERED_BY, call_word, text_word
from survey.dialogue.inputs import Digits, NoInput, Recorded, Speech
from survey.dispatch_policy import dispatch_policy
from survey.gathering import Gathering
from survey.ground import Ground
from survey.interviewing import Call, Text, TextReply
from survey.store.outage import DOWN
from survey.voice_reply import VoiceReply
from survey.voicing import Shelf
from survey.web import audio
from survey.web.forms import pairs

log = structlog.get_logger()


class Webhooks:
    """Handlers at one public address. `further`: the secrets of the accounts beside the first, by their ids."""

    def __init__(
        self,
        ground: Ground,
        *,
        auth_token: str,
        public_url: str,
        further: Mapping[str, str] | None = None,
    ) -> None:
        self._ground = ground
        self._token = auth_token
        self._further = dict(further or {})
        self._public_url = public_url.rstrip("/")
        self._shelf = Shelf(ground)
        self._calls = Gathering(self._take_calls, self._take_call)
        self._texts = Gathering(self._take_texts, self._take_text)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/twilio/voice/{ref}/{step}", self.voice),
            web.post("/twilio/status/{ref}", self.status),
            web.post("/twilio/told/{ref}", self.told),
            web.post("/twilio/machine/{ref}", self.machine),
            web.post("/twilio/words", self.words),
            web.post("/twilio/text", self.text),
        ]

    async def voice(self, request: web.Request) -> web.Response:
        real = self._ground.real_now()
        form = await self.verified(request)
        step = request.match_info["step"]
        if not step.isdecimal():
            raise web.HTTPNotFound
        ref, detected = request.match_info["ref"], ANSWERED_BY.get(form.get("AnsweredBy", ""))
        call = Call(ref, form["CallSid"], int(step), heard(form), real, detected)
        reply = await self._calls.take(ref, call)
        said = await audio.prompts(self._shelf, self._public_url, reply)
        return _xml(self._spoken(ref, reply, said))

    async def _take_calls(self, calls: Sequence[Call]) -> Sequence[VoiceReply | None]:
        return await interviewing.take_calls(self._ground, calls)

    async def _take_call(self, call: Call) -> VoiceReply:
        reply = await interviewing.take_call(
            self._ground, call.ref, call.sid, call.step, call.heard, call.real, call.detected
        )
        if reply is None:
            raise web.HTTPNotFound
        return reply

    def _spoken(self, ref: str, reply: VoiceReply, said: Sequence[twiml.Spoken]) -> str:
        if reply.waits == "nothing":
            return twiml.goodbye(said, lang=reply.lang)
        action = f"{self._public_url}/twilio/voice/{ref}/{reply.step}{dialing.OVERRIDES}"
        policy = dispatch_policy()
        if reply.waits == "recording":
            return twiml.record(
                said,
                lang=reply.lang,
                action=action,
                max_length_s=reply.record_s,
                timeout_s=policy.key_wait_s,
                finish_on_key=ANY_KEY,
                transcribe_callback=f"{self._public_url}/twilio/words{dialing.OVERRIDES}",
                recording_status_callback=None,
            )
        return twiml.ask(
            said,
            lang=reply.lang,
            action=action,
            num_digits=reply.digits,
            timeout_s=policy.key_wait_s,
            speech=reply.speech,
            finish_on_key=reply.digits == 0,
        )

    async def words(self, request: web.Request) -> web.Response:
        """What the carrier's recogniser made of a recording; where it made nothing, a person listens."""
        form = await self.verified(request)
        text = form.get("TranscriptionText", "")
        if form.get("TranscriptionStatus") == "completed" and text:
            known = await listening.take_words(self._ground, form.get("RecordingSid", ""), text)
            if not known:
                log.warning("words of an unknown recording", sid=form.get("RecordingSid"))
        return _xml(twiml.EMPTY)

    async def status(self, request: web.Request) -> web.Response:
        form = await self.verified(request)
        if "MessageSid" in form:
            sid, code = form["MessageSid"], _number(form.get("ErrorCode"))
            word: Any = text_word(form.get("MessageStatus", ""), code)
        else:
            sid, code = form.get("CallSid", ""), _number(form.get("ErrorCode"))
            word = call_word(form.get("CallStatus", ""), _number(form.get("SipResponseCode")), code)
        signal = {name: value for name, value in form.items() if name in SIGNAL_FIELDS}
        known = await dialing.record_progress(
            self._ground, request.match_info["ref"], sid, word, code, signal
        )
        if not known:
            log.warning("status of an unknown attempt", sid=sid)
        return _xml(twiml.EMPTY)

    async def told(self, request: web.Request) -> web.Response:
        """What became of a text that tells and asks nothing."""
        form = await self.verified(request)
        sid, code = form.get("MessageSid", ""), _number(form.get("ErrorCode"))
        word = text_word(form.get("MessageStatus", ""), code)
        signal = {name: value for name, value in form.items() if name in SIGNAL_FIELDS}
        known = await telling.record_progress(
            self._ground, request.match_info["ref"], sid, word, code, signal
        )
        if not known:
            log.warning("status of an unknown text", sid=sid)
        return _xml(twiml.EMPTY)

    async def machine(self, request: web.Request) -> web.Response:
        """Whether a machine answered, where the carrier finds that out beside the call."""
        form = await self.verified(request)
        sid, word = form.get("CallSid", ""), ANSWERED_BY.get(form.get("AnsweredBy", ""))
        signal = {name: value for name, value in form.items() if name in SIGNAL_FIELDS}
        known = await dialing.record_detection(self._ground, request.match_info["ref"], sid, word, signal)
        if not known:
            log.warning("who answered, of an unknown attempt", sid=sid)
        return _xml(twiml.EMPTY)

    async def text(self, request: web.Request) -> web.Response:
        real = self._ground.real_now()
        form = await self.verified(request)
        text = Text(form["From"], form["MessageSid"], form.get("Body", ""), real)
        reply = await self._texts.take(text.number, text)
        return _xml(twiml.message(reply.body))

    async def _take_texts(self, texts: Sequence[Text]) -> Sequence[TextReply | None]:
        return await interviewing.take_texts(self._ground, texts)

    async def _take_text(self, text: Text) -> TextReply:
        return await interviewing.take_text(self._ground, text.number, text.sid, text.body, text.real)

    async def verified(self, request: web.Request) -> dict[str, str]:
        """The form, if the carrier signed it; 403 otherwise. The URL is the public one, never what the request says."""
        fields = pairs(await request.text())
        form, url = dict(fields), self._public_url + request.path_qs
        token = self._further.get(form.get("AccountSid", ""), self._token)
        if not is_signed(token, url, fields, request.headers.get("X-Twilio-Signature")):
            log.warning("webhook refused: not signed by the carrier", path=request.path)
            raise web.HTTPForbidden(text="signature missing or wrong")
        return form


ANY_KEY = "0123456789*#"
"""Keys that end a recording: whoever presses a reserved one means it."""


def heard(form: Mapping[str, str]) -> interviewing.Heard:
    """What a voice webhook brings: keys, words that were recognised, a recording, or nothing."""
    if form.get("RecordingSid") and _number(form.get("RecordingDuration")):
        key = form.get("Digits", "")
        seconds = _number(form["RecordingDuration"]) or 0
        return Recorded(form["RecordingSid"], seconds, key="" if key == "hangup" else key)
    if form.get("Digits") and form["Digits"] != "hangup":
        return Digits(form["Digits"])
    if form.get("SpeechResult"):
        return Speech(form["SpeechResult"], _share(form.get("Confidence")))
    return NoInput()


def _share(text: str | None) -> float:
    """A number from 0 to 1; what is none counts as certain, as where the carrier says nothing of it."""
    try:
        return min(1.0, max(0.0, float(text))) if text else 1.0
    except ValueError:
        return 1.0


SIGNAL_FIELDS = frozenset(
    {
        "CallSid",
        "MessageSid",
        "CallStatus",
        "MessageStatus",
        "ErrorCode",
        "SipResponseCode",
        "SequenceNumber",
        "AnsweredBy",
    }
)
"""What is parked of a signal that nothing maps: never a number."""


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _xml(body: str) -> web.Response:
    return web.Response(text=body, content_type="text/xml")


def activity_middleware(ground: Ground) -> Any:
    """Time stands still while a request is answered. While the database is away the answer is 503: the carrier tries again, and
    what it then repeats is stored once."""

    @web.middleware
    async def standing_still(request: web.Request, handler: Any) -> web.StreamResponse:
        if getattr(request.match_info.handler, "outlasts_its_request", False):
            return await handler(request)  # type: ignore[no-any-return]
        with ground.clock.activity():
            try:
                response: web.StreamResponse = await handler(request)
            except DOWN as error:
                log.warning("database away; the request is to be made again", error=type(error).__name__)
                raise web.HTTPServiceUnavailable(headers={"Retry-After": "1"}) from None
            return response

    return standing_still
