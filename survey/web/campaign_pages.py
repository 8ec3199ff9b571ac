"""Campaigns on pages: written down, checked line by line, approved, started, paused, resumed, closed; and how each stands.

`/campaigns` is the list, `/campaigns/CODE` one of them, `/new-campaign` where one is written. Looking and checking
change nothing; every move goes through `survey.campaigning` and leaves a row that names the account.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from survey import campaigning
from survey.access.roles import Permission
from survey.access.signed_in import SignedIn
from survey.campaign_progress import first_answers
from survey.campaign_reading import Found, NoCampaign, Told, Written, read_campaign
from survey.campaigning import CampaignRefused, State
from survey.ground import Ground
from survey.questionnaire import library, shipped
from survey.questionnaire.places import Place, UnreadableYaml
from survey.questionnaire.wording import say
from survey.store.campaigns import ChangedWhenFrozen
from survey.web import campaign_view as view
from survey.web.campaign_words import COMMANDS, DONE, KINDS, NEXT, ON_PAGES, STATUSES, TONES, permission_of
from survey.web.gate import HOME, Gate, Handler, address, go
from survey.web.shell import page
from survey.web.terms import words

CAMPAIGNS: Final = "/campaigns"
NEW: Final = "/new-campaign"
MANAGE: Final[Permission] = "campaigns.manage"
MOST: Final = 200
"""Rows of the list."""
LONGEST: Final = 200_000
"""Characters of a campaign's file; the longest of ours has two thousand."""
LONGEST_REASON: Final = 500
FILE: Final = "campaign.yaml"
Both = tuple[str, str]


