"""The residents of `minyi bench flag`: closed cases whose callbacks are open text threads, and what each answers over HTTP."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from followup import imports
from survey.channels.twilio.signature import sign
from survey.claiming import lay_ready
from survey.concluding import thread_end
from survey.ground import Ground
from survey.importing import Brought
from survey.settings import Settings
from survey.store import attempts, contacts, due_units
from survey.store.contacts import NewContact
from workers import city
from workers.runtime import open_ground
from workers.seeding import load_city

HEAD: Final = (
    "工单号", "诉求人", "联系电话", "诉求内容", "类别", "所属区域/乡镇", "承办单位", "办结时间", "办理结果", "是否联系群众",
)  # fmt: skip
PATH: Final = "/twilio/text"
SAID: Final = ("3", "1", "3", "灯还是不亮", "1")
"""Not solved, contacted, not satisfied, why, once more: in the order in which the callback asks by text."""
REPEATED: Final = 7
"""One resident in so many has their last text delivered twice, as a carrier does that missed our reply."""
TRIES: Final = 4


class NotMeasured(RuntimeError):
    """Residents could not answer as they should; how fast their answers were flagged means nothing."""


def number(place: int) -> str:
    return f"+86154{place + 1:08}"


async def lay_callbacks(settings: Settings, residents: int) -> Sequence[str]:
    """That many imported cases, each with its callback's text sent and unanswered; the residents' numbers.

    All in one transaction: the service must not find them waiting and send the texts itself.
    """
    async with open_ground(settings, "bench", pool_size=2) as ground, ground.pool.acquire() as conn:
        await load_city(conn)
        async with conn.transaction():
            report = await imports.import_closed_cases(
                conn,
                ground.vault,
                settings.centre,
                await _list(conn, settings.centre, residents),
                Brought("bench.csv", "bench", "bench", "bench"),
                plan="fictional",
                now=ground.clock.now(),
                tokens=ground.tokens,
                seed=1,
            )
            if report.kept < residents:
                raise NotMeasured(f"only {report.kept} of {residents} cases were kept: {report.refusals[:1]}")
            for row in await conn.fetch(
                "SELECT DISTINCT person_id FROM survey.sample_unit ORDER BY person_id"
            ):
                await _send(ground, conn, row["person_id"])
    return [number(place) for place in range(residents)]


async def _list(conn: Any, centre: str, residents: int) -> bytes:
    township = next(one.name_zh for one in city.areas(centre) if one.level == "township")
    unit = await conn.fetchval("SELECT name_zh FROM followup.unit WHERE centre_code = $1 LIMIT 1", centre)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for place in range(residents):
        phone = number(place).removeprefix("+86")
        what = ("路灯不亮", "社会治安", township, unit, "2026-03-05 10:00", "路灯已修好", "是")
        writer.writerow((f"B{place:07}", "王芳", phone, *what))
    return out.getvalue().encode()


async def _send(ground: Ground, conn: Any, person: int) -> None:
    """The callback's first text, as though the carrier had taken it."""
    now = ground.clock.now()
    due = await due_units.claim_of_person(conn, person, "text")
    wanted = [NewContact(person, "case", "text", thread_end("case", now))]
    opened = await contacts.open_contacts(conn, wanted, now)
    (claimed,) = await lay_ready(ground, conn, [due], opened, None, None)
    await attempts.accepted(conn, [(claimed.attempt_id, f"SM{claimed.attempt_id:032x}")])


@dataclass
class Answering:
    """Posts what residents answer. `last_taken`: those whose last answer the service took; `wrong`: the first that it did not."""

    settings: Settings
    numbers: Sequence[str]
    last_taken: set[int] = field(default_factory=set)
    wrong: str = ""

    async def resident(self, session: aiohttp.ClientSession, place: int) -> None:
        """One resident answers, one text after the other."""
        for step, said in enumerate(SAID):
            if not await self._post(session, place, step, said):
                return
        self.last_taken.add(place)
        if place % REPEATED == 0:
            await self._post(session, place, len(SAID) - 1, SAID[-1])

    async def _post(self, session: aiohttp.ClientSession, place: int, step: int, said: str) -> bool:
        """As a carrier: tried again where the connection breaks."""
        for _ in range(TRIES):
            try:
                status = await self._once(session, place, step, said)
            except (aiohttp.ClientError, TimeoutError) as error:
                self.wrong = self.wrong or f"{type(error).__name__} at text {step + 1}"
                continue
            if status == 200:
                return True
            self.wrong = self.wrong or f"status {status} at text {step + 1}"
        return False

    async def _once(self, session: aiohttp.ClientSession, place: int, step: int, said: str) -> int:
        sid = f"SM{place:028x}{step:04x}"
        fields = [
            ("SmsMessageSid", sid), ("SmsSid", sid), ("MessageSid", sid), ("SmsStatus", "received"), ("NumMedia", "0"),
            ("NumSegments", "1"), ("Body", said), ("From", self.numbers[place]), ("To", self.settings.carrier_number),
            ("AccountSid", self.settings.carrier_account_sid or ""), ("ApiVersion", "2010-04-01"),
        ]  # fmt: skip
        token = self.settings.carrier_auth_token.get_secret_value()
        signed = sign(token, f"{self.settings.public_url}{PATH}", fields)
        async with session.post(
            f"{self.settings.public_url}{PATH}",
            data=fields,
            headers={"X-Twilio-Signature": signed},
            timeout=aiohttp.ClientTimeout(total=20),
        ) as reply:
            await reply.read()
            return reply.status
