"""How voice prompts are shown: each sentence with its number, its places and whether it is recorded; the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from survey.questionnaire import Questionnaire
from survey.sounds import SoundRefused
from survey.voicing import Done, Row, Sheet

_DONE: Final = {"added": "收录 added", "replaced": "替换 replaced", "unchanged": "已有 unchanged"}
_SOURCES: Final = {"recorded": "录音 recorded", "synthesised": "合成 synthesised"}


def sheet_lines(sheet: Sheet, q: Questionnaire) -> Iterator[str]:
    """A line for each sentence, and a sum."""
    if not sheet.rows:
        yield f"{sheet.lang}: {sheet.code} 不用电话问 is not asked by telephone"
        return
    for row in sheet.rows:
        number = "" if row.number is None else str(row.number)
        yield f"{number:>3} {_state(row)}  {' '.join(row.sentence.where)}: {row.sentence.text}"
    spoken = len(sheet.rows) - len(sheet.recordable)
    yield (
        f"{sheet.lang}: {len(sheet.recordable)} 句要录 to be recorded, 缺 {len(sheet.missing)} 句 missing; "
        f"另有 {spoken} 句因人而异,由运营商的声音说 more differ from call to call, and are spoken by the carrier"
    )
    if sheet.lang not in q.voice.audio:
        asked = ", ".join((*q.voice.audio, sheet.lang))
        yield (
            f"问卷还没有要求播放 {sheet.lang} 的录音。Recordings in {sheet.lang} are not played until the questionnaire "
            f"asks for them: voice: {{audio: [{asked}]}}"
        )


def _state(row: Row) -> str:
    if row.number is None:
        return "代说 spoken"
    return "缺 missing" if row.audio is None else f"{_SOURCES[row.audio.source]} {row.audio.seconds:.1f} s"


@dataclass(frozen=True)
class Kept:
    """A sound that is stored for its sentence."""

    done: Done
    file: str
    sentence: str


@dataclass(frozen=True)
class Outcome:
    """What became of each sound, and the sheet as it is now."""

    sheet: Sheet
    kept: tuple[Kept, ...]
    refusals: tuple[SoundRefused, ...]


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """A line for each sound, those that were refused last, and a sum."""
    for one in outcome.kept:
        yield f"{one.file}: {_DONE[one.done]}: {one.sentence}"
    for no in outcome.refusals:
        yield f"{no.file}: 未收 refused: {no.reason}; {no.remedy}"
    yield (
        f"{len(outcome.kept)} 个已收 kept, {len(outcome.refusals)} 个未收 refused, "
        f"还缺 {len(outcome.sheet.missing)} 句 still missing ({outcome.sheet.lang})"
    )


def as_json(sheets: Sequence[Sheet], q: Questionnaire) -> str:
    """By language: counts, and each sentence with what is known of its recording."""
    body = {
        "code": q.code,
        "languages": {
            sheet.lang: {
                "played": sheet.lang in q.voice.audio,
                "to_record": len(sheet.recordable),
                "missing": len(sheet.missing),
                "sentences": [_fields(row) for row in sheet.rows],
            }
            for sheet in sheets
        },
    }
    return json.dumps(body, ensure_ascii=False, indent=2)


def _fields(row: Row) -> dict[str, object]:
    audio = row.audio
    return {
        "number": row.number,
        "where": list(row.sentence.where),
        "sentence": row.sentence.text,
        "piped": row.sentence.piped,
        "missing": row.missing,
        "source": audio.source if audio else None,
        "seconds": round(audio.seconds, 2) if audio else None,
        "media_type": audio.media_type if audio else None,
        "added_by": audio.added_by if audio else None,
        "added_at": audio.added_at.isoformat() if audio else None,
    }
