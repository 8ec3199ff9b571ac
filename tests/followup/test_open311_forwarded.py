"""A case dispatched to a unit whose own system speaks Open311 goes there once, and what is done there comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from followup_county import CENTRE, POLICE, at
from followup_county import WATER as OTHERS
from systems_bench import HandClock, Tokens, applications, dispatched, registered

from followup import bridging, cases, reading
from followup.api import keys
from followup.api.scopes import Scope
from followup.door_refusals import AddressNotAllowed, EndpointKnown, NoEndpoint, NotStuck, UnknownService
from followup.open311 import endpoints
from followup.open311.forwarding import forward_due
from followup.store import forwards
from followup.webhooks import delivering
from followup.webhooks.guard import Guard
from followup.webhooks.policy import webhook_policy
from survey.ground import Ground
from survey.vault import Vault

HERE = Guard(loopback=True)
LAMPS = "村口没有路灯,天黑后不敢出门"


@dataclass
class System:
    """The police's own system. `answers`: to what is posted, one after the other, the last again and again."""

    url: str = ""
    answers: list[Any] = field(default_factory=lambda: [{"service_request_id": 7001}])
    posted: list[dict[str, str]] = field(default_factory=list)
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    page_size: int | None = None

    async def post(self, request: web.Request) -> web.Response:
        self.posted.append({name: str(value) for name, value in (await request.post()).items()})
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, int):
            return web.Response(status=answer, text="busy, call 15400000009")
        if answer == "slow":
            await self.release.wait()
        if answer == "cut":
            assert request.transport is not None
            request.transport.abort()
        if answer == "away":
            return web.Response(status=503, text="busy, call 15400000009", headers={"Retry-After": "60"})
        if answer == "lost":
            self.requests["7002"] = {"service_request_id": "7002", "status": "open", **self.posted[-1]}
            assert request.transport is not None
            request.transport.close()
        return web.json_response([answer])

    async def list(self, request: web.Request) -> web.Response:
        size = self.page_size or len(self.requests)
        first = (int(request.query["page"]) - 1) * size if self.page_size else 0
        return web.json_response(list(self.requests.values())[first : first + size])

    async def one(self, request: web.Request) -> web.Response:
        found = self.requests.get(request.match_info["id"])
        return web.json_response([found]) if found else web.Response(status=404)

    async def token(self, request: web.Request) -> web.Response:
        found = self.tokens.get(request.match_info["id"])
        return web.json_response([{"token": request.match_info["id"], "service_request_id": found}])


@pytest.fixture
async def system() -> AsyncIterator[System]:
    one = System()
    app = web.Application()
    app.router.add_post("/v2/requests.json", one.post)
    app.router.add_get("/v2/requests.json", one.list)
    app.router.add_get("/v2/requests/{id}.json", one.one)
    app.router.add_get("/v2/tokens/{id}.json", one.token)
    async with TestServer(app) as server:
        one.url = str(server.make_url("/v2"))
        yield one


@pytest.fixture
def clock() -> HandClock:
    return HandClock(at("9 10:00"))


@pytest.fixture
def ground(county: str, pool: asyncpg.Pool, vault: Vault, tokens: Tokens, clock: HandClock) -> Ground:
    return Ground(pool, vault, clock, tokens=tokens)


@dataclass
class Police:
    """The police of the county, their system, and the case of 王芳."""

    conn: asyncpg.Connection
    ground: Ground
    clock: HandClock
    system: System
    person: int

    async def have_a_system(self, **more: Any) -> None:
        given: dict[str, Any] = {
            "unit": POLICE,
            "url": self.system.url,
            "services": {"*": "999", "01": "lamps"},
        }
        await endpoints.add(
            self.conn, self.ground.vault, HERE, CENTRE, by="主任", now=self.clock.now(), tokens=self.ground.tokens,
            **{**given, **more},
        )  # fmt: skip

    async def are_given(self, **more: Any) -> str:
        return await dispatched(self.conn, self.person, self.clock.now(), self.ground.tokens, **more)

    async def work(self, *, minutes: int = 0) -> int:
        self.clock.moment += timedelta(minutes=minutes)
        return await forward_due(self.ground, HERE)

    async def stands(self) -> list[tuple[str, str | None]]:
        rows = await forwards.forwarded(self.conn, CENTRE, everything=True)
        return [(row.state, row.request_id) for row in rows]

    async def state_of(self, number: str) -> str:
        return (await reading.passport(self.conn, number)).case.status

    async def events(self, number: str) -> list[tuple[str, str, str | None]]:
        told = (await reading.passport(self.conn, number)).events
        return [(one.event, one.actor, one.reason) for one in told]

    async def desk(self) -> list[str]:
        rows = await self.conn.fetch("SELECT facts FROM followup.notice WHERE template = 'forwarding_stuck'")
        return [row["facts"]["answer"] for row in rows]


