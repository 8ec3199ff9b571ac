"""Open311 GeoReport v2: every answer held against the published schemas, and what never goes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from followup_county import CENTRE, POLICE, VILLAGE, at
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7
from systems_bench import LAMPS, Systems, dispatched, registered

from followup import cases
from followup.api.scopes import Scope

SAID: dict[str, str] = {
    "jurisdiction_id": CENTRE,
    "service_code": "0203",
    "address_string": "遂澜县柳河镇王庄村",
    "description": f"{LAMPS},打我15400000002",
    "last_name": "李",
    "first_name": "强",
    "phone": "15400000002",
    "email": "li@example.org",
    "attribute[consent]": "yes",
}
ROAD = "0203"


@pytest.fixture(scope="session")
def schemas(shared_data: Path) -> Mapping[str, Draft7Validator]:
    """The published schemas, by name."""
    folder = shared_data / "open311"
    found = {path.name: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(one, default_specification=DRAFT7)) for name, one in found.items()
    )
    return {
        name: Draft7Validator(one, registry=registry, format_checker=Draft7Validator.FORMAT_CHECKER)
        for name, one in found.items()
        if name != "swagger.json"
    }


async def get(systems: Systems, path: str, **query: str) -> tuple[int, Any]:
    response = await systems.client.get(f"/open311/v2/{path}", params=query)
    assert response.content_type == ("text/xml" if ".xml" in path else "application/json")
    text = await response.text()
    return response.status, ElementTree.fromstring(text) if ".xml" in path else json.loads(text)


async def post(systems: Systems, key: str | None, **change: str) -> tuple[int, Any]:
    form = {name: value for name, value in (SAID | change).items() if value}
    if key:
        form["api_key"] = key
    response = await systems.client.post("/open311/v2/requests.json", data=form)
    return response.status, await response.json()


async def road(systems: Systems, person: int | None, **more: Any) -> str:
    """A published case: a road in a village, dispatched to the police."""
    return await dispatched(systems.conn, person, at("9 09:00"), systems.ground.tokens, category=ROAD, **more)


async def test_every_answer_is_as_the_published_schemas_say(
    systems: Systems, wang_fang: int, schemas: Mapping[str, Draft7Validator]
) -> None:
    number = await road(systems, wang_fang)
    closed = await road(systems, wang_fang, area_code="991721100")
    await solve(systems, closed)
    key = await systems.key(Scope.CASES_WRITE, Scope.CASES_READ)
    _, services = await get(systems, "services.json", jurisdiction_id=CENTRE)
    schemas["services.json"].validate(services)
    assert (
        len(services) > 60
        and {"service_code": ROAD}.items()
        <= services[[s["service_code"] for s in services].index(ROAD)].items()
    )
    for service in services:
        schemas["service.json"].validate(service)
        _, definition = await get(systems, f"services/{service['service_code']}.json")
        schemas["service-definition.json"].validate(definition)
    for query in ({}, {"status": "open"}, {"status": "closed"}, {"service_code": ROAD}, {"api_key": key}):
        _, found = await get(systems, "requests.json", **query)
        schemas["requests.json"].validate(found)
        assert found
        for one in found:
            schemas["request.json"].validate(one)
    _, one = await get(systems, f"requests/{number}.json")
    schemas["requests.json"].validate(one)
    _, alone = await get(systems, f"request/{number}.json")
    schemas["request.json"].validate(alone)
    status, made = await post(systems, key)
    assert status == 200 and list(made[0]) == ["service_request_id", "service_notice", "account_id"]


async def solve(systems: Systems, number: str) -> None:
    conn = systems.conn
    await cases.sign(conn, number, by=POLICE, now=at("9 09:10"))
    await cases.report_result(
        conn, number, by=POLICE, summary="路面已修补", claimed_contact=True, now=at("9 09:20")
    )
    await cases.accept_result(
        conn, number, by="审核员", now=at("9 09:30"), tokens=systems.ground.tokens, seed=7
    )
    await conn.execute(
        "UPDATE followup.case_file SET status = 'closed', ending = 'closed', closed_at = $2 WHERE number = $1",
        number,
        at("9 09:40"),
    )


async def test_a_case_is_a_request_without_words_or_person(systems: Systems, wang_fang: int) -> None:
    number = await road(systems, wang_fang)
    _, (one,) = await get(systems, f"requests/{number}.json")
    assert one == {
        "service_request_id": number,
        "status": "open",
        "status_notes": "已交办 Dispatched",
        "service_name": "道路损坏",
        "service_code": ROAD,
        "description": None,
        "agency_responsible": "遂澜县公安局",
        "service_notice": None,
        "requested_datetime": "2026-03-09T01:00:00Z",
        "updated_datetime": "2026-03-09T01:00:00Z",
        "expected_datetime": one["expected_datetime"],
        "address": "王庄村,柳河镇,遂澜县",
        "address_id": VILLAGE,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


async def test_a_closed_case_tells_its_result(systems: Systems, wang_fang: int) -> None:
    number = await road(systems, wang_fang)
    await solve(systems, number)
    _, (one,) = await get(systems, f"requests/{number}.json")
    assert (one["status"], one["status_notes"], one["updated_datetime"]) == (
        "closed",
        "办结 Closed:路面已修补",
        "2026-03-09T01:40:00Z",
    )


@pytest.mark.parametrize(
    "more",
    [
        {"anonymity": "confidential"},
        {"anonymity": "anonymous"},
        {"criticised_unit": "991721100-gov"},
        {"criticised_unit": CENTRE},
        {"category": "0601"},
    ],
    ids=["confidential", "anonymous", "criticises", "criticises-the-centre", "conduct"],
)
async def test_these_are_published_to_nobody(systems: Systems, wang_fang: int, more: dict[str, str]) -> None:
    person = None if more.get("anonymity") == "anonymous" else wang_fang
    number = await registered(
        systems.conn, person, at("9 09:00"), systems.ground.tokens, **({"category": ROAD} | more)
    )
    key = await systems.key(Scope.CASES_READ)
    assert (await get(systems, "requests.json", api_key=key))[1] == []
    status, errors = await get(systems, f"requests/{number}.json", api_key=key)
    assert (status, errors[0]["code"]) == (404, 404)


async def test_what_is_about_a_household_is_for_holders_of_a_key(systems: Systems, wang_fang: int) -> None:
    number = await registered(systems.conn, wang_fang, at("9 09:00"), systems.ground.tokens, category="0599")
    assert (await get(systems, "requests.json"))[1] == []
    key = await systems.key(Scope.CASES_READ)
    _, found = await get(systems, "requests.json", api_key=key)
    assert [one["service_request_id"] for one in found] == [number]
    assert await systems.conn.fetchval("SELECT operation FROM followup.api_access") == "open311.requests"


async def test_a_posted_request_is_an_appeal_and_says_back_no_number(systems: Systems) -> None:
    key = await systems.key(Scope.CASES_WRITE)
    status, (made,) = await post(systems, key)
    assert status == 200
    case = await systems.conn.fetchrow(
        "SELECT number, query_code, source, category, area_code, content, person_id FROM followup.case_file"
    )
    assert made["service_request_id"] == case["number"] and case["query_code"] in made["service_notice"]
    assert (case["source"], case["category"], case["area_code"]) == ("api", ROAD, VILLAGE)
    assert case["content"] == f"{LAMPS},打我〔号码〕" and case["person_id"] is not None
    assert "15400000002" not in json.dumps(made) and "李" not in json.dumps(made, ensure_ascii=False)
    _, (token,) = await get(systems, f"tokens/{case['query_code']}.json")
    assert token == {"service_request_id": case["number"], "token": case["query_code"]}


@pytest.mark.parametrize(
    ("change", "status", "named"),
    [
        ({"service_code": ""}, 400, "service_code was not provided"),
        ({"service_code": "0000"}, 404, "service_code was not found"),
        ({"description": ""}, 400, "description"),
        ({"address_string": "", "lat": "32.9", "long": "113.9"}, 400, "Coordinates are not kept"),
        ({"address_string": "", "address_id": "991722100"}, 400, "address_id"),
        ({"phone": ""}, 400, "phone was not provided"),
        ({"phone": "13800000000"}, 400, "phone: "),
        ({"attribute[consent]": ""}, 400, "attribute[consent]"),
        ({"attribute[anonymity]": "secret"}, 400, "attribute[anonymity]"),
        ({"attribute[anonymity]": "anonymous"}, 400, "phone was provided"),
        ({"attribute[occurred_at]": "yesterday"}, 400, "attribute[occurred_at]"),
        ({"jurisdiction_id": "000000"}, 404, "jurisdiction_id was not found"),
        ({"description": "灯\x00坏"}, 400, "description"),
    ],
)
async def test_what_is_wrong_with_a_post_is_named(
    systems: Systems, change: dict[str, str], status: int, named: str
) -> None:
    key = await systems.key(Scope.CASES_WRITE)
    answered, errors = await post(systems, key, **change)
    assert (answered, errors[0]["code"]) == (status, status)
    assert named in errors[0]["description"]
    assert "138000" not in errors[0]["description"] and "154000" not in errors[0]["description"]
    assert await systems.conn.fetchval("SELECT count(*) FROM followup.case_file") == 0
    assert await systems.conn.fetchval("SELECT count(*) FROM survey.person") == 0


async def test_posting_needs_a_key_that_may(systems: Systems) -> None:
    reads = await systems.key(Scope.CASES_READ)
    for key in (None, "mk_1_2", reads):
        status, errors = await post(systems, key)
        assert (status, errors[0]["code"]) == (403, 403)


async def test_dates_span_ninety_days_at_most(systems: Systems, wang_fang: int) -> None:
    old = await road(systems, wang_fang)
    await systems.conn.execute(
        "UPDATE followup.case_file SET received_at = $1", at("9 10:00") - timedelta(days=91)
    )
    assert (await get(systems, "requests.json"))[1] == []
    _, found = await get(systems, "requests.json", start_date="2025-12-01T00:00:00Z")
    assert [one["service_request_id"] for one in found] == [old]
    _, found = await get(systems, "requests.json", end_date="2025-12-31T00:00:00Z")
    assert [one["service_request_id"] for one in found] == [old]
    status, errors = await get(
        systems, "requests.json", start_date="2025-11-01T00:00:00Z", end_date="2026-02-28T00:00:00Z"
    )
    assert status == 400 and "more than 90 days" in errors[0]["description"]
    _, found = await get(systems, "requests.json", service_request_id=f"{old},000000-20260309-00001-1")
    assert [one["service_request_id"] for one in found] == [old]


async def test_pages(systems: Systems, wang_fang: int) -> None:
    numbers = [await road(systems, wang_fang, area_code=code) for code in ("991721", "991721100", VILLAGE)]
    pages = [await get(systems, "requests.json", page=str(n), page_size="2") for n in (1, 2, 3)]
    shown = [[one["service_request_id"] for one in page] for _, page in pages]
    assert shown == [[numbers[2], numbers[1]], [numbers[0]], []]
    for wrong in (
        {"page": "0"},
        {"page_size": "1001"},
        {"page": "x"},
        {"status": "lost"},
        {"start_date": "x"},
    ):
        assert (await get(systems, "requests.json", **wrong))[0] == 400


async def test_xml_says_the_same(systems: Systems, wang_fang: int) -> None:
    number = await road(systems, wang_fang)
    _, services = await get(systems, "services.xml")
    assert (services.tag, services[0].tag) == ("services", "service")
    assert services.findtext("service/metadata") == "true"
    _, definition = await get(systems, f"services/{ROAD}.xml")
    assert definition.tag == "service_definition"
    assert [one.findtext("code") for one in definition.find("attributes") or ()] == [
        "consent",
        "anonymity",
        "occurred_at",
        "no_texts",
    ]
    assert definition.findtext("attributes/attribute/values/value/key") == "yes"
    _, (as_json,) = await get(systems, f"requests/{number}.json")
    _, found = await get(systems, f"requests/{number}.xml")
    assert (found.tag, found[0].tag) == ("service_requests", "request")
    assert {child.tag: child.text for child in found[0]} == as_json
    status, errors = await get(systems, "requests/unknown.xml")
    assert (status, errors.tag, errors.findtext("error/code")) == (404, "errors", "404")


async def test_several_centres_have_to_be_named(systems: Systems) -> None:
    await systems.conn.execute(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en)"
        " VALUES ('991722', '9917', 'county', '平岗县', 'Pinggang')"
    )
    await systems.conn.execute(
        "INSERT INTO survey.centre (code, area_code, name_zh, short_zh, name_en) VALUES ('991722', '991722', '平', '平', 'P')"
    )
    status, errors = await get(systems, "services.json")
    assert status == 400 and "jurisdiction_id was not provided" in errors[0]["description"]
    assert (await get(systems, "services.json", jurisdiction_id="991722"))[0] == 200
    key = await systems.key(Scope.CASES_READ)
    assert (await get(systems, "requests.json", jurisdiction_id="991722", api_key=key))[0] == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "nothing.json", 404), ("DELETE", "requests.json", 405), ("GET", "services/x.json", 404)],
)
async def test_every_no_is_an_error_document(systems: Systems, method: str, path: str, status: int) -> None:
    response = await systems.client.request(method, f"/open311/v2/{path}")
    errors = await response.json()
    assert response.status == status and errors[0]["code"] == status and errors[0]["description"]


async def test_the_same_request_again_under_its_idempotency_key_has_one_effect(systems: Systems) -> None:
    key = await systems.key(Scope.CASES_WRITE)
    form, name = SAID | {"api_key": key}, {"Idempotency-Key": "lamp-0001"}
    url = "/open311/v2/requests.json"
    first, again = [await systems.client.post(url, data=form, headers=name) for _ in range(2)]
    assert (first.status, again.status) == (200, 200) and await first.json() == await again.json()
    assert await systems.conn.fetchval("SELECT count(*) FROM followup.case_file") == 1
    other = await systems.client.post(url, data=form | {"description": "桥坏了"}, headers=name)
    short = await systems.client.post(url, data=form, headers={"Idempotency-Key": "1"})
    assert (other.status, short.status) == (400, 400)
    assert await systems.conn.fetchval("SELECT count(*) FROM followup.case_file") == 1


async def test_only_the_key_that_posted_a_case_nobody_may_list_is_told_of_it(systems: Systems) -> None:
    key, another = await systems.key(Scope.CASES_WRITE), await systems.key(Scope.CASES_READ)
    (made,) = (await post(systems, key, phone="", **{"attribute[anonymity]": "anonymous"}))[1]
    path = f"requests/{made['service_request_id']}.json"
    where = {"jurisdiction_id": CENTRE}
    assert (await get(systems, path, api_key=key, **where))[0] == 200
    assert (await get(systems, path, api_key=another, **where))[0] == 404
    assert (await get(systems, path, **where))[0] == 404
    assert await get(systems, "requests.json", api_key=key, **where) == (200, [])
