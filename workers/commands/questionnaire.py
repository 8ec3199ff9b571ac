"""`minyi questionnaire`: hold a questionnaire against the rules, look at it, convert it, play it.

Exit codes: 0 all done; 1 errors found, or features left out; 3 not a questionnaire, or nothing written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from survey.dialogue import MissingFacts, Turn
from survey.questionnaire import Questionnaire
from survey.questionnaire.lint import Finding, to_json
from survey.questionnaire.writing import to_yaml
from workers.commands.exits import NOTHING_DONE, SOME_REFUSED, refused
from workers.commands.on_demand import on_demand
from workers.commands.questionnaire_files import (
    FORMS,
    YAMLS,
    NoQuestionnaire,
    Unreadable,
    findings_of,
    open_questionnaire,
    opened,
    write_whole,
)
from workers.commands.questionnaire_play import MODES, Play, converse, facts_for, played, shown
from workers.commands.questionnaire_play import as_json as turns_as_json
from workers.commands.questionnaire_show import finding_lines, show_lines

if TYPE_CHECKING:
    from survey.questionnaire.xlsform import Dropped

app = typer.Typer(
    cls=on_demand({"audio": "workers.commands.questionnaire_audio:app"}),
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""问卷:检查、查看、转换、试问。FILE 可以是 YAML、XLSForm(.xlsx .xls .csv .md),或随附问卷的代号(如 perception)。

    Questionnaires: hold one against the rules, look at it, convert it, play it. FILE is our YAML, an XLSForm
    (.xlsx .xls .csv .md), or the code of a shipped one (such as perception).""",
    epilog="退出码 exit codes: 0 办成 done; 1 有错误或有没带过去的 errors found or features left out; 3 不是问卷 none.",
)

File = Annotated[
    str, typer.Argument(metavar="FILE", help="文件或代号。The file, or the code of a shipped one.")
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON instead of text.")]
FormLang = Annotated[
    str | None,
    typer.Option("--form-lang", help="XLSForm 默认语言。Its default."),
]


@app.command("lint")
def lint_files(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="文件或代号。Files, or codes of shipped ones.")
    ],
    frame: Annotated[
        Literal["list", "random"] | None, typer.Option(help="样本框:名单或随机号。What is sampled from.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="警告也算错误。Warnings count as errors.")] = False,
    as_json: AsJson = False,
) -> None:
    """检查问卷,逐条指出文件、行、列和改法。Find what is wrong, each with file, line, column and remedy.

    Example:  minyi questionnaire lint 问卷.yaml --frame list
    """
    findings, read = list[Finding](), 0
    for name in files:
        try:
            file = opened(name)
            findings += findings_of(file, frame)
            read += 1
            if file.dropped:
                left = f"{len(file.dropped)} 项没带过去 features are left out; 逐条见 listed by"
                typer.echo(f"{name}: {left}: minyi questionnaire convert {name} OUT.yaml", err=True)
        except NoQuestionnaire as error:
            findings += error.findings
        except Unreadable as error:
            typer.echo(f"minyi questionnaire lint: {error}", err=True)
    if as_json:
        sys.stdout.write(to_json(findings) + "\n")
    else:
        for line in finding_lines(findings, none=len(files) - read):
            typer.echo(line)  # which leaves colours out where no terminal reads them
    if read == 0:
        raise typer.Exit(NOTHING_DONE)
    bad = any(strict or one.severity == "error" for one in findings)
    raise typer.Exit(SOME_REFUSED if bad or read < len(files) else 0)


@app.command()
def show(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="文件或代号。The file, or the code of a shipped one.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="语言 Language: zh, en, …")] = None,
    mode: Annotated[
        Literal["voice", "sms", "web", "operator"] | None, typer.Option(help="只看一种方式。One mode only.")
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="输出 the JSON Schema of our YAML.")] = False,
    form_lang: FormLang = None,
    as_json: AsJson = False,
) -> None:
    """看问卷:每种方式问什么、什么条件下问、要多久。What is asked in each mode, under which condition, how long it takes.

    Example:  minyi questionnaire show perception --mode voice
    """
    if schema:
        sys.stdout.write(json.dumps(Questionnaire.model_json_schema(), ensure_ascii=False, indent=2) + "\n")
        return
    if file is None:
        raise typer.BadParameter("请写文件或代号。Name a file or a shipped questionnaire.")
    command = "minyi questionnaire show"
    found = open_questionnaire(command, file, form_lang)
    if as_json:
        sys.stdout.write(
            json.dumps(json.loads(found.questionnaire.to_json()), ensure_ascii=False, indent=2) + "\n"
        )
        return
    chosen = (MODES[mode],) if mode is not None else ()
    for line in show_lines(found.questionnaire, _language(command, found.questionnaire, lang), chosen):
        typer.echo(line)