class CampaignPages:
    """`/campaigns` and its forms, for whoever runs campaigns of the centre. `caller_known`: a caller id is configured."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate, *, caller_known: bool) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = gate
        self._caller_known = caller_known

    def routes(self) -> list[web.RouteDef]:
        """Every page."""
        opened = self._gate.open_in
        return [
            web.get(CAMPAIGNS, opened(self._centre, MANAGE, self._list)),
            web.get(NEW, opened(self._centre, MANAGE, self._new)),
            web.post(f"{NEW}/compose", opened(self._centre, MANAGE, self._compose)),
            web.post(f"{NEW}/check", opened(self._centre, MANAGE, self._check)),
            web.post(f"{NEW}/create", opened(self._centre, MANAGE, self._create)),
            web.get(f"{CAMPAIGNS}/{{code}}", opened(self._centre, MANAGE, self._one)),
            web.get(f"{CAMPAIGNS}/{{code}}/document", opened(self._centre, MANAGE, self._document)),
            *(web.post(f"{CAMPAIGNS}/{{code}}/{event}", self._move(event)) for event in ON_PAGES),
        ]

    # -- looking ------------------------------------------------------------------------------------------------------

    async def _list(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        rows = await campaigning.listed(self._ground, self._centre, MOST)
        values = {
            **self._shared(request, who),
            "lines": view.lines(rows),
            "most": MOST,
            "at": lambda code: address(request, f"{CAMPAIGNS}/{code}"),
        }
        return page(request, "survey.web", "campaigns.html", values)

    async def _one(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        return await self._shown(request, who)

    async def _shown(
        self, request: web.Request, who: SignedIn, fault: Both | None = None, typed: str = ""
    ) -> web.StreamResponse:
        code = request.match_info["code"]
        try:
            state = await campaigning.state(self._ground, self._centre, code)
        except CampaignRefused as no:
            values = {**self._shared(request, who), "why": (no.zh, str(no))}
            return page(request, "survey.web", "campaign_nowhere.html", values, 404)
        values = {
            **self._shared(request, who),
            **await self._figures(state, self._ground.clock.now()),
            "buttons": view.buttons(state, await self._permitted(who)),
            "command": COMMANDS.get(state.campaign.status, "").format(code=code, name=who.name),
            "fault": fault,
            "typed": typed,
            "longest": LONGEST_REASON,
            "document": address(request, f"{CAMPAIGNS}/{code}/document"),
            "again": address(request, NEW, like=code),
            "form": lambda name: address(request, f"{CAMPAIGNS}/{code}/{name}"),
        }
        return page(request, "survey.web", "campaign.html", values)

    async def _figures(self, state: State, now: datetime) -> dict[str, Any]:
        campaign, zone = state.campaign, ZoneInfo(state.campaign.tz)
        quota = view.is_quota(campaign)
        first = campaign.opens_at.astimezone(zone).date()
        last = min(now, campaign.closes_at or now).astimezone(zone).date()
        async with self._ground.pool.acquire() as conn:
            instrument = await self._ground.instruments.get(conn, campaign.questionnaire_id)
            answers = (
                await first_answers(conn, self._centre, campaign.id, instrument, (first, last), quota=quota)
                if campaign.document is not None and first <= last
                else None
            )
        asked, shares, kept_back = view.answered(answers, instrument) if answers else (None, [], None)
        return {
            "campaign": campaign,
            "state": state,
            "kind": words(KINDS, campaign.kind),
            "status": words(STATUSES, campaign.status),
            "tone": TONES.get(campaign.status, ""),
            "next": words(NEXT, campaign.status),
            "days": view.days(campaign),
            "modes": view.modes(campaign),
            "quota": quota,
            "now": now.astimezone(zone),
            "why_nobody": view.why_nobody(state.empty, zone),
            "callable_now": [one.why for one in state.empty] == ["something_due"],
            "targets": view.targets(state),
            "budget": view.used(state) if campaign.document is not None else [],
            "rates": view.rates(state.codes),
            "codes": view.codes(state),
            "answers": answers,
            "asked": asked,
            "shares": shares,
            "kept_back": kept_back,
            "history": view.history(state, zone),
            "text": view.as_yaml(campaign) if campaign.document is not None else "",
        }

    async def _document(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        """The file, to keep or to rehearse with."""
        code = request.match_info["code"]
        try:
            state = await campaigning.state(self._ground, self._centre, code)
        except CampaignRefused:
            raise web.HTTPNotFound from None
        if state.campaign.document is None:
            raise web.HTTPNotFound
        headers = {"Content-Disposition": f'attachment; filename="{code}.yaml"'}
        return web.Response(
            text=view.as_yaml(state.campaign), content_type="application/yaml", headers=headers
        )

    # -- writing one down ---------------------------------------------------------------------------------------------

    async def _new(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        like = request.query.get("like")
        if like is None:
            return self._written(request, who, "", ())
        try:
            state = await campaigning.state(self._ground, self._centre, like)
        except CampaignRefused as no:
            values = {**self._shared(request, who), "why": (no.zh, str(no))}
            return page(request, "survey.web", "campaign_nowhere.html", values, 404)
        text = view.as_yaml(state.campaign) if state.campaign.document is not None else ""
        return self._written(request, who, text, ())

    async def _compose(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        given = {name: str(value).strip()[:LONGEST_REASON] for name, value in (await request.post()).items()}
        return await self._checked(request, who, view.composed(given), FILE)

    async def _check(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        try:
            text, name = await _sent(request)
        except UnicodeDecodeError:
            fault = ("文件不是 UTF-8 文本,请另存为 UTF-8。", "The file is not UTF-8 text; save it as UTF-8.")
            return self._written(request, who, "", (), fault=fault)
        return await self._checked(request, who, text, name)

    async def _checked(self, request: web.Request, who: SignedIn, text: str, name: str) -> web.StreamResponse:
        try:
            written = read_campaign(text, name, _shipped)
            checked = await campaigning.check_document(
                self._ground, self._centre, written.document, written.questionnaire
            )
        except UnreadableYaml as no:
            return self._written(request, who, text, (_no_yaml(no, name),))
        except NoCampaign as no:
            return self._written(request, who, text, no.faults)
        except CampaignRefused as no:
            return self._written(request, who, text, (), fault=(no.zh, str(no)))
        return self._written(
            request, who, text, written.told(checked.faults), checked=written, frame=checked.frame_size
        )

    async def _create(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        text, name = await _sent(request)
        try:
            written = read_campaign(text, name, _shipped)
            made, _ = await campaigning.create(
                self._ground, self._centre, written.document, written.questionnaire, by=who.name
            )
        except UnreadableYaml as no:
            return self._written(request, who, text, (_no_yaml(no, name),))
        except NoCampaign as no:
            return self._written(request, who, text, no.faults)
        except CampaignRefused as no:
            told = written.told(no.faults) if no.faults else ()
            return self._written(request, who, text, told, fault=(no.zh, str(no)))
        except ChangedWhenFrozen as no:
            fault = ("同一版本的问卷内容已改,请给问卷换一个版本号。", str(no))
            return self._written(request, who, text, (), fault=fault)
        return go(address(request, f"{CAMPAIGNS}/{made.code}", said="created"))

    def _written(
        self,
        request: web.Request,
        who: SignedIn,
        text: str,
        told: Sequence[Told],
        *,
        checked: Written | None = None,
        frame: int | None = None,
        fault: Both | None = None,
    ) -> web.StreamResponse:
        """The page on which one is written, with what was written and what was found in it."""
        errors = [one for one in told if one.severity == "error"]
        values = {
            **self._shared(request, who),
            "text": text,
            "checked": checked,
            "frame": frame,
            "errors": len(errors),
            "warnings": len(told) - len(errors),
            "found": view.found_lines(text, told) if told else [],
            "fault": fault,
            "questionnaires": _to_choose(),
            "modes": view.MODES,
            "longest": LONGEST,
            "check": address(request, f"{NEW}/check"),
            "create": address(request, f"{NEW}/create"),
            "compose": address(request, f"{NEW}/compose"),
        }
        return page(request, "survey.web", "campaign_new.html", values)

    # -- moving one on ------------------------------------------------------------------------------------------------

    def _move(self, event: str) -> Handler:
        """What was done is said on the campaign's page; what cannot be, there too, with what was typed."""

        async def handler(request: web.Request, who: SignedIn) -> web.StreamResponse:
            code, why = request.match_info["code"], str((await request.post()).get("why", "")).strip()
            try:
                await self._moved(event, code, who.name, why[:LONGEST_REASON])
            except CampaignRefused as no:
                return await self._shown(request, who, fault=(no.zh, str(no)), typed=why)
            return go(address(request, f"{CAMPAIGNS}/{code}", said=event))

        return self._gate.open_in(self._centre, permission_of(event), handler)

    async def _moved(self, event: str, code: str, by: str, why: str) -> None:
        where = self._ground, self._centre, code
        if event == "approve":
            await campaigning.approve(*where, by=by, caller_known=self._caller_known)
        elif event == "start":
            await campaigning.start(*where, by=by)
        elif event == "resume":
            await campaigning.resume(*where, by=by)
        elif not why:
            raise CampaignRefused("say why; it is kept", "请写原因,会留底。")
        elif event == "pause":
            await campaigning.pause(*where, by=by, why=why)
        elif event == "close":
            await campaigning.close(*where, by=by, why=why)
        else:
            await campaigning.cancel(*where, by=by, why=why)

    # -- what all of them share ---------------------------------------------------------------------------------------

    async def _permitted(self, who: SignedIn) -> frozenset[Permission]:
        area = await self._gate.area_of(self._centre)
        return frozenset(one for one in who.permissions if who.may(one, area))

    def _shared(self, request: web.Request, who: SignedIn) -> dict[str, Any]:
        said = request.query.get("said", "")
        return {
            "who": who,
            "said": DONE.get(said),
            "fault": None,
            "home": address(request, HOME),
            "list": address(request, CAMPAIGNS),
            "new": address(request, NEW),
            "form_token": self._gate.form_token(request),
        }


