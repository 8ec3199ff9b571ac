"""What subscribers are told: signed, in the order of each case, again until they have it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from followup_county import CENTRE, POLICE, TOWN, at
from systems_bench import HandClock, Tokens, dispatched, registered

from followup import cases
from followup.door_refusals import AddressNotAllowed, NothingToReplay, UnknownEventType
from followup.store import deliveries
from followup.webhooks import subscribing
from followup.webhooks.delivering import deliver_due
from followup.webhooks.guard import Guard
from followup.webhooks.owing import owe
from followup.webhooks.policy import webhook_policy
from followup.webhooks.signing import HEADER, ID_HEADER, is_signed
from followup.webhooks.subscribing import NewSubscription
from survey.ground import Ground
from survey.vault import Vault
from workers.due import due_jobs

HERE = Guard(loopback=True)


@dataclass
class Receiver:
    """Another system: keeps what it gets, and answers with the next of its statuses, at last with 204."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    got: list[tuple[str, str, bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((request.headers[ID_HEADER], request.headers[HEADER], await request.read()))
        status = self.statuses.pop(0) if self.statuses else 204
        headers = {"Location": "/hook"} if status == 302 else {}
        return web.Response(status=status, headers=headers)

    @property
    def told(self) -> list[tuple[str, str]]:
        bodies = [json.loads(body) for _, _, body in self.got]
        return [(body["case"]["number"][-7:-2], f"{body['type']} {body['event']}") for body in bodies]


@dataclass
class House:
    """Our side: a database, a clock set by hand, and the job as the worker does it."""

    conn: asyncpg.Connection
    ground: Ground
    clock: HandClock

    async def work(self) -> int:
        await owe(self.conn, now=self.clock.now(), tokens=self.ground.tokens)
        return await deliver_due(self.ground, HERE, lambda: 0.5)

    async def is_due(self) -> bool:
        due = await due_jobs(self.conn, self.clock.now(), self.ground.real_now())
        return any(one.job == "tell_systems" and one.at <= self.clock.now() for one in due)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    one = Receiver()
    app = web.Application()
    app.router.add_post("/hook", one.take)
    async with TestServer(app) as server:
        one.url = str(server.make_url("/hook"))
        yield one


@pytest.fixture
async def house(
    conn: asyncpg.Connection, pool: asyncpg.Pool, county: str, vault: Vault, tokens: Tokens
) -> House:
    clock = HandClock(at("9 10:00"))
    return House(conn, Ground(pool, vault, clock, tokens=tokens), clock)


async def subscribed(house: House, url: str, *types: str, unit: str | None = None) -> NewSubscription:
    return await subscribing.subscribe(
        house.conn,
        house.ground.vault,
        HERE,
        CENTRE,
        url=url,
        types=types,
        unit_code=unit,
        by="主任",
        now=house.clock.now(),
        tokens=house.ground.tokens,
    )


async def test_a_case_is_told_in_its_order_signed_and_without_words(
    house: House, receiver: Receiver, wang_fang: int
) -> None:
    made = await subscribed(house, receiver.url, "case.moved")
    await dispatched(house.conn, wang_fang, at("9 10:00"), house.ground.tokens)
    assert await house.is_due()
    await house.work()
    assert receiver.told == [
        ("00001", "case.moved register"),
        ("00001", "case.moved accept"),
        ("00001", "case.moved submit"),
        ("00001", "case.moved dispatch"),
    ]
    now = int(house.ground.real_now().timestamp())
    for ref, signed, body in receiver.got:
        assert is_signed(made.secret, ref, signed, body, now)
        assert "路灯" not in body.decode() and "154" not in body.decode()
    assert len({ref for ref, _, _ in receiver.got}) == 4
    assert not await house.is_due()
    assert await house.work() == 0


