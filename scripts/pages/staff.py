"""One of each role at the centre, who can sign in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

import pyotp
from playwright.async_api import BrowserContext

from followup import unit_accounts
from survey.access import granting
from survey.access.passwords import Passwords
from survey.access.roles import Grant, needs_second_factor, roles_policy
from survey.ground import Ground
from survey.store import accounts

AREAS: Final = {"city_admin": "9917"}
"""Where a role is not the centre's own."""
NAMES: Final = {
    "surveyor": ("1021", "李秀英"),
    "team_lead": ("1001", "王桂兰"),
    "auditor": ("zj01", "陈志强"),
    "supervisor": ("db01", "赵建国"),
    "director": ("zr01", "周敏"),
    "supervision_officer": ("dc01", "孙立"),
    "unit_liaison": ("dw01", "吴刚"),
    "city_admin": ("sj01", "郑洁"),
    "dpo": ("gb01", "冯宇"),
}


UNIT_OF: Final = {
    "supervision_officer": "SELECT code FROM followup.unit WHERE centre_code = $1 AND code LIKE '%-dcs-gov'",
    "unit_liaison": """
SELECT a.unit_code FROM followup.assignment AS a JOIN followup.case_file AS c ON c.id = a.case_id AND c.round = a.round
JOIN followup.unit AS u ON u.code = a.unit_code AND u.area_code = $1
WHERE c.ending IS NULL AND a.role = 'lead' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1""",
}
"""By role, which unit of the centre somebody works for: the office of the government; the unit that has most to do."""


@dataclass(frozen=True)
class Person:
    """Somebody with an account. `secret`: of the telephone that shows codes, where the role needs one."""

    role: str
    name: str
    called: str
    password: str
    secret: str | None


async def employ(ground: Ground, centre: str) -> list[Person]:
    """An account for each role that there is; whoever has one needs to do nothing else first."""
    passwords = Passwords()
    return [await _account(ground, passwords, role, centre) for role in sorted(roles_policy().roles)]


async def _account(ground: Ground, passwords: Passwords, role: str, centre: str) -> Person:
    name, called = NAMES.get(role, (role.replace("_", "-"), role))
    grant = Grant(role, AREAS.get(role, centre))
    await granting.add(ground, passwords, name, called=called, employment="staff", grants=[grant], by="周敏")
    password = secrets.token_urlsafe(18)
    secret = pyotp.random_base32() if needs_second_factor([grant]) else None
    async with ground.pool.acquire() as conn:
        unit = await conn.fetchval(UNIT_OF[role], centre) if role in UNIT_OF else None
        if unit is not None:
            await unit_accounts.link(conn, name, unit, by="周敏", now=ground.clock.now())
        account = await accounts.account(conn, name)
        assert account is not None
        hashed, now = await passwords.hash(password), ground.clock.now()
        await accounts.set_password(conn, account.id, hashed, must_change=False, now=now)
        if secret is not None:
            await accounts.set_second_factor(conn, account.id, ground.vault.seal(secret), 0, [])
    return Person(role, name, called, password, secret)


async def sign_in(context: BrowserContext, url: str, person: Person, ground: Ground) -> None:
    """Through the page, as the person does. The context is signed in afterwards."""
    page = await context.new_page()
    await page.goto(f"{url}/sign-in")
    await page.fill("#name", person.name)
    await page.fill("#password", person.password)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    if person.secret is not None:
        await page.fill("#code", pyotp.TOTP(person.secret).at(ground.clock.now()))
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
    assert page.url.endswith("/home"), page.url
    await page.close()
