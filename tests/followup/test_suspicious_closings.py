"""The list of closings to be verified, as it is read from the database: who is on it, in which order, with which reasons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import asyncpg
import pytest
from followup_county import CENTRE, VILLAGE, WATER
from followup_residents import answers

from followup import appeals, bridging, callbacks, cases, moves, suspicious
from followup.appeals import NewAppeal
from followup.cases import Contact
from followup.casework.false_closing import policy
from followup.suspicious import most_suspicious_first, weighed
from survey.enrolling import NewPerson, enrol_persons
from survey.vault import Vault

TUESDAY = datetime.fromisoformat("2026-03-10T09:00:00+08:00")


@pytest.fixture
async def three(conn: asyncpg.Connection, county: str, vault: Vault) -> list[int]:
    """王芳, 李强 and 赵敏 of 王庄村; their person ids."""
    names = ("王芳", "李强", "赵敏")
    people = [NewPerson(f"+861540000000{n}", name, 1975) for n, name in enumerate(names, 1)]
    return await enrol_persons(conn, vault, people)


async def closed(
    conn: asyncpg.Connection,
    tokens: Callable[[], str],
    person: int,
    *,
    talked_s: int | None = None,
    after: timedelta,
) -> str:
    """A case of 王庄村 that the water bureau reports as done `after` its dispatch; its number."""
    taken = await appeals.register(
        conn,
        NewAppeal(
            centre_code=CENTRE,
            source="inbound",
            person_id=person,
            content="井水发黄",
            place="王庄村",
            area_code=VILLAGE,
            category="0701",
            consent=True,
            first_handler="接待员-0103",
        ),
        by="接待员-0103",
        now=TUESDAY,
        tokens=tokens,
    )
    await cases.accept(conn, taken.number, by="审核员-0101", now=TUESDAY)
    await cases.submit(conn, taken.number, by="审核员-0101", now=TUESDAY)
    await cases.dispatch(conn, taken.number, lead=WATER, by="督查室", now=TUESDAY)
    await cases.sign(conn, taken.number, by=WATER, now=TUESDAY)
    spoke, done = TUESDAY + after / 2, TUESDAY + after
    if talked_s is not None:
        call = await bridging.request(conn, taken.number, unit=WATER, now=spoke, tokens=tokens)
        await bridging.begin(conn, call.ref, now=spoke)
        await bridging.end(conn, call.ref, seconds=talked_s, now=spoke)
    await cases.report_result(
        conn, taken.number, by=WATER, summary="水井已清洗", contact=Contact(spoke), now=done
    )
    await cases.accept_result(conn, taken.number, by="审核员-0101", now=done, tokens=tokens, seed=1)
    return taken.number


async def answered(
    conn: asyncpg.Connection, number: str, tokens: Callable[[], str], codes: str, words: str | None = None
) -> None:
    unit = await conn.fetchval(
        "SELECT b.unit_ref FROM followup.callback b JOIN followup.case_file c ON c.id = b.case_id WHERE c.number = $1",
        number,
    )
    at = TUESDAY + timedelta(days=3)
    await answers(conn, unit, at, codes, words={"C5": words} if words else None, mode="voice")
    await callbacks.take_finished(conn, now=at, real_now=lambda: at, tokens=tokens)


async def test_who_is_to_be_verified_and_why(
    conn: asyncpg.Connection, three: list[int], tokens: Callable[[], str]
) -> None:
    wang, li, zhao = three
    quick = await closed(conn, tokens, wang, after=timedelta(hours=1))
    proved = await closed(conn, tokens, li, talked_s=120, after=timedelta(days=2))
    honest = await closed(conn, tokens, zhao, after=timedelta(days=2))
    await answered(conn, quick, tokens, "C1=2 C2=3 C3=3 C7=1", "根本没人来过")
    await answered(conn, proved, tokens, "C1=2 C2=1 C3=1")
    await answered(conn, honest, tokens, "C1=1 C2=1 C3=1")

    found = await weighed(conn, CENTRE)
    to_verify = most_suspicious_first(found)

    assert [one.closing.number for one in found] == [quick, proved, honest]
    assert [one.closing.number for one in to_verify] == [
        quick,
        proved,
    ]  # denied is verified, however unlikely
    first, second = to_verify
    assert first.suspicion.listed and not second.suspicion.listed
    assert {
        "群众说办理单位: 没有联系",
        "群众说问题: 未解决",
        "群众原话: 说没人来过或没人联系",
        "从交办到反馈: 快得难以置信",
    } <= {term.zh for term in first.suspicion.reasons}
    assert "联系凭证: 中心有转接通话记录" in [t.zh for t in second.suspicion.terms if t.weight < 0]


async def test_a_connected_call_that_was_too_short_proves_nothing(
    conn: asyncpg.Connection, three: list[int], tokens: Callable[[], str]
) -> None:
    tried = await closed(conn, tokens, three[0], talked_s=2, after=timedelta(days=2))
    await answered(conn, tried, tokens, "C1=2 C2=3 C3=3 C7=1")

    (found,) = await weighed(conn, CENTRE)

    assert (found.evidence["proof"], found.suspicion.listed) == ("dated", True)


async def test_the_file_of_a_case_weighs_it_as_the_list_does(
    conn: asyncpg.Connection, three: list[int], tokens: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the policy looks at the unit's latest closing alone."""
    numbers = [await closed(conn, tokens, one, after=timedelta(hours=1)) for one in three]
    for number, codes in zip(
        numbers, ("C1=2 C2=3 C3=3 C7=1", "C1=1 C2=1 C3=1", "C1=1 C2=1 C3=1"), strict=True
    ):
        await answered(conn, number, tokens, codes)
    looks = set()
    for latest in (400, 1):
        changed = policy().model_copy(update={"history_closings": latest})
        monkeypatch.setattr("followup.casework.false_closing.policy", lambda changed=changed: changed)
        monkeypatch.setattr("followup.suspicious.policy", lambda changed=changed: changed)
        listed = {one.closing.number: one for one in await weighed(conn, CENTRE)}
        for number in numbers:
            case = await moves.read(conn, number)
            assert await suspicious.of_case(conn, case) == {1: listed[number]}
        looks.add(listed[numbers[2]].suspicion.probability)
    assert len(looks) == 2  # the denied one does not count any more


async def test_nobody_is_suspected_who_claims_nothing(conn: asyncpg.Connection, county: str) -> None:
    assert await weighed(conn, CENTRE) == []