async def test_a_receiver_that_is_away_is_told_later_and_the_rest_waits_behind(
    house: House, receiver: Receiver, wang_fang: int
) -> None:
    await subscribed(house, receiver.url, "case.moved")
    first = await registered(house.conn, wang_fang, at("9 10:00"), house.ground.tokens)
    await cases.accept(house.conn, first, by="审核员", now=at("9 10:00"))
    await registered(house.conn, wang_fang, at("9 10:00"), house.ground.tokens, area_code="991721100")
    receiver.statuses = [503]
    await house.work()
    assert receiver.told == [("00001", "case.moved register"), ("00002", "case.moved register")]
    assert not await house.is_due()
    house.clock.moment += timedelta(seconds=29)
    assert await house.work() == 0
    house.clock.moment += timedelta(seconds=1)
    assert await house.is_due()
    await house.work()
    assert receiver.told[2:] == [("00001", "case.moved register"), ("00001", "case.moved accept")]
    assert receiver.got[0][0] == receiver.got[2][0] and receiver.got[0][2] == receiver.got[2][2]


async def test_after_the_last_try_it_is_dead_the_desk_is_told_once_and_it_can_be_replayed(
    house: House, receiver: Receiver, wang_fang: int
) -> None:
    made = await subscribed(house, receiver.url, "case.moved")
    await dispatched(house.conn, wang_fang, at("9 10:00"), house.ground.tokens)
    tries = webhook_policy().tries
    receiver.statuses = [500] * (2 * tries)
    for _ in range(2 * tries):
        await house.work()
        house.clock.moment += timedelta(minutes=1)
        await house.conn.execute(
            "UPDATE followup.delivery SET next_at = $1 WHERE status = 'waiting'", house.clock.now()
        )
    assert [one.counts.dead for one in await subscribing.listed(house.conn, CENTRE)] == [2]
    notices = await house.conn.fetch(
        "SELECT recipient, template, facts FROM followup.notice WHERE template = 'webhook_dead'"
    )
    assert [(row["recipient"], row["facts"]["tries"]) for row in notices] == [
        (f"post:supervisor:{CENTRE}", str(tries))
    ]
    receiver.got.clear()
    assert await subscribing.replay(house.conn, CENTRE, made.row.ref, now=house.clock.now()) == 2
    await house.work()
    assert [event for _, event in receiver.told] == ["case.moved register", "case.moved accept"]
    with pytest.raises(NothingToReplay):
        await subscribing.replay(house.conn, CENTRE, made.row.ref, now=house.clock.now())


async def test_a_redirect_is_not_followed(house: House, receiver: Receiver, wang_fang: int) -> None:
    await subscribed(house, receiver.url, "case.registered")
    await registered(house.conn, wang_fang, at("9 10:00"), house.ground.tokens)
    receiver.statuses = [302]
    await house.work()
    assert len(receiver.got) == 1
    assert (await house.conn.fetchrow("SELECT status, last_answer FROM followup.delivery"))[
        "last_answer"
    ] == "302"


async def test_an_address_that_is_not_allowed_any_more_is_not_asked(
    house: House, receiver: Receiver, wang_fang: int
) -> None:
    await subscribed(house, receiver.url, "case.registered")
    await registered(house.conn, wang_fang, at("9 10:00"), house.ground.tokens)
    await owe(house.conn, now=house.clock.now(), tokens=house.ground.tokens)
    await deliver_due(house.ground, Guard(), lambda: 0.5)
    assert receiver.got == []
    with pytest.raises(AddressNotAllowed):
        await subscribing.subscribe(
            house.conn,
            house.ground.vault,
            Guard(),
            CENTRE,
            url=receiver.url,
            types=[],
            by="主任",
            now=house.clock.now(),
            tokens=house.ground.tokens,
        )


async def test_two_workers_at_once_tell_everything_once(
    house: House, receiver: Receiver, wang_fang: int
) -> None:
    await subscribed(house, receiver.url, "case.moved")
    for place in ("991721100", "991721100200", "991721100201", "991721"):
        await registered(house.conn, wang_fang, at("9 10:00"), house.ground.tokens, area_code=place)
    await asyncio.gather(
        *(owe_in_own(house) for _ in range(3)),
    )
    await asyncio.gather(*(deliver_due(house.ground, HERE, lambda: 0.5) for _ in range(3)))
    assert sorted(receiver.told) == [(f"0000{n}", "case.moved register") for n in (1, 2, 3, 4)]


