"""The page behind a unit's link: its case redacted, signing, reporting. GET changes nothing of the case; POST acts, once.

No script, no cookie; the address is the secret, so no header of ours hands it on and no log holds it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from followup import unit_links
from followup.cases import Contact
from followup.intake_policy import intake_policy
from followup.refusals import CaseRefusal, LinkExpired, UnknownLink
from followup.unit_links import PATH, Acted
from survey.ground import Ground
from survey.web.shell import templates_of

LOCAL: Final = ZoneInfo("Asia/Shanghai")
WAYS: Final = {
    "phone": "电话 by phone",
    "visit": "上门 a visit",
    "meeting": "当面 in person",
    "text": "短信 by text",
}
OUTCOMES: Final = {
    None: "正在接通 under way",
    "talked": "已通话 spoke",
    "declined": "对方没有接通 they chose not to be put through",
    "not_reached": "没有接听 not answered",
    "asker_not_there": "你单位的电话没有接通 nobody at your telephone",
    "opted_out": "对方不愿接这类电话,请由中心转问 they want no such calls; ask through the centre",
    "outside_hours": "不在可以打电话的时间 outside the hours of calls",
    "often_enough": "最近电话已多,请由中心转问 called often enough lately; ask through the centre",
    "in_another": "对方正在和中心往来,稍后再试 they were in contact with the centre; try later",
    "no_number": "号码已不用 their number is not theirs any more",
    "expired": "没有打成,请再申请 it was not placed in time; ask again",
}
"""What came of a masked call (`survey.masked_calls`)."""
SENT_BACK: Final = (
    "结果退回:没有联系群众的日期,请补上再报。It came back: say when you spoke with the resident."
)
MOST_BYTES: Final = 64 * 1024


class NotUnderstood(CaseRefusal):
    """联系时间或方式没有填对。When and how you spoke with the resident: give both, or neither. The moment looks like
    2026-03-09T10:00."""


class UnitPages:
    """Handlers of the links."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{PATH}/{{token}}", self.show),
            web.post(f"{PATH}/{{token}}/sign", self.sign),
            web.post(f"{PATH}/{{token}}/report", self.report),
            web.post(f"{PATH}/{{token}}/call", self.call),
        ]

    async def show(self, request: web.Request) -> web.Response:
        said = SENT_BACK if request.query.get("report") == "returned" else ""
        return await self._shown(request.match_info["token"], 200, said=said, given={})

    async def sign(self, request: web.Request) -> web.Response:
        token, now = request.match_info["token"], self._ground.clock.now()
        try:
            async with self._ground.pool.acquire() as conn:
                acted = await unit_links.sign(conn, self._ground.vault, token, now=now)
        except CaseRefusal as no:
            return await self._refused(token, no, {})
        return self._back(token, acted)

    async def call(self, request: web.Request) -> web.Response:
        token, ground = request.match_info["token"], self._ground
        try:
            async with ground.pool.acquire() as conn:
                await unit_links.call(conn, ground.vault, token, now=ground.clock.now(), tokens=ground.tokens)
        except CaseRefusal as no:
            return await self._refused(token, no, {})
        raise web.HTTPSeeOther(f"../{token}?call=owed", headers=_headers(None))

    async def report(self, request: web.Request) -> web.Response:
        token, now = request.match_info["token"], self._ground.clock.now()
        if (request.content_length or 0) > MOST_BYTES:
            raise web.HTTPRequestEntityTooLarge(MOST_BYTES, request.content_length or 0)
        form = {name: str(value) for name, value in (await request.post()).items()}
        try:
            contact = contact_in(form)
            async with self._ground.pool.acquire() as conn:
                acted = await unit_links.report(
                    conn,
                    self._ground.vault,
                    token,
                    summary=form.get("summary", ""),
                    actions=form.get("actions", "").strip() or None,
                    contact=contact,
                    resident_view=form.get("resident_view", "").strip() or None,
                    now=now,
                )
        except CaseRefusal as no:
            return await self._refused(token, no, form)
        return self._back(token, acted)

    def _back(self, token: str, acted: Acted) -> web.Response:
        """To the page of the link, so that loading it again sends nothing again."""
        said = "again" if acted.again else "done"
        if acted.reported is not None and acted.reported.returned:
            said = "returned"
        raise web.HTTPSeeOther(f"../{token}?{acted.act}={said}", headers=_headers(None))

    async def _refused(self, token: str, no: CaseRefusal, form: Mapping[str, str]) -> web.Response:
        if isinstance(no, UnknownLink):
            return _page("unit_nowhere.html", 404, said=str(no), zh="没有这个链接", en="No such link")
        if isinstance(no, LinkExpired):
            return _page("unit_nowhere.html", 410, said=str(no), zh="链接已失效", en="This link has expired")
        return await self._shown(token, 409, said=str(no), given=form)

    async def _shown(self, token: str, status: int, *, said: str, given: Mapping[str, str]) -> web.Response:
        ground = self._ground
        try:
            async with ground.pool.acquire() as conn:
                opened = await unit_links.look(conn, ground.vault, token, now=ground.clock.now())
        except UnknownLink as no:
            return _page("unit_nowhere.html", 404, said=str(no), zh="没有这个链接", en="No such link")
        except LinkExpired as no:
            return _page("unit_nowhere.html", 410, said=str(no), zh="链接已失效", en="This link has expired")
        except CaseRefusal as no:
            return _page(
                "unit_nowhere.html",
                410,
                said=said or str(no),
                zh="这件事已不在你单位",
                en="Not yours any more",
            )
        return _page(
            "unit_case.html",
            status,
            opened=opened,
            token=token,
            said=said,
            given=given,
            ways=WAYS,
            outcomes=OUTCOMES,
            proof_s=intake_policy().bridge.proof_seconds,
            hour=_hour,
            now=ground.clock.now(),
        )


def contact_in(form: Mapping[str, str]) -> Contact | None:
    """When and how the unit spoke with the resident, in local time. Raises NotUnderstood."""
    at, way = form.get("contact_at", "").strip(), form.get("contact_way", "").strip()
    if not at:
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise NotUnderstood() from None
    if way not in WAYS:
        raise NotUnderstood()
    local = moment if moment.tzinfo is not None else moment.replace(tzinfo=LOCAL)
    return Contact(local, way)  # type: ignore[arg-type]  # one of WAYS


def _hour(moment: datetime) -> str:
    return moment.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


def unit_routes(ground: Ground) -> list[web.RouteDef]:
    """For the web process."""
    return UnitPages(ground).routes()


def _page(template: str, status: int, **values: object) -> web.Response:
    nonce = secrets.token_urlsafe(16)
    body = templates_of("followup.web").get_template(template).render(**values, nonce=nonce)
    return web.Response(text=body, status=status, content_type="text/html", headers=_headers(nonce))


def _headers(nonce: str | None) -> dict[str, str]:
    style = f"style-src 'nonce-{nonce}'; " if nonce else ""
    policy = f"default-src 'none'; {style}img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
