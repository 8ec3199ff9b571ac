"""The operator's desk on a page: the next person, their number for one attempt, the dialogue, and how it came out.

Every form leads back to `/desk`, which shows what is in hand and changes nothing: a page that is loaded anew, or a second window,
is the same desk. A number is shown in the one reply to the form that asks for it, and stands in no address.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from survey import calling_in, desk_shift, linked_operators, operating, queueing
from survey.access.roles import Permission
from survey.access.signed_in import SignedIn
from survey.appointing import NotThen
from survey.desk_keys import ANSWERED, NOT_THEN, OUTCOMES, UNKNOWN, read_when
from survey.desk_shift import SomebodyInHand
from survey.dialogue.inputs import Choice, Correct, Input, Words
from survey.ground import Ground
from survey.linked_operators import NoTelephone
from survey.operating import AskedMeanwhile, MayNotCall, MayNotSee, NoSuchAttempt, OnBreak, Task
from survey.sampling.numbers import NumberPlan, to_dial
from survey.sampling.refusals import FieldRefused
from survey.store import campaigns, desk, desk_states, handovers
from survey.web.desk_view import Aside, desk_of
from survey.web.gate import FORM_TOKEN, HOME, Gate, Handler, PersonHandler, address, go
from survey.web.handover_pages import PATH as HANDOVERS
from survey.web.line_pages import LinePages
from survey.web.shell import page

DESK: Final = "/desk"
WORK: Final[Permission] = "desk.work"
BY_HAND: Final = "手工拨打"
"""Why the number is shown, as it stands in the record of whoever read it."""
PUT_BACK: Final = "cancelled"
LONGEST: Final = 2_000
"""Characters of a resident's words that are taken."""

Act = Callable[[web.Request, SignedIn, str], Awaitable[web.StreamResponse]]


