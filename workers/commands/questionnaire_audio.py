"""`minyi questionnaire audio`: what a call says as sound files: what is missing, what goes to the studio, what comes back.

Exit codes: 0 all done; 1 a sentence is missing, or a file was refused; 3 nothing done.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import Progress

from survey import voicing
from survey.ground import Ground
from survey.questionnaire import Questionnaire
from survey.sampling.refusals import ListError
from survey.settings import load_settings
from survey.sounds import SoundRefused
from survey.voicing import Row, Sheet, Source
from workers.commands.exits import NOTHING_DONE, SOME_REFUSED, refused
from workers.commands.questionnaire_audio_text import Kept, Outcome, as_json, outcome_lines, sheet_lines
from workers.commands.questionnaire_files import open_questionnaire
from workers.commands.recording_folder import MANIFEST, manifest, read_folder
from workers.commands.running import run
from workers.espeak import NoSpeech, open_espeak
from workers.runtime import open_ground

T = TypeVar("T")

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    short_help="语音提示。Voice prompts as sound files.",
    help="""语音提示:电话里说的每一句,录音或合成,按语言存放;查漏、列单、收录、合成。

    Voice prompts: every sentence that a call says, recorded or synthesised, for each language.""",
    epilog="退出码 exit codes: 0 办成 done; 1 有缺的或没收的 something missing or refused; 3 没有办 nothing done.",
)

File = Annotated[
    str, typer.Argument(metavar="FILE", help="文件或代号。The file, or the code of a shipped one.")
]
Lang = Annotated[str, typer.Option("--lang", help="语言,如 zh、en。Language, such as zh or en.")]
Langs = Annotated[
    str | None,
    typer.Option(
        "--lang", help="只看一种语言;不写则看问卷要录音的语言。One language; default: those to be played."
    ),
]
By = Annotated[str | None, typer.Option("--by", help="谁收录的,留底。Who adds them, on record.")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON instead of text.")]


@app.command()
def check(file: File, lang: Langs = None, json: AsJson = False) -> None:
    """查漏:逐句列出,缺一句退出码即为 1。Every sentence, with where it is said; exit code 1 if one is missing.

    例 example:  minyi questionnaire audio check perception --lang zh
    """
    command = "minyi questionnaire audio check"
    q = open_questionnaire(command, file, lang).questionnaire
    sheets = [_sheet(command, q, one) for one in _languages(q, lang)]
    _print(sheets, q, json)
    raise typer.Exit(SOME_REFUSED if any(sheet.missing for sheet in sheets) else 0)


@app.command("list")
def list_sentences(
    file: File,
    lang: Langs = None,
    export: Annotated[
        Path | None,
        typer.Option(
            file_okay=False,
            help="把要录的写成录音单 manifest.csv。A folder for the studio's sheet, manifest.csv.",
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="录音单里也写已有的。The sheet has what is recorded already, too.")
    ] = False,
    json: AsJson = False,
) -> None:
    """列出每一句;--export 给录音室写一张单子。Every sentence; with --export also a sheet for the studio.

    例 example:  minyi questionnaire audio list perception --lang zh --export 录音
    """
    command = "minyi questionnaire audio list"
    q = open_questionnaire(command, file, lang).questionnaire
    languages = _languages(q, lang)
    if export is not None and len(languages) != 1:
        raise refused(command, f"a sheet is for one language: say --lang {' or --lang '.join(languages)}")
    sheets = [_sheet(command, q, one) for one in languages]
    if export is None:
        _print(sheets, q, json)
        return
    rows = sheets[0].recordable if everything else sheets[0].missing
    _write_manifest(command, export, rows)
    typer.echo(f"{export / MANIFEST}: {len(rows)} 句待录 sentences to record ({languages[0]})")


@app.command()
def add(
    file: File,
    lang: Lang,
    folder: Annotated[
        Path,
        typer.Option(
            "--from", exists=True, file_okay=False, help="放录音的文件夹。The folder of recordings."
        ),
    ],
    by: By = None,
) -> None:
    """收录一个文件夹:按 manifest.csv,或按文件名(问卷里的名字、句子的编号)。Take in a folder of recordings.

    Each file is told by manifest.csv (columns file, sentence), by the name that the questionnaire gives it, or by the
    number of its sentence: 007.wav.

    例 example:  minyi questionnaire audio add perception --lang zh --from 录音 --by 录音室
    """
    command = "minyi questionnaire audio add"
    q = open_questionnaire(command, file, lang).questionnaire
    name = by or _me()

    async def act(ground: Ground, sheet: Sheet) -> Outcome:
        found = read_folder(folder, q, sheet)
        sounds = (
            New(one.path.name, one.sentence, one.read()) for one in _watched("收录 adding", found.brought)
        )
        outcome = await _keep(ground, q, sheet, sounds, by=name, source="recorded")
        return replace(outcome, refusals=(*found.refused, *outcome.refusals))

    try:
        outcome = _on_sheet(command, q, lang, act)
    except ListError as error:
        raise refused(command, str(error)) from None
    _tell(outcome)
    if not outcome.kept:
        raise typer.Exit(NOTHING_DONE)


@app.command()
def synthesise(file: File, lang: Lang) -> None:
    """把缺的句子用语音合成补上,不替换录音。Make what is missing with espeak-ng; no recording is replaced.

    例 example:  minyi questionnaire audio synthesise perception --lang zh
    """
    command = "minyi questionnaire audio synthesise"
    q = open_questionnaire(command, file, lang).questionnaire

    async def act(ground: Ground, sheet: Sheet) -> Outcome:
        with open_espeak() as voice:
            texts = (row.sentence.text for row in _watched("合成 speaking", sheet.missing))
            sounds = (New("espeak-ng", text, voice.say(text, sheet.lang)) for text in texts)
            return await _keep(ground, q, sheet, sounds, by="espeak-ng", source="synthesised")

    try:
        outcome = _on_sheet(command, q, lang, act)
    except NoSpeech as error:
        raise refused(command, str(error)) from None
    _tell(outcome)


# -- what they share ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class New:
    """A sound to be added, and what it is called in what we print."""

    file: str
    sentence: str
    data: bytes


async def _keep(
    ground: Ground, q: Questionnaire, sheet: Sheet, sounds: Iterable[New], *, by: str, source: Source
) -> Outcome:
    """Add one after the other; one that is refused stops none of the others."""
    kept, refusals = list[Kept](), list[SoundRefused]()
    for new in sounds:
        try:
            done = await voicing.add(ground, sheet, new.sentence, new.file, new.data, by=by, source=source)
        except SoundRefused as error:
            refusals.append(error)
        else:
            kept.append(Kept(done, new.file, new.sentence))
    now = await voicing.sheet(ground, q, sheet.lang, load_settings().centre)
    return Outcome(now, tuple(kept), tuple(refusals))


def _watched(what: str, things: Sequence[T]) -> Iterator[T]:
    """The things, with a bar on a terminal that says how far it is."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        yield from progress.track(things, description=what)