@pytest.fixture
def police(
    conn: asyncpg.Connection, ground: Ground, clock: HandClock, system: System, wang_fang: int
) -> Police:
    return Police(conn, ground, clock, system, wang_fang)


async def test_a_case_goes_there_and_its_result_comes_back(police: Police) -> None:
    await police.have_a_system(jurisdiction="city.gov", api_key="their-key", attributes={"consent": "yes"})
    number = await police.are_given()
    assert await police.work() == 1
    assert police.system.posted == [
        {
            "jurisdiction_id": "city.gov",
            "api_key": "their-key",
            "service_code": "lamps",
            "description": f"{LAMPS}\n[{number}/1]",
            "address_string": "王庄村口",
            "attribute[consent]": "yes",
        }
    ]
    assert await police.stands() == [("taken", "7001")]
    assert await police.state_of(number) == "in_progress"  # the unit has signed

    police.system.requests["7001"] = {"status": "open", "status_notes": "已派人查看,联系电话15400000009"}
    await police.work(minutes=31)
    await police.work(minutes=31)
    police.system.requests["7001"] = {"status": "closed", "status_notes": "路灯已修好"}
    await police.work(minutes=31)
    assert await police.work(minutes=31) == 0
    assert await police.stands() == [("closed", "7001")]
    assert (await police.events(number))[-6:] == [
        ("forwarded", POLICE, None),
        ("sign", POLICE, None),
        ("endpoint_status", POLICE, "已派人查看,联系电话〔号码〕"),
        ("endpoint_status", POLICE, "路灯已修好"),
        ("submit_result", POLICE, "路灯已修好"),
        ("return_incomplete", "system", "退回补充:没有联系群众的日期 no date of contact with the resident"),
    ]
    assert len(police.system.posted) == 1


async def test_with_a_masked_call_the_result_goes_to_the_centre(police: Police, tokens: Tokens) -> None:
    await police.have_a_system()
    number = await police.are_given()
    await police.work()
    now = police.clock.now()
    call = await bridging.request(police.conn, number, unit=POLICE, now=now, tokens=tokens)
    await bridging.begin(police.conn, call.ref, now=now)
    await bridging.end(police.conn, call.ref, seconds=60, now=now)
    police.system.requests["7001"] = {"status": "closed"}
    await police.work(minutes=31)
    assert await police.state_of(number) == "result_review"
    assert (await police.events(number))[-1] == ("submit_result", POLICE, "对方系统已办结")


async def test_work_done_twice_sends_it_once(police: Police) -> None:
    await police.have_a_system()
    await police.are_given()
    await asyncio.gather(*(police.work() for _ in range(4)))
    await police.work()
    assert (len(police.system.posted), await police.stands()) == (1, [("taken", "7001")])


async def test_a_lost_answer_is_looked_for_and_never_sent_again(police: Police) -> None:
    police.system.answers = ["lost"]
    await police.have_a_system()
    number = await police.are_given()
    await police.work()
    assert await police.stands() == [("unsure", None)]
    assert await police.work() == 1
    assert await police.stands() == [("taken", "7002")]
    assert len(police.system.posted) == 1
    assert await police.state_of(number) == "in_progress"


@pytest.mark.parametrize("page_size", [None, 2])
async def test_it_is_looked_for_on_every_page_of_their_list(police: Police, page_size: int | None) -> None:
    others = {str(n): {"service_request_id": n, "status": "open", "description": "路灯"} for n in range(1, 6)}
    police.system.requests, police.system.page_size = others, page_size
    police.system.answers = ["lost"]
    await police.have_a_system()
    await police.are_given()
    await police.work()
    await police.work()
    assert await police.stands() == [("taken", "7002")]


