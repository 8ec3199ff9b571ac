"""The page for residents: where my matter stands, by query code; an objection; whether a number is ours.

No account, no script, no cookie. A query code is a secret, so it travels in a form and stands in no address; nothing that is told
names anybody. Only an objection changes something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from followup import appeals, cases
from followup.api.limiting import Limiter
from followup.casework import lifecycle
from followup.casework.lifecycle import Event
from followup.move_refusals import ObjectionTooLate, UnknownQueryCode
from followup.refusals import CaseRefusal, NotPossibleNow, ReasonMissing
from followup.standing import Standing
from survey.ground import Ground
from survey.policies import packaged
from survey.sampling.numbers import canonical
from survey.sampling.refusals import FieldRefused
from survey.store import callers
from survey.web.shell import page

PATH: Final = "/q"
LONGEST: Final = 1_000
MOST_BYTES: Final = 16 * 1024
Both = tuple[str, str]
REFUSED: Final[dict[type[CaseRefusal], Both]] = {
    UnknownQueryCode: (
        "没有这个查询码。请对照短信再看一遍,数字和字母不要看混。",
        "There is no such query code. Compare it with the text that we sent you, letter by letter.",
    ),
    ObjectionTooLate: (
        "已过提出异议的期限。可以重新反映。",
        "The time for objections is over. You can raise the matter anew.",
    ),
    NotPossibleNow: (
        "这件事项现在不能提异议:还在办理,或已经提过。",
        "No objection can be made now: it is still being handled, or you have objected already.",
    ),
    ReasonMissing: ("请写下您的意见。", "Please write what you object to."),
}


class Policy(BaseModel):
    """The body of policy `resident_pages`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_minute: float = Field(gt=0)
    at_once: int = Field(gt=0)


@cache
def policy() -> Policy:
    """The packaged policy."""
    return Policy.model_validate(packaged("followup.policies", "resident_pages").body)


@dataclass(frozen=True)
class Shown:
    """What the page says. `code`: as it was typed, for the form of an objection; `ours`: of the number that was asked about."""

    standing: Standing | None = None
    may_object: bool = False
    objected: bool = False
    code: str = ""
    ours: bool | None = None
    fault: Both | None = None
    words: str = ""


class ResidentPages:
    """`/q` and its forms. `source`: the address that somebody comes from; `monotonic`: real seconds."""

    def __init__(
        self, ground: Ground, source: Callable[[web.Request], str], monotonic: Callable[[], float]
    ) -> None:
        self._ground = ground
        self._source = source
        self._limiter = Limiter(policy().per_minute, policy().at_once, monotonic)

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        return [
            web.get(PATH, self.look),
            web.post(f"{PATH}/matter", self.matter),
            web.post(f"{PATH}/objection", self.objection),
            web.post(f"{PATH}/number", self.number),
        ]

    async def look(self, request: web.Request) -> web.Response:
        return _page(request, Shown())

    async def matter(self, request: web.Request) -> web.Response:
        sent = await self._sent(request)
        return _page(request, await self._standing(sent.get("code", "")))

    async def objection(self, request: web.Request) -> web.Response:
        """Once: the second time the case is not in an ending any more."""
        sent = await self._sent(request)
        code, words = sent.get("code", ""), sent.get("words", "").strip()[:LONGEST]
        plain, now = "".join(code.split()).upper(), self._ground.clock.now()
        try:
            async with self._ground.pool.acquire() as conn:
                await cases.object_by_query_code(conn, plain, words=words, now=now)
        except CaseRefusal as no:
            shown = await self._standing(code)
            return _page(
                request,
                Shown(shown.standing, shown.may_object, False, code, None, _why(no), words),
            )
        shown = await self._standing(code)
        return _page(request, Shown(shown.standing, False, True, code))

    async def number(self, request: web.Request) -> web.Response:
        """Whether a number is one of ours. Whom it has called, nobody is told here."""
        sent = await self._sent(request)
        try:
            asked = canonical(sent.get("number", ""))
        except FieldRefused:
            why = ("这不是一个完整的电话号码。", "That is no whole telephone number.")
            return _page(request, Shown(fault=why))
        async with self._ground.pool.acquire() as conn:
            ours = {one.number for one in await callers.rows(conn)}
        return _page(request, Shown(ours=asked in ours))

    async def _standing(self, code: str) -> Shown:
        try:
            async with self._ground.pool.acquire() as conn:
                standing = await appeals.status_by_query_code(conn, code)
        except CaseRefusal as no:
            return Shown(code=code, fault=_why(no))
        may = lifecycle.target(standing.status, Event.OBJECT, standing.round) is not None
        return Shown(standing, may, code=code)

    async def _sent(self, request: web.Request) -> dict[str, str]:
        """The fields of a form. Raises 429 where the address has asked too often, 413 for a long one."""
        wait = self._limiter.wait_s(self._source(request))
        if wait:
            why = ("问得太快了,请过一会儿再试。", "Too many questions; please try again in a while.")
            raise _too_often(_page(request, Shown(fault=why), 429), wait)
        if (request.content_length or 0) > MOST_BYTES:
            raise web.HTTPRequestEntityTooLarge(MOST_BYTES, request.content_length or 0)
        return {name: str(value) for name, value in (await request.post()).items()}


def _why(no: CaseRefusal) -> Both:
    known = next((words for kind, words in REFUSED.items() if isinstance(no, kind)), None)
    return known or ("现在做不到,请给中心打电话。", "That cannot be done now; please call the centre.")


def _page(request: web.Request, shown: Shown, status: int = 200) -> web.Response:
    return page(
        request, "followup.web", "resident.html", {"shown": shown, "longest": LONGEST, "path": PATH}, status
    )


def _too_often(response: web.Response, wait: int) -> web.HTTPTooManyRequests:
    headers = {**response.headers, "Retry-After": str(wait)}
    headers.pop("Content-Length", None)
    headers.pop("Content-Type", None)
    return web.HTTPTooManyRequests(text=response.text, content_type="text/html", headers=headers)
