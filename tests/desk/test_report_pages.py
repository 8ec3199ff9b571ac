"""Reports on a page: a director issues the week once, a supervisor reads and downloads it, others do not see it."""

from __future__ import annotations

import io
import json
import re
from zipfile import ZipFile

import asyncpg
import pytest
from desk_bench import words_of
from flag_bench import closed_elsewhere

from followup.issuing import issue, issued, verify
from survey import counting
from survey.periods import Period
from tests.access.access_bench import GOOD, Browser, House
from tests.doors.doors_bench import CENTRE, Bench, at

WEEK = "2026-W10"
NUMBER = f"{CENTRE}-callback-20260302-20260308"


async def signed_in(house: House, name: str, role: str) -> Browser:
    browser = house.browser()
    await house.settled(name, "赵主任", role)
    telephone = await house.with_telephone(name) if role.startswith("director") else None
    await browser.sign_in(name, GOOD)
    if telephone is not None:
        await browser.get("/sign-in/code")
        await browser.send("/sign-in/code", code=telephone.at(house.clock.now()))
    return browser


@pytest.fixture
async def director(house: House, bench: Bench, conn: asyncpg.Connection) -> Browser:
    await closed_elsewhere(bench, conn, "voice")
    bench.clock.moment = at("10 09:00")
    return await signed_in(house, "0001", "director:991721")


async def test_a_week_is_issued_once_and_corrected_visibly(
    director: Browser, conn: asyncpg.Connection
) -> None:
    await director.get("/reports")
    assert "还没有签发过报告。" in words_of(director.page) and "签发一份报告" in words_of(director.page)
    done = await director.send("/reports/issue", kind="callback", period=WEEK)
    assert done.status == 303
    await director.get(done.headers["Location"])
    assert f"已签发 {NUMBER},此后不再改动。" in words_of(director.page)
    assert "回访情况报告 2026-03-02 … 2026-03-08 主任-0001 · 2026-03-10 09:00" in words_of(director.page)
    await director.send("/reports/issue", kind="callback", period=WEEK)
    assert "这一期已经签发,不再改动" in words_of(director.page)
    await director.send("/reports/issue", kind="callback", period=WEEK, correct="yes")
    assert "更正要写原因" in words_of(director.page)
    done = await director.send(
        "/reports/issue", kind="callback", period=WEEK, correct="yes", reason="补录一件"
    )
    await director.get(done.headers["Location"])
    assert "更正" in words_of(director.page) and "已被更正" in words_of(director.page)
    for number in (NUMBER, f"{NUMBER}-2"):
        found = await verify(conn, number)
        assert found.intact and found.same


@pytest.mark.parametrize(
    ("period", "why"),
    [("下周", "看不出是什么期间"), ("2026-W11", "这个期间还没有过完。"), ("", "看不出是什么期间")],
)
async def test_what_is_no_period_is_said_and_kept(
    director: Browser, conn: asyncpg.Connection, period: str, why: str
) -> None:
    await director.get("/reports")
    await director.send("/reports/issue", kind="callback", period=period)
    assert why in words_of(director.page)
    assert f'value="{period}"' in director.page
    assert await conn.fetchval("SELECT count(*) FROM followup.issued_report") == 0


async def test_it_is_read_and_downloaded_as_it_was_frozen(
    director: Browser, house: House, conn: asyncpg.Connection
) -> None:
    await director.get("/reports")
    await director.send("/reports/issue", kind="callback", period=WEEK)
    browser = await signed_in(house, "0102", "supervisor:991721")
    await browser.get("/reports")
    assert "签发一份报告" not in words_of(browser.page)
    links = set(re.findall(r'href="(/reports/[^"]+)"', browser.page))
    assert links == {f"/reports/{NUMBER}.{one}" for one in ("html", "docx", "xlsx", "csv", "json")}
    kept = await issued(conn, NUMBER)
    bodies = {}
    for link in sorted(links):
        response = await browser.client.get(link)
        assert response.status == 200, link
        bodies[link.rpartition(".")[2]] = await response.read()
        shown = link.endswith("html")
        assert ("attachment" in response.headers.get("Content-Disposition", "")) != shown
        assert "no-store" in response.headers["Cache-Control"]
    assert (
        "sandbox" in (await browser.client.get(f"/reports/{NUMBER}.html")).headers["Content-Security-Policy"]
    )
    assert json.loads(bodies["json"])["sha256"] == kept.sha256
    assert "回访情况报告" in bodies["html"].decode()
    assert "word/document.xml" in ZipFile(io.BytesIO(bodies["docx"])).namelist()
    assert "xl/workbook.xml" in ZipFile(io.BytesIO(bodies["xlsx"])).namelist()
    assert bodies["csv"].startswith("\ufeff".encode())
    for path in (
        f"/reports/{NUMBER}.exe",
        "/reports/991722-callback-20260302-20260308.html",
        "/reports/x.html",
    ):
        assert (await browser.client.get(path)).status == 404


@pytest.mark.parametrize(
    "role", ["surveyor:991721", "auditor:991721", "unit_liaison:991721", "supervisor:991722"]
)
async def test_others_read_nothing(
    director: Browser, house: House, conn: asyncpg.Connection, role: str
) -> None:
    await director.get("/reports")
    await director.send("/reports/issue", kind="callback", period=WEEK)
    await conn.execute(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ('991722', '9917', 'county', '平岗县', '')"
    )
    browser = await signed_in(house, "2001", role)
    await browser.get("/home")
    for path in ("/reports", f"/reports/{NUMBER}.html", f"/reports/{NUMBER}.json"):
        assert (await browser.get(path)).status == 403, path
    await browser.get("/home")
    assert (await browser.send("/reports/issue", kind="callback", period="2026-W09")).status == 403
    assert await conn.fetchval("SELECT count(*) FROM followup.issued_report") == 1


async def test_the_sheet_of_the_surveyors_is_for_whoever_answers_for_them(
    director: Browser, house: House, bench: Bench, conn: asyncpg.Connection
) -> None:
    await counting.refresh(conn)
    march = Period(at("2 00:00").date(), at("8 12:00").date())
    await issue(conn, "surveyor", CENTRE, march, by="主任-0001", now=bench.clock.now())
    number = await conn.fetchval("SELECT number FROM followup.issued_report WHERE kind = 'surveyor'")
    await director.get("/reports")
    assert "调查员工作表" in words_of(director.page)
    officer = await signed_in(house, "0301", "supervision_officer:991721")
    await officer.get("/reports")
    assert "调查员工作表" not in words_of(officer.page)
    assert (await officer.get(f"/reports/{number}.html")).status == 403
    await director.get("/reports")
    assert (await director.send("/reports/issue", kind="surveyor", period="2026-02")).status == 403