@pytest.mark.parametrize(
    ("answer", "told"),
    [(500, "no answer 没有回答"), (503, "no answer 没有回答"), ({"nothing": 1}, "no answer 没有回答")],
)
async def test_what_is_not_found_waits_for_a_person(police: Police, answer: Any, told: str) -> None:
    police.system.answers = [answer]
    await police.have_a_system()
    number = await police.are_given()
    for minutes in (0, 1, 60, 600):
        await police.work(minutes=minutes)
    assert (len(police.system.posted), await police.stands(), await police.desk()) == (
        1,
        [("unsure", None)],
        [told],
    )
    police.system.answers = [{"service_request_id": "7003"}]
    await endpoints.again(police.conn, CENTRE, number, now=police.clock.now())
    await police.work()
    assert (len(police.system.posted), await police.stands()) == (2, [("taken", "7003")])
    with pytest.raises(NotStuck, match=number):
        await endpoints.again(police.conn, CENTRE, number, now=police.clock.now())


async def test_a_person_finds_it_there(police: Police) -> None:
    police.system.answers = [500]
    await police.have_a_system()
    number = await police.are_given()
    await police.work()
    await police.work()
    await endpoints.taken(police.conn, CENTRE, number, " 7009 ", now=police.clock.now())
    police.system.requests["7009"] = {"status": "open", "status_notes": "在办"}
    await police.work()
    assert await police.stands() == [("taken", "7009")]


async def test_later_is_tried_again_and_at_last_told(police: Police) -> None:
    police.system.answers = ["away", 429, {"service_request_id": "7004"}]
    await police.have_a_system()
    await police.are_given()
    assert [await police.work(), await police.work(), await police.work(minutes=1)] == [1, 0, 1]
    assert await police.stands() == [("owed", None)]
    assert [await police.work(minutes=1), await police.work(minutes=1)] == [0, 1]
    assert await police.stands() == [("taken", "7004")]

    police.system.answers = ["away"]
    await police.are_given()
    for _ in range(12):
        await police.work(minutes=240)
    assert (await police.stands())[1] == ("refused", None)
    assert await police.desk() == ["503 busy, call 〔号码〕"]


async def test_a_token_becomes_a_request(police: Police) -> None:
    police.system.answers = [{"token": "t 1"}]
    await police.have_a_system()
    await police.are_given()
    await police.work()
    police.system.tokens["t 1"] = "7005"
    police.system.requests["7005"] = {"status": "open"}
    await police.work(minutes=31)
    assert await police.stands() == [("taken", "7005")]


@pytest.mark.parametrize(
    "more", [{"anonymity": "confidential"}, {"anonymity": "anonymous", "person_id": None}]
)
async def test_what_may_lead_to_somebody_stays_here(police: Police, more: dict[str, Any]) -> None:
    await police.have_a_system()
    number = await police.are_given(**more)
    await police.work()
    assert (police.system.posted, await police.stands()) == ([], [("refused", None)])
    assert await police.state_of(number) == "dispatched"
    assert await police.desk() == ["nobody may learn who raised it; by link or sheet 保密事项,请用链接或表格"]


async def test_a_case_that_went_another_way_is_not_followed(police: Police) -> None:
    await police.have_a_system()
    number = await police.are_given()
    await police.work()
    await cases.withdraw(
        police.conn, number, proof="recording", ref="CA1", reason="不用了", now=police.clock.now()
    )
    police.system.requests["7001"] = {"status": "closed", "status_notes": "修好了"}
    await police.work(minutes=31)
    assert await police.stands() == [("over", "7001")]
    assert "submit_result" not in [event for event, _, _ in await police.events(number)]


async def test_cases_of_others_and_of_before_do_not_go_there(police: Police) -> None:
    await police.are_given()
    police.clock.moment += timedelta(minutes=1)
    await police.have_a_system()
    assert await police.work() == 0
    await endpoints.remove(police.conn, CENTRE, unit=POLICE, by="主任", now=police.clock.now())
    await police.are_given()
    assert (await police.work(), police.system.posted) == (0, [])


async def test_what_is_refused(police: Police) -> None:
    await police.have_a_system()
    with pytest.raises(EndpointKnown, match=POLICE):
        await police.have_a_system()
    with pytest.raises(UnknownService, match="77"):
        await police.have_a_system(unit=OTHERS, services={"*": "1", "77": "2"})
    with pytest.raises(UnknownService, match=r"\*"):
        await police.have_a_system(unit=OTHERS, services={"0106": "2"})
    with pytest.raises(AddressNotAllowed):
        await police.have_a_system(unit=OTHERS, url="http://10.0.0.1/v2")
    with pytest.raises(NoEndpoint, match=OTHERS):
        await endpoints.remove(police.conn, CENTRE, unit=OTHERS, by="主任", now=police.clock.now())