@app.command()
def convert(
    file: File,
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="写到 .yaml 或 .xlsx。Where to: .yaml or .xlsx.")
    ],
    form_lang: FormLang = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有文件。Write over what is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """在我们的 YAML 和 XLSForm 之间转换,逐条列出带不过去的。Between our YAML and XLSForm; what cannot be carried is listed.

    Example:  minyi questionnaire convert kobo.xlsx 问卷.yaml
    """
    command = "minyi questionnaire convert"
    kind = out.suffix.lower()
    if kind not in YAMLS | {".xlsx"}:
        raise refused(command, f"{out}: write to a file that ends in .yaml or .xlsx")
    if out.is_dir():
        raise refused(command, f"{out} 是文件夹 is a folder; name a file in it")
    if out.exists() and not force:
        raise refused(command, f"{out} 已有 exists; name another file, or say --force")
    found = open_questionnaire(command, file, form_lang)
    dropped = list(found.dropped)
    if kind in FORMS:
        from survey.questionnaire.xlsform import write_form  # pyxform takes half a second to import

        body, left = write_form(found.questionnaire)
        dropped += left
    else:
        body = to_yaml(found.questionnaire).encode()
    try:
        write_whole(out, body)
    except OSError as error:
        raise refused(command, f"{out} 写不了 cannot be written: {error.strerror}") from None
    _tell(out, found.questionnaire, dropped, as_json)
    raise typer.Exit(SOME_REFUSED if dropped else 0)


def _tell(out: Path, q: Questionnaire, dropped: list[Dropped], as_json: bool) -> None:
    if as_json:
        rows = [
            {"feature": d.feature, "place": str(d.place), "why": d.why, "remedy": d.remedy} for d in dropped
        ]
        body = {"out": str(out), "code": q.code, "questions": len(q.questions), "left_out": rows}
        sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2) + "\n")
        return
    for one in dropped:
        typer.echo(f"{one.place}: {one.feature}: {one.why}; {one.remedy}")
    typer.echo(
        f"{out}: {len(q.questions)} 题已写 questions written, {len(dropped)} 项没带过去 features left out"
    )


@app.command()
def play(
    file: File,
    mode: Annotated[
        Literal["voice", "sms", "web", "operator"], typer.Option(help="方式。How it is asked.")
    ] = "voice",
    lang: Annotated[str | None, typer.Option(help="语言 Language: zh, en, …")] = None,
    seed: Annotated[int, typer.Option(help="定题序和选项方向。Fixes all orders.")] = 1,
    inputs: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="每行一个输入。One input a line."),
    ] = None,
    fact: Annotated[list[str] | None, typer.Option(help="事实 A fact: name=value. Repeatable.")] = None,
    form_lang: FormLang = None,
    as_json: AsJson = False,
) -> None:
    """在终端里试问一遍。Talk to a questionnaire in the terminal.

    直接输入按键、短信或选项,或写明是什么输入;Ctrl-D 挂断。--json 不带 --inputs 时从标准输入读。
    Type keys, a text or an option as it is, or name the input; Ctrl-D hangs up. --json without --inputs reads
    standard input.

    digits:1  speech:安全 (0.4)  recording:RE1 12 路灯坏了  silence  hangup  stop
    text:满意  web:{"Q1": "1"}  choice:1  words:比较安全  correct:Q1

    Examples:
      minyi questionnaire play perception --mode sms
      minyi questionnaire play 问卷.yaml --mode voice --seed 7 --inputs 输入.txt --json
    """
    command = "minyi questionnaire play"
    q = open_questionnaire(command, file, form_lang).questionnaire
    facts = _facts(command, fact or [])
    try:
        one = Play(q, MODES[mode], _language(command, q, lang), seed, facts_for(q, MODES[mode], facts))
    except MissingFacts as error:
        raise refused(
            command, f"{error.args[0].partition(';')[0]}; give them with --fact name=value"
        ) from None
    where = str(inputs or "stdin")
    try:
        if inputs is None and not as_json:
            converse(one, _read, typer.echo)
            typer.echo(f"\n{json.dumps(one.result(), ensure_ascii=False)}")
            return
        body = inputs.read_bytes() if inputs is not None else sys.stdin.buffer.read()
        _tell_played(one, list(played(one, body.decode("utf-8-sig").splitlines())), as_json)
    except UnicodeDecodeError:
        raise refused(command, f"{where} 不是 UTF-8 文本 is not UTF-8 text; save it as UTF-8") from None
    except ValueError as error:
        raise refused(command, f"{where}, {error}") from None


def _tell_played(one: Play, turns: list[tuple[str | None, Turn]], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(turns_as_json(one, turns) + "\n")
        return
    for given, turn in turns:
        if given is not None:
            typer.echo(f"> {given}")
        for line in shown(turn, one.mode):
            typer.echo(line)
    typer.echo(json.dumps(one.result(), ensure_ascii=False))


def _language(command: str, q: Questionnaire, lang: str | None) -> str:
    if lang is not None and lang not in q.spoken_languages:
        raise refused(
            command, f"--lang {lang}: {q.code} 只有 speaks {', '.join(q.spoken_languages)}; choose one"
        )
    return lang or q.spoken_languages[0]


def _facts(command: str, given: list[str]) -> dict[str, str]:
    wrong = [one for one in given if not one.partition("=")[0].strip() or "=" not in one]
    if wrong:
        raise refused(command, f"--fact {wrong[0]}: write it as name=value")
    return dict(one.split("=", 1) for one in given)


def _read() -> str | None:
    """A line from the keyboard; None at its end, or at Ctrl-C. What comes from a pipe is shown, as if it were typed."""
    try:
        typed = input("> ")
        if not sys.stdin.isatty():
            typer.echo(typed)
        return typed
    except (EOFError, KeyboardInterrupt):
        return None
