"""Pictures of what a unit has done: nothing in them but the picture, few of them, and seen by nobody else's unit."""

from __future__ import annotations

import io
from datetime import timedelta
from hashlib import sha256

import asyncpg
import pytest
from aiohttp import FormData
from picture_bench import SECRET, jpeg, png
from unit_bench import POLICE, TOWN, WATER, Officer, dispatched, found_units

from followup import cases, reading, showing
from followup.forgetting import forget_bodies
from followup.pictures import NotAPicture, PictureTooLarge, cleaned
from followup.store.events import EventRow, insert_events
from tests.access.access_bench import GOOD, House
from tests.doors.doors_bench import Bench, Resident, at


@pytest.mark.parametrize(
    ("data", "kind", "size"), [(png(), "image/png", (4, 3)), (jpeg(), "image/jpeg", (640, 480))]
)
def test_nothing_stays_but_the_picture(data: bytes, kind: str, size: tuple[int, int]) -> None:
    found = cleaned(data, most=10_000)
    assert (found.kind, (found.width, found.height)) == (kind, size)
    assert SECRET in data and SECRET not in found.data and b"Exif" not in found.data
    assert cleaned(found.data, most=10_000) == found  # cleaned again it is the same
    if kind == "image/jpeg":
        assert b"\x12\xff\x00\x34\xff\xd0\x56" in found.data and found.data.endswith(b"\x78\xff\xd9")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"GIF89a" + bytes(40),
        b"\xff\xd8\xff\xd9",  # nothing is drawn
        jpeg()[:200],
        jpeg(0, 480),
        jpeg(65535, 65535),  # made to exhaust whoever opens it
        png()[:60],
        png().replace(b"IDAT", b"IDAU"),  # damaged
        b"\xff\xd8" + b"\xff\xe1\x00\x00",
    ],
)
def test_what_is_no_picture_is_not_taken(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        cleaned(data, most=10_000)


def test_nor_what_is_too_large() -> None:
    with pytest.raises(PictureTooLarge, match="100"):
        cleaned(png(), most=100)


@pytest.fixture
async def wang(bench: Bench, conn: asyncpg.Connection) -> Resident:
    await found_units(conn)
    return await bench.resident("王芳")


@pytest.fixture
async def number(conn: asyncpg.Connection, bench: Bench, wang: Resident) -> str:
    number = await dispatched(conn, bench, wang)
    await cases.sign(conn, number, by=POLICE, now=at("9 10:00"))
    return number


@pytest.fixture
async def zhang(house: House, number: str) -> Officer:
    return await Officer(house, "ga01").sign_in("张警官", "unit_liaison:991721", POLICE)


async def send(one: Officer, number: str, data: bytes) -> int:
    """Send a picture as the page of the case does."""
    await one.browser.get("/home")
    form = FormData()
    token = one.browser.page.partition('name="form_token" value="')[2].partition('"')[0]
    form.add_field("form_token", token)
    form.add_field("picture", io.BytesIO(data), filename="路灯.html", content_type="text/html")
    client = one.browser.client
    response = await client.post(
        f"/unit/{number}/picture", data=form, headers={"Origin": str(client.make_url("/")).rstrip("/")}, allow_redirects=False
    )  # fmt: skip
    return response.status


async def test_a_picture_is_kept_once_on_the_chain_and_the_centre_sees_it(
    zhang: Officer, number: str, house: House, conn: asyncpg.Connection
) -> None:
    assert await send(zhang, number, jpeg()) == 303
    assert await send(zhang, number, jpeg()) == 303  # the same again is the same one
    (row,) = await conn.fetch(
        "SELECT ref, kind, bytes, sha256 FROM followup.picture JOIN followup.picture_bytes USING (ref)"
    )
    assert row["kind"] == "image/jpeg" and SECRET not in row["bytes"]
    (event,) = [one for one in (await reading.passport(conn, number)).events if one.event == "picture"]
    assert event.detail == {
        "ref": row["ref"],
        "sha256": sha256(row["bytes"]).hexdigest(),
        "kind": "image/jpeg",
    }
    page = await zhang.browser.get(f"/unit/{number}")
    assert page.status == 200 and f"/unit/{number}/pictures/{row['ref']}" in zhang.browser.page
    sent = await zhang.browser.client.get(f"/unit/{number}/pictures/{row['ref']}")
    assert await sent.read() == row["bytes"]
    assert (
        sent.headers["Content-Type"] == "image/jpeg" and "sandbox" in sent.headers["Content-Security-Policy"]
    )
    await zhang.look(f"/unit/{number}")
    await zhang.press("report", summary="路灯已更换", contact_at="2026-03-09T09:58", contact_way="phone")
    result = (await reading.passport(conn, number)).results[0]
    assert result.evidence == ("照片1张 1 pictures",)
    assert await send(zhang, number, png()) == 409  # reported: nothing is added any more
    await house.settled("0102", "王督导", "supervisor:991721")
    centre = house.browser()
    await centre.sign_in("0102", GOOD)
    assert (await centre.get(f"/flags/{number}")).status == 200 and "单位的照片" in centre.page
    theirs = await centre.client.get(f"/flags/{number}/pictures/{row['ref']}")
    assert await theirs.read() == row["bytes"]


async def test_a_year_after_the_archive_it_is_forgotten_and_that_is_on_record(
    zhang: Officer, number: str, conn: asyncpg.Connection, bench: Bench
) -> None:
    assert await send(zhang, number, png()) == 303
    vault = bench.ground.vault
    await forget_bodies(conn, vault, now=at("9 10:00") + timedelta(days=800))
    assert await conn.fetchval("SELECT count(*) FROM followup.picture_bytes") == 1  # the case is not over
    case_id = await conn.fetchval("SELECT id FROM followup.case_file")
    archive = EventRow(case_id, 1, "archive", "closed", "archived", "system", None, at("9 10:00"))
    await insert_events(conn, [archive])
    await conn.execute("UPDATE followup.case_file SET status = 'archived'")
    for days, pictures in ((364, 0), (365, 1), (366, 0)):
        done = await forget_bodies(conn, vault, now=at("9 10:00") + timedelta(days=days))
        assert done.pictures == pictures
    assert await conn.fetchval("SELECT count(*) FROM followup.picture_bytes") == 0
    (row,) = await conn.fetch("SELECT forgotten_by, sha256 FROM followup.picture")
    assert (row["forgotten_by"], len(row["sha256"])) == ("system", 32)
    assert await showing.of_case(conn, number) == []


async def test_six_are_enough_and_no_picture_is_said_so(
    zhang: Officer, number: str, conn: asyncpg.Connection
) -> None:
    assert await send(zhang, number, b"<html>") == 409
    assert await send(zhang, number, bytes(2_000_000)) == 413
    for width in range(1, 7):
        assert await send(zhang, number, png(width)) == 303
    assert await send(zhang, number, png(7)) == 409
    assert await conn.fetchval("SELECT count(*) FROM followup.picture") == 6


async def test_another_unit_neither_adds_nor_sees_one(
    zhang: Officer, number: str, house: House, conn: asyncpg.Connection
) -> None:
    assert await send(zhang, number, png()) == 303
    ref = await conn.fetchval("SELECT ref FROM followup.picture")
    for name, role, unit in (
        ("zl01", "unit_liaison:991721", WATER),
        ("lh01", "unit_liaison:991721100", TOWN),
    ):
        other = await Officer(house, name).sign_in(name, role, unit)
        assert (await other.browser.get(f"/unit/{number}/pictures/{ref}")).status == 404
        assert await send(other, number, png(9)) == (404 if unit == WATER else 303)  # the town assists
    assert await conn.fetchval("SELECT count(*) FROM followup.picture WHERE unit_code = $1", TOWN) == 1