async def test_our_own_endpoint_is_another_one(police: Police, ground: Ground) -> None:
    """Both ways meet: what we send is what we take; the case there is anonymous, as no number goes with it."""
    async with TestServer(applications(ground)) as there:
        made = await keys.create(
            police.conn, CENTRE, name="公安系统", scopes=[Scope.CASES_WRITE, Scope.CASES_READ], unit_code=None,
            by="主任", now=police.clock.now(),
        )  # fmt: skip
        await police.have_a_system(
            url=str(there.make_url("/open311/v2")),
            api_key=made.secret,
            services={"*": "0106"},
            attributes={"consent": "yes", "anonymity": "anonymous"},
        )
        ours = await police.are_given()
        await police.work()
        ((state, request_id),) = await police.stands()
        assert state == "taken" and request_id is not None
        case = (await reading.passport(police.conn, request_id)).case
        assert (case.source, case.anonymity, case.status) == ("api", "anonymous", "registered")
        assert case.content.startswith(LAMPS)
        now = police.clock.now()
        await cases.accept(police.conn, request_id, by="审核员", now=now)
        await cases.submit(police.conn, request_id, by="审核员", now=now, office="government")
        await cases.dispatch(police.conn, request_id, lead=OTHERS, by="督查室", now=now)
        await cases.sign(police.conn, request_id, by=OTHERS, now=now)
        await cases.report_result(police.conn, request_id, by=OTHERS, summary="灯已修好", now=now)
        await cases.accept_result(
            police.conn, request_id, by="审核员", now=now, tokens=police.ground.tokens, seed=1
        )
        await police.work(minutes=60)
        url = there.make_url(f"/open311/v2/requests/{request_id}.json")
        async with ClientSession() as anybody, anybody.get(url) as answer:
            assert answer.status == 404
    assert await police.stands() == [("closed", request_id)]
    assert ("submit_result", POLICE, "灯已修好") in await police.events(ours)


async def test_a_system_that_is_slow_may_have_taken_it(
    police: Police, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the errors of the line, only a connection that was refused is certain."""
    one = webhook_policy().model_copy(update={"timeout_s": 0.2})
    monkeypatch.setattr(delivering, "webhook_policy", lambda: one)
    await police.have_a_system()
    await police.are_given()
    police.system.answers = ["slow", {"service_request_id": 7003}]
    await police.work()
    police.system.release.set()
    assert await police.stands() == [("unsure", None)]
    await police.work(minutes=60)
    assert len(police.system.posted) == 1


async def test_a_line_that_is_cut_may_have_passed_it_on(police: Police) -> None:
    await police.have_a_system()
    await police.are_given()
    police.system.answers = ["cut", {"service_request_id": 7003}]
    await police.work()
    assert await police.stands() == [("unsure", None)]
    await police.work(minutes=60)
    assert len(police.system.posted) == 1


async def test_a_worker_that_dies_over_a_closing_leaves_it_to_be_reported(
    police: Police, monkeypatch: pytest.MonkeyPatch
) -> None:
    await police.have_a_system()
    number = await police.are_given()
    await police.work()
    police.system.requests["7001"] = {"status": "closed", "status_notes": "王芳说灯已亮,打15400000001"}

    async def die(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as dying:
        dying.setattr(cases, "report_result", die)
        with pytest.raises(RuntimeError):
            await police.work(minutes=60)
    assert await police.stands() == [("taken", "7001")]
    await police.work(minutes=60)
    assert await police.stands() == [("closed", "7001")]
    told = [
        event for event in await police.events(number) if event[0] in ("endpoint_status", "submit_result")
    ]
    assert [words for _, _, words in told] == ["〔姓名〕说灯已亮,打〔号码〕"] * 2


async def test_a_closing_that_comes_before_a_part_is_reported_once_the_part_is_there(police: Police) -> None:
    await police.have_a_system()
    number = await registered(police.conn, police.person, police.clock.now(), police.ground.tokens)
    now = police.clock.now()
    await cases.accept(police.conn, number, by="审核员", now=now)
    await cases.submit(police.conn, number, by="审核员", now=now, office="government")
    await cases.dispatch(police.conn, number, lead=POLICE, mandatory=[OTHERS], by="督查室", now=now)
    await police.work()
    police.system.requests["7001"] = {"status": "closed", "status_notes": "灯已修好"}
    await police.work(minutes=60)
    assert await police.stands() == [("taken", "7001")]
    await cases.file_part(police.conn, number, by=OTHERS, words="管线已避开", now=police.clock.now())
    await police.work(minutes=60)
    assert await police.stands() == [("closed", "7001")]
    assert ("submit_result", POLICE, "灯已修好") in await police.events(number)
