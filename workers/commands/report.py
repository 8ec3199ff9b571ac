"""`minyi report`: reports as documents, their issue and their check.

Exit codes: 0 done; 1 an issued report is not what it was; 3 refused, nothing written or issued; 2 is the command line's own.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, cast, get_args

import asyncpg
import typer

from followup.issuing import Verified, issue, issued, verify
from followup.reports.document.model import Kind
from followup.reports.rendering.printed import Printed
from followup.store import issued_reports
from survey import counting
from survey.periods import FORMS
from workers.commands.exits import SOME_REFUSED
from workers.commands.report_running import Format, days_of, handed_in, make_draft, on_service, tell, write

LISTED = 50

Centre = Annotated[str | None, typer.Option(help="中心代码。The centre; without: that of the settings.")]
Days = Annotated[str, typer.Option("--period", help=f"期间。{FORMS}.")]
Formats = Annotated[
    list[Format] | None,
    typer.Option("--format", help="格式,可给几个;不给:全部。May be given again; without: all."),
]
Out = Annotated[Path, typer.Option(help="写到哪个目录。The folder to write to; made if absent.")]
Langs = Annotated[
    list[str] | None, typer.Option("--lang", help="zh 或 en,可给两个;不给:zh。zh or en, both may be given.")
]
Said = Annotated[
    Path | None,
    typer.Option(
        "--remarks", help="研判和建议(YAML)。Judgement and advice of people: author, judgement, advice."
    ),
]
Entered = Annotated[
    Path | None,
    typer.Option(
        "--entered",
        exists=True,
        dir_okay=False,
        help="调查员表:中心填的月度表,有它才有得分。For the surveyors: the file of `minyi pay sheet`, for scores.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""报告:周报、月总结、回访情况报告、季通报;签发、更正、核对。

    Reports as documents (HTML, DOCX, XLSX, CSV, JSON): made, issued, corrected, checked.""",
    epilog="退出码 exit codes: 0 办成 done; 1 与签发时不符 not what was issued; 3 拒绝 refused.",
)


@app.command("weekly")
def weekly(
    period_: Days,
    out: Out,
    centre: Centre = None,
    format_: Formats = None,
    lang: Langs = None,
    remarks: Said = None,
    json_: Json = False,
) -> None:
    """社情民意调查周报。The weekly report of a centre, as a draft.

    例 example:  minyi report weekly --period 2026-W11 --format docx --format html --out reports
    """
    make_draft("weekly", period_, out, centre, format_, lang, remarks, json_)


@app.command("callback")
def callback(
    period_: Days,
    out: Out,
    centre: Centre = None,
    format_: Formats = None,
    lang: Langs = None,
    json_: Json = False,
) -> None:
    """回访情况报告。The callback report of a centre, as a draft.

    例 example:  minyi report callback --period 2026-03-09 --out reports
    """
    make_draft("callback", period_, out, centre, format_, lang, None, json_)


@app.command("unit")
def unit(
    period_: Days,
    out: Out,
    centre: Centre = None,
    format_: Formats = None,
    lang: Langs = None,
    json_: Json = False,
) -> None:
    """承办单位办理质量表,以漏斗图代替名次。Quality of handling by unit, with a funnel plot in place of ranks.

    例 example:  minyi report unit --period 2026-Q1 --out reports
    """
    make_draft("unit", period_, out, centre, format_, lang, None, json_)


@app.command("surveyor")
def surveyor(
    period_: Days,
    out: Out,
    centre: Centre = None,
    format_: Formats = None,
    lang: Langs = None,
    entered: Entered = None,
    json_: Json = False,
) -> None:
    """调查员工作表,以漏斗图代替名次。What each surveyor did, with a funnel plot in place of ranks; no satisfaction in it.

    例 example:  minyi report surveyor --period 2026-03 --out reports
    """
    make_draft("surveyor", period_, out, centre, format_, lang, None, json_, entered)


@app.command("morning")
def morning(
    period_: Days,
    out: Out,
    centre: Centre = None,
    format_: Formats = None,
    lang: Langs = None,
    json_: Json = False,
) -> None:
    """晨报,一页:等您决定的、三个数、一位居民的话、我们还不知道的。The morning sheet of a day, one page, as a draft.

    例 example:  minyi report morning --period 2026-03-09 --out reports
    """
    make_draft("morning", period_, out, centre, format_, lang, None, json_)


@app.command("village")
def village(
    period_: Days,
    out: Out,
    centre: Centre = None,
    format_: Formats = None,
    lang: Langs = None,
    json_: Json = False,
) -> None:
    """您说我办:每村一页,可张贴,只有居民本人确认的才算解决。One page per village for its notice board, as a draft.

    例 example:  minyi report village --period 2026-Q1 --out reports
    """
    make_draft("village", period_, out, centre, format_, lang, None, json_)


@app.command("centre")
def centre_(
    period_: Days,
    out: Out,
    centre: Centre = None,
    format_: Formats = None,
    lang: Langs = None,
    json_: Json = False,
) -> None:
    """中心工作评分:只看自己的活,居民满意高低不进分。The score of a centre's own work, as a draft; of a year with its quarters.

    例 example:  minyi report centre --period 2026-Q1 --out reports
    """
    make_draft("centre", period_, out, centre, format_, lang, None, json_)