Act = Callable[[Ground, Sheet], Awaitable[T]]


def _on_sheet(command: str, q: Questionnaire, lang: str, act: Act[T]) -> T:
    async def work() -> T:
        settings = load_settings()
        async with open_ground(settings, "audio", pool_size=2) as ground:
            with ground.clock.activity():
                return await act(ground, await voicing.sheet(ground, q, lang, settings.centre))

    return run(command, work())


def _sheet(command: str, q: Questionnaire, lang: str) -> Sheet:
    async def same(_: Ground, sheet: Sheet) -> Sheet:
        return sheet

    return _on_sheet(command, q, lang, same)


def _me() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user, as in some containers
        return "unknown"


def _languages(q: Questionnaire, lang: str | None) -> tuple[str, ...]:
    return (lang,) if lang is not None else q.voice.audio or q.spoken_languages


def _write_manifest(command: str, folder: Path, rows: Sequence[Row]) -> None:
    path = folder / MANIFEST
    if path.exists():
        raise refused(command, f"{path} is there already; name another folder, or take the old sheet away")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(manifest(rows))


def _print(sheets: Sequence[Sheet], q: Questionnaire, json: bool) -> None:
    if json:
        sys.stdout.write(as_json(sheets, q) + "\n")
        return
    for sheet in sheets:
        for line in sheet_lines(sheet, q):
            typer.echo(line)


def _tell(outcome: Outcome) -> None:
    for line in outcome_lines(outcome):
        typer.echo(line)
    if outcome.refusals:
        raise typer.Exit(SOME_REFUSED if outcome.kept else NOTHING_DONE)
