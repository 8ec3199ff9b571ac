"""An appeal is registered in the middle of a call: a page beside the operator's desk, which leads back to the same question.

The desk is in the database (decision 0037), so leaving its page loses nothing. The query code stands in the one reply to the
form, and in no address; the form sent again gets the same reply.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

from followup.appeal_form import ANONYMITIES, URGENCIES, NewAppeal
from followup.appeals import Registered
from followup.categories import categories
from followup.refusals import AppealIncomplete, AppealWrong, CaseRefusal
from followup.registering import register_at_desk
from followup.store import places
from survey import operating
from survey.access.signed_in import SignedIn
from survey.ground import Ground
from survey.operating import NoSuchAttempt, Task
from survey.web.desk_pages import DESK, LONGEST, WORK
from survey.web.desk_view import Aside
from survey.web.gate import FORM_TOKEN, HOME, Gate, Handler, address, go
from survey.web.shell import page

PATH: Final = f"{DESK}/{{ref}}/appeal"
APPEAL: Final = Aside("a", "登记诉求", "Register an appeal", PATH)
"""The key of the desk that leads here."""
PLACE: Final = 200
"""Characters of the place that are taken."""
Both = tuple[str, str]
URGENCY_WORDS: Final[dict[str, Both]] = {
    "normal": ("一般", "normal"),
    "urgent": ("紧急", "urgent"),
    "major": ("重大", "major"),
}
ANONYMITY_WORDS: Final[dict[str, Both]] = {
    "named": ("实名", "named"),
    "confidential": ("保密", "confidential"),
    "anonymous": ("匿名", "anonymous"),
}
MISSING: Final[dict[str, Both]] = {
    "content": ("请写下居民反映什么。", "Write down what the resident raises."),
    "place": ("请写地点。", "Say where it is."),
    "consent": ("要居民同意登记转办,才能登记。", "It is registered only if the resident agrees."),
}
"""By the first word of the fields that `appeals.register` names."""

Act = Callable[[web.Request, SignedIn, Task], Awaitable[web.StreamResponse]]


class AppealPages:
    """`/desk/REF/appeal`: the form, and what became of it, for whoever has this person on the line."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = gate

    def routes(self) -> list[web.RouteDef]:
        """The form and its sending."""
        return [web.get(PATH, self._open(self._form)), web.post(PATH, self._open(self._register))]

    def _open(self, act: Act) -> Handler:
        async def handler(request: web.Request, who: SignedIn) -> web.StreamResponse:
            task = await operating.task_in_hand(self._ground, who.name)
            if task is None or task.talk is None or task.ref != request.match_info["ref"]:
                return go(address(request, DESK, said="gone"))
            try:
                return await act(request, who, task)
            except NoSuchAttempt:
                return go(address(request, DESK, said="gone"))

        return self._gate.open_in(self._centre, WORK, handler)

    async def _form(self, request: web.Request, who: SignedIn, task: Task) -> web.StreamResponse:
        return await self._page(request, task, typed={"place": task.area}, form=self._ground.tokens())

    async def _page(
        self, request: web.Request, task: Task, *, typed: dict[str, str], form: str, fault: Both | None = None
    ) -> web.StreamResponse:
        blank = {"content": "", "place": "", "category": "", "area": "", "urgency": "", "anonymity": ""}
        values: dict[str, Any] = {
            "task": task,
            "typed": {**blank, "consent": "", "centre": "", **typed},
            "fault": fault,
            "form": form,
            "groups": _groups(),
            "areas": await self._areas(),
            "urgencies": [(one, *URGENCY_WORDS[one]) for one in URGENCIES],
            "anonymities": [(one, *ANONYMITY_WORDS[one]) for one in ANONYMITIES],
            "longest": LONGEST,
            "longest_place": PLACE,
            "here": address(request, PATH.format(ref=task.ref)),
        }
        return page(request, "followup.web", "desk_appeal.html", {**values, **self._frame(request)})

    def _frame(self, request: web.Request) -> dict[str, Any]:
        return {
            "desk": address(request, DESK),
            "home": address(request, HOME),
            "token_name": FORM_TOKEN,
            "form_token": self._gate.form_token(request),
        }

    async def _areas(self) -> dict[str, str]:
        async with self._ground.pool.acquire() as conn:
            return await places.area_names(conn, await self._gate.area_of(self._centre))

    async def _register(self, request: web.Request, who: SignedIn, task: Task) -> web.StreamResponse:
        sent = {name: str(value) for name, value in (await request.post()).items()}
        form = sent.get("form", "")
        try:
            done = await self._kept(who, task, sent, form)
        except AppealIncomplete as no:
            return await self._page(request, task, typed=sent, form=form, fault=_lacking(no))
        except AppealWrong as no:
            return await self._page(request, task, typed=sent, form=form, fault=(str(no), str(no)))
        except CaseRefusal:
            return go(address(request, DESK))
        values = {"done": done, "anonymous": sent.get("anonymity") == "anonymous"}
        return page(request, "followup.web", "desk_appeal_done.html", {**values, **self._frame(request)})

    async def _kept(self, who: SignedIn, task: Task, sent: dict[str, str], form: str) -> Registered:
        """Raises NoSuchAttempt where the call is theirs no more, and what `register_at_desk` raises."""
        now = self._ground.clock.now()
        async with self._ground.pool.acquire() as conn, conn.transaction():
            spoken_with = await operating.spoken_with(conn, task.ref, who.name)
            appeal = _appeal(sent, spoken_with, self._centre, who.name)
            return await register_at_desk(
                conn, form, appeal, by=f"调查员-{who.name}", now=now, tokens=self._ground.tokens
            )


def _appeal(sent: dict[str, str], who: operating.SpokenWith, centre: str, staff: str) -> NewAppeal:
    """What was written down; a category that nobody chose is guessed from the words, and whoever accepts it corrects it."""
    content = sent.get("content", "").strip()[:LONGEST]
    anonymity = sent.get("anonymity") or "named"
    return NewAppeal(
        centre_code=centre,
        source="inbound" if who.inbound else "outbound",
        person_id=None if anonymity == "anonymous" else who.person_id,
        content=content,
        place=sent.get("place", "").strip()[:PLACE],
        area_code=sent.get("area") or who.area_code,
        category=sent.get("category") or categories().guess(content).code,
        urgency=sent.get("urgency") or "normal",
        anonymity=anonymity,
        criticised_unit=centre if sent.get("centre") else None,
        consent=True if sent.get("consent") else None,
        first_handler=staff,
    )


def _groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """The leaves of the category tree by their group, as it is written in Chinese; the English names stand behind."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in categories().categories:
        groups.setdefault(one.group_zh, []).append((one.code, f"{one.name_zh} {one.name_en}"))
    return list(groups.items())


def _lacking(no: AppealIncomplete) -> Both:
    said = str(no)
    known = [words for field, words in MISSING.items() if f"{field} (" in said]
    return ("".join(zh for zh, _ in known) or said, " ".join(en for _, en in known) or said)
