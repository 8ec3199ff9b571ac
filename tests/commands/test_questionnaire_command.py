"""`minyi questionnaire lint | show | convert | play`, as somebody types them who has no database."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from survey.dialogue.script import read_script
from survey.questionnaire import Mode, library, shipped
from survey.questionnaire.loader import LIBRARY
from survey.questionnaire.wording import MODES
from workers.cli import app

TOLD: dict[Mode, str] = {"voice": "voice", "text": "sms", "web": "web", "operator": "operator"}
GOLDEN = Path(__file__).parent.parent / "dialogue" / "golden"
NEVER = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", NEVER)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def minyi(*arguments: str, typed: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["questionnaire", *arguments], input=typed)


def of_callback(old: str, new: str) -> str:
    """The text of the shipped callback with one thing changed."""
    body = (LIBRARY / "callback.yaml").read_text("utf-8")
    assert old in body
    return body.replace(old, new, 1)


# lint


def test_lint_names_file_line_and_column_and_counts() -> None:
    done = minyi("lint", "callback")
    assert (done.exit_code, done.stdout) == (
        0,
        "callback.yaml:78:13: warning text-in-parts: 这条短信要2条(UCS-2 81个字符,en)"
        " / this text takes 2 parts (81 of UCS-2, en)\n"
        "    改法: 给 text 写短一些的问法,并给选项写 short"
        " / remedy: write a shorter prompt for text, and short labels for its options\n"
        "0 处错误 errors, 1 处警告 warnings\n",
    )
    assert minyi("lint", "callback", "--strict").exit_code == 1


def test_lint_says_so_when_there_is_nothing_to_say(folder: Path) -> None:
    clean = Path(__file__).parent.parent / "questionnaire" / "lint_clean.yaml"
    done = minyi("lint", str(clean))
    assert (done.exit_code, done.stdout) == (0, "没有发现问题 no findings\n")
    assert json.loads(minyi("lint", str(clean), "--json").stdout) == []


def test_lint_goes_on_past_a_file_that_is_no_questionnaire(folder: Path) -> None:
    (folder / "typo.yaml").write_text(of_callback("\ntitle:", "\ntitel:"), "utf-8")
    done = minyi("lint", "typo.yaml", "none.yaml", "callback")
    assert done.exit_code == 1
    assert done.stderr == (
        "minyi questionnaire lint: 没有文件 there is no file none.yaml; "
        "the shipped questionnaires are callback, fraud_selftest, perception, revisit, special_poll\n"
    )
    first, *_ = done.stdout.splitlines()
    assert first == ("typo.yaml:2:1: error malformed: 文件不成问卷(原因见英文) / title: this key is missing")
    assert done.stdout.endswith(
        "2 个文件不成问卷 files are no questionnaires\n2 处错误 errors, 1 处警告 warnings\n"
    )
    assert minyi("lint", "typo.yaml", "none.yaml").exit_code == 3
    assert minyi("lint", "callback", "none.yaml").exit_code == 1


def test_lint_as_json_is_one_array_with_a_place_in_each(folder: Path) -> None:
    (folder / "typo.yaml").write_text(of_callback("\ntitle:", "\ntitel:"), "utf-8")
    found = json.loads(minyi("lint", "typo.yaml", "callback", "--json").stdout)
    assert [(one["file"], one["line"], one["column"], one["severity"]) for one in found] == [
        ("typo.yaml", 2, 1, "error"),
        ("typo.yaml", 5, 8, "error"),
        ("callback.yaml", 78, 13, "warning"),
    ]


def test_an_opening_that_is_untrue_of_the_frame_is_found(folder: Path) -> None:
    body = (LIBRARY / "perception.yaml").read_text("utf-8")
    (folder / "own.yaml").write_text(body.replace("${frame} != 'random'", "${frame} = 'random'"), "utf-8")
    rules = {
        frame: {
            one["rule"] for one in json.loads(minyi("lint", "own.yaml", "--json", "--frame", frame).stdout)
        }
        for frame in ("list", "random")
    }
    assert ("opening-frame" in rules["list"], "opening-frame" in rules["random"]) == (False, True)
    assert minyi("lint", "own.yaml", "--frame", "random").exit_code == 1
    assert minyi("lint", "own.yaml", "--frame", "lst").exit_code == 2


# what is no questionnaire

NONE = {
    "empty.yaml": (b"", "empty.yaml: error malformed: "),
    "list.yaml": (b"- a\n", "list.yaml:1:1: error malformed: "),
    "broken.yaml": (b"format: 1\ncode: [x\n", "broken.yaml:3:1: error malformed: "),
    "gbk.yaml": ("code: 问卷".encode("gbk"), "gbk.yaml 不是 UTF-8 文本 is not UTF-8 text; save it as UTF-8"),
    "no.xlsx": (b"no zip", "no.xlsx: error malformed: "),
    "e.csv": (
        b"",
        "e.csv: error malformed: 文件不成问卷(原因见英文) / not an XLSForm: there is no sheet named survey",
    ),
}


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_questionnaire_is_refused_with_its_place_and_a_remedy(folder: Path, name: str) -> None:
    body, told = NONE[name]
    (folder / name).write_bytes(body)
    for arguments in (["show", name], ["lint", name], ["play", name], ["convert", name, "out.yaml"]):
        done = minyi(*arguments)
        assert (done.exit_code, done.exception.__class__) == (3, SystemExit)
        assert told in done.output
        assert "remedy: " in done.output or "; " in done.output
    assert not (folder / "out.yaml").exists()


def test_a_folder_is_no_file(folder: Path) -> None:
    (folder / "d.xlsx").mkdir()
    done = minyi("show", "d.xlsx")
    assert (done.exit_code, done.stderr) == (
        3,
        "minyi questionnaire show: d.xlsx 是文件夹 is a folder; name a file in it\n",
    )


# show


def test_show_lays_out_a_mode() -> None:
    shown = minyi("show", "fraud_selftest", "--mode", "web", "--lang", "zh").stdout
    assert re.sub(r"sha256 \w+", "sha256 …", shown).splitlines()[:7] == [
        "防诈骗自测  (fraud_selftest, version 1, sha256 …)",
        "languages: zh, en   questions: 5",
        "complete with: F1, F2, F3, F4, F5",
        "partial: replied(${F1})",
        "",
        "== 网页 web: 5 prompts, about 0.7 min ==",
        "F1 * [select_one] 有人自称警察,要您把钱转到“安全账户”,您怎么办?",
    ]


@pytest.mark.parametrize("code", shipped())
def test_show_has_every_mode_of_each_shipped_questionnaire_and_every_question_of_a_mode(code: str) -> None:
    q = library(code)
    for lang in q.spoken_languages:
        parts = minyi("show", code, "--lang", lang).stdout.split("\n== ")[1:]
        assert len(parts) == len(MODES)
        for mode, part in zip(MODES, parts, strict=True):
            assert re.findall(r"^([A-Z]\w*) (?:\* )?\[", part, re.M) == list(q.asked_in(mode))


def test_show_refuses_a_language_that_is_not_spoken() -> None:
    done = minyi("show", "callback", "--lang", "fr")
    assert (done.exit_code, done.stderr) == (
        3,
        "minyi questionnaire show: --lang fr: callback 只有 speaks zh, en; choose one\n",
    )


def test_show_prints_the_schema_for_editors() -> None:
    schema = json.loads(minyi("show", "--schema").stdout)
    assert {"code", "title", "items"} <= set(schema["properties"])
    assert minyi("show").exit_code == 2


# convert


@pytest.mark.parametrize("code", shipped())
def test_a_shipped_questionnaire_can_be_played_when_it_is_back_from_xlsform(folder: Path, code: str) -> None:
    there = minyi("convert", code, "form.xlsx", "--json")
    assert json.loads(there.stdout)["questions"] == len(library(code).questions)
    assert there.exit_code == (1 if json.loads(there.stdout)["left_out"] else 0)
    assert minyi("convert", "form.xlsx", "back.yaml").exit_code in (0, 1)
    (folder / "in.txt").write_text("hangup\n")
    back = minyi("play", "back.yaml", "--inputs", "in.txt", "--json", "--seed", "7")
    assert back.exit_code == 0, back.output
    assert sorted(folder.iterdir()) == [folder / name for name in ("back.yaml", "form.xlsx", "in.txt")]


def test_what_a_form_cannot_bring_is_listed_with_its_place(folder: Path) -> None:
    (folder / "form.csv").write_text(
        '"survey",,,\n,"type","name","label"\n,"geopoint","where","在哪里?"\n,"text","what","什么事?"\n',
        "utf-8",
    )
    done = minyi("convert", "form.csv", "form.yaml", "--form-lang", "zh")
    assert done.exit_code == 1
    *listed, last = done.stdout.splitlines()
    assert any(line.startswith("form.csv") and "geopoint" in line for line in listed), done.stdout
    assert last.startswith("form.yaml: 1 题已写 questions written")
    linted = minyi("lint", "form.csv")
    assert linted.stderr == (
        f"form.csv: {len(listed)} 项没带过去 features are left out; "
        "逐条见 listed by: minyi questionnaire convert form.csv OUT.yaml\n"
    )


def test_convert_writes_over_nothing_unasked_and_nothing_by_half(folder: Path) -> None:
    (folder / "own.yaml").write_text("mine", "utf-8")
    taken = minyi("convert", "callback", "own.yaml")
    assert (taken.exit_code, taken.stderr) == (
        3,
        "minyi questionnaire convert: own.yaml 已有 exists; name another file, or say --force\n",
    )
    assert (folder / "own.yaml").read_text("utf-8") == "mine"
    lost = minyi("convert", "callback", "none/own.yaml")
    assert (lost.exit_code, lost.stderr) == (
        3,
        "minyi questionnaire convert: none/own.yaml 写不了 cannot be written: No such file or directory\n",
    )
    (folder / "own.yaml.draft").mkdir()  # a draft that cannot be written leaves what was there
    assert minyi("convert", "callback", "own.yaml", "--force").exit_code == 3
    assert (folder / "own.yaml").read_text("utf-8") == "mine"
    (folder / "own.yaml.draft").rmdir()
    assert minyi("convert", "callback", "own.doc").exit_code == 3
    assert minyi("convert", "callback", "own.yaml", "--force").exit_code == 0
    assert sorted(folder.iterdir()) == [folder / "own.yaml"]


# play


def played(folder: Path, lines: str, *arguments: str) -> list[dict[str, Any]]:
    (folder / "in.txt").write_text(lines, "utf-8")
    done = minyi("play", *arguments, "--inputs", "in.txt", "--json")
    assert done.exit_code == 0, done.output
    turns: list[dict[str, Any]] = json.loads(done.stdout)
    return turns


ENDINGS: dict[str, tuple[list[str], str, dict[str, Any]]] = {
    "complete": (
        ["callback"],
        "digits:1\ndigits:1\ndigits:1\nspeech:满意\ndigits:1\n",
        {
            "answers": {"C0": "1", "C1": "1", "C2": "1", "C3": "1", "C6": "1"},
            "status": "complete",
            "disposition": "complete",
            "ended": "finished",
            "flags": [],
        },
    ),
    "partial": (
        ["perception", "--mode", "web"],
        'web:{"S1": "1"}\nweb:{"Q1": "2"}\nstop\n',
        {
            "answers": {"S1": "1", "Q1": "2"},
            "status": "partial",
            "disposition": "partial",
            "ended": "stop",
            "flags": [],
        },
    ),
    "screened_out": (
        ["perception"],
        "digits:2\n",
        {
            "answers": {"S1": "2"},
            "status": "screened_out",
            "disposition": "ineligible",
            "ended": "not_eligible",
            "flags": [],
        },
    ),
    "refused": (
        ["perception", "--mode", "operator", "--lang", "en"],
        "choice:declined_hard\n",
        {
            "answers": {},
            "status": "refused",
            "disposition": "refusal_hard",
            "ended": "declined_hard",
            "flags": [],
        },
    ),
    "broken_off": (
        ["callback"],
        "# the result is heard and not wanted\ndigits:1\n\nhangup\n",
        {
            "answers": {"C0": "1"},
            "status": "broken_off",
            "disposition": "break_off",
            "ended": "hung_up",
            "flags": [],
        },
    ),
}


@pytest.mark.parametrize("status", ENDINGS)
def test_an_interview_ends_in_each_status(folder: Path, status: str) -> None:
    arguments, lines, result = ENDINGS[status]
    assert played(folder, lines, *arguments)[-1] == result


WHOLE = sorted((code, mode, lang) for code, mode in product(shipped(), MODES) for lang in ("zh", "en"))


@pytest.mark.parametrize(("code", "mode", "lang"), WHOLE)
def test_a_whole_interview_says_what_was_agreed(folder: Path, code: str, mode: Mode, lang: str) -> None:
    """The dialogues agreed in tests/dialogue/golden, through the command."""
    ending = (
        "en" if lang == "en" else "satisfied" if code == "callback" and mode != "operator" else "complete"
    )
    agreed = (GOLDEN / f"{code}_{mode}_{ending}.txt").read_text("utf-8")
    script = read_script(agreed)
    facts = [f"--fact={fact}={value}" for fact, value in script.first.facts.items()]
    lines = "\n".join(line[2:] for line in agreed.splitlines() if line.startswith("> "))
    turns = played(
        folder, lines, code, "--mode", TOLD[mode], "--lang", lang, "--seed", str(script.seed), *facts
    )
    said = [words for turn in turns[:-1] for words in _said(turn)]
    heard = re.findall(r"^  (?:\[\w+ \w+\](?: \*)? )?([^\s?!].*)", agreed, re.M)
    assert said == heard
    answered = re.findall(r"^= (\w+): (\S+)", agreed, re.M)
    assert [
        (name, code if code in turns[-1]["answers"][name] else "-") for name, code in answered
    ] == answered
    assert f"\n= {turns[-1]['status']}, {turns[-1]['disposition']}\n" in agreed


def _said(turn: dict[str, Any]) -> list[str]:
    said: list[str] = [field["prompt"] for field in turn["fields"]] or turn["prompts"]
    return said


@pytest.mark.parametrize("mode", TOLD.values())
def test_stop_ends_it_in_every_mode(folder: Path, mode: str) -> None:
    turns = played(folder, "stop\n", "perception", "--mode", mode)
    assert [turn["reaction"] for turn in turns[:-1]] == ["opened", "opted_out"]
    assert (turns[-1]["status"], turns[-1]["disposition"]) == ("refused", "opted_out")


def test_the_same_seed_prints_the_same_bytes(folder: Path) -> None:
    (folder / "in.txt").write_text("digits:1\n")
    first, again = (minyi("play", "special_poll", "--seed=4", "--inputs=in.txt", "--json") for _ in "12")
    assert first.stdout_bytes == again.stdout_bytes


def test_inputs_of_every_kind_are_told_back_as_they_were_written(folder: Path) -> None:
    lines = [
        "speech:是 (0.4)",
        "recording:RE1 12 key=9 路灯坏了",
        "choice:1",
        "words:安全",
        "correct:Q1",
        "silence",
    ]
    turns = played(folder, "\n".join(lines), "perception")
    assert [turn["input"] for turn in turns[1:-1]] == lines


def test_a_line_that_is_no_input_is_named_by_its_number(folder: Path) -> None:
    (folder / "in.txt").write_text("digits:1\n\nfoo\n")
    done = minyi("play", "perception", "--inputs", "in.txt")
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr.startswith(
        "minyi questionnaire play: in.txt, line 3: no input 'foo'; write one of digits,"
    )
    (folder / "in.txt").write_bytes("text:安全".encode("gbk"))
    done = minyi("play", "perception", "--inputs", "in.txt")
    assert (
        done.stderr
        == "minyi questionnaire play: in.txt 不是 UTF-8 文本 is not UTF-8 text; save it as UTF-8\n"
    )


@pytest.mark.parametrize("fact", ["centre", "=3"])
def test_a_fact_has_a_name_and_a_value(fact: str) -> None:
    done = minyi("play", "perception", "--fact", fact)
    assert (done.exit_code, done.stderr) == (
        3,
        f"minyi questionnaire play: --fact {fact}: write it as name=value\n",
    )


def test_without_a_file_of_inputs_json_is_played_from_standard_input() -> None:
    done = minyi("play", "perception", "--json", typed="digits:2\n")
    assert json.loads(done.stdout)[-1]["status"] == "screened_out"


def test_texts_are_printed_as_they_are_sent_and_the_end_of_input_hangs_up() -> None:
    done = minyi("play", "perception", "--mode", "sms", typed="1\n")
    first, _, rest = done.stdout.partition("\n")
    assert first == (
        "【遂澜民调中心】平安建设调查(3题):您感觉当地安全吗?1安全2比较安全3不太安全4不安全。回数字,0人工,退订回T"
    )
    assert rest.startswith("> 1\n")
    assert json.loads(rest.splitlines()[-1])["answers"] == {"Q1": "1"}


ONE_PAGE = """code: visit
version: 1
purpose: survey
title: {zh: "走访"}
languages: [zh]
web: {layout: one_page}
choices:
  town: [{code: "1", label: {zh: 柳河镇}}, {code: "2", label: {zh: 青山乡}}]
items:
  - {id: town, kind: select_one, choices: town, essential: true, prompt: {zh: "您住在哪里?"}}
  - {id: people, kind: integer, prompt: {zh: "家里几口人?"}}
"""


def test_a_page_is_filled_in_field_by_field_and_asked_again_where_it_was_wrong(folder: Path) -> None:
    (folder / "visit.yaml").write_text(ONE_PAGE, "utf-8")
    done = minyi("play", "visit.yaml", "--mode", "web", typed="7\n4\n2\n\n")
    asked = [line for line in done.stdout.splitlines() if line.startswith((">", "您住", "家里", "  "))]
    assert asked[:5] == ["您住在哪里? *", "  1  柳河镇", "  2  青山乡", "> 7", "家里几口人?"]
    result = json.loads(done.stdout.splitlines()[-1])
    assert (result["answers"], result["status"]) == ({"people": "4", "town": "2"}, "complete"), done.stdout


# help


@pytest.mark.parametrize("command", [[], ["lint"], ["show"], ["convert"], ["play"]])
def test_help_is_whole_at_80_columns(command: list[str]) -> None:
    shown = minyi(*command, "--help").stdout
    assert "… │" not in shown
    assert re.search("[一-龥]", shown)
