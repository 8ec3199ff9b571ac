"""Twilio as a carrier: the verbs of `channels.base` over the `twilio` package."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client

from survey.channels.base import (
    Accepted,
    CarrierAway,
    InboundText,
    Placed,
    Progress,
    Refused,
    Throttled,
    Unknown,
)
from survey.channels.twilio.http import CarrierHttpClient
from survey.channels.twilio.words import CALL_ERRORS, TEXT_ERRORS, call_word, text_word
from survey.field.who_answered import Detection

logging.getLogger("twilio").setLevel(logging.WARNING)  # its INFO lines hold numbers

T = TypeVar("T")
API = "https://api.twilio.com"
OPTED_OUT = 21610
NOT_HEARD = (408, 429)
"""Of the carrier's noes, those that are about the moment and not about what was asked."""
MOST_VALID_S = 36_000
"""Twilio's own limit: ten hours."""
CALL_EVENTS = [
    "completed"
]  # the event of every final status; that somebody answered, the first request for TwiML tells
_SAYS_NO = (TwilioRestException, TwilioServiceException)
_NO_ANSWER = (TimeoutError, aiohttp.ClientError, ConnectionError, OSError)


class TwilioCarrier:
    """One account and its numbers; the first is what calls come from that name none. `base_url` None is Twilio itself."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        numbers: Sequence[str],
        base_url: str | None,
        timeout_s: float,
        ring_s: int,
        longest_s: int,
    ) -> None:
        self._http = CarrierHttpClient(base_url, timeout_s)
        self._account = (account_sid, auth_token)
        self._client = Client(account_sid, auth_token, http_client=self._http)
        self._numbers = tuple(numbers)
        self._ring_s = ring_s
        self._longest_s = longest_s

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
        async def create() -> Any:
            return await self._client.calls.create_async(
                to=number,
                from_=caller or self._numbers[0],
                url=answer_url,
                method="POST",
                status_callback=status_url,
                status_callback_method="POST",
                status_callback_event=CALL_EVENTS,
                timeout=self._ring_s,
                time_limit=longest_s or self._longest_s,
                **_detecting(detection, machine_url),
            )

        return await self._place(create, lambda code: CALL_ERRORS.get(code or 0, "refused_by_carrier"))

    async def text(
        self, number: str, body: str, *, status_url: str, valid_s: int, caller: str | None = None
    ) -> Placed:
        async def create() -> Any:
            return await self._client.messages.create_async(
                to=number,
                from_=caller or self._numbers[0],
                body=body,
                status_callback=status_url,
                validity_period=min(MOST_VALID_S, max(1, valid_s)),
            )

        return await self._place(create, lambda code: TEXT_ERRORS.get(code or 0, "refused_by_carrier"))

    async def look_up_call(self, sid: str) -> Progress | None:
        call = await self._found(self._client.calls(sid).fetch_async)
        return _call_progress(call) if call is not None else None

    async def look_up_text(self, sid: str) -> Progress | None:
        text = await self._found(self._client.messages(sid).fetch_async)
        return _text_progress(text) if text is not None else None

    async def calls_since(self, since: datetime) -> list[Progress]:
        calls = await _asked(self._client.calls.list_async(start_time_after=since, page_size=1000))
        return [p for p in map(_call_progress, calls) if p is not None]

    async def texts_since(self, since: datetime) -> list[Progress]:
        texts = [
            text
            for number in self._numbers
            for text in await _asked(
                self._client.messages.list_async(from_=number, date_sent_after=since, page_size=1000)
            )
        ]
        return [p for p in map(_text_progress, texts) if p is not None]

    async def inbound_texts_since(self, since: datetime) -> list[InboundText]:
        texts = [
            text
            for number in self._numbers
            for text in await _asked(
                self._client.messages.list_async(to=number, date_sent_after=since, page_size=1000)
            )
        ]
        return [InboundText(t.sid, t.from_, t.body or "") for t in texts if t.direction == "inbound"]

    async def cancel_call(self, sid: str) -> bool:
        return await self._recall(lambda: self._client.calls(sid).update_async(status="canceled"))

    async def end_call(self, sid: str) -> None:
        await self._recall(lambda: self._client.calls(sid).update_async(status="completed"))

    async def cancel_text(self, sid: str) -> bool:
        return await self._recall(lambda: self._client.messages(sid).update_async(status="canceled"))

    async def recording(self, sid: str) -> bytes | None:
        path = f"/2010-04-01/Accounts/{self._account[0]}/Recordings/{sid}.mp3"
        try:
            status, sound = await self._http.fetch(f"{API}{path}", self._account)
        except _NO_ANSWER as error:
            raise CarrierAway(f"no answer from the carrier: {type(error).__name__}") from error
        if status == 404:
            return None
        if status != 200:
            raise CarrierAway(f"the carrier answered {status}")
        return sound

    async def delete_recording(self, sid: str) -> bool:
        try:
            return bool(await self._client.recordings(sid).delete_async())
        except _SAYS_NO as error:
            return bool(error.status == 404)
        except _NO_ANSWER:
            return False

    async def close(self) -> None:
        await self._http.close()

    async def _place(self, create: Callable[[], Awaitable[Any]], word: Callable[[int | None], Any]) -> Placed:
        try:
            resource = await create()
        except _SAYS_NO as error:
            if error.status == 429:
                return Throttled(self._http.retry_after_s)
            if 400 <= error.status < 500:
                return Refused(word(error.code), error.code, opted_out=error.code == OPTED_OUT)
            return Unknown(f"the carrier answered {error.status}")
        except _NO_ANSWER as error:
            return Unknown(f"no answer from the carrier: {type(error).__name__}")
        except ValueError:
            return Unknown("the carrier's answer cannot be read")
        return Accepted(resource.sid) if resource.sid else Unknown("the carrier's answer has no id")

    async def _recall(self, cancel: Callable[[], Awaitable[Any]]) -> bool:
        """A no is heard, too: it comes too late, the call or text goes its way, and its status tells of it as ever."""
        try:
            await cancel()
        except _SAYS_NO as error:
            return bool(400 <= error.status < 500 and error.status not in NOT_HEARD)
        except (*_NO_ANSWER, ValueError):
            return False
        return True

    async def _found(self, fetch: Callable[[], Awaitable[Any]]) -> Any | None:
        async def found() -> Any | None:
            try:
                return await fetch()
            except _SAYS_NO as error:
                if error.status == 404:
                    return None
                raise

        return await _asked(found())


async def _asked(question: Awaitable[T]) -> T:
    """What the carrier answers. Raises CarrierAway."""
    try:
        return await question
    except _SAYS_NO as error:
        raise CarrierAway(f"the carrier answered {error.status}") from error
    except (
        TwilioException,
        *_NO_ANSWER,
        ValueError,
    ) as error:  # a list whose page is refused raises the first
        raise CarrierAway(f"no answer from the carrier: {type(error).__name__}") from error


def _detecting(detection: Detection, url: str) -> dict[str, str]:
    """Told with the first request for TwiML, after seconds of silence; or beside the call, which then begins at once."""
    if detection == "none":
        return {}
    beside = {
        "async_amd": "true",
        "async_amd_status_callback": url,
        "async_amd_status_callback_method": "POST",
    }
    return {"machine_detection": "Enable", **(beside if detection == "beside" else {})}


def _call_progress(call: Any) -> Progress | None:
    word = call_word(call.status, None, None)
    return Progress(call.sid, call.to, word, None, _aware(call.start_time)) if word else None


def _text_progress(text: Any) -> Progress | None:
    code = int(text.error_code) if text.error_code else None
    word = text_word(text.status, code)
    if word is None:
        return None
    return Progress(text.sid, text.to, word, code, _aware(text.date_created), text.body or "")


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