@app.command("bulletin")
def bulletin(
    period_: Days,
    out: Out,
    centre: Centre = None,
    format_: Formats = None,
    lang: Langs = None,
    remarks: Said = None,
    json_: Json = False,
) -> None:
    """季通报;期间为一年时是年总评。The quarterly bulletin of a city, all its counties; of a year the annual total.

    例 example:  minyi report bulletin --period 2026-Q1 --out reports
    """
    make_draft("bulletin", period_, out, centre, format_, lang, remarks, json_)


@app.command("monthly")
def monthly(
    period_: Days,
    out: Out,
    centre: Centre = None,
    format_: Formats = None,
    lang: Langs = None,
    remarks: Said = None,
    json_: Json = False,
) -> None:
    """月总结及乡镇、村星级评定;偶然的升降不动星。The monthly summary with the stars of townships and villages.

    例 example:  minyi report monthly --period 2026-03 --out reports
    """
    make_draft("monthly", period_, out, centre, format_, lang, remarks, json_)


@app.command("issue")
def issue_(
    kind: Annotated[str, typer.Argument(help=f"{'、'.join(get_args(Kind))} 之一。One of these.")],
    period_: Days,
    by: Annotated[str, typer.Option(help="签发人。Who issues it.")],
    out: Annotated[Path | None, typer.Option(help="也写成文件。Also write the files here.")] = None,
    centre: Centre = None,
    format_: Formats = None,
    lang: Langs = None,
    remarks: Said = None,
    entered: Entered = None,
    correct: Annotated[
        bool, typer.Option("--correct", help="更正已签发的一期。Correct what was issued for this period.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="更正原因。Why it is corrected; printed in it.")] = None,
    json_: Json = False,
) -> None:
    """签发:此后不可改,只可更正。Issue a report: from then on it is never altered, only corrected.

    例 example:  minyi report issue weekly --period 2026-W11 --by 主任李某 --out reports
    """
    days, found = days_of(period_), handed_in(kind, remarks, entered)
    if kind not in get_args(Kind):
        raise typer.BadParameter(f"{kind} is no report; write one of {', '.join(get_args(Kind))}")
    chosen = cast(Kind, kind)

    async def work(conn: asyncpg.Connection, code: str, now: datetime) -> Printed:
        await counting.refresh(conn)
        return await issue(
            conn, chosen, code, days, by=by, now=now, remarks=found, correct=correct, reason=reason
        )

    this = on_service("issue", centre, work)
    tell(this, write(this, out, format_, lang) if out else [], json_)


@app.command("print")
def print_(
    number: Annotated[str, typer.Argument(help="编号。Its number, as `list` shows it.")],
    out: Out,
    format_: Formats = None,
    lang: Langs = None,
    json_: Json = False,
) -> None:
    """重印已签发的报告。Print an issued report again, from the text that was kept."""
    this = on_service("print", None, lambda conn, code, now: issued(conn, number))
    tell(this, write(this, out, format_, lang), json_)


@app.command("verify")
def verify_(
    number: Annotated[str, typer.Argument(help="编号。Its number, as `list` shows it.")], json_: Json = False
) -> None:
    """核对:所存与哈希相符,按今天的数据重做仍逐字节相同。

    Check that the text is what was hashed, and that today's rows still make it, byte for byte.
    """

    async def work(conn: asyncpg.Connection, code: str, now: datetime) -> Verified:
        await counting.refresh(conn)
        return await verify(conn, number)

    found = on_service("verify", None, work)
    if json_:
        sys.stdout.write(
            json.dumps({**vars(found), "changed": list(found.changed)}, ensure_ascii=False) + "\n"
        )
    else:
        typer.echo(f"{found.number}  SHA-256 {found.sha256}")
        typer.echo("所存与哈希相符 kept as hashed" if found.intact else "所存与哈希不符 NOT as hashed")
        typer.echo("重做逐字节相同 made again: equal" if found.same else "重做不同 made again: different")
        for key in found.changed:
            typer.echo(f"  {key}")
    if not (found.intact and found.same):
        raise typer.Exit(SOME_REFUSED)


@app.command("list")
def list_(centre: Centre = None, json_: Json = False) -> None:
    """已签发的报告。Reports that were issued, the newest first."""
    found = on_service("list", centre, lambda conn, code, now: issued_reports.newest(conn, code, LISTED))
    if json_:
        lines = [
            {
                "number": one.number, "kind": one.kind, "first": one.first_day.isoformat(), "last": one.last_day.isoformat(),
                "sha256": one.sha256, "issued_at": one.issued_at.isoformat(), "issued_by": one.issued_by,
                "superseded_by": one.superseded_by, "reason": one.reason,
            }
            for one in found
        ]  # fmt: skip
        sys.stdout.write(json.dumps(lines, ensure_ascii=False, indent=2) + "\n")
        return
    if not found:
        typer.echo("没有签发过报告。No report was issued yet.")
    for one in found:
        since = f"  已被更正 superseded by {one.superseded_by}" if one.superseded_by else ""
        typer.echo(
            f"{one.number}  {one.issued_at:%Y-%m-%d %H:%M}Z  {one.issued_by}  {one.sha256[:12]}{since}"
        )
