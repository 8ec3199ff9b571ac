"""The carrier's web application: Twilio's REST and the control API, every request an activity of the
clock."""

import hmac

from aiohttp import BasicAuth, web
from aiohttp.typedefs import Handler, Middleware

from .api_calls import CallsApi
from .api_messages import MessagesApi
from .api_recordings import RecordingsApi
from .carrier import Carrier
from .control import Control
from .errors import ApiError, not_found, unauthorised, unavailable
from .forms import hang
from .wire import VERSION

_ACCOUNT = f"/{VERSION}/Accounts/{{account}}"
_BODY_LIMIT = 64 * 2**20


def application(carrier: Carrier, token: str) -> web.Application:
    """The application of one carrier; `token` opens the control API."""
    calls, messages = CallsApi(carrier), MessagesApi(carrier)
    app = web.Application(
        middlewares=[_activity(carrier), _twilio_errors(carrier)], client_max_size=_BODY_LIMIT
    )
    app.add_routes(
        [
            web.post(f"{_ACCOUNT}/Calls.json", calls.create),
            web.get(f"{_ACCOUNT}/Calls.json", calls.list),
            web.get(f"{_ACCOUNT}/Calls/{{sid}}.json", calls.fetch),
            web.post(f"{_ACCOUNT}/Calls/{{sid}}.json", calls.update),
            web.get(f"{_ACCOUNT}/Calls/{{sid}}/Events.json", calls.events),
            web.post(f"{_ACCOUNT}/Messages.json", messages.create),
            web.get(f"{_ACCOUNT}/Messages.json", messages.list),
            web.get(f"{_ACCOUNT}/Messages/{{sid}}.json", messages.fetch),
            web.post(f"{_ACCOUNT}/Messages/{{sid}}.json", messages.update),
            *RecordingsApi(carrier).routes(_ACCOUNT),
            *Control(carrier, token).routes(),
        ]
    )
    return app


def _activity(carrier: Carrier) -> Middleware:
    @web.middleware
    async def within(request: web.Request, handler: Handler) -> web.StreamResponse:
        with carrier.clock.activity():
            return await handler(request)

    return within


def _twilio_errors(carrier: Carrier) -> Middleware:
    """Outages, basic auth in front of the account, and refusals in Twilio's words."""

    @web.middleware
    async def within(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/twin/"):
            return await handler(request)
        try:
            await _works(carrier, request)
            _authenticate(carrier, request)
            return await handler(request)
        except ApiError as error:
            return error.response()
        except web.HTTPNotFound:
            return not_found(request.path).response()
        except web.HTTPMethodNotAllowed:
            return ApiError(405, 20004, "Method not allowed").response()

    return within


async def _works(carrier: Carrier, request: web.Request) -> None:
    """Raises what an outage answers; of one that hangs, when the client has given up."""
    outage = carrier.outages.now(carrier.clock.now())
    if outage is None:
        return
    outage.requests += 1
    if outage.kind == "hang":
        await hang(request)
    elif outage.kind == "refuse" and request.transport is not None:
        request.transport.abort()
    raise unavailable()


def _authenticate(carrier: Carrier, request: web.Request) -> None:
    """The account of the request, by its own token."""
    try:
        given = BasicAuth.decode(request.headers.get("Authorization", ""))
        account = carrier.account_of(given.login or "unknown")
    except (ValueError, KeyError):
        raise unauthorised() from None
    if not hmac.compare_digest(given.password.encode(), account.auth_token.encode()):
        raise unauthorised()
    if request.match_info.get("account", account.sid) != account.sid:
        raise not_found(request.path)
