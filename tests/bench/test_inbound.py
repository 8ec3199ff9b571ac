"""`minyi bench inbound` on a small scale: three servers answer, every reply is the right one, and all of it is kept."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from survey.store.pool import connection
from workers.bench.inbound import Bench
from workers.bench.inbound_requests import BODIES, is_repeated, replies, requests
from workers.bench.inbound_threads import Miscounted, check_kept
from workers.embedded import Services


@pytest.mark.slow
async def test_every_answer_is_kept_once_and_gets_its_reply(servers: Services, bare_database: str) -> None:
    shown: list[str] = []
    bench = Bench(1, 0.2, 4, lambda what, done, total: shown.append(what))
    outcome = await bench.run(replace(servers, database_url=bare_database))

    body = json.loads(outcome.to_json())
    assert list(body["bars"]) == ["cpu_to_hello", "rate_to_naive"]
    assert {name: one["unit"] for name, one in body["series"].items()} == {
        "ours_cpu": "us CPU",
        "hello_cpu": "us CPU",
        "naive_cpu": "us CPU",
        "ours_rate": "1/s",
        "hello_rate": "1/s",
        "naive_rate": "1/s",
    }
    assert len(shown) == 1 + 2 * 3
    answers = body["sizes"]["answers"]
    assert answers > 200 * len(BODIES)  # those of the warm-up, and some
    async with connection(bare_database) as conn:
        assert await conn.fetchval("SELECT count(*) FROM survey.input") == answers
        with pytest.raises(Miscounted, match="were sent, and of these are"):
            await check_kept(conn, answers + 1)


def test_one_answer_in_fifty_is_sent_twice_and_gets_the_same_reply() -> None:
    sent = [request for thread in range(100) for request in requests(thread)]
    assert (len(sent), len(set(sent))) == (408, 400)
    assert is_repeated(25, 0)
    assert requests(25)[0] == requests(25)[1]
    assert replies(["a", "b", "c", "d"], 25) == [b"a", b"a", b"b", b"c", b"d"]
