"""Units of 遂澜县 with desks of their own, its supervision office, and what 王芳 raises; each in a browser of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

import asyncpg
from desk_bench import words_of

from followup import appeals, cases, unit_accounts
from followup.appeals import NewAppeal
from followup.store.units import UnitRow, insert_units
from tests.access.access_bench import GOOD, Browser, House
from tests.doors.doors_bench import CENTRE, LIUHE, Bench, Resident, at

POLICE, WATER, TOWN = "991721-police", "991721-tap-water", "991721100-gov"
GOVERNMENT, PARTY = "991721-dcs-gov", "991721-dcs-party"
UNITS = [
    UnitRow(POLICE, CENTRE, "遂澜县公安局", "gov", CENTRE),
    UnitRow(WATER, CENTRE, "遂澜县自来水公司", "public_service", CENTRE),
    UnitRow(TOWN, CENTRE, "柳河镇人民政府", "township", "991721100"),
    UnitRow(GOVERNMENT, CENTRE, "遂澜县政府督查室", "gov", CENTRE),
    UnitRow(PARTY, CENTRE, "遂澜县委督查室", "party", CENTRE),
]
WORDS = "村口路灯坏了半个月,我叫王芳,电话15400000001"
REVIEWER, OFFICE = "审核员-0101", "督查室"


@dataclass
class Officer:
    """Somebody who works for a unit or a supervision office, in a browser of their own."""

    house: House
    name: str
    browser: Browser = field(init=False)

    async def sign_in(self, called: str, role: str, unit: str | None) -> Officer:
        self.browser = self.house.browser()
        await self.house.settled(self.name, called, role)
        if unit is not None:
            await unit_accounts.link(
                self.house.conn, self.name, unit, by="王主任", now=self.house.clock.now()
            )
        assert (await self.browser.sign_in(self.name, GOOD)).status == 303
        return self

    async def look(self, path: str, status: int = 200) -> str:
        response = await self.browser.get(path)
        assert response.status == status, (response.status, words_of(self.browser.page))
        return words_of(self.browser.page)

    async def press(self, form: str, **fields: str) -> str:
        """Send the form of the page that is open, and follow where it leads."""
        found = [
            one for one in re.findall(r'action="([^"]+)"', self.browser.page) if one.endswith(f"/{form}")
        ]
        assert found, (form, words_of(self.browser.page))
        response = await self.browser.send(unescape(found[0]), **fields)
        if response.status == 303:
            await self.browser.get(response.headers["Location"])
        return words_of(self.browser.page)


async def found_units(conn: asyncpg.Connection) -> None:
    await insert_units(conn, UNITS)


async def submitted(conn: asyncpg.Connection, bench: Bench, who: Resident, **fields: object) -> str:
    """What 王芳 raises, accepted and handed to the supervision office at ten past ten; its number."""
    raised = {
        "centre_code": CENTRE, "source": "inbound", "content": WORDS, "title": "村口路灯不亮", "place": "王庄村村口老槐树下",
        "area_code": LIUHE, "occurred_at": at("1 19:00"), "category": "0106", "consent": True, "first_handler": "0103",
        "person_id": who.id, **fields,
    }  # fmt: skip
    made = await appeals.register(
        conn,
        NewAppeal(**raised),  # type: ignore[arg-type]
        by="调查员-0103",
        now=at("9 09:40"),
        tokens=bench.ground.tokens,
    )
    await cases.accept(conn, made.number, by=REVIEWER, now=at("9 09:50"))
    await cases.submit(conn, made.number, by=REVIEWER, now=at("9 10:00"))
    return made.number


async def dispatched(
    conn: asyncpg.Connection, bench: Bench, who: Resident, lead: str = POLICE, **fields: object
) -> str:
    """The same, dispatched to the bureau with the town to assist."""
    number = await submitted(conn, bench, who, **fields)
    assists = [TOWN] if lead != TOWN else []
    await cases.dispatch(conn, number, lead=lead, assists=assists, by=OFFICE, now=at("9 10:00"))
    return number