class DeskPages:
    """`/desk` and its forms, for whoever may work the queue; the name of the account is the staff number."""

    def __init__(
        self,
        ground: Ground,
        centre_code: str,
        plan: NumberPlan,
        gate: Gate,
        line: LinePages,
        in_call: Sequence[Aside] = (),
        idle: Sequence[Aside] = (),
    ) -> None:
        """Pages beside the desk: `in_call`, while somebody is on the line; `idle`, while nobody is in hand."""
        self._in_call = in_call
        self._idle = idle
        self._ground = ground
        self._centre = centre_code
        self._plan = plan
        self._gate = gate
        self._line = line

    def routes(self) -> list[web.RouteDef]:
        """Every page of the desk."""
        forms: dict[str, Act] = {
            "number": self._number,
            "outcome": self._outcome,
            "say": self._say,
            "later": self._later,
            "hang-up": self._hang_up,
            "insulted": self._insulted,
        }
        return [
            web.get(DESK, self._open(self._look)),
            web.get(f"{DESK}/waiting", self._open(self._waiting, quiet=True)),
            web.post(f"{DESK}/next", self._open(self._next)),
            web.post(f"{DESK}/ready", self._open(self._ready)),
            web.post(f"{DESK}/break", self._open(self._break)),
            web.post(f"{DESK}/leave", self._open(self._leave)),
            web.post(f"{DESK}/{{ref}}/note", self._open(self._note)),
            web.post(f"{DESK}/duty", self._open(self._on_duty)),
            web.post(f"{DESK}/off-duty", self._open(self._off_duty)),
            *(web.post(f"{DESK}/{{ref}}/{name}", self._form(act)) for name, act in forms.items()),
        ]

    def _open(self, handler: PersonHandler, *, quiet: bool = False) -> Handler:
        """For whoever may work the queue in the centre's own area."""
        return self._gate.open_in(self._centre, WORK, handler, quiet=quiet)

    def _form(self, act: Act) -> Handler:
        """What is sent about a person. Whoever is no longer at this desk is said to be so, on the desk as it stands."""

        async def handler(request: web.Request, who: SignedIn) -> web.StreamResponse:
            try:
                ref = request.match_info["ref"]
                if await operating.ref_in_hand(self._ground, who.name) != ref:
                    return self._back(request, "gone")
                return await act(request, who, ref)
            except MayNotCall:
                return self._back(request, "may_not_call")
            except MayNotSee:
                return self._back(request, "may_not_see")
            except AskedMeanwhile:
                return self._back(request)
            except NoSuchAttempt:
                return self._back(request, "gone")

        return self._open(handler)

    def _back(self, request: web.Request, said: str = "") -> web.Response:
        return go(address(request, DESK, said=said))

    # -- looking ------------------------------------------------------------------------------------------------------

    async def _look(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        task = await operating.task_in_hand(self._ground, who.name)
        return await self._page(request, who, task)

    async def _page(
        self,
        request: web.Request,
        who: SignedIn,
        task: Task | None,
        *,
        number: str = "",
        fault: tuple[str, str] | None = None,
        typed: str = "",
    ) -> web.Response:
        now = self._ground.clock.now()
        async with self._ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
            done = await desk.done(conn, who.name, now.astimezone(zone).date())
            waits = await handovers.waiting(conn, self._centre)
            stands = await desk_states.state_of(conn, who.name)
        duty = await linked_operators.state_of(self._ground, who.name)
        wants_why = task is None and request.query.get("said") == "nobody"
        empty = await queueing.why_nobody(self._ground, who.name) if wants_why else None
        values: dict[str, Any] = {
            "waits": waits.waiting,
            "urgent": waits.urgent,
            "handovers": address(request, HANDOVERS),
            "calling_in": await calling_in.waiting(self._ground, self._centre),
            "next_caller": address(request, f"{HANDOVERS}/next"),
            "desk": desk_of(task, now, zone, done, number=number, empty=empty, duty=duty, stands=stands),
            "line": await self._line.offer(request, who),
            "in_call": [
                (one, address(request, one.path.format(ref=task.ref))) for one in self._in_call if task
            ],
            "idle": [(one, address(request, one.path)) for one in self._idle],
            "who": who,
            "said": request.query.get("said", ""),
            "fault": fault,
            "typed": typed,
            "longest": LONGEST,
            "home": address(request, HOME),
            "form_token": self._gate.form_token(request),
            "form": lambda name: address(request, f"{DESK}/{task.ref}/{name}" if task else f"{DESK}/{name}"),
            "shift": lambda name: address(request, f"{DESK}/{name}"),
            "token_name": FORM_TOKEN,
        }
        return page(request, "survey.web", "desk.html", values)

    async def _waiting(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """What a waiting page asks again and again: whether it is still true."""
        task = await operating.task_in_hand(self._ground, who.name)
        duty = await linked_operators.state_of(self._ground, who.name)
        called = await calling_in.waiting(self._ground, self._centre)
        return web.json_response({"at_hand": task is not None, "duty": duty, "calling_in": called})

    # -- the shift ----------------------------------------------------------------------------------------------------

    async def _ready(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        await desk_shift.ready(self._ground, who.name)
        return self._back(request)

    async def _break(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        try:
            await desk_shift.rest(self._ground, who.name)
        except SomebodyInHand:
            return self._back(request, "somebody")
        return self._back(request)

    async def _leave(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        await desk_shift.leave(self._ground, who.name)
        return self._back(request, "left")

    async def _note(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """On whoever is in hand, or on the call that has just ended."""
        words = str((await request.post()).get("words", ""))[:LONGEST]
        try:
            await desk_shift.note(self._ground, who.name, request.match_info["ref"], words)
        except NoSuchAttempt:
            return self._back(request, "gone")
        return self._back(request, "noted")

    async def _insulted(self, request: web.Request, who: SignedIn, ref: str) -> web.StreamResponse:
        await desk_shift.insulted(self._ground, ref, who.name)
        return self._back(request)

    # -- being connected (docs/pacing.md) -----------------------------------------------------------------------------

    async def _on_duty(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """Their own telephone is called, and whoever answers is connected to it; its number is kept sealed."""
        typed = str((await request.post()).get("number", "")).strip()
        try:
            number = to_dial(typed, self._plan) if typed else None
            await linked_operators.go_on_duty(self._ground, who.name, number)
        except (NoTelephone, FieldRefused):
            return self._back(request, "no_telephone")
        return self._back(request)

    async def _off_duty(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        await linked_operators.leave(self._ground, who.name)
        return self._back(request)

    # -- the forms ----------------------------------------------------------------------------------------------------

    async def _next(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        try:
            taken = await operating.take_next(self._ground, who.name)
        except OnBreak:
            return self._back(request)
        return self._back(request, "" if taken else "nobody")

    async def _number(self, request: web.Request, who: SignedIn, ref: str) -> web.StreamResponse:
        task = await operating.task_in_hand(self._ground, who.name)
        if task is None or task.shown_at is not None or task.talk is not None:
            return self._back(request)  # it may have been dialled: nobody is rung twice
        number = await operating.show_number(self._ground, ref, who.name, BY_HAND)
        return await self._page(request, who, task, number=number)

    async def _outcome(self, request: web.Request, who: SignedIn, ref: str) -> web.StreamResponse:
        came_out = str((await request.post()).get("value", ""))
        task = await operating.task_in_hand(self._ground, who.name)
        if task is None or task.talk is not None:
            return self._back(request)
        if came_out == ANSWERED:
            await operating.answered(self._ground, ref, who.name)
            return self._back(request)
        if came_out != PUT_BACK and came_out not in {key.means for key in OUTCOMES}:
            return self._back(request)
        await operating.unanswered(self._ground, ref, came_out)
        return self._back(request, "put_back" if came_out == PUT_BACK else "kept")

    async def _say(self, request: web.Request, who: SignedIn, ref: str) -> web.StreamResponse:
        sent = await request.post()
        given = _given(sent.getall("value", []), str(sent.get("words", "")), str(sent.get("correct", "")))
        if given is not None:
            await operating.say(self._ground, ref, who.name, given, step=_step(sent.get("step")))
        return self._back(request)

    async def _later(self, request: web.Request, who: SignedIn, ref: str) -> web.StreamResponse:
        """Another time: a moment that can be kept, or none that they know."""
        sent = await request.post()
        typed = str(sent.get("when", "")).strip()[:LONGEST]
        moment = read_when(typed, await self._local())
        if moment is None and typed.lower() not in UNKNOWN:
            return await self._again(request, who, no_moment(typed), typed)
        try:
            step = _step(sent.get("step"))
            await operating.later(self._ground, ref, who.name, moment, heard=typed, step=step)
        except NotThen as no:
            return await self._again(request, who, not_then(no, (await self._local()).tzinfo), typed)
        return self._back(request)

    async def _again(
        self, request: web.Request, who: SignedIn, fault: tuple[str, str], typed: str
    ) -> web.Response:
        """The desk as it stands, with what was wrong beside the field."""
        task = await operating.task_in_hand(self._ground, who.name)
        return await self._page(request, who, task, fault=fault, typed=typed)

    async def _local(self) -> datetime:
        async with self._ground.pool.acquire() as conn:
            zone = ZoneInfo(await campaigns.time_zone(conn, self._centre) or "UTC")
        return self._ground.clock.now().astimezone(zone)

    async def _hang_up(self, request: web.Request, who: SignedIn, ref: str) -> web.StreamResponse:
        await operating.hang_up(self._ground, ref)
        return self._back(request, "kept")


def _given(codes: list[Any], words: str, correct: str) -> Input | None:
    """What the form says; None: nothing."""
    chosen = " ".join(str(code) for code in codes if code)
    if chosen:
        return Choice(chosen)
    if correct:
        return Correct(correct)
    typed = words.strip()[:LONGEST]
    return Words(typed) if typed else None


def _step(sent: Any) -> int:
    return int(sent) if isinstance(sent, str) and sent.isdecimal() and len(sent) < 10 else -1


def not_then(no: NotThen, zone: tzinfo | None) -> tuple[str, str]:
    """Why an appointment cannot be kept, with the moment from which it can, local to `zone`."""
    zh, en = NOT_THEN[no.why]
    opens = f" {no.opens.astimezone(zone):%m-%d %H:%M}" if no.opens is not None else ""
    return zh + opens, en + opens


def no_moment(typed: str) -> tuple[str, str]:
    """That these words name no moment."""
    return f"“{typed}”看不出是什么时候,请写日期和钟点", f"“{typed}” names no time; write a day and an hour"
