"""People sign in, are locked out, lose their telephone, leave; over HTTP, on the database, with the clock set by hand."""

from __future__ import annotations

import asyncio
import re
from base64 import b32decode

import asyncpg
import pyotp
import pytest
from access_bench import CHEAP, GOOD, House, SetClock, open_house

from survey.access import granting
from survey.access.passwords import Passwords
from survey.access.refusals import Locked, WrongEntry
from survey.access.roles import Grant
from survey.access.signing_in import SigningIn
from survey.ground import Ground

ZH = re.compile(r'<span class="en".*?</span>', re.DOTALL)


def words(page: str) -> str:
    """The page's Chinese words without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", ZH.sub("", page.partition("</style>")[2])).split())


async def test_the_first_day_of_li_xiuying(house: House) -> None:
    first = await house.account("1021", "李秀英", "surveyor:991721")
    browser = house.browser()
    start = await browser.get("/home")
    assert (start.status, start.headers["Location"]) == (303, "/sign-in")
    entered = await browser.sign_in(" 1021 ", first)
    assert (entered.status, entered.headers["Location"]) == (303, "/account/password")
    assert (await browser.get("/home")).headers["Location"] == "/account/password"  # nothing else before that
    await browser.get("/account/password")
    assert "首次密码只用这一次" in words(browser.page)
    poor = await browser.send("/account/password", old=first, new="minyi12345678", again="minyi12345678")
    assert poor.status == 422 and "太容易猜到" in words(browser.page)
    twice = await browser.send("/account/password", old=first, new=GOOD, again=GOOD + "!")
    assert twice.status == 422 and "不一样" in words(browser.page)
    changed = await browser.send("/account/password", old=first, new=GOOD, again=GOOD)
    assert (changed.status, changed.headers["Location"]) == (303, "/home")
    await browser.get("/home")
    assert "李秀英,您好" in words(browser.page) and "调查员 · 遂澜县" in words(browser.page)
    left = await browser.send("/sign-out")
    assert left.headers["Location"] == "/sign-in?out=1"
    assert (await browser.get("/home")).headers["Location"] == "/sign-in"
    again = await browser.sign_in("1021", first)
    assert again.status == 401  # the first password is no more
    assert (await browser.sign_in("1021", GOOD)).headers["Location"] == "/home"
    assert await house.events() == [
        ("1021", "signed_in"), ("1021", "password_changed"), ("1021", "signed_out"), ("1021", "failed"), ("1021", "signed_in"),
    ]  # fmt: skip


async def test_the_same_answer_whether_the_name_or_the_password_is_wrong(house: House) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    pages = []
    for name in ("1021", "9999"):
        browser = house.browser()
        response = await browser.sign_in(name, "not the password")
        pages.append(re.sub(r'nonce="[^"]+"|value="[^"]*"|nonce-[\w-]+', "", browser.page))
        assert response.status == 401
    assert pages[0] == pages[1] and "账号或密码不对" in words(pages[0])


class WatchedPasswords(Passwords):
    """Keeps the parameters of each hash that was worked out."""

    def __init__(self) -> None:
        super().__init__(CHEAP)
        self.worked: list[str] = []

    def _verify(self, hashed: str, password: str) -> bool:
        self.worked.append(hashed.rpartition("$")[0].rpartition("$")[0])
        return super()._verify(hashed, password)


async def test_a_name_that_there_is_not_costs_the_same_work(house: House) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    passwords = WatchedPasswords()
    for name in ("9999", "1021"):
        with pytest.raises(WrongEntry):
            await SigningIn(house.ground, passwords).sign_in(name, "wrong", "192.0.2.7")
    assert passwords.worked == ["$argon2id$v=19$m=64,t=1,p=1"] * 2


async def test_many_guesses_at_once_are_counted_too(house: House) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    passwords = WatchedPasswords()
    signing = SigningIn(house.ground, passwords)
    guesses = (signing.sign_in("1021", f"guess {n}", f"192.0.2.{n}") for n in range(30))
    refusals = await asyncio.gather(*guesses, return_exceptions=True)
    assert {type(one) for one in refusals} <= {WrongEntry, Locked}
    assert len(passwords.worked) == 5  # no more were looked at


async def test_five_wrong_entries_lock_a_name_and_it_opens_again(house: House) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    browser = house.browser()
    for _ in range(4):
        assert (await browser.sign_in("1021", "wrong")).status == 401
    locked = await browser.sign_in("1021", "wrong")
    assert locked.status == 429 and "已锁定到 09:15" in words(browser.page)
    house.later(minutes=14)
    assert (await browser.sign_in("1021", GOOD)).status == 429  # not even with the right one
    house.later(minutes=1)
    assert (await browser.sign_in("1021", GOOD)).status == 303
    kinds = [kind for _, kind in await house.events()]
    assert kinds == ["failed"] * 5 + ["locked", "signed_in"]


async def test_a_name_that_there_is_not_is_locked_like_any_other(house: House) -> None:
    browser = house.browser()
    statuses = [(await browser.sign_in("nobody", "wrong")).status for _ in range(6)]
    assert statuses == [401, 401, 401, 401, 429, 429]
    assert set(await house.events()) == {(None, "failed"), (None, "locked")}
    typed = await house.conn.fetchval("SELECT string_agg(by || detail, '') FROM survey.access_event")
    assert typed == ""  # what was typed as a name may have been a password


async def test_an_address_is_locked_that_tries_many_names(house: House) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    browser = house.browser()
    statuses = [(await browser.sign_in(f"guess{n}", "wrong")).status for n in range(30)]
    assert statuses == [401] * 29 + [429]
    assert (await browser.sign_in("1021", GOOD)).status == 429


async def test_a_reset_opens_a_locked_name_and_throws_everybody_out(house: House) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    inside, outside = house.browser(), house.browser()
    await inside.sign_in("1021", GOOD)
    for _ in range(5):
        await outside.sign_in("1021", "wrong")
    made = await granting.reset(house.ground, house.passwords, "1021", second_factor=False, by="王主任")
    assert (await inside.get("/home")).headers["Location"] == "/sign-in"
    assert (await outside.sign_in("1021", GOOD)).status == 401
    assert (await outside.sign_in("1021", made.password)).headers["Location"] == "/account/password"


async def test_a_first_password_that_lay_about_is_good_no_more(house: House) -> None:
    first = await house.account("1021", "李秀英", "surveyor:991721")
    house.later(days=3)
    assert (await house.browser().sign_in("1021", first)).status == 401


async def test_disabled_while_signed_in(house: House) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    browser = house.browser()
    await browser.sign_in("1021", GOOD)
    assert (await browser.get("/home")).status == 200
    await granting.disable(house.ground, "1021", by="王主任")
    assert (await browser.get("/home")).status == 303
    assert (await browser.sign_in("1021", GOOD)).status == 401
    await granting.enable(house.ground, "1021", by="王主任")
    assert (await browser.get("/home")).status == 303  # the old session does not come back
    assert (await browser.sign_in("1021", GOOD)).status == 303


async def test_an_account_that_was_disabled_by_hand_is_out_as_well(house: House) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    browser = house.browser()
    await browser.sign_in("1021", GOOD)
    await house.conn.execute("UPDATE survey.account SET disabled_at = $1", house.clock.now())
    assert (await browser.get("/home")).status == 303


async def test_a_session_ends_when_nobody_is_there(house: House) -> None:
    await house.settled("wang", "王主任", "supervisor:991721")
    browser = house.browser()
    await browser.sign_in("wang", GOOD)
    for _ in range(4):
        house.later(minutes=29)
        assert (await browser.get("/home")).status == 200
    house.later(minutes=30)
    assert (await browser.get("/home")).status == 303


async def test_a_session_ends_after_a_day_of_work(house: House) -> None:
    await house.settled("wang", "王主任", "supervisor:991721")
    browser = house.browser()
    await browser.sign_in("wang", GOOD)
    for _ in range(29):
        house.later(minutes=20)
        assert (await browser.get("/home")).status == 200
    house.later(minutes=20)
    assert (await browser.get("/home")).status == 303


async def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(house: House) -> None:
    await house.settled("wang", "王主任", "supervisor:991721")
    browser = house.browser()
    await browser.sign_in("wang", GOOD)
    for _ in range(29):
        house.later(minutes=1)
        assert (await browser.get("/day/now")).status == 200
    house.later(minutes=1)
    over = await browser.get("/day/now")
    assert over.status == 401 and "请重新登录" in words(browser.page)


async def test_a_new_token_at_every_step_of_a_sign_in(house: House) -> None:
    await house.settled("chen", "陈主任", "director:991721")
    telephone = await house.with_telephone("chen")
    browser = house.browser()
    await browser.get("/sign-in")
    planted = browser.cookie
    entered = await browser.send("/sign-in", name="chen", password=GOOD)
    half = browser.cookie
    assert entered.headers["Location"] == "/sign-in/code" and half not in ("", planted)
    await browser.get("/sign-in/code")
    await browser.send("/sign-in/code", code=telephone.at(house.clock.now()))
    whole = browser.cookie
    assert whole not in (planted, half)
    thief = house.browser()
    for token in (planted, half):
        assert (await thief.get("/home", cookies={"minyi": token})).status == 303
    assert (await thief.get("/home", cookies={"minyi": whole})).status == 200
    hashes = await house.conn.fetch("SELECT token_hash::text FROM survey.account_session")
    assert len(hashes) == 1 and whole not in hashes[0][0]


async def test_a_code_is_good_once(house: House) -> None:
    await house.settled("chen", "陈主任", "director:991721")
    telephone = await house.with_telephone("chen")
    code = telephone.at(house.clock.now())
    one, other = house.browser(), house.browser()
    for browser in (one, other):
        await browser.sign_in("chen", GOOD)
        assert (await browser.get("/home")).headers["Location"] == "/sign-in/code"
        await browser.get("/sign-in/code")
    assert (await one.send("/sign-in/code", code=code)).headers["Location"] == "/home"
    replayed = await other.send("/sign-in/code", code=code)
    assert replayed.status == 401 and "已经用过" in words(other.page)
    house.later(seconds=30)
    assert (await other.send("/sign-in/code", code=telephone.at(house.clock.now()))).status == 303


async def test_guessing_codes_locks_the_name_though_the_password_is_right(house: House) -> None:
    await house.settled("chen", "陈主任", "director:991721")
    await house.with_telephone("chen")
    statuses = []
    for _ in range(5):
        browser = house.browser()  # each time from the password on
        assert (await browser.sign_in("chen", GOOD)).headers["Location"] == "/sign-in/code"
        await browser.get("/sign-in/code")
        statuses.append((await browser.send("/sign-in/code", code="000000")).status)
    assert statuses == [401, 401, 401, 401, 429]
    assert (await house.browser().sign_in("chen", GOOD)).status == 429


async def test_a_director_sets_up_a_telephone_and_later_loses_it(house: House) -> None:
    await house.settled("chen", "陈主任", "director:991721")
    browser = house.browser()
    assert (await browser.sign_in("chen", GOOD)).headers["Location"] == "/account/second-factor"
    assert (await browser.get("/")).headers["Location"] == "/account/second-factor?next=%2F"
    await browser.get("/account/second-factor")
    shown = re.search(r'class="secret">([A-Z2-7 ]+)<', browser.page)
    assert shown is not None and 'src="data:image/svg+xml' in browser.page
    secret = shown[1].replace(" ", "")
    assert len(b32decode(secret)) == 20
    await browser.get("/account/second-factor")
    assert shown[1] in browser.page  # loading it again shows the same
    stored = await house.conn.fetchval("SELECT offered_cipher FROM survey.account_session")
    assert secret.encode() not in stored
    assert (await browser.send("/account/second-factor", code="000000")).status == 401
    code = pyotp.TOTP(secret).at(house.clock.now())
    proved = await browser.send("/account/second-factor", code=code)
    assert proved.status == 200
    recovery = re.findall(r"<li>([2-9a-z-]{23})</li>", browser.page)
    assert len(set(recovery)) == 10
    assert (await browser.get("/")).status == 200

    house.later(hours=1)
    lost = house.browser()
    await lost.sign_in("chen", GOOD)
    await lost.get("/sign-in/code")
    assert (await lost.send("/sign-in/code", code=recovery[0].upper())).headers["Location"] == "/home"
    twice = house.browser()
    await twice.sign_in("chen", GOOD)
    await twice.get("/sign-in/code")
    assert (await twice.send("/sign-in/code", code=recovery[0])).status == 401
    await granting.reset(house.ground, house.passwords, "chen", second_factor=True, by="李局长")
    assert await house.conn.fetchval("SELECT count(*) FROM survey.account_recovery") == 0
    assert [kind for _, kind in await house.events()] == [
        "signed_in", "second_factor_set", "password_given", "recovery_code_used", "password_given", "failed", "reset",
        "second_factor_removed",
    ]  # fmt: skip


async def test_a_browser_left_open_does_not_give_its_codes_to_another_telephone(house: House) -> None:
    await house.settled("wang", "王主任", "supervisor:991721")
    browser = house.browser()
    await browser.sign_in("wang", GOOD)
    await browser.get("/account/second-factor")
    shown = re.search(r'class="secret">([A-Z2-7 ]+)<', browser.page)
    assert shown is not None
    code = pyotp.TOTP(shown[1].replace(" ", "")).at(house.clock.now())
    for wrong in ({}, {"password": "guess"}):
        no = await browser.send("/account/second-factor", code=code, **wrong)
        assert no.status == 401 and "密码或验证码不对" in words(browser.page)
    assert await house.conn.fetchval("SELECT totp_cipher FROM survey.account") is None
    done = await browser.send("/account/second-factor", code=code, password=GOOD)
    assert done.status == 200 and "把备用码抄下来" in words(browser.page)


async def test_a_form_of_another_site_is_not_taken(house: House) -> None:
    await house.settled("wang", "王主任", "supervisor:991721")
    browser = house.browser()
    await browser.sign_in("wang", GOOD)
    await browser.get("/home")
    home = browser.page
    refusals: list[dict[str, str | None]] = [
        {"form_token": None}, {"form_token": "0" * 64}, {"origin": "https://elsewhere.example"}, {"origin": "null"},
        {"origin": None},
    ]  # fmt: skip
    for wrong in refusals:
        browser.page = home
        no = await browser.send("/decide", **wrong)  # type: ignore[arg-type]
        assert no.status == 403 and "没有收下" in words(browser.page)
    browser.page = home
    assert (await browser.send("/decide")).status == 200


async def test_a_form_belongs_to_one_browser(house: House) -> None:
    await house.settled("wang", "王主任", "supervisor:991721")
    one, other = house.browser(), house.browser()
    for browser in (one, other):
        await browser.sign_in("wang", GOOD)
        await browser.get("/home")
    other.page = one.page
    assert (await other.send("/decide")).status == 403


async def test_nobody_is_signed_in_by_a_form_from_elsewhere(house: House) -> None:
    await house.settled("wang", "王主任", "supervisor:991721")
    no = await house.browser().send("/sign-in", name="wang", password=GOOD)
    assert no.status == 403


async def test_county_a_does_not_see_county_b(house: House) -> None:
    await house.settled("wang", "王主任", "supervisor:991721")
    await house.settled("zhao", "赵主任", "supervisor:991722")
    await house.settled("sun", "市里孙科长", "supervisor:9917")
    await house.settled("1021", "李秀英", "surveyor:991721")
    seen = {}
    for name in ("wang", "zhao", "sun", "1021"):
        browser = house.browser()
        await browser.sign_in(name, GOOD)
        seen[name] = ((await browser.get("/")).status, (await browser.get("/day/now")).status)
        if name == "zhao":
            assert "不对您开放" in words(browser.page) and "遂澜县" not in browser.page
    assert seen == {"wang": (200, 200), "zhao": (403, 403), "sun": (200, 200), "1021": (403, 403)}
    refused = await house.conn.fetch(
        "SELECT by, detail FROM survey.access_event WHERE kind = 'refused' ORDER BY id"
    )
    assert [tuple(row) for row in refused][:2] == [
        ("zhao", "GET / day.read 991721"), ("zhao", "GET /day/now day.read 991721"),
    ]  # fmt: skip


async def test_roles_count_from_the_next_page_on(house: House) -> None:
    await house.settled("wang", "王主任", "supervisor:991721")
    browser = house.browser()
    await browser.sign_in("wang", GOOD)
    assert (await browser.get("/")).status == 200
    await granting.set_roles(house.ground, "wang", [Grant("surveyor", "991721")], by="李局长")
    assert (await browser.get("/")).status == 403


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/", "/"), ("/day/now?x=1", "/day/now?x=1"), ("https://evil.example/", "/home"), ("//evil.example", "/home"),
        ("/\\evil.example", "/home"), ("\\\\evil.example", "/home"), ("javascript:alert(1)", "/home"),
        ("/%0d%0aSet-Cookie:x", "/%0d%0aSet-Cookie:x"), ("/\r\nX: y", "/home"), ("", "/home"),
    ],
)  # fmt: skip
async def test_nobody_is_led_away(house: House, asked: str, led_to: str) -> None:
    await house.settled("wang", "王主任", "supervisor:991721")
    browser = house.browser()
    client = browser.client
    await browser.get("/sign-in", params={"next": asked})
    action = re.search(r'<form method="post" action="([^"]+)"', browser.page)
    assert action is not None
    entered = await browser.send(action[1].replace("&amp;", "&"), name="wang", password=GOOD)
    assert entered.headers["Location"] == led_to
    assert client.make_url("/").host == "127.0.0.1"


async def test_what_the_headers_say(house: House) -> None:
    browser = house.browser()
    for path in ("/sign-in", "/home"):
        response = await browser.get(path)
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in response.headers
    shown = await browser.get("/sign-in")
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert shown.headers["X-Frame-Options"] == "DENY"
    assert "<script" not in browser.page and " style=" not in browser.page and "onclick" not in browser.page
    fresh = await house.browser().get("/sign-in")
    cookie = fresh.headers["Set-Cookie"]
    assert (
        cookie.startswith("minyi=")
        and "HttpOnly" in cookie
        and "SameSite=Lax" in cookie
        and "Secure" not in cookie
    )


async def test_over_https_the_cookie_is_for_https_and_this_host_alone(
    ground: Ground, clock: SetClock, conn: asyncpg.Connection, counties: None
) -> None:
    async with open_house(ground, clock, conn, public_url="https://minyi.example", proxies=1) as house:
        await house.settled("wang", "王主任", "supervisor:991721")
        browser = house.browser()
        passed_on = {"X-Forwarded-For": "6.6.6.6, 203.0.113.7", "Host": "minyi.example"}
        shown = await browser.get("/sign-in", headers=passed_on)
        cookie = shown.headers["Set-Cookie"]
        assert cookie.startswith("__Host-minyi=")
        assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(
            cookie.split("; ")
        ) and "Domain" not in cookie
        assert shown.headers["Strict-Transport-Security"] == "max-age=31536000"
        token = re.search(r'name="form_token" value="(\w+)"', browser.page)
        assert token is not None
        entered = await browser.client.post(
            "/sign-in",
            data={"form_token": token[1], "name": "wang", "password": GOOD},
            headers={
                **passed_on, "Origin": "https://minyi.example", "Cookie": cookie.partition(";")[0],
            },
            allow_redirects=False,
        )  # fmt: skip
        assert entered.status == 303
        sources = await conn.fetch("SELECT DISTINCT source FROM survey.access_event WHERE kind = 'signed_in'")
        assert [row[0] for row in sources] == ["203.0.113.7"]  # what they claim themselves does not count


async def test_no_password_over_a_network_in_clear(house: House) -> None:
    browser = house.browser()
    for headers in ({"Host": "minyi.example"}, {"X-Forwarded-For": "203.0.113.7"}):
        no = await browser.get("/sign-in", headers=headers)
        assert no.status == 403 and "须用 https" in words(browser.page)


async def test_where_nobody_is_real_the_day_is_open_and_nothing_else(
    ground: Ground, clock: SetClock, conn: asyncpg.Connection, counties: None
) -> None:
    async with open_house(ground, clock, conn, fictional=True) as house:
        browser = house.browser()
        assert (await browser.get("/")).status == 200
        assert (await browser.get("/day/now")).status == 200
        assert (await browser.get("/home")).status == 303
        assert (await browser.send("/decide")).status == 403
        await house.settled("1021", "李秀英", "surveyor:991721")
        await browser.sign_in("1021", GOOD)
        assert (await browser.get("/")).status == 403  # who has signed in has their own role


async def test_in_english_and_back(house: House) -> None:
    browser = house.browser()
    await browser.get("/sign-in?next=/&lang=en")
    assert '<html lang="en">' in browser.page and 'href="/sign-in?next=/"' in browser.page
    failed = await browser.send("/sign-in?lang=en", name="x", password="y")
    assert failed.status == 401 and '<html lang="en">' in browser.page and "is not right" in browser.page
    assert (await browser.get("/home?lang=en")).headers["Location"] == "/sign-in?lang=en"


async def test_a_hash_of_older_parameters_is_made_anew(house: House) -> None:
    await house.settled("wang", "王主任", "supervisor:991721")
    older = await Passwords(CHEAP.model_copy(update={"time_cost": 2})).hash(GOOD)
    await house.conn.execute("UPDATE survey.account SET password_hash = $1", older)
    assert (await house.browser().sign_in("wang", GOOD)).status == 303
    newer = await house.conn.fetchval("SELECT password_hash FROM survey.account")
    assert newer.startswith("$argon2id$v=19$m=64,t=1,p=1$") and "t=2" in older


async def test_home_has_one_next_step_by_role(house: House) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721", employment="contractor")
    await house.settled("1001", "班长张敏", "team_lead:991721")
    await house.settled("wang", "王主任", "supervisor:991721")
    steps = {}
    for name in ("1021", "1001", "wang"):
        browser = house.browser()
        await browser.sign_in(name, GOOD)
        await browser.get("/home")
        steps[name] = re.findall("下一步:(.+?) ", words(browser.page))
        assert ("外包人员只看到" in browser.page) == (name == "1021")
        if name != "wang":
            assert '<a class="button" href="/desk">' in browser.page
        if name == "1001":
            assert '<dt><a href="/">' in browser.page  # the rest beside it
    assert steps == {"1021": ["拨打下一位"], "1001": ["拨打下一位"], "wang": ["看今天的情况"]}


async def test_changing_the_password_ends_all_other_sessions(house: House) -> None:
    await house.settled("wang", "王主任", "supervisor:991721")
    desk, home = house.browser(), house.browser()
    for browser in (desk, home):
        await browser.sign_in("wang", GOOD)
    await desk.get("/account/password")
    old = await desk.send("/account/password", old="wrong", new=GOOD + "了", again=GOOD + "了")
    assert old.status == 401 and "现在的密码不对" in words(desk.page)
    same = await desk.send("/account/password", old=GOOD, new=GOOD, again=GOOD)
    assert same.status == 422 and "就是现在的密码" in words(desk.page)
    done = await desk.send("/account/password", old=GOOD, new=GOOD + "了", again=GOOD + "了")
    assert done.headers["Location"] == "/home"
    assert (await desk.get("/home")).status == 200 and (await home.get("/home")).status == 303
