"""The folder that a demo leaves: complete, self-contained, without a number, and honest about sums that do
not hold.
"""

import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

from rich.console import Console
from small_cases import MOBILE
from small_day import CENTRE, SmallDay, at

from workers.demo_output import Agreement, DemoFacts, Summary, write_output

NAMED = (
    "sample", "attempts", "texts_out", "texts_in", "completed_interviews", "operator_interviews",
    "dispositions", "opt_outs", "asked_again", "word_replies", "too_late", "hung_up_midway",
    "appeals_registered", "cases_imported", "callbacks_due", "callbacks_reached", "flagged",
    "redispatched", "rejected", "waiting", "second_callbacks", "third_rounds", "open", "told_results",
    "safety_rate", "flag_p95_s", "differences", "intent_mismatches", "seconds", "closed",
    "closed_partly", "closed_dissatisfied", "closed_unrated", "closed_unreached", "promised", "adopted",
    "partly_adopted", "not_adopted", "callback_not_suitable",
)  # fmt: skip


async def test_every_file_is_there(written: tuple[Path, Summary]) -> None:
    out, _ = written
    files = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    transcripts = [name for name in files if name.startswith("transcripts/")]
    assert [name for name in files if name not in transcripts] == [
        "callback-report.csv", "callback-report.docx", "callback-report.html", "callback-report.json",
        "callback-report.xlsx", "index.html", "summary.json",
    ]  # fmt: skip
    assert [name[15:-4] for name in transcripts] == [
        "voice", "keys", "midway", "text", "words", "stop", "help", "operator", "solved", "flagged", "denied",
        "second", "third", "late",
    ]  # fmt: skip


def words_of(path: Path) -> str:
    """The text of a file; of an archive, that of all its parts."""
    if path.suffix not in (".docx", ".xlsx"):
        return path.read_text("utf-8")
    with ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


async def test_no_file_shows_a_number(written: tuple[Path, Summary]) -> None:
    out, _ = written
    for path in out.rglob("*.*"):
        text = words_of(path)
        assert MOBILE not in text and MOBILE[3:] not in text, path.name
        assert not re.search(r"154\d{8}", text), path.name


async def test_the_summary_has_every_name(written: tuple[Path, Summary]) -> None:
    out, _ = written
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert [name for name in NAMED if name not in summary] == []
    assert summary["sample"] == sum(summary["dispositions"].values()) == 37
    assert (summary["attempts"], summary["texts_out"], summary["texts_in"]) == (28, 50, 34)
    assert (summary["flagged"], summary["redispatched"], summary["rejected"], summary["waiting"]) == (
        4,
        3,
        0,
        1,
    )
    assert (summary["closed"], summary["closed_unreached"], summary["open"]) == (3, 1, 1)
    assert (summary["second_callbacks"], summary["third_rounds"], summary["told_results"]) == (2, 1, 7)
    assert summary["safety_rate"]["planted"] == 0.942
    assert summary["flag_p95_s"] == 0.9


async def test_the_sums_hold_and_are_printed_with_their_numbers(written: tuple[Path, Summary]) -> None:
    _, summary = written
    assert summary.holds
    assert "due 8 = reached 7 + unreached 1 + unrated 0 + waiting 0" in [str(i) for i in summary.identities]
    assert "imported 5 = closed 3 + closed_unreached 1 + open 1" in [str(i) for i in summary.identities]


async def test_a_callback_that_was_reached_but_not_told_breaks_a_sum(
    small_day: SmallDay, facts: DemoFacts, tmp_path: Path
) -> None:
    await small_day.conn.execute("UPDATE followup.callback SET told_at = NULL WHERE round = 3")
    summary = await write_output(tmp_path, facts, small_day.conn)
    assert not summary.holds
    broken = [str(identity) for identity in summary.identities if not identity.holds]
    assert broken == ["reached without its result told 1 ≠ none may be 0"]
    assert '<li class="broken">' in (tmp_path / "index.html").read_text("utf-8")


