"""A tiny service of the tests: it serves scripted TwiML and keeps every webhook that comes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from twilio.request_validator import RequestValidator

TOKEN = "a secret of the tests"
Params = dict[str, str]
Script = Callable[[str, Params], str]

SAFETY = "在目前的社会治安环境下,您感觉安全吗?安全请按1,比较安全请按2,不太安全请按3,不安全请按4。"
POLICE = "您对当地公安工作满意吗?满意请按1,基本满意请按2,不满意请按3,没打过交道请按4。"
AGE = "您的年龄段?18到29岁请按1,30到44岁请按2,45到59岁请按3,60岁以上请按4。"


def gather(prompt: str, action: str, more: str = "") -> str:
    return (
        f'<Response><Gather numDigits="1" finishOnKey="" timeout="6" actionOnEmptyResult="true"'
        f' action="{action}" {more}><Say language="zh-CN">{prompt}</Say></Gather></Response>'
    )


def goodbye(text: str = "谢谢您,再见。") -> str:
    return f"<Response><Say>{text}</Say><Hangup/></Response>"


@dataclass
class FakeService:
    """`script(path, params)` answers voice and text webhooks with TwiML. `fail` holds what to
    answer first."""

    script: Script = field(default=lambda path, params: goodbye())
    received: list[tuple[str, Params]] = field(default_factory=list)
    fail: list[int | str] = field(default_factory=list)
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
        if request.path.startswith("/status"):
            return web.Response()
        return web.Response(text=self.script(request.path, params), content_type="text/xml")

    def _verify(self, request: web.Request, params: Params) -> None:
        signature = request.headers["X-Twilio-Signature"]
        url = self.url + request.raw_path
        assert RequestValidator(TOKEN).validate(url, params, signature), f"{request.path} is signed wrongly"

    def at(self, path: str) -> list[Params]:
        """The parameters of all webhooks to one path."""
        return [params for own, params in self.received if own == path]

    def statuses(self) -> list[tuple[str, str]]:
        """Status and sequence number of every progress webhook, in the order of arrival."""
        return [(p["CallStatus"], p["SequenceNumber"]) for p in self.at("/status")]


def named(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """Some columns of some rows."""
    return [tuple(row[name] for name in names) for row in rows]
