"""Transcripts as plain text, one file a conversation. No number is in them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from survey.transcripts import Line
from survey.web.terms import EFFECTS, MODES, PURPOSES, Words, words
from workers.demo_output.stories import Story

NAMES = {"centre": "中心", "resident": "居民"}


def transcript(story: Story) -> str:
    """The whole conversation with a heading, times local to the resident."""
    head = story.conversation.head
    zone = ZoneInfo(head.tz)
    about = (
        f"事项 case {story.case_number} · 第{story.round}轮 round {story.round}\n"
        if story.case_number
        else ""
    )
    heading = (
        f"{story.zh} / {story.en}\n"
        f"{_both(MODES, head.mode)} · {_both(PURPOSES, head.purpose)} · {head.area_zh} {head.area_en}\n"
        f"{about}{_moment(head.opened_at, zone)}\n\n"
    )
    gone = "          (居民挂断 the resident hung up)\n" if head.hung_up else ""
    return heading + "".join(_line(line, head.mode, zone) for line in story.conversation.lines) + gone


def file_name(place: int, story: Story) -> str:
    """Ordered as on the page: 01-voice.txt."""
    return f"{place:02d}-{story.key}.txt"


def _line(line: Line, mode: str, zone: ZoneInfo) -> str:
    if line.speaker == "centre":
        said = line.words
    elif mode == "voice":
        said = f"[按键 {line.words}]" if line.words else "(没有声音 silence)"
    else:
        said = line.words or line.kept_zh
    kept = f"  → {line.kept_zh} / {line.kept_en}" if line.kept_zh and line.kept_zh != said else ""
    effect = (
        f"  ({' '.join(words(EFFECTS, line.effect))})" if line.effect not in ("", "answered", "ended") else ""
    )
    return f"{line.at.astimezone(zone):%H:%M:%S}  {NAMES[line.speaker]}  {said}{kept}{effect}\n"


def _both(table: Words, code: str) -> str:
    return " ".join(words(table, code))


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