async def test_a_difference_from_the_ledger_is_shown(
    small_day: SmallDay, facts: DemoFacts, tmp_path: Path
) -> None:
    differs = Agreement(1, 0, ("call CAx: a key was delivered and is not stored",))
    summary = await write_output(tmp_path, replace(facts, agreement=differs), small_day.conn)
    page = (tmp_path / "index.html").read_text("utf-8")
    assert not summary.holds
    assert "call CAx: a key was delivered and is not stored" in page and "不一致" in page


async def test_the_page_is_one_file_in_both_languages(written: tuple[Path, Summary]) -> None:
    page = (written[0] / "index.html").read_text("utf-8")
    assert "<script" not in page and "<link" not in page and "<img" not in page and "@import" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "中心的一天" in page and "A day at the centre" in page
    assert "东街6盏路灯已全部更换,夜里已亮灯" in page
    assert page.count('class="talk ') == 14
    assert page.count('class="case-story') == 3


async def test_the_most_eventful_case_comes_first(written: tuple[Path, Summary]) -> None:
    page = (written[0] / "index.html").read_text("utf-8")
    places = [page.index(f'id="case-{CENTRE}-20260309-{serial}-4"') for serial in ("00052", "00041", "00060")]
    assert places == sorted(places)


async def test_an_older_run_s_transcripts_do_not_stay(
    small_day: SmallDay, facts: DemoFacts, tmp_path: Path
) -> None:
    (tmp_path / "transcripts").mkdir()
    (tmp_path / "transcripts" / "99-old.txt").write_text("old")
    await write_output(tmp_path, facts, small_day.conn)
    assert not (tmp_path / "transcripts" / "99-old.txt").exists()


async def test_a_transcript_word_for_word(written: tuple[Path, Summary]) -> None:
    told = (written[0] / "transcripts" / "06-stop.txt").read_text("utf-8")
    assert told == (
        "回了退订 / Says stop\n"
        "短信 Text · 平安调查 Safety survey · 城关镇 Chengguan\n"
        "2026-03-09 09:02\n"
        "\n"
        "09:02:00  中心  【遂澜民调中心】平安建设调查(3题):您感觉当地安全吗?1安全2比较安全3不太安全4不安全。"
        "回数字,0人工,退订回T\n"
        "09:05:20  居民  退订  (不再联系 Opted out)\n"
        "09:05:20  中心  【遂澜民调中心】已退订,今后不再请您参加调查。您要求告知的事项结果仍会告诉您。\n"
    )


async def test_the_terminal_shows_the_end_of_the_day(
    small_day: SmallDay, facts: DemoFacts, tmp_path: Path
) -> None:
    shown = StringIO()
    console = Console(file=shown, width=160)
    await write_output(tmp_path, facts, small_day.conn, console)
    text = shown.getvalue()
    for words in (
        "平安调查 Survey: AAPOR",
        "合计 all modes",
        "94.2",
        "回访漏斗",
        "还剩一只大的",
        "等待决定",
        "differences 0",
    ):
        assert words in text
    assert text.count("╭─") == 3  # three whole transcripts
    assert MOBILE[3:] not in text


async def test_a_day_on_which_nothing_happened(small_day: SmallDay, facts: DemoFacts, tmp_path: Path) -> None:
    """A centre without a sample, a case or a call still gets its pages."""
    await small_day.put(
        "survey.centre",
        None,
        code="991722",
        area_code=CENTRE,
        name_zh="平岗",
        short_zh="平岗",
        name_en="Pinggang",
    )
    empty = replace(
        facts, centre_code="991722", ended_at=at(18), planted_safe=None, day=at(9, days=30).date()
    )
    summary = await write_output(tmp_path, empty, small_day.conn, Console(file=StringIO()))
    assert summary.to_dict()["sample"] == 0
    assert summary.to_dict()["safety_rate"]["estimate"] is None
    assert "没有事项被标记" in (tmp_path / "index.html").read_text("utf-8")
