"""People sign in at another house's page; that house is believed where its word holds, and in nothing else."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from access_bench import GOOD, Browser, House, SetClock, open_house
from aiohttp import ClientSession
from openid_house import CLIENT, SECRET, SHARED, STRANGE_KEY, OtherHouse

from survey.access import elsewhere
from survey.access.elsewhere import IdentityTaken
from survey.access.openid import OpenId, Provider
from survey.access.refusals import AlreadySo
from survey.ground import Ground
from survey.openid_settings import openid_of
from survey.settings import Settings, SettingsError

BACK = "http://127.0.0.1:8080/sign-in/elsewhere/back"


@dataclass
class Both:
    """遂澜县's pages and the other house."""

    house: House
    there: OtherHouse

    async def link(self, name: str, subject: str = "8f14e45f") -> None:
        await elsewhere.link(self.house.ground, self.there.issuer, name, subject, by="王主任")

    async def sent_away(self, browser: Browser, path: str = "/sign-in") -> str:
        """The button is pressed; the address that the page leads to."""
        await browser.get(path)
        (form,) = re.findall(r'action="(/sign-in/elsewhere[^"]*)"', browser.page)
        answer = await browser.send(form.replace("&amp;", "&"))
        assert answer.status == 200, browser.page
        return re.findall(r'<a class="button full" href="([^"]+)"', browser.page)[0].replace("&amp;", "&")

    async def vouched_for(self, there: str) -> str:
        """What the other house answers: our address to come back to, as a path."""
        async with ClientSession() as other, other.get(there, allow_redirects=False) as answer:
            back = answer.headers["Location"]
        assert back.startswith(BACK)
        return f"{urlsplit(back).path}?{urlsplit(back).query}"

    async def comes(self, browser: Browser, path: str = "/sign-in") -> tuple[int, str]:
        """The whole way; the status, and where it leads."""
        answer = await browser.get(await self.vouched_for(await self.sent_away(browser, path)))
        return answer.status, answer.headers.get("Location", "")


@pytest.fixture
async def both(
    ground: Ground, clock: SetClock, conn: asyncpg.Connection, counties: None
) -> AsyncIterator[Both]:
    there = OtherHouse(now=int(time.time()))
    await there.open()
    openid = OpenId(Provider(there.issuer, CLIENT, SECRET, ("市统一认证", "the city's sign-in")), BACK)
    async with open_house(ground, clock, conn, openid=openid) as house:
        yield Both(house, there)
    await there.server.close()


async def test_li_xiuying_signs_in_there_and_works_here(both: Both) -> None:
    """Her first password here was never used: nobody asks for it."""
    await both.house.account("1021", "李秀英", "surveyor:991721")
    await both.link("1021")
    browser = both.house.browser()
    assert await both.comes(browser, "/sign-in?next=/home%3Flang%3Den") == (303, "/home?lang=en")
    await browser.get("/home")
    assert "李秀英,您好" in browser.page
    await browser.send("/sign-out")
    assert (await browser.get("/home")).headers["Location"] == "/sign-in"
    assert await both.house.events() == [
        ("1021", "identity_linked"), ("1021", "signed_in"), ("1021", "signed_out"),
    ]  # fmt: skip
    detail = "SELECT detail FROM survey.access_event WHERE kind = 'signed_in'"
    assert await both.house.conn.fetchval(detail) == "openid"


async def test_what_the_browser_is_sent_away_with(both: Both) -> None:
    sent = await both.sent_away(both.house.browser())
    asked = {name: value for name, (value,) in parse_qs(urlsplit(sent).query).items()}
    assert {name: asked[name] for name in ("client_id", "redirect_uri", "response_type", "scope")} == {
        "client_id": "minyi", "redirect_uri": BACK, "response_type": "code", "scope": "openid",
    }  # fmt: skip
    assert asked["code_challenge_method"] == "S256"
    assert all(len(asked[name]) >= 30 for name in ("state", "nonce", "code_challenge"))
    stored = str(await both.house.conn.fetch("SELECT * FROM survey.sign_in_elsewhere"))
    assert asked["state"] not in stored


async def test_the_second_factor_is_asked_for_all_the_same(both: Both) -> None:
    await both.house.settled("wang", "王主任", "director:991721")
    await both.house.with_telephone("wang")
    await both.link("wang")
    browser = both.house.browser()
    status, where = await both.comes(browser)
    assert (status, urlsplit(where).path) == (303, "/sign-in/code")
    assert urlsplit((await browser.get("/home")).headers["Location"]).path == "/sign-in/code"


async def test_whoever_has_no_account_here_gets_none(both: Both) -> None:
    browser = both.house.browser()
    assert await both.comes(browser) == (401, "")
    assert "minyi user link 工号" in re.sub("<[^>]+>", "", browser.page).replace("NAME", "")
    assert "--subject 8f14e45f" in browser.page
    assert (await browser.get("/home")).headers["Location"] == "/sign-in"


