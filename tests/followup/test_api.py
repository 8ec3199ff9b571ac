"""The JSON API: what another system sends, and what it is told."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from followup_county import CENTRE, POLICE, TOWN, VILLAGE, WATER, at
from systems_bench import LAMPS, Systems, dispatched, registered

from followup import cases
from followup.api import keys
from followup.api.scopes import Scope

APPEAL: dict[str, Any] = {
    "content": LAMPS,
    "area_code": VILLAGE,
    "place": "王庄村口",
    "external_number": "HX-0001",
    "consent": True,
    "person": {"phone": "15400000001", "name": "王芳"},
}
CLOSED: dict[str, Any] = {
    "external_number": "GD1",
    "name": "王芳",
    "number": "15400000001",
    "content": "自来水发黄",
    "category": "城乡建设",
    "township": "柳河镇",
    "unit": "自来水公司",
    "closed_at": "2026-03-06 16:20",
    "result_summary": "管道已换",
    "claimed_contact": True,
}


async def post(
    systems: Systems, key: str, path: str, body: object, idempotency_key: str = "request-0001"
) -> tuple[int, dict[str, Any], Any]:
    response = await systems.client.post(
        f"/api/v1{path}",
        json=body,
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": idempotency_key},
    )
    return response.status, await response.json(), response.headers


async def get(systems: Systems, key: str, path: str) -> tuple[int, dict[str, Any]]:
    response = await systems.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"})
    return response.status, await response.json()


async def test_an_appeal_is_registered_and_read_by_number_and_code(systems: Systems) -> None:
    key = await systems.key(Scope.CASES_WRITE, Scope.CASES_READ)
    status, made, _ = await post(systems, key, "/cases", APPEAL)
    assert (status, made["number"], made["short_number"]) == (201, "991721-20260309-00001-4", "0001")
    for name in (made["number"], made["query_code"]):
        status, case = await get(systems, key, f"/cases/{name}")
        assert (status, case["status"], case["content"], case["external_number"]) == (
            200,
            "registered",
            LAMPS,
            "HX-0001",
        )
    assert case["source"] == "api"
    stored = await systems.conn.fetch("SELECT operation, request_id FROM followup.api_access ORDER BY id")
    assert [row["operation"] for row in stored] == ["registerCase", "readCase", "readCase"]


async def test_the_number_is_in_the_vault_and_nowhere_else(systems: Systems) -> None:
    key = await systems.key(Scope.CASES_WRITE)
    await post(systems, key, "/cases", APPEAL | {"content": f"{LAMPS},打我15400000001"})
    tables = await systems.conn.fetch(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('survey', 'followup')"
    )
    for table in tables:
        rows = await systems.conn.fetch(f"SELECT t::text AS row FROM {table['name']} t")
        assert not [row for row in rows if "15400000001" in row["row"]], table["name"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"area_code": "991722100"}, "area_code"),
        ({"person": None}, "person"),
        ({"person": {"phone": "1540000"}}, "person.phone"),
        ({"person": {"phone": "13800000000"}}, "person.phone"),
    ],
)
async def test_what_cannot_be_taken_is_named_and_leaves_nothing(
    systems: Systems, change: dict[str, Any], field: str
) -> None:
    key = await systems.key(Scope.CASES_WRITE)
    status, problem, headers = await post(systems, key, "/cases", APPEAL | change)
    assert (status, headers["Content-Type"]) == (422, "application/problem+json; charset=utf-8")
    assert [fault["field"] for fault in problem["errors"]] == [field]
    assert problem["errors"][0]["remedy"] and problem["title_zh"] == "内容不能采用"
    assert "1540000" not in str(problem) and "138" not in str(problem)
    assert (
        await systems.conn.fetchval(
            "SELECT (SELECT count(*) FROM followup.case_file) + (SELECT count(*) FROM survey.person)"
            " + (SELECT count(*) FROM followup.api_answer)"
        )
        == 0
    )


async def test_what_is_not_as_the_document_says_is_named_without_being_repeated(systems: Systems) -> None:
    key = await systems.key(Scope.CASES_WRITE)
    body = APPEAL | {"phone": "15400000001", "consent": False, "occurred_at": "yesterday"}
    status, problem, _ = await post(systems, key, "/cases", body)
    assert status == 400
    assert {fault["field"] for fault in problem["errors"]} == {"phone", "consent", "occurred_at"}
    assert "15400000001" not in str(problem)


async def test_the_same_external_number_is_registered_once(systems: Systems) -> None:
    key = await systems.key(Scope.CASES_WRITE)
    await post(systems, key, "/cases", APPEAL)
    status, problem, _ = await post(systems, key, "/cases", APPEAL, "request-0002")
    assert (status, problem["type"]) == (409, "urn:minyi:problem:already_there")
    assert "HX-0001" in problem["detail"]


async def test_the_same_request_again_gets_the_same_answer(systems: Systems) -> None:
    key = await systems.key(Scope.CASES_WRITE)
    _, first, first_headers = await post(systems, key, "/cases", APPEAL)
    status, second, headers = await post(systems, key, "/cases", APPEAL)
    assert (status, second, headers["Idempotent-Replayed"]) == (201, first, "true")
    assert "Idempotent-Replayed" not in first_headers
    status, problem, _ = await post(systems, key, "/cases", APPEAL | {"sudden": True})
    assert (status, problem["type"]) == (422, "urn:minyi:problem:key_reused")
    assert await systems.conn.fetchval("SELECT count(*) FROM followup.case_file") == 1


async def test_ten_at_once_have_one_effect(systems: Systems) -> None:
    key = await systems.key(Scope.CASES_WRITE)
    body = {name: value for name, value in APPEAL.items() if name != "external_number"}
    answers = await asyncio.gather(*(post(systems, key, "/cases", body) for _ in range(10)))
    assert {status for status, _, _ in answers} == {201}
    assert len({told["number"] for _, told, _ in answers}) == 1
    assert await systems.conn.fetchval("SELECT count(*) FROM followup.case_file") == 1


async def test_a_key_opens_what_its_scopes_say_until_it_ends(systems: Systems) -> None:
    key = await systems.key(Scope.CASES_READ)
    status, problem, _ = await post(systems, key, "/cases", APPEAL)
    assert (status, problem["type"]) == (403, "urn:minyi:problem:scope_missing")
    for wrong in ("", "mk_x_y", key + "x", key.replace("mk_", "mk_0")):
        assert (await get(systems, wrong, "/cases"))[0] == 401
    assert (await get(systems, key, "/cases"))[0] == 200
    await keys.revoke(systems.conn, CENTRE, key.split("_")[1], by="主任", now=at("9 10:01"))
    assert (await get(systems, key, "/cases"))[0] == 401
    other = await systems.key(Scope.CASES_READ)
    systems.clock.moment = at("9 10:00").replace(year=2027, month=3, day=10)
    assert (await get(systems, other, "/cases"))[0] == 401


async def test_a_secret_is_nowhere_in_the_database(systems: Systems) -> None:
    key = await systems.key(Scope.CASES_READ)
    row = await systems.conn.fetchval("SELECT k::text FROM followup.api_key k")
    assert key.split("_", 2)[2] not in row


async def test_after_the_burst_one_waits(systems: Systems) -> None:
    key = await systems.key(Scope.CASES_READ)
    statuses = [(await get(systems, key, "/cases"))[0] for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    response = await systems.client.get("/api/v1/cases", headers={"Authorization": f"Bearer {key}"})
    assert (response.status, response.headers["Retry-After"]) == (429, "1")


async def test_changes_are_told_from_a_cursor_on_each_once(systems: Systems, wang_fang: int) -> None:
    conn, tokens = systems.conn, systems.ground.tokens
    key = await systems.key(Scope.CASES_READ)
    first = await dispatched(conn, wang_fang, at("9 09:00"), tokens)
    second = await registered(conn, wang_fang, at("9 09:30"), tokens)
    _, page = await get(systems, key, "/cases?limit=1")
    assert [(case["number"], case["status"], case["lead"]) for case in page["cases"]] == [
        (first, "dispatched", POLICE)
    ]
    _, rest = await get(systems, key, f"/cases?since={page['next']}")
    assert [case["number"] for case in rest["cases"]] == [second]
    _, nothing = await get(systems, key, f"/cases?since={rest['next']}")
    assert nothing == {"cases": [], "next": rest["next"]}


async def test_what_is_committed_late_is_not_lost(systems: Systems, wang_fang: int) -> None:
    conn, tokens = systems.conn, systems.ground.tokens
    key = await systems.key(Scope.CASES_READ)
    late = await registered(conn, wang_fang, at("9 09:00"), tokens)
    early = await registered(conn, wang_fang, at("9 09:01"), tokens)
    _, before = await get(systems, key, "/cases")
    async with systems.ground.pool.acquire() as other, other.transaction():
        await cases.accept(other, late, by="审核员", now=at("9 09:10"))
        await cases.accept(conn, early, by="审核员", now=at("9 09:11"))
        _, page = await get(systems, key, f"/cases?since={before['next']}")
        assert page == {"cases": [], "next": before["next"]}  # nothing yet, rather than too much
    _, page = await get(systems, key, f"/cases?since={before['next']}")
    assert [case["number"] for case in page["cases"]] == [late, early]


async def test_a_unit_signs_and_reports_what_it_leads_and_sees_nothing_else(
    systems: Systems, wang_fang: int
) -> None:
    conn, tokens = systems.conn, systems.ground.tokens
    number = await dispatched(conn, wang_fang, at("9 09:00"), tokens)
    other = await systems.key(Scope.RESULTS_WRITE, Scope.CASES_READ, unit=WATER, name="供水系统")
    assert (await get(systems, other, f"/cases/{number}"))[0] == 404
    assert (await post(systems, other, f"/cases/{number}/signature", {}))[0] == 404
    assert (await get(systems, other, "/cases"))[1]["cases"] == []
    key = await systems.key(Scope.RESULTS_WRITE, Scope.CASES_READ, unit=POLICE, name="公安系统")
    status, moved, _ = await post(systems, key, f"/cases/{number}/signature", {})
    assert (status, moved["status"]) == (200, "in_progress")
    result = {
        "summary": "已装路灯两盏",
        "contact": {"at": "2026-03-09T09:30:00+08:00", "way": "phone"},
        "actions": "到场勘查,当日安装",
    }
    status, moved, _ = await post(systems, key, f"/cases/{number}/result", result, "request-0002")
    assert (status, moved["status"], moved["returned"]) == (200, "result_review", None)
    status, problem, _ = await post(systems, key, f"/cases/{number}/result", result, "request-0003")
    assert (status, problem["type"]) == (409, "urn:minyi:problem:conflict")
    assert "result_review" in problem["detail"]


async def test_a_result_without_contact_comes_straight_back(systems: Systems, wang_fang: int) -> None:
    number = await dispatched(systems.conn, wang_fang, at("9 09:00"), systems.ground.tokens)
    key = await systems.key(Scope.RESULTS_WRITE, unit=POLICE)
    await post(systems, key, f"/cases/{number}/signature", {})
    result = {"summary": "已装路灯两盏", "actions": "当日安装"}
    status, moved, _ = await post(systems, key, f"/cases/{number}/result", result, "request-0002")
    assert (status, moved["status"]) == (200, "in_progress")
    assert "联系" in moved["returned"]


async def test_a_unit_gives_a_case_back(systems: Systems, wang_fang: int) -> None:
    number = await dispatched(systems.conn, wang_fang, at("9 09:00"), systems.ground.tokens)
    key = await systems.key(Scope.RESULTS_WRITE, unit=POLICE)
    back = {"reason": "路灯由镇里管", "suggested_unit": TOWN}
    status, moved, _ = await post(systems, key, f"/cases/{number}/return", back)
    assert (status, moved["status"]) == (200, "return_review")


async def test_a_criticised_unit_never_sees_the_case(systems: Systems, wang_fang: int) -> None:
    conn, tokens = systems.conn, systems.ground.tokens
    number = await dispatched(conn, wang_fang, at("9 09:00"), tokens)
    key = await systems.key(Scope.CASES_READ, Scope.RESULTS_WRITE, unit=POLICE)
    assert (await get(systems, key, f"/cases/{number}"))[0] == 200
    await conn.execute("UPDATE followup.case_file SET criticised_unit = $1", POLICE)
    assert (await get(systems, key, f"/cases/{number}"))[0] == 404
    assert (await get(systems, key, "/cases"))[1]["cases"] == []
    assert (await post(systems, key, f"/cases/{number}/signature", {}))[0] == 404
    centre = await systems.key(Scope.CASES_READ)
    assert (await get(systems, centre, f"/cases/{number}"))[1]["content"] is None


async def test_criticism_of_the_centre_is_seen_by_no_system_of_it(systems: Systems, wang_fang: int) -> None:
    number = await registered(
        systems.conn, wang_fang, at("9 09:00"), systems.ground.tokens, criticised_unit=CENTRE
    )
    key = await systems.key(Scope.CASES_READ)
    assert (await get(systems, key, f"/cases/{number}"))[0] == 404
    assert (await get(systems, key, "/cases"))[1]["cases"] == []


async def test_words_go_out_redacted_and_those_of_hidden_reporters_not_at_all(
    systems: Systems, wang_fang: int
) -> None:
    conn, tokens = systems.conn, systems.ground.tokens
    named = await dispatched(
        conn, wang_fang, at("9 09:00"), tokens, content="我叫王芳,住3号楼2单元501室,路灯不亮"
    )
    hidden = await registered(
        conn, wang_fang, at("9 09:30"), tokens, anonymity="confidential", area_code="991721100"
    )
    key = await systems.key(Scope.CASES_READ)
    content = (await get(systems, key, f"/cases/{named}"))[1]["content"]
    assert "王芳" not in content and "501" not in content and "路灯不亮" in content
    assert (await get(systems, key, f"/cases/{hidden}"))[1]["content"] is None


async def test_closed_cases_are_brought_and_their_verdicts_taken_back(systems: Systems) -> None:
    key = await systems.key(Scope.IMPORTS_WRITE, Scope.EXPORTS_READ, Scope.CALLBACKS_READ)
    bad = CLOSED | {"external_number": "GD2", "unit": "园林局"}
    batch = {"reason": "办结事项回访", "ground": "结果反馈制度", "cases": [CLOSED, bad]}
    status, told, _ = await post(systems, key, "/closed-cases", batch)
    assert status == 201
    assert told["kept"] == [{"external_number": "GD1", "number": "991721-20260309-00001-4"}]
    assert [(row["row"], row["field"]) for row in told["refused"]] == [(2, "unit")]
    _, back = await get(systems, key, "/closed-cases")
    assert [(c["external_number"], c["status"], c["verdict"]) for c in back["cases"]] == [
        ("GD1", "callback_pending", None)
    ]
    assert (await get(systems, key, "/callbacks"))[1]["callbacks"] == []


async def test_a_case_that_was_brought_is_not_brought_again(systems: Systems) -> None:
    key = await systems.key(Scope.IMPORTS_WRITE)
    batch = {"reason": "办结事项回访", "ground": "结果反馈制度", "cases": [CLOSED]}
    await post(systems, key, "/closed-cases", batch)
    status, problem, _ = await post(systems, key, "/closed-cases", batch, "request-0002")
    assert (status, problem["type"]) == (409, "urn:minyi:problem:already_there")
    changed = batch | {"cases": [CLOSED | {"content": "自来水还是发黄"}]}
    status, told, _ = await post(systems, key, "/closed-cases", changed, "request-0003")
    assert (status, told["kept"]) == (201, [])
    assert told["refused"] == [
        {
            "row": 1,
            "field": "external_number",
            "reason": '"GD1" was imported before, as case 991721-20260309-00001-4',
            "remedy": "take it off the list",
        }
    ]
    assert await systems.conn.fetchval("SELECT count(*) FROM followup.callback") == 1


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/nothing", {}, 404),
        ("DELETE", "/cases", {}, 405),
        ("GET", "/cases?limit=0", {}, 400),
        ("GET", "/cases?limit=5&limit=6", {}, 400),
        ("GET", "/cases?sort=name", {}, 400),
        ("GET", "/cases", {"Accept": "text/html"}, 406),
        ("POST", "/cases", {"Content-Type": "text/plain"}, 415),
        ("POST", "/cases", {}, 400),
    ],
)
async def test_every_no_is_a_problem_with_its_request_id(
    systems: Systems, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    key = await systems.key(Scope.CASES_READ, Scope.CASES_WRITE)
    sent = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"} | headers
    data = "{}" if method == "POST" else None
    response = await systems.client.request(method, f"/api/v1{path}", headers=sent, data=data)
    assert (response.status, response.content_type) == (status, "application/problem+json")
    problem = await response.json()
    assert problem["instance"] == f"urn:minyi:request:{response.headers['X-Request-Id']}"
    assert problem["title"] and problem["title_zh"] and problem["remedy"] and problem["remedy_zh"]
    if status == 405:
        assert response.headers["Allow"] == "GET, POST"


async def test_a_body_beyond_the_limit_is_not_read(systems: Systems) -> None:
    key = await systems.key(Scope.CASES_WRITE)
    status, problem, _ = await post(systems, key, "/cases", APPEAL | {"content": "字" * 170_000})
    assert (status, problem["type"]) == (413, "urn:minyi:problem:too_large")
