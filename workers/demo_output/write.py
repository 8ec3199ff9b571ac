"""Writing the demo's folder."""

from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
from rich.console import Console

from followup.reports.callback_document import callback_document
from followup.reports.callback_report import read_callback_report
from followup.reports.callback_rows import centre_names
from followup.reports.rendering import FORMATS
from followup.reports.rendering.printed import printed
from survey.periods import Period
from workers.demo_output.facts import DemoFacts
from workers.demo_output.hours import hour_strip
from workers.demo_output.index_page import index_page
from workers.demo_output.stories import read_stories
from workers.demo_output.summary import Summary, read_summary
from workers.demo_output.terminal import show
from workers.demo_output.timelines import read_timelines
from workers.demo_output.transcripts import file_name, transcript


async def write_output(
    out: Path, facts: DemoFacts, conn: asyncpg.Connection, console: Console | None = None
) -> Summary:
    """Write index.html, callback-report.{html,docx,xlsx,csv,json}, transcripts/*.txt and summary.json into `out`,
    which is made if absent.

    With a `console` the tables at the end are printed on it. Transcripts of an earlier run are removed
    first. Raises LookupError for an unknown centre, OSError where the folder cannot be written.
    """
    tz = (await centre_names(conn, facts.centre_code)).tz
    last = facts.ended_at.astimezone(ZoneInfo(tz)).date()
    report = await read_callback_report(conn, facts.centre_code, Period(facts.day, last), facts.ended_at)
    summary = await read_summary(conn, facts, report.centre.tz)
    stories = await read_stories(conn, report.callbacks)
    cases = await read_timelines(conn, report.callbacks)
    strip = hour_strip(summary.field.hours, facts.day)
    document = printed(callback_document(report))
    files: dict[str, str | bytes] = {
        "index.html": index_page(summary, report, stories, cases, strip),
        **{f"callback-report.{ending}": make(document, "zh") for ending, make in FORMATS.items()},
        "summary.json": summary.to_json(),
        **{f"transcripts/{file_name(n, story)}": transcript(story) for n, story in enumerate(stories, 1)},
    }
    _write(out, files)
    if console is not None:
        show(console, summary, report, cases, stories)
    return summary


def _write(out: Path, files: dict[str, str | bytes]) -> None:
    transcripts = out / "transcripts"
    transcripts.mkdir(parents=True, exist_ok=True)
    for old in transcripts.glob("*.txt"):
        old.unlink()
    for name, body in files.items():
        (out / name).write_bytes(body if isinstance(body, bytes) else body.encode())