async def _sent(request: web.Request) -> tuple[str, str]:
    """What was pasted, or the file that was chosen instead, and its name. Raises UnicodeDecodeError."""
    sent = await request.post()
    file = sent.get("file")
    if isinstance(file, web.FileField) and file.filename:
        return file.file.read(LONGEST * 4).decode("utf-8-sig")[:LONGEST], file.filename[:80]
    return str(sent.get("text", ""))[:LONGEST].replace("\r\n", "\n"), FILE


def _shipped(named: str, at: Place) -> Found:
    """Files beside the campaign are for the command line: a page sees one text. Raises NoCampaign."""
    if named in shipped():
        return library(named), ()
    known = [code for code, _ in _to_choose()]
    raise NoCampaign(
        [
            Told(
                "error",
                at,
                f"there is no shipped questionnaire {named}",
                f"name one of {', '.join(known)}; with a file of your own: minyi campaign create",
                f"没有叫 {named} 的问卷",
                f"写其中一个:{'、'.join(known)};自己的问卷文件用 minyi campaign create",
            )
        ]
    )


def _to_choose() -> list[tuple[str, Both]]:
    """The shipped questionnaires that a campaign may ask."""
    all_of_them = [library(code) for code in shipped()]
    return [
        (q.code, (say(q.title, "zh", "operator"), say(q.title, "en", "operator")))
        for q in all_of_them
        if q.purpose == "survey"
    ]


def _no_yaml(no: UnreadableYaml, name: str) -> Told:
    """What the parser says, at the line that it names."""
    said = str(no).removeprefix(f"{name}:")
    line, _, rest = said.partition(":")
    place = Place(name, int(line)) if line.isdigit() else Place(name)
    why = rest if line.isdigit() else said
    return Told(
        "error",
        place,
        why.strip(),
        "correct the YAML",
        f"不是 YAML:{why.strip()}",
        "改正这一行的写法(缩进、冒号、引号)",
    )
