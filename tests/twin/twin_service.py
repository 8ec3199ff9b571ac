"""A tiny service of the tests: it serves scripted TwiML and keeps every webhook that comes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.request_validator import RequestValidator

SID = "AC" + "0" * 32
OURS = "+8615400000000"
MONDAY = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)  # ten in the morning in the city
TOKEN = "a secret of the tests"
Params = dict[str, str]
Script = Callable[[str, Params], str]

SAFETY = "在目前的社会治安环境下,您感觉安全吗?安全请按1,比较安全请按2,不太安全请按3,不安全请按4。"
POLICE = "您对当地公安工作满意吗?满意请按1,基本满意请按2,不满意请按3,没打过交道请按4。"
OPEN = "还有什么治安方面的问题或建议?请在提示音后说,说完按井号键;没有请直接按井号键。"
REASON = "没解决好或不满意的主要原因是什么?请在提示音后说,说完按井号键。"
AGE = "您的年龄段?18到29岁请按1,30到44岁请按2,45到59岁请按3,60岁以上请按4。"


def gather(prompt: str, action: str, more: str = "") -> str:
    return (
        f'<Response><Gather numDigits="1" finishOnKey="" timeout="6" actionOnEmptyResult="true"'
        f' action="{action}" {more}><Say language="zh-CN">{prompt}</Say></Gather></Response>'
    )


def aloud(prompt: str, action: str, more: str = "") -> str:
    """A question that may be answered by key or in words."""
    return (
        f'<Response><Gather input="dtmf speech" numDigits="1" finishOnKey="" timeout="6" language="cmn-Hans-CN"'
        f' speechTimeout="auto" actionOnEmptyResult="true" action="{action}" {more}>'
        f'<Say language="zh-CN">{prompt}</Say></Gather></Response>'
    )


def record(prompt: str, action: str, more: str = "") -> str:
    """An open question, recorded; silence goes to the same place."""
    return (
        f'<Response><Say language="zh-CN">{prompt}</Say><Record action="{action}" maxLength="60" timeout="4"'
        f' finishOnKey="#" {more}/><Redirect>{action}</Redirect></Response>'
    )


def goodbye(text: str = "谢谢您,再见。") -> str:
    return f"<Response><Say>{text}</Say><Hangup/></Response>"


class TwinHttpClient(AsyncTwilioHttpClient):
    """Twilio's own client with another scheme and host."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    async def request(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return await super().request(method, f"{self._base}{parts.path}{query}", *args, **more)


@dataclass(frozen=True)
class File:
    """Something to be played. `says` goes into the courtesy header of rehearsals, percent-encoded."""

    body: bytes
    content_type: str = "audio/wav"
    says: str | None = None

    def response(self) -> web.Response:
        headers = {} if self.says is None else {"X-Prompt-Text": quote(self.says)}
        return web.Response(body=self.body, content_type=self.content_type, headers=headers)


REPORTS = ("/status", "/recording", "/transcript")


@dataclass
class FakeService:
    """`script(path, params)` answers voice and text webhooks with TwiML; `files` are what can be played. `fail`
    holds what to answer first, `tokens` those of accounts other than the first."""

    files: dict[str, File] = field(default_factory=dict)
    script: Script = field(default=lambda path, params: goodbye())
    received: list[tuple[str, Params]] = field(default_factory=list)
    fail: list[int | str] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    url: str = ""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._take)
        return app

    async def _take(self, request: web.Request) -> web.StreamResponse:
        params = {name: str(value) for name, value in (await request.post()).items()}
        self._verify(request, params)
        params |= dict(request.query)
        self.received.append((request.path, params))
        if self.fail:
            failure = self.fail.pop(0)
            if failure == "hang up":
                assert request.transport is not None
                request.transport.close()
                await asyncio.sleep(0)
            return web.Response(status=failure if isinstance(failure, int) else 500)
        if request.path.startswith(REPORTS):
            return web.Response()
        if request.path.startswith("/audio/"):
            file = self.files.get(request.path)
            return file.response() if file is not None else web.Response(status=404)
        return web.Response(text=self.script(request.path, params), content_type="text/xml")

    def _verify(self, request: web.Request, params: Params) -> None:
        signature = request.headers["X-Twilio-Signature"]
        url = self.url + request.raw_path
        token = self.tokens.get(params.get("AccountSid", ""), TOKEN)
        assert RequestValidator(token).validate(url, params, signature), f"{request.path} is signed wrongly"

    def at(self, path: str) -> list[Params]:
        """The parameters of all webhooks to one path."""
        return [params for own, params in self.received if own == path]

    def statuses(self) -> list[tuple[str, str]]:
        """Status and sequence number of every progress webhook, in the order of arrival."""
        return [(p["CallStatus"], p["SequenceNumber"]) for p in self.at("/status")]


def named(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """Some columns of some rows."""
    return [tuple(row[name] for name in names) for row in rows]
