"""`minyi case register`: an appeal as somebody at the telephone or in the street writes it down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from followup import appeals
from followup.appeal_form import NewAppeal, SafeContact
from survey.enrolling import NewPerson, enrol_persons
from survey.ids import new_ref
from survey.sampling.numbers import is_landline
from survey.settings import Settings
from survey.vault import open_vault_for
from workers.commands.case_typed import (
    CLOCK,
    MOMENT,
    AsJson,
    By,
    Run,
    Words,
    local,
    phone_in,
    said,
    say,
    say_json,
)


def register_command(run: Run) -> Callable[..., None]:
    def command(
        words: Words = "",
        title: Annotated[str, typer.Option(help="标题。A title; default: how the words begin.")] = "",
        place: Annotated[str, typer.Option(help="地点,原话。Where, in words.")] = "",
        area: Annotated[str, typer.Option(help="区划代码。Code of the area.")] = "",
        category: Annotated[str, typer.Option(help="四位类别。Category of four digits.")] = "",
        source: Annotated[
            str, typer.Option(help="inbound 来电、visit 走访、text 短信、outbound、import、api。")
        ] = "inbound",
        consent: Annotated[
            bool, typer.Option("--consent", help="本人同意登记转办。The resident agreed.")
        ] = False,
        first_handler: Annotated[
            str, typer.Option(help="首问责任人工号。Staff number of who was asked first.")
        ] = "",
        phone_file: Annotated[
            Path | None, typer.Option(help="号码所在的文件。A file with the number; default: asked for.")
        ] = None,
        anonymity: Annotated[
            str, typer.Option(help="named 实名、confidential 保密、anonymous 匿名。")
        ] = "named",
        duty: Annotated[
            int | None, typer.Option(help="职责 1-10,默认随类别。Duty; default: the category's.")
        ] = None,
        kind: Annotated[
            str | None, typer.Option(help="类型,默认随类别。Kind; default: the category's.")
        ] = None,
        occurred_at: Annotated[
            datetime | None, typer.Option(formats=MOMENT, help="发生时间。When it happened.")
        ] = None,
        urgency: Annotated[str, typer.Option(help="normal、urgent、major。")] = "normal",
        sudden: Annotated[bool, typer.Option("--sudden", help="突发,直送乡镇。Sudden.")] = False,
        criticised: Annotated[
            str | None,
            typer.Option(help="被反映单位,或本中心编号。The criticised unit, or the centre's code."),
        ] = None,
        group_size: Annotated[int, typer.Option(help="涉及人数。How many people raise it.")] = 1,
        no_texts: Annotated[bool, typer.Option("--no-texts", help="不要发短信。Never by text.")] = False,
        contact_from: Annotated[
            datetime | None, typer.Option(formats=CLOCK, help="几点以后联系。Not before.")
        ] = None,
        contact_until: Annotated[
            datetime | None, typer.Option(formats=CLOCK, help="几点以前联系。Not from then on.")
        ] = None,
        trusted_phone_file: Annotated[
            Path | None, typer.Option(help="可联系的信任人号码文件。A file with a trusted person's number.")
        ] = None,
        external_number: Annotated[
            str | None, typer.Option(help="对方编号。The other system's number.")
        ] = None,
        by: By = "调查员",
        as_json: AsJson = False,
    ) -> None:
        """登记诉求。Register an appeal; everything that is missing is named at once, and similar cases are listed."""
        content = said(words)
        phone = None if anonymity == "anonymous" else phone_in(phone_file)

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            async with conn.transaction():
                people = [phone, phone_in(trusted_phone_file) if trusted_phone_file else None]
                person, trusted = await _persons(conn, settings, people)
                appeal = NewAppeal(
                    centre_code=settings.centre,
                    source=source,
                    person_id=person,
                    content=content,
                    title=title,
                    place=place,
                    area_code=area,
                    occurred_at=local(occurred_at),
                    category=category,
                    duty_no=duty,
                    kind=kind,
                    urgency=urgency,
                    sudden=sudden,
                    anonymity=anonymity,
                    criticised_unit=criticised,
                    group_size=group_size,
                    consent=consent or None,
                    contact=SafeContact(
                        no_texts,
                        contact_from.time() if contact_from else None,
                        contact_until.time() if contact_until else None,
                        trusted,
                    ),
                    first_handler=first_handler,
                    external_number=external_number,
                )
                done = await appeals.register(conn, appeal, by=by, now=now, tokens=new_ref)
            if as_json:
                say_json(done)
                return
            say(f"{done.number}  已登记 registered, 查询码 query code {done.query_code}")
            for one in done.similar:
                say(f"  相似 similar: {one.number}  {one.status}  {one.title}")

        run(act)

    return command


async def _persons(
    conn: asyncpg.Connection, settings: Settings, phones: list[str | None]
) -> list[int | None]:
    """The people behind these numbers, enrolled where they are new; None for none."""
    known = [NewPerson(phone, landline=is_landline(phone)) for phone in phones if phone]
    if not known:
        return [None for _ in phones]
    ids = iter(await enrol_persons(conn, await open_vault_for(conn, settings), known))
    return [next(ids) if phone else None for phone in phones]
