"""A list of residents, and somebody who runs campaigns in a browser that sends forms as its page would."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from desk_bench import words_of

from tests.access.access_bench import GOOD, Browser, House
from tests.doors.doors_bench import CENTRE, LIUHE, QINGSHI, Bench

WRITTEN = """\
code: night-noise
name: {zh: 夜间噪声专项调查, en: Noise at night}
kind: poll
questionnaire: special_poll
opens: 2026-03-09
closes: 2026-03-13
modes: [voice]
sample: {size: 40, replicate: 10}
targets: {total: 5}
budget: {calls: 200, money: 60}
scoring: P1 的 2、3 之和占有效回答的比例
notice: 县民调中心调查,回答只用于统计,保存两年
"""


async def listed(bench: Bench, n: int) -> None:
    """`n` residents on the centre's list, half in each township."""
    batch = await bench.one(
        "INSERT INTO survey.import_batch (centre_code, kind, file_name, sha256, brought_by, reason, ground, imported_at,"
        " rows_read, rows_kept, rows_refused) VALUES ($1, 'residents', 'l', 'l', 'y', 'z', 'g', $2, 0, 0, 0) RETURNING id",
        CENTRE, bench.clock.now(),
    )  # fmt: skip
    for place in range(n):
        person = await bench.resident(f"居民{place}", born=1950 + place % 50)
        await bench.run(
            "INSERT INTO survey.frame_entry (centre_code, person_id, area_code, batch_id, prn)"
            " SELECT $1, p.id, $3, $4, p.prn FROM survey.person p WHERE p.id = $2",
            CENTRE, person.id, (LIUHE, QINGSHI)[place % 2], batch,
        )  # fmt: skip


@dataclass
class Planner:
    """A supervisor or a director, in a browser of their own."""

    house: House
    name: str
    browser: Browser = field(init=False)

    async def sign_in(self, called: str, role: str) -> Planner:
        self.browser = self.house.browser()
        await self.house.settled(self.name, called, f"{role}:{CENTRE}")
        telephone = await self.house.with_telephone(self.name) if role == "director" else None
        await self.browser.sign_in(self.name, GOOD)
        if telephone is not None:
            await self.browser.get("/sign-in/code")
            await self.browser.send("/sign-in/code", code=telephone.at(self.house.clock.now()))
        return self

    async def look(self, path: str) -> str:
        response = await self.browser.get(path)
        assert response.status in (200, 404), (response.status, self.browser.page)
        return words_of(self.browser.page)

    async def press(self, form: str, **fields: str) -> str:
        """Send the form of the page that goes to `form`, and follow where it leads."""
        found = [one for one in re.findall(r'action="([^"]+)"', self.browser.page) if one.endswith(form)]
        assert found, (form, words_of(self.browser.page))
        response = await self.browser.send(unescape(found[0]), **fields)
        if response.status == 303:
            await self.browser.get(response.headers["Location"])
        return words_of(self.browser.page)
