"""What every page and every form must hold, whatever it is about: the router names them, so that a new one is held to it too."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from aiohttp import FormData
from whole_site import ROLES, Site, body_of, changed, digests

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = [file for package in ("survey", "followup") for file in (ROOT / package).rglob("*.html")]
HARM = "\"'><script>alert(1)</script>"
ASKED = re.compile(r'query\.get\("(\w+)"')
"""What pages read out of their address."""
RECORDED = {
    "survey.access_event",  # who signed in, and who was refused
    "survey.account_session",  # who is there
    "survey.sign_in_failure",
    "followup.unit_link_use",  # each look at a unit's link
}
"""Where looking leaves a record."""
MOST_BYTES = 8 << 20


def queries() -> str:
    """An address with harm in everything that any page reads out of one."""
    found = {
        name
        for package in ("survey", "followup")
        for file in (ROOT / package).rglob("web/*.py")
        for name in ASKED.findall(file.read_text(encoding="utf-8"))
    }
    assert {"next", "said", "lang"} <= found
    return "&".join(f"{name}={HARM}" for name in sorted(found))


@pytest.mark.parametrize("role", ["director", "supervisor", "surveyor", "auditor", "unit_liaison"])
async def test_nothing_that_is_sent_comes_back_as_markup(site: Site, role: str) -> None:
    client, token = await site.person(role)
    for address in site.addresses("GET", "POST"):
        for path in (f"{address.filled()}?{queries()}", f"{address.filled(HARM.replace('/', ''))}"):
            if address.method == "GET":
                answer = await client.get(path, allow_redirects=False)
            else:
                fields = {"form_token": token} | dict.fromkeys(("code", "number", "words", "name"), HARM)
                answer = await client.post(
                    path, data=fields, headers={"Origin": site.origin}, allow_redirects=False
                )
            body = await body_of(answer)
            assert b"<script>alert" not in body, (address, path)
            assert answer.status < 500, (address, path, answer.status)
            assert "alert(1)" not in answer.headers.get("Location", "") or answer.headers[
                "Location"
            ].startswith("/"), address


async def test_what_every_page_says_in_its_headers(site: Site) -> None:
    for role in ROLES:
        client, _ = await site.person(role)
        for address in site.addresses("GET"):
            answer = await client.get(address.filled(), allow_redirects=False)
            await body_of(answer)
            if answer.content_type != "text/html":
                continue
            policy = dict(
                part.strip().split(" ", 1)
                for part in answer.headers["Content-Security-Policy"].split(";")
                if " " in part.strip()
            )
            assert policy["default-src"] == "'none'", address
            assert policy["base-uri"] == policy["frame-ancestors"] == "'none'", address
            assert policy["form-action"] == "'self'", address
            for kind in ("script-src", "style-src"):
                assert re.fullmatch(r"'none'|'nonce-[\w-]{20,}'", policy.get(kind, "'none'")), (address, kind)
            assert answer.headers["X-Content-Type-Options"] == "nosniff", address
            assert answer.headers["Cache-Control"] == "no-store", address
            assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), address


async def test_a_nonce_is_good_for_one_page(site: Site) -> None:
    client, _ = await site.person("director")
    seen = [(await client.get("/home")).headers["Content-Security-Policy"] for _ in range(3)]
    assert len(set(seen)) == 3


@pytest.mark.parametrize("how", ["no token", "another's token", "another site", "no origin"])
async def test_no_form_is_taken_that_no_page_of_ours_sent(site: Site, how: str) -> None:
    _, strange = await site.person("director")
    for role in ROLES:
        client, own = await site.person(role)
        before = await digests(site.conn)
        headers = {"Origin": "https://evil.example" if how == "another site" else site.origin}
        token = {"no token": "", "another's token": strange}.get(how, own)
        for address in site.addresses("POST"):
            if not address.behind:
                continue
            answer = await client.post(
                address.filled(),
                data={"form_token": token},
                headers={} if how == "no origin" else headers,
                allow_redirects=False,
            )
            assert answer.status == 403, (role, address)
        assert changed(before, await digests(site.conn)) <= RECORDED


async def test_nobody_without_a_session_opens_or_sends_anything(site: Site) -> None:
    client = site.stranger()
    for address in site.addresses("GET", "POST"):
        if not address.behind or address.path.startswith("/sign-"):
            continue
        asked = client.get if address.method == "GET" else client.post
        answer = await asked(address.filled(), headers={"Origin": site.origin}, allow_redirects=False)
        assert answer.status in (303, 401, 403), (address, answer.status)
        if answer.status == 303:
            assert answer.headers["Location"].startswith("/sign-in"), address


async def test_a_session_that_was_made_up_or_has_ended_opens_nothing(site: Site) -> None:
    client, _ = await site.person("director")
    await site.conn.execute("DELETE FROM survey.account_session")
    for address in site.addresses("GET"):
        if address.behind and not address.path.startswith("/sign-in"):
            answer = await client.get(address.filled(), allow_redirects=False)
            assert answer.status in (303, 401), address


async def test_a_form_of_megabytes_is_refused_and_not_read_to_its_end(site: Site) -> None:
    client, token = await site.person("director")
    for address in site.addresses("POST"):
        form = FormData({"form_token": token})
        form.add_field(
            "file", io.BytesIO(b"x" * MOST_BYTES), filename="../../list.csv", content_type="text/csv"
        )
        answer = await client.post(
            address.filled(), data=form, headers={"Origin": site.origin}, allow_redirects=False
        )
        assert answer.status in (400, 403, 404, 413), (address, answer.status)


async def test_other_methods_are_refused(site: Site) -> None:
    client, _ = await site.person("director")
    for address in site.addresses("GET"):
        for method in ("PUT", "DELETE", "PATCH", "TRACE"):
            answer = await client.request(method, address.filled(), allow_redirects=False)
            assert answer.status in (404, 405), (address, method)


@pytest.mark.parametrize("role", ROLES)
async def test_looking_writes_nothing(site: Site, role: str) -> None:
    """On an empty county; on one in the midst of its work, `test_every_page.py` holds it."""
    client, _ = await site.person(role)
    before = await digests(site.conn)
    for address in site.addresses("GET"):
        await body_of(await client.get(address.filled(), allow_redirects=False))
        await client.request("HEAD", address.filled(), allow_redirects=False)
    assert changed(before, await digests(site.conn)) <= RECORDED


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_no_template_carries_style_or_script_of_its_own(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    served = "/web/templates/" in str(template)
    assert not served or not re.search(r"<[^>]*\s(on\w+|style)\s*=|javascript:", text)
    assert not served or not re.search(
        r"(?<!')(?<!' )\|\s*safe\b", text
    )  # but for words that stand in the template itself
    assert not served or all("nonce=" in tag for tag in re.findall(r"<(?:script|style)[^>]*>", text))