async def test_a_disabled_account_stays_outside(both: Both) -> None:
    await both.house.settled("1021", "李秀英", "surveyor:991721")
    await both.link("1021")
    await both.house.conn.execute("UPDATE survey.account SET disabled_at = now()")
    assert (await both.comes(both.house.browser()))[0] == 401


async def test_nobody_is_led_into_another_s_session(both: Both) -> None:
    """An answer that began in another browser, one that is sent twice, one that took too long, one that was made up."""
    await both.house.account("1021", "李秀英", "surveyor:991721")
    await both.link("1021")
    hers, his = both.house.browser(), both.house.browser()
    await his.get("/sign-in")
    answer = await both.vouched_for(await both.sent_away(hers))
    assert (await his.get(answer)).status == 401
    assert (await hers.get(answer)).status == 303
    assert (await hers.get(answer)).status == 401
    late = both.house.browser()
    answer = await both.vouched_for(await both.sent_away(late))
    both.house.later(minutes=11)
    assert (await late.get(answer)).status == 401
    assert (await late.get("/sign-in/elsewhere/back?state=x&code=y")).status == 401
    assert (await late.get("/sign-in/elsewhere/back")).status == 401


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"aud": ["minyi", "another"]},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"exp": 1_000_000_000},
        {"exp": None},
    ],
    ids=str,
)
async def test_a_token_that_says_something_else_is_not_believed(both: Both, lies: dict[str, object]) -> None:
    await both.house.account("1021", "李秀英", "surveyor:991721")
    await both.link("1021")
    both.there.lies = lies
    assert (await both.comes(both.house.browser()))[0] == 401
    assert await both.house.conn.fetchval("SELECT count(*) FROM survey.account_session") == 0


@pytest.mark.parametrize(
    "signs",
    [{"signs_with": STRANGE_KEY}, {"signs_with": SHARED, "alg": "HS256"}],
    ids=["another's", "shared"],
)
async def test_a_token_that_another_signed_is_not_believed(both: Both, signs: dict[str, object]) -> None:
    await both.house.account("1021", "李秀英", "surveyor:991721")
    await both.link("1021")
    for name, value in signs.items():
        setattr(both.there, name, value)
    assert (await both.comes(both.house.browser()))[0] == 401
    assert await both.house.conn.fetchval("SELECT count(*) FROM survey.account_session") == 0


@pytest.mark.parametrize(
    "told",
    [{"issuer": "https://elsewhere.example"}, {"token_endpoint": "http://elsewhere.example/token"}],
    ids=str,
)
async def test_a_house_that_is_not_who_it_should_be_is_sent_nobody(both: Both, told: dict[str, str]) -> None:
    both.there.told = told
    browser = both.house.browser()
    await browser.get("/sign-in")
    answer = await browser.send("/sign-in/elsewhere")
    assert answer.status == 401 and "市统一认证没有给出可信的答复" in browser.page


async def test_while_it_is_away_the_password_still_does(both: Both) -> None:
    await both.house.settled("1021", "李秀英", "surveyor:991721")
    await both.there.server.close()
    browser = both.house.browser()
    await browser.get("/sign-in")
    assert (await browser.send("/sign-in/elsewhere")).status == 401
    assert (await browser.sign_in("1021", GOOD)).headers["Location"] == "/home"


async def test_an_identity_is_one_account_s_and_whoever_loses_it_is_out(both: Both) -> None:
    for name in ("1021", "1022"):
        await both.house.settled(name, "李秀英", "surveyor:991721")
    await both.link("1021")
    with pytest.raises(IdentityTaken):
        await both.link("1022")
    with pytest.raises(IdentityTaken):
        await both.link("1021", "another")
    browser = both.house.browser()
    assert await both.comes(browser) == (303, "/home")
    await elsewhere.unlink(both.house.ground, both.there.issuer, "1021", by="王主任")
    assert (await browser.get("/home")).headers["Location"] == "/sign-in"
    with pytest.raises(AlreadySo):
        await elsewhere.unlink(both.house.ground, both.there.issuer, "1021", by="王主任")


def test_half_a_provider_is_refused_and_so_is_one_in_clear() -> None:
    whole = {"openid_issuer": "https://id.example", "openid_client_id": "minyi", "openid_client_secret": "s"}
    assert openid_of(Settings()) is None
    made = openid_of(Settings(**whole))  # type: ignore[arg-type]
    assert made is not None and made.provider.called == ("统一认证", "the common sign-in")
    for name in whole:
        with pytest.raises(SettingsError, match="go together"):
            openid_of(Settings(**{**whole, name: ""}))  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="has to begin with https://"):
        openid_of(Settings(**{**whole, "openid_issuer": "http://id.example"}))  # type: ignore[arg-type]