async def owe_in_own(house: House) -> None:
    async with house.ground.pool.acquire() as conn:
        await owe(conn, now=house.clock.now(), tokens=house.ground.tokens)


async def test_a_worker_that_dies_on_the_way_leaves_it_to_the_next(
    house: House, receiver: Receiver, wang_fang: int
) -> None:
    await subscribed(house, receiver.url, "case.registered")
    await registered(house.conn, wang_fang, at("9 10:00"), house.ground.tokens)
    await owe(house.conn, now=house.clock.now(), tokens=house.ground.tokens)
    now = house.clock.now()
    assert await deliveries.claim(house.conn, now, now + timedelta(seconds=60), 20)
    assert await house.work() == 0
    house.clock.moment += timedelta(seconds=60)
    await house.work()
    assert receiver.told == [("00001", "case.registered register")]


async def test_an_event_that_is_committed_late_is_told_too(
    house: House, receiver: Receiver, wang_fang: int
) -> None:
    await subscribed(house, receiver.url, "case.moved")
    late = await registered(house.conn, wang_fang, at("9 10:00"), house.ground.tokens)
    early = await registered(house.conn, wang_fang, at("9 10:00"), house.ground.tokens)
    await house.work()
    receiver.got.clear()
    async with house.ground.pool.acquire() as other, other.transaction():
        await cases.accept(other, late, by="审核员", now=at("9 10:05"))
        await cases.accept(house.conn, early, by="审核员", now=at("9 10:06"))
        await house.work()
        assert receiver.told == [("00002", "case.moved accept")]
    await house.work()
    assert receiver.told == [("00002", "case.moved accept"), ("00001", "case.moved accept")]


async def test_a_unit_is_told_of_its_own_cases_only(house: House, receiver: Receiver, wang_fang: int) -> None:
    await subscribed(house, receiver.url, "case.moved", unit=TOWN)
    await dispatched(house.conn, wang_fang, at("9 10:00"), house.ground.tokens)
    await house.work()
    assert receiver.told == []
    await subscribed(house, receiver.url, "case.moved", unit=POLICE)
    number = await dispatched(
        house.conn, wang_fang, at("9 10:00"), house.ground.tokens, area_code="991721100"
    )
    await house.work()
    assert {case for case, _ in receiver.told} == {number[-7:-2]}


async def test_secrets_change_over_without_a_gap(house: House, receiver: Receiver, wang_fang: int) -> None:
    made = await subscribed(house, receiver.url, "case.registered")
    ref, now = made.row.ref, int(house.ground.real_now().timestamp())
    second = await subscribing.rotate(house.conn, house.ground.vault, CENTRE, ref)
    await registered(house.conn, wang_fang, at("9 10:00"), house.ground.tokens)
    await house.work()
    delivery, signed, body = receiver.got[-1]
    assert is_signed(made.secret, delivery, signed, body, now) and is_signed(
        second, delivery, signed, body, now
    )
    await subscribing.drop_older(house.conn, CENTRE, ref)
    await registered(house.conn, wang_fang, at("9 10:00"), house.ground.tokens, area_code="991721100")
    await house.work()
    delivery, signed, body = receiver.got[-1]
    assert not is_signed(made.secret, delivery, signed, body, now)
    assert is_signed(second, delivery, signed, body, now)
    stored = await house.conn.fetchval("SELECT s::text FROM followup.subscription s")
    assert made.secret not in stored and second not in stored


async def test_an_unknown_type_is_named(house: House, receiver: Receiver) -> None:
    with pytest.raises(UnknownEventType, match=r"case\.lost.*case\.moved"):
        await subscribed(house, receiver.url, "case.lost")
