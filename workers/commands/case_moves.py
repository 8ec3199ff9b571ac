"""The moves of `minyi case`: a command for each verb of `case_verbs`, with its help out of the lifecycle table."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import asyncpg
import typer

from followup import callbacks, cases, reading
from followup.casework import lifecycle, states
from followup.casework.lifecycle import Event, transitions
from survey.enrolling import NewPerson, enrol_persons
from survey.ids import new_ref
from survey.sampling.numbers import canonical
from survey.settings import Settings
from survey.vault import open_vault_for
from workers.commands.case_verbs import RESULT, VERBS, Option, Verb

LOCAL = ZoneInfo("Asia/Shanghai")
MOMENT = "%Y-%m-%d %H:%M"
STANDING_SEED = 1
"""Of a standing campaign that is not there yet; the same as an import gives it."""

Act = Callable[[asyncpg.Connection, Settings, datetime], Awaitable[None]]
Run = Callable[[Act], None]
TYPES: Mapping[str, Any] = {
    "text": str,
    "texts": list[str],
    "moment": datetime,
    "moments": list[datetime],
    "number": int,
    "flag": bool,
}


def add_moves(app: typer.Typer, run: Run) -> None:
    """Put every move under `app`; `run` gives each the database, the settings and the moment."""
    for verb in (*VERBS, RESULT):
        app.command(verb.name, help=help_of(verb), rich_help_panel="流转 Moves")(_command(verb, run))
    app.command("new-number", rich_help_panel="流转 Moves")(_new_number(run))
    app.command("check-pressure", rich_help_panel="流转 Moves")(_check_pressure(run))
    app.command("next", rich_help_panel="流转 Moves")(_next(run))


def help_of(verb: Verb) -> str:
    """What the move is, from where to where, whose it is, and what must hold: the rows of the table in words."""
    rows = [row for row in transitions() if row.event == verb.event]
    first = rows[0]
    here = "、".join(dict.fromkeys(states.words(one).zh for row in rows for one in row.from_states))
    there = "、".join(dict.fromkeys(states.words(row.to).zh for row in rows))
    posts = ", ".join(dict.fromkeys(states.post_words(post).en for row in rows for post in row.posts))
    guard = f" Needs: {first.guard}." if first.guard else ""
    return f"{first.zh}({here} → {there})。{first.en}, by {posts}.{guard}"


def _command(verb: Verb, run: Run) -> Callable[..., None]:
    """A function with the signature that the verb's options make."""

    def command(number: str, by: str, as_json: bool, **given: Any) -> None:
        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            fields = {name: _value(option, given[name]) for name, option in verb.asks.items()}
            seeded = {"tokens": new_ref, "seed": STANDING_SEED} if verb.seeded else {}
            outcome = await verb.door(conn, number, by=by, now=now, **fields, **seeded)
            await _say(conn, number, verb.event, outcome, as_json)

        run(act)

    parameters = [
        _parameter("number", Annotated[str, typer.Argument(help="事项编号。The case's full number.")]),
        *(
            _parameter(
                name, Annotated[_type(option), typer.Option(option.flag, help=option.help, formats=[MOMENT])]
            )
            if option.needed
            else _parameter(
                name,
                Annotated[_type(option), typer.Option(option.flag, help=option.help, formats=[MOMENT])],
                _default(option),
            )
            for name, option in verb.asks.items()
        ),
        _parameter("by", Annotated[str, typer.Option("--by", help=f"谁办的。Who does it: {verb.by}.")]),
        _parameter("as_json", Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")], False),
    ]
    signed: Any = command
    signed.__signature__ = inspect.Signature(parameters)
    signed.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


def _parameter(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _type(option: Option) -> Any:
    kind = TYPES[option.kind]
    return (
        kind
        if option.needed or option.default is not None or option.kind in ("texts", "moments")
        else kind | None
    )


def _default(option: Option) -> Any:
    return [] if option.kind in ("texts", "moments") else option.default


def _value(option: Option, given: Any) -> Any:
    """As the door takes it: moments are aware, in the centre's own time."""
    if option.kind == "moment":
        return given.replace(tzinfo=LOCAL) if given else None
    return [one.replace(tzinfo=LOCAL) for one in given] if option.kind == "moments" else given


async def _say(conn: asyncpg.Connection, number: str, event: str, outcome: object, as_json: bool) -> None:
    case = (await reading.passport(conn, number)).case
    name = states.words(case.status)
    if as_json:
        record = {
            "number": number,
            "event": event,
            "status": case.status,
            "round": case.round,
            "due_at": case.due_at,
            "outcome": asdict(outcome)
            if is_dataclass(outcome) and not isinstance(outcome, type)
            else outcome,
        }
        sys.stdout.write(json.dumps(record, ensure_ascii=False, indent=2, default=_plain) + "\n")
        return
    due = f", due {case.due_at.astimezone(LOCAL):%m-%d %H:%M}" if case.due_at else ""
    if isinstance(outcome, cases.Reported):
        sys.stdout.write(f"{outcome}\n")
    sys.stdout.write(f"{number}  {name.zh} {name.en}, round {case.round}{due}\n")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _next(run: Run) -> Callable[..., None]:
    def command(
        number: Annotated[str, typer.Argument(help="事项编号。The case's full number.")],
        post: Annotated[
            str | None,
            typer.Option("--post", help="只看这个岗位能办的:reviewer、office、lead……Only this post's."),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")] = False,
    ) -> None:
        """下一步能办什么、要填什么。What can be done with the case now, by whom, and what must be given."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            case = (await reading.passport(conn, number)).case
            buttons = lifecycle.buttons(case.status, case.round, post=post)
            if as_json:
                sys.stdout.write(
                    json.dumps([asdict(one) for one in buttons], ensure_ascii=False, indent=2) + "\n"
                )
                return
            for one in buttons:
                needs = f"  ({', '.join(one.needs)})" if one.needs else ""
                sys.stdout.write(f"{one.zh} {one.en}: minyi case {command_of(one.event)}{needs}\n")
            if not buttons:
                sys.stdout.write("没有可办的。Nothing.\n")
            if case.status == "in_progress":  # before the unit reports, it is told what others missed
                for topic in await callbacks.often_missing(conn, case, now=now):
                    sys.stdout.write(f"群众常说 often missing: {topic}\n")

        run(act)

    return command


def command_of(event: str) -> str:
    """The command by which an event is brought about, without `minyi case`."""
    names = {verb.event: verb.name for verb in (*VERBS, RESULT)}
    more = {Event.REDISPATCH: "confirm", Event.TO_MEETING: "confirm", Event.ANSWER_FLAGGED: "take-on"}
    return {**names, **more}.get(Event(event), event.replace("_", "-"))


def _new_number(run: Run) -> Callable[..., None]:
    def command(
        number: Annotated[str, typer.Argument(help="事项编号。The case's full number.")],
        source: Annotated[str, typer.Option("--source", help="号码从哪里来。Where the number is from.")],
        by: Annotated[str, typer.Option("--by", help="谁办的。Who does it.")],
    ) -> None:
        """找到新号码(非本人 → 待回访),号码在提示后输入,不显示。Another number was found; it is asked for, and not shown."""
        phone = canonical(typer.prompt("新号码 the number", hide_input=True))

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            vault = await open_vault_for(conn, settings)
            async with conn.transaction():
                (person,) = await enrol_persons(conn, vault, [NewPerson(phone, None, None)])
                await cases.new_number(
                    conn,
                    number,
                    person_id=person,
                    source=source,
                    by=by,
                    now=now,
                    tokens=new_ref,
                    seed=STANDING_SEED,
                )
            await _say(conn, number, Event.NEW_NUMBER, None, False)

        run(act)

    return command


def _check_pressure(run: Run) -> Callable[..., None]:
    def command(
        number: Annotated[str, typer.Argument(help="事项编号。The case's full number.")],
        outcome: Annotated[
            str, typer.Option("--outcome", help="free 自愿 / pressed 被要求 / unreached 未接通。")
        ],
        words: Annotated[str, typer.Option("--words", help="本人怎么说。What they said.")],
        by: Annotated[str, typer.Option("--by", help="谁问的。Who asked.")],
    ) -> None:
        """撤诉核查:问本人是否被要求撤诉。Somebody asked a resident who withdrew whether they were pressed to."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            await cases.check_pressure(conn, number, outcome=outcome, words=words, by=by, now=now)
            await _say(conn, number, "check_pressure", outcome, False)

        run(act)

    return command
