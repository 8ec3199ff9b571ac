"""Text threads that carry a link to their form, and pages as a resident fills them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from doors_bench import CENTRE, LIUHE, Bench, Resident

from survey import dialing, filling, interviewing
from survey.filling import Sent, Sheet
from survey.questionnaire import Questionnaire, library
from survey.store import units
from survey.store.units import NewUnit
from survey.web.form_sheet import View, view_of

PUBLIC = "https://minyi.example"


@dataclass
class Thread:
    """One resident's thread, by text and by form."""

    bench: Bench
    person: Resident
    token: str

    @property
    def invitation(self) -> str:
        return self.bench.carrier.asked[-1].body

    async def look(self) -> Sheet:
        return await filling.look(self.bench.ground, self.token)

    async def view(self) -> View:
        return view_of(await self.look())

    async def send(
        self, *codes: str, step: int | None = None, missing: str = "", button: str = "", back: str = ""
    ) -> bool:
        """The page that is shown now, with the codes, or the words, of its only question. True: it was the last."""
        sheet = await self.look()
        asked = [field.question_id for field in sheet.turn.fields if field.kind != "note"]
        values = {asked[0]: codes} if asked and codes else {}
        chosen = {asked[0]: missing} if missing else {}
        sent = Sent(sheet.step if step is None else step, values, chosen, button, back)
        return await filling.fill(self.bench.ground, self.token, sent, self.bench.real)

    async def text(self, sid: str, body: str) -> str:
        """A text of this resident, and the reply to it."""
        return (
            await interviewing.take_text(self.bench.ground, self.person.number, sid, body, self.bench.real)
        ).body

    async def asking(self) -> list[str]:
        """The questions on the page."""
        return [entry.name for entry in (await self.view()).entries if entry.look != "note"]


async def invited(
    bench: Bench,
    name: str,
    *,
    lang: str = "zh",
    instrument: Questionnaire | None = None,
    links: bool = True,
    cases: Sequence[dict[str, str]] = ({},),
) -> Thread:
    """A resident who has just been texted; `links`: the text carries the link. `cases`: the facts of each unit that it is
    about."""
    bench.ground = replace(bench.ground, public_url=PUBLIC)
    person = await bench.resident(name, lang=lang)
    asked = instrument or library("perception")
    campaign = await bench.opened(asked, ("text",), f"{asked.code} {links}", links=links)
    moment = bench.clock.now()
    new = [
        NewUnit(
            bench.ground.tokens(), person.id, LIUHE, f"form:{person.id}/{n}", 0.25, 1.0, facts, "text", moment
        )
        for n, facts in enumerate(cases)
    ]
    async with bench.ground.pool.acquire() as conn:
        assert await units.release(conn, CENTRE, campaign, moment, new)
    await dialing.dial_due(bench.ground, bench.line)
    token = await bench.one(
        "SELECT l.token FROM survey.form_link l JOIN survey.contact k ON k.id = l.contact_id"
        " WHERE k.person_id = $1",
        person.id,
    )
    return Thread(bench, person, token or "")


async def everything(bench: Bench) -> str:
    """All rows of all tables of survey, as text: to see that something is nowhere, or that nothing changed."""
    tables: list[tuple[Any, ...]] = await bench.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'survey' ORDER BY 1"
    )
    held = [
        (table, await bench.rows(f"SELECT t::text FROM survey.{table} t ORDER BY 1")) for (table,) in tables
    ]
    return "\n".join(f"{table} {rows}" for table, rows in held)
