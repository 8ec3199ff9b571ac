"""`minyi campaign audit`, `to-check`, `checked`, `publish`, `archive`: what becomes of a campaign after the field."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from survey import publishing
from survey.field.auditing import FINDINGS, METHODS, VERDICTS, Audit, Method, ToCheck, Verdict
from survey.ground import Ground
from survey.settings import Settings
from survey.store.campaign_life import Planned
from workers.commands.campaign_running import (
    By,
    Code,
    Json,
    Why,
    print_moved,
    print_parts,
    run_on_ground,
    write_json,
)

Ref = Annotated[
    str, typer.Argument(metavar="INTERVIEW", help="访问编号,见 to-check。Its reference, as `to-check` shows.")
]
VERDICT_WORDS: dict[Verdict | None, str] = {
    None: "待查 to do",
    "pass": "通过 pass",
    "corrected": "已更正 corrected",
    "void": "废卷 void",
}


def register(app: typer.Typer) -> None:
    """These commands into the command line of campaigns."""
    app.command()(audit)
    app.command("to-check")(to_check)
    app.command()(checked)
    app.command()(publish)
    app.command()(archive)


def audit(code: Code, by: By) -> None:
    """复核停访的项目:自动检查全部,按比例抽查。Audit a closed one: all are checked by machine, a share is drawn for people.

    例 example:  minyi campaign audit night-noise --by 王芳复核员
    """

    async def act(ground: Ground, settings: Settings) -> tuple[Planned, Audit]:
        moved = await publishing.begin_audit(ground, settings.centre, code, by=by)
        return moved, await publishing.audit(ground, settings.centre, code)

    moved, begun = run_on_ground("audit", act)
    print_parts(_summary(code, begun))
    print_moved(moved, f"minyi campaign to-check {code}")


def to_check(code: Code, json: Json = False) -> None:
    """要人工查的访问:抽中的和自动检查发现的。Interviews that a person looks at: drawn by lot, or found by the checks."""

    async def act(ground: Ground, settings: Settings) -> Audit:
        return await publishing.audit(ground, settings.centre, code)

    state = run_on_ground("to-check", act)
    if json:
        write_json(_fields(code, state))
        return
    print_parts(_summary(code, state))
    if state.to_check:
        print_parts(_table(state))


def checked(
    code: Code,
    interview: Ref,
    by: By,
    why: Why,
    verdict: Annotated[str, typer.Option(help=f"结论 verdict: {', '.join(VERDICTS)} (通过、已更正、废卷)。")],
    method: Annotated[
        str, typer.Option(help=f"怎么查的 how: {', '.join(METHODS)} (听录音、回访受访者)。")
    ] = "listen",
) -> None:
    """记下一个访问的复核结论;再查一次,以后一次为准。Keep what somebody found in an interview; the last verdict stands.

    例 example:  minyi campaign checked night-noise V7k2Q --verdict pass --by 王芳复核员 --why 录音与答案一致
    """
    found: Verdict = _one_of(verdict, "--verdict", VERDICTS)
    how: Method = _one_of(method, "--method", METHODS)

    async def act(ground: Ground, settings: Settings) -> Audit:
        return await publishing.judge(
            ground, settings.centre, code, interview, verdict=found, method=how, by=by, why=why
        )

    print_parts(_summary(code, run_on_ground("checked", act)))


def publish(code: Code, by: By) -> None:
    """发布结果(主任,不是复核的人)。Publish its results: the director, who had no hand in the audit."""

    async def act(ground: Ground, settings: Settings) -> Planned:
        return await publishing.publish(ground, settings.centre, code, by=by)

    print_moved(run_on_ground("publish", act), f"minyi campaign archive {code} --by … --why …")


def archive(code: Code, by: By, why: Why) -> None:
    """归档已发布的项目。Put a published one away."""

    async def act(ground: Ground, settings: Settings) -> Planned:
        return await publishing.archive(ground, settings.centre, code, by=by, why=why)

    print_moved(run_on_ground("archive", act), "minyi campaign list")


def _one_of(word: str, option: str, words: tuple[Any, ...]) -> Any:
    if word not in words:
        raise typer.BadParameter(f"{option} {word!r}: write one of {', '.join(words)}")
    return word


def _summary(code: str, state: Audit) -> str:
    found = len(state.to_check) - state.drawn
    return (
        f"{code}: 访问 interviews {state.interviews} · 抽查 drawn {state.drawn} · 另有自动检查发现 found besides {found} · "
        f"待查 to do {state.left} · 抽查有错 wrong of those drawn {state.wrong}"
    )


def _table(state: Audit) -> Table:
    """Those that nobody has looked at first."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("访问 interview", overflow="fold")
    table.add_column("方式 mode")
    table.add_column("为什么 why", overflow="fold", ratio=1)
    table.add_column("结论 verdict", no_wrap=True)
    for one in sorted(state.to_check, key=lambda one: one.interview.verdict is not None):
        table.add_row(one.interview.ref, one.interview.mode, _why(one), VERDICT_WORDS[one.interview.verdict])
    return table


def _why(one: ToCheck) -> str:
    found = [" ".join(FINDINGS[finding]) for finding in one.findings]
    return "; ".join(["抽中 drawn", *found] if one.drawn else found)


def _fields(code: str, state: Audit) -> dict[str, Any]:
    return {
        "code": code, "interviews": state.interviews, "looked_at": state.looked_at, "drawn": state.drawn,
        "left": state.left, "wrong_of_drawn": state.wrong,
        "to_check": [
            {
                "interview": one.interview.ref, "mode": one.interview.mode, "drawn": one.drawn,
                "findings": list(one.findings), "verdict": one.interview.verdict,
            }
            for one in state.to_check
        ],
    }  # fmt: skip
