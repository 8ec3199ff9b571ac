"""`minyi questionnaire`: hold a questionnaire against the rules, look at it, convert it, play it.

Exit codes: 0 all done; 1 errors found, or features left out; 3 not a questionnaire, or nothing written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from survey.dialogue import MissingFacts
from survey.questionnaire import Questionnaire
from survey.questionnaire.lint import render, to_json
from survey.questionnaire.writing import to_yaml
from workers.commands import questionnaire_audio
from workers.commands.questionnaire_files import FORMS, YAMLS, findings_of, open_questionnaire
from workers.commands.questionnaire_play import MODES, Play, converse, facts_for, played
from workers.commands.questionnaire_show import show_lines
from workers.commands.running import NOTHING_DONE, SOME_REFUSED, refused

if TYPE_CHECKING:
    from survey.questionnaire.xlsform import Dropped

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""问卷:检查、查看、转换、试问。FILE 可以是 YAML、XLSForm(.xlsx .xls .csv .md),或随附问卷的代号(如 perception)。

    Questionnaires: hold one against the rules, look at it, convert it, play it. FILE is our YAML, an XLSForm
    (.xlsx .xls .csv .md), or the code of a shipped one (such as perception).""",
    epilog="退出码 exit codes: 0 办成 done; 1 有错误或有没带过去的 errors found or features left out; 3 不是问卷 none.",
)
app.add_typer(questionnaire_audio.app, name="audio")

File = Annotated[
    str, typer.Argument(metavar="FILE", help="文件或代号。The file, or the code of a shipped one.")
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON instead of text.")]
FormLang = Annotated[
    str | None,
    typer.Option(
        "--form-lang", help="XLSForm 没写语言时按此语言。Language of an XLSForm that names none, e.g. zh."
    ),
]


@app.command("lint")
def lint_files(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="文件或代号。Files, or codes of shipped ones.")
    ],
    frame: Annotated[
        str | None, typer.Option(help="样本框:list 名单,random 随机号。What the sample is drawn from.")
    ] = None,
    strict: Annotated[bool, typer.Option(help="警告也算错误。Warnings count as errors.")] = False,
    as_json: AsJson = False,
) -> None:
    """检查问卷,逐条指出文件、行、列和改法。Find what is wrong, each with file, line, column and remedy.

    Example:  minyi questionnaire lint 问卷.yaml --frame list
    """
    findings = [one for name in files for one in findings_of(name, frame)]
    sys.stdout.write(to_json(findings) + "\n" if as_json else render(findings))
    if len(files) == 1 and any(one.rule == "malformed" for one in findings):
        raise typer.Exit(NOTHING_DONE)
    bad = any(strict or one.severity == "error" for one in findings)
    raise typer.Exit(SOME_REFUSED if bad else 0)


@app.command()
def show(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="文件或代号。The file, or the code of a shipped one.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="语言,如 zh、en。Language, such as zh or en.")] = None,
    mode: Annotated[
        Literal["voice", "sms", "web", "operator"] | None, typer.Option(help="只看一种方式。One mode only.")
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="输出 YAML 文件的 JSON Schema。The JSON Schema of such a file.")
    ] = False,
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
    found = open_questionnaire("minyi questionnaire show", file, form_lang)
    if as_json:
        sys.stdout.write(
            json.dumps(json.loads(found.questionnaire.to_json()), ensure_ascii=False, indent=2) + "\n"
        )
        return
    chosen = (MODES[mode],) if mode is not None else ()
    for line in show_lines(found.questionnaire, lang, chosen):
        typer.echo(line)


@app.command()
def convert(
    file: File,
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="写到 .yaml 或 .xlsx。Where to: .yaml or .xlsx.")
    ],
    form_lang: FormLang = None,
    force: Annotated[bool, typer.Option(help="覆盖已有文件。Write over a file that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """在我们的 YAML 和 XLSForm 之间转换,逐条列出带不过去的。Between our YAML and XLSForm; what cannot be carried is listed.

    Example:  minyi questionnaire convert kobo.xlsx 问卷.yaml
    """
    command = "minyi questionnaire convert"
    kind = out.suffix.lower()
    if kind not in YAMLS | {".xlsx"}:
        raise refused(command, f"{out}: write to a file that ends in .yaml or .xlsx")
    if out.exists() and not force:
        raise refused(command, f"{out} exists; name another file, or say --force")
    found = open_questionnaire(command, file, form_lang)
    dropped = list(found.dropped)
    if kind in FORMS:
        from survey.questionnaire.xlsform import write_form  # pyxform takes half a second to import

        body, left = write_form(found.questionnaire)
        dropped += left
    else:
        body = to_yaml(found.questionnaire).encode()
    out.write_bytes(body)
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
    lang: Annotated[str | None, typer.Option(help="语言,如 zh、en。Language, such as zh or en.")] = None,
    seed: Annotated[
        int, typer.Option(help="决定题序和选项方向。Fixes the order of questions and options.")
    ] = 1,
    inputs: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="每行一个输入的文件。A file with one input a line."),
    ] = None,
    fact: Annotated[
        list[str] | None, typer.Option(help="已知事实 名=值。A known fact, name=value; may be given again.")
    ] = None,
    form_lang: FormLang = None,
    as_json: AsJson = False,
) -> None:
    """在终端里试问一遍。Talk to a questionnaire in the terminal.

    直接输入按键、短信或选项;也可写 digits:1、speech:安全、text:满意、silence、hangup、stop、web:{"Q1": "1"}。
    Type keys, a text or an option as it is; or name the input: digits:1, speech:…, text:…, silence, hangup,
    stop, web:{…}. Ctrl-D hangs up.

    Examples:
      minyi questionnaire play perception --mode sms
      minyi questionnaire play 问卷.yaml --mode voice --seed 7 --inputs 输入.txt --json
    """
    command = "minyi questionnaire play"
    q = open_questionnaire(command, file, form_lang).questionnaire
    facts = _facts(command, fact or [])
    try:
        one = Play(q, MODES[mode], lang or q.spoken_languages[0], seed, facts_for(q, MODES[mode], facts))
        if inputs is not None or as_json:
            lines = (
                inputs.read_text("utf-8").splitlines()
                if inputs is not None
                else sys.stdin.read().splitlines()
            )
            _print_played(one, lines, as_json)
            return
    except (MissingFacts, ValueError) as error:
        raise refused(command, str(error)) from None
    converse(one, _read, typer.echo)
    typer.echo(f"\n{json.dumps(one.result(), ensure_ascii=False)}")


def _print_played(one: Play, lines: list[str], as_json: bool) -> None:
    turns = played(one, lines)
    if as_json:
        sys.stdout.write(json.dumps(turns, ensure_ascii=False, indent=1) + "\n")
        return
    for turn in turns[:-1]:
        if turn["input"] is not None:
            typer.echo(f"> {turn['input']}")
        for prompt in turn["prompts"]:
            typer.echo(prompt)
    typer.echo(json.dumps(turns[-1], ensure_ascii=False))


def _facts(command: str, given: list[str]) -> dict[str, str]:
    wrong = [one for one in given if "=" not in one]
    if wrong:
        raise refused(command, f"--fact {wrong[0]}: write it as name=value")
    return dict(one.split("=", 1) for one in given)


def _read() -> str | None:
    """A line from the keyboard; None at its end, or at Ctrl-C."""
    try:
        return input("> ")
    except (EOFError, KeyboardInterrupt):
        return None
