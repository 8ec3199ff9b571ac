"""Transcripts as plain text, one file a conversation. No number is in them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from survey.transcripts import Conversation, Line
from survey.web.terms import EFFECTS, MODES, PURPOSES, STATUSES, words
from workers.demo_output.stories import Story

NAMES = {"centre": "中心", "resident": "居民"}


def transcript(story: Story) -> str:
    """The whole conversation with a heading, times local to the resident."""
    head = story.conversation.head
    zone = ZoneInfo(head.tz)
    about = f"事项 case {story.case_number} · 第{story.round}轮 round {story.round}\n" if story.case_number else ""
    heading = (
        f"{story.zh} / {story.en}\n"
        f"{_both(MODES, head.mode)} · {_both(PURPOSES, head.purpose)} · {head.area_zh} {head.area_en}\n"
        f"{about}{_moment(head.opened_at, zone)}\n\n"
    )
    return heading + "".join(_line(line, head.mode, zone) for line in story.conversation.lines)


def file_name(place: int, story: Story) -> str:
    """Ordered as on the page: 01-voice.txt."""
    return f"{place:02d}-{story.key}.txt"


def _line(line: Line, mode: str, zone: ZoneInfo) -> str:
    said = line.words or "(没有声音 silence)"
    if line.speaker == "resident" and mode == "voice" and line.words:
        said = f"[按键 {line.words}]" if line.words[0] in "0123456789*#" else said
    kept = f"  → {line.kept_zh} / {line.kept_en}" if line.kept_zh and line.kept_zh != said else ""
    effect = f"  ({' '.join(words(EFFECTS, line.effect))})" if line.effect not in ("", "answered") else ""
    return f"{line.at.astimezone(zone):%H:%M:%S}  {NAMES[line.speaker]}  {said}{kept}{effect}\n"


def _both(table: object, code: str) -> str:
    return " ".join(words(table, code))  # type: ignore[arg-type]


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def ending(conversation: Conversation) -> str:
    """The last line said, for a heading."""
    return conversation.lines[-1].words if conversation.lines else ""


__all__ = ["STATUSES", "ending", "file_name", "transcript"]
