"""`minyi campaign`: write a campaign down, check it, approve it, start, pause, resume and close it, and see how it stands.

What comes after the field stands in `campaign_audit`.

Exit codes: 0 done; 1 the check found errors; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from survey import campaigning
from survey.campaign_reading import NoCampaign, Told, Written
from survey.campaigning import CampaignRefused
from survey.ground import Ground
from survey.settings import Settings
from survey.store.campaign_life import Planned
from workers.commands import campaign_audit
from workers.commands.campaign_files import fault_lines_of, open_campaign_file
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
from workers.commands.campaign_text import as_json, campaigns_table, planned_fields, state_lines
from workers.commands.exits import SOME_REFUSED, refused
from workers.commands.questionnaire_files import Unreadable

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""调查项目:写成文件、检查、审批、启动、暂停、恢复、停访、复核、发布、归档,看进度。

    Campaigns: written in a file, checked, approved, started, paused, resumed, closed, audited, published, archived;
    and how each stands.
    docs/campaign.md has an example of every key.""",
    epilog="退出码 exit codes: 0 办成 done; 1 检查有错 errors found; 3 没有改动 refused, nothing changed.",
)

File = Annotated[str, typer.Argument(metavar="FILE", help="项目文件。The campaign's YAML file.")]


@app.command()
def check(file: File, json: Json = False) -> None:
    """检查项目文件,不改动任何东西。Check a campaign's file; nothing is changed.

    例 example:  minyi campaign check 夜间噪声.yaml
    """
    opened = _opened("check", file)

    async def act(ground: Ground, settings: Settings) -> campaigning.Checked:
        return await campaigning.check_document(
            ground, settings.centre, opened.document, opened.questionnaire
        )

    checked = run_on_ground("check", act)
    told = opened.told(checked.faults)
    errors = [fault for fault in told if fault.severity == "error"]
    if json:
        write_json({"faults": [_fields(f) for f in told], "frame_size": checked.frame_size})
    else:
        print_parts(*fault_lines_of(told))
        verdict = f"{len(errors)} 处错误 errors" if errors else "可以创建 it can be created"
        print_parts(f"{opened.document.code}: {verdict} · 名单可抽 may be drawn: {checked.frame_size:,}")
    if errors:
        raise typer.Exit(SOME_REFUSED)


@app.command()
def create(file: File, by: By) -> None:
    """写成草案;同一代号的草案会重写。Make a draft of it; a draft of the same code is written anew.

    例 example:  minyi campaign create 夜间噪声.yaml --by 张敏督导
    """
    opened = _opened("create", file)
    if faults := [fault for fault in opened.told(()) if fault.severity == "error"]:
        _refuse_faults("create", faults)

    async def act(ground: Ground, settings: Settings) -> tuple[Planned, campaigning.Checked]:
        return await campaigning.create(ground, settings.centre, opened.document, opened.questionnaire, by=by)

    try:
        made, checked = run_on_ground("create", act, catch=False)
    except CampaignRefused as no:
        if no.faults:
            _refuse_faults("create", opened.told(no.faults))
        raise refused("minyi campaign create", str(no)) from None
    print_parts(*fault_lines_of(opened.told(checked.faults)))
    print_parts(
        f"草案 draft: {made.code} {made.name_zh}",
        f"下一步 next: minyi campaign approve {made.code} --by …",
    )


@app.command()
def approve(code: Code, by: By) -> None:
    """审批草案(主任)。Approve a draft (the director): scoring, notice and caller id must be there."""

    async def act(ground: Ground, settings: Settings) -> Planned:
        known = bool(settings.carrier_account_sid and settings.carrier_number)
        return await campaigning.approve(ground, settings.centre, code, by=by, caller_known=known)

    print_moved(run_on_ground("approve", act), f"minyi campaign start {code} --by …")


@app.command()
def start(code: Code, by: By) -> None:
    """启动:到期抽样、投放、拨打。Start it: it is drawn and asked when its hour has come."""

    async def act(ground: Ground, settings: Settings) -> Planned:
        return await campaigning.start(ground, settings.centre, code, by=by)

    print_moved(run_on_ground("start", act), f"minyi campaign status {code}")


@app.command()
def pause(code: Code, by: By, why: Why) -> None:
    """暂停:不再交给运营商,已交的撤回。Pause it: nothing more is handed over, and what lies there is recalled."""

    async def act(ground: Ground, settings: Settings) -> Planned:
        return await campaigning.pause(ground, settings.centre, code, by=by, why=why)

    print_moved(run_on_ground("pause", act), f"minyi campaign resume {code} --by …")


@app.command()
def resume(code: Code, by: By) -> None:
    """恢复执行。Go on with a paused one."""

    async def act(ground: Ground, settings: Settings) -> Planned:
        return await campaigning.resume(ground, settings.centre, code, by=by)

    print_moved(run_on_ground("resume", act), f"minyi campaign status {code}")


@app.command()
def close(code: Code, by: By, why: Why) -> None:
    """停访:等待的得到最终结果码,正在谈的谈完。Close it: who waits gets a final code, who is talking is let talk."""

    async def act(ground: Ground, settings: Settings) -> Planned:
        return await campaigning.close(ground, settings.centre, code, by=by, why=why)

    print_moved(run_on_ground("close", act), f"minyi campaign status {code}")


@app.command()
def cancel(code: Code, by: By, why: Why) -> None:
    """取消草案或已审批的项目。Cancel one that has not been started."""

    async def act(ground: Ground, settings: Settings) -> Planned:
        return await campaigning.cancel(ground, settings.centre, code, by=by, why=why)

    print_moved(run_on_ground("cancel", act), "minyi campaign list")


campaign_audit.register(app)


@app.command()
def status(code: Code, json: Json = False) -> None:
    """进度:样本、结果、配额、预算,以及队列为什么是空的。How it stands, and why its queue is empty."""

    async def act(ground: Ground, settings: Settings) -> tuple[campaigning.State, Any]:
        return await campaigning.state(ground, settings.centre, code), ground.clock.now()

    state, now = run_on_ground("status", act)
    if json:
        sys.stdout.write(as_json(state) + "\n")
    else:
        print_parts(*state_lines(state, now))


@app.command("list")
def list_campaigns(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多几个。At most so many.")] = 30,
    json: Json = False,
) -> None:
    """本中心的项目,新的在前。The centre's campaigns, the newest first."""

    async def act(ground: Ground, settings: Settings) -> list[Planned]:
        return await campaigning.listed(ground, settings.centre, limit)

    rows = run_on_ground("list", act)
    if json:
        write_json({"campaigns": [planned_fields(row) for row in rows]})
    elif rows:
        print_parts(campaigns_table(rows))
    else:
        print_parts("还没有项目。There are no campaigns yet: minyi campaign create FILE")


def _opened(verb: str, file: str) -> Written:
    try:
        return open_campaign_file(file)
    except Unreadable as error:
        raise refused(f"minyi campaign {verb}", str(error)) from None
    except NoCampaign as error:
        _refuse_faults(verb, error.faults)
        raise AssertionError("_refuse_faults leaves by an exit only") from None


def _refuse_faults(verb: str, faults: Any) -> None:
    for line in fault_lines_of(faults):
        typer.echo(line, err=True)
    raise refused(f"minyi campaign {verb}", f"{len(faults)} 处错误 errors; nothing was changed")


def _fields(fault: Told) -> dict[str, object]:
    place = fault.place
    return {
        "severity": fault.severity, "file": place.file, "line": place.line, "column": place.column,
        "why": fault.why, "remedy": fault.remedy,
    }  # fmt: skip
