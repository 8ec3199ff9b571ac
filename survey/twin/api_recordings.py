"""/Recordings, of the account and of a call: fetch, list, delete; and the sound itself."""

from collections.abc import Sequence

from aiohttp import web

from . import wire
from .audio import WAV, tone
from .carrier import Carrier
from .errors import not_found
from .recordings import Recording


class RecordingsApi:
    """The recordings of each account. A file is there a few seconds after the recording has ended."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def routes(self, account: str) -> list[web.RouteDef]:
        one, of_call = f"{account}/Recordings", f"{account}/Calls/{{call}}/Recordings"
        return [
            web.get(f"{one}.json", self.list),
            web.get(f"{one}/{{sid}}.json", self.fetch),
            web.delete(f"{one}/{{sid}}.json", self.delete),
            web.delete(f"{one}/{{sid}}", self.delete),
            web.get(f"{one}/{{sid}}.wav", self.media),
            web.get(f"{one}/{{sid}}.mp3", self.media),
            web.get(f"{one}/{{sid}}", self.media),
            web.get(f"{of_call}.json", self.list_of_call),
            web.get(f"{of_call}/{{sid}}.json", self.fetch),
            web.delete(f"{of_call}/{{sid}}.json", self.delete),
        ]

    async def list(self, request: web.Request) -> web.Response:
        query, account = dict(request.query), request.match_info["account"]
        rows = self._rows(account, query, query.get("CallSid"))
        origin = str(request.url.origin())
        path = f"{wire.account_path(account)}/Recordings.json"
        return wire.page(
            rows, query, path, "recordings", _sid, lambda r: wire.recording_json(account, r, origin)
        )

    async def list_of_call(self, request: web.Request) -> web.Response:
        query, call = dict(request.query), request.match_info["call"]
        if call not in self._carrier.ledger.calls:
            raise not_found(request.path)
        account = request.match_info["account"]
        path = f"{wire.account_path(account)}/Calls/{call}/Recordings.json"
        rows = self._rows(account, query, call)
        return wire.page(
            rows, query, path, "recordings", _sid, lambda r: wire.call_recording_json(account, r)
        )

    def _rows(self, account: str, query: dict[str, str], call: str | None) -> Sequence[Recording]:
        """Newest first."""
        created, deleted = wire.span(query, "DateCreated"), query.get("IncludeSoftDeleted") == "true"
        return [
            recording
            for recording in reversed(self._carrier.ledger.recordings.values())
            if self._account(recording) == account
            and call in (None, recording.call_sid)
            and created.holds(recording.started_at)
            and (deleted or not recording.deleted)
        ]

    async def fetch(self, request: web.Request) -> web.Response:
        recording = self._recording(request)
        account = request.match_info["account"]
        if "call" in request.match_info:
            return wire.answer(wire.call_recording_json(account, recording))
        return wire.answer(wire.recording_json(account, recording, str(request.url.origin())))

    async def delete(self, request: web.Request) -> web.Response:
        """The sound is gone for good; what is known about it can be asked for with IncludeSoftDeleted."""
        self._recording(request).deleted = True
        return web.Response(status=204)

    async def media(self, request: web.Request) -> web.Response:
        """A tone as long as the recording; always a WAV, also where an MP3 was asked for."""
        recording = self._recording(request)
        if recording.ready_at is None:
            raise not_found(request.path)
        return web.Response(body=tone(recording.seconds), content_type=WAV)

    def _recording(self, request: web.Request) -> Recording:
        """Raises ApiError 20404 for one that is not there (any more), or is of another call."""
        recording = self._carrier.ledger.recordings.get(request.match_info["sid"])
        if recording is None or self._account(recording) != request.match_info["account"]:
            raise not_found(request.path)
        if request.match_info.get("call", recording.call_sid) != recording.call_sid:
            raise not_found(request.path)
        seen = request.method == "GET" and request.query.get("IncludeSoftDeleted") == "true"
        if recording.deleted and not (seen and request.path.endswith(".json")):
            raise not_found(request.path)
        return recording

    def _account(self, recording: Recording) -> str:
        return self._carrier.account_of(self._carrier.ledger.calls[recording.call_sid].account).sid


def _sid(recording: Recording) -> str:
    return recording.sid or ""
