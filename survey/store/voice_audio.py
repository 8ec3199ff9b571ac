"""Recordings of the sentences that a call says: the current one of each sentence, and those that it took the place of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class NewAudio:
    """A recording to be stored. `source` is recorded or synthesised."""

    lang: str
    sentence_sha256: str
    sentence: str
    name: str
    media_type: str
    body: bytes
    seconds: float
    source: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True)
class AudioRow:
    """What is known of a current recording, without its sound."""

    sentence_sha256: str
    name: str
    media_type: str
    seconds: float
    source: str
    added_by: str
    added_at: datetime


SELECT_CURRENT = """
SELECT sentence_sha256, name, media_type, seconds, source, added_by, added_at FROM survey.voice_audio
WHERE lang = $1 AND sentence_sha256 = ANY($2::text[]) AND superseded_at IS NULL"""


async def current(conn: Any, lang: str, sentences: Sequence[str]) -> dict[str, AudioRow]:
    """By the sha256 of the sentence; `sentences` are such hashes."""
    rows = await conn.fetch(SELECT_CURRENT, lang, list(sentences))
    return {row["sentence_sha256"]: AudioRow(**row) for row in rows}


SELECT_SHELF = """
SELECT lang, sentence_sha256, name, media_type FROM survey.voice_audio WHERE superseded_at IS NULL"""


async def shelf(conn: Any) -> dict[tuple[str, str], tuple[str, str]]:
    """(name, media type) of every current recording, by language and the sha256 of its sentence."""
    rows = await conn.fetch(SELECT_SHELF)
    return {(row["lang"], row["sentence_sha256"]): (row["name"], row["media_type"]) for row in rows}


ONE_AFTER_ANOTHER = """
SELECT pg_advisory_xact_lock(hashtextextended('survey.voice_audio ' || $1, 0))"""

SUPERSEDE = """
UPDATE survey.voice_audio SET superseded_at = greatest($3, added_at)
WHERE lang = $1 AND sentence_sha256 = $2 AND superseded_at IS NULL AND name <> $4 RETURNING id"""

INSERT_AUDIO = """
INSERT INTO survey.voice_audio
    (lang, sentence_sha256, sentence, name, media_type, body, seconds, source, added_by, added_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (lang, sentence_sha256) WHERE superseded_at IS NULL DO NOTHING RETURNING id"""


async def put(conn: Any, new: NewAudio) -> tuple[bool, bool]:
    """(whether it was stored, whether another had to go for it), in the caller's transaction. Not stored: this very
    recording stands there already."""
    await conn.execute(ONE_AFTER_ANOTHER, new.sentence_sha256)
    gone = await conn.fetchval(SUPERSEDE, new.lang, new.sentence_sha256, new.added_at, new.name)
    made = await conn.fetchval(
        INSERT_AUDIO,
        new.lang,
        new.sentence_sha256,
        new.sentence,
        new.name,
        new.media_type,
        new.body,
        new.seconds,
        new.source,
        new.added_by,
        new.added_at,
    )
    return made is not None, gone is not None


@dataclass(frozen=True)
class AudioFile:
    """A recording as it is played."""

    sentence: str
    media_type: str
    body: bytes


SELECT_FILE = """
SELECT sentence, media_type, body FROM survey.voice_audio WHERE name = $1 ORDER BY id LIMIT 1"""


async def file(conn: Any, name: str) -> AudioFile | None:
    """The recording of this name, current or not; None: there never was one."""
    row = await conn.fetchrow(SELECT_FILE, name)
    return AudioFile(**row) if row else None


SELECT_CENTRE_NAME = """
SELECT CASE WHEN starts_with($2, 'zh') THEN z.short_zh ELSE y.name_en END
FROM survey.centre z JOIN survey.area y ON y.code = z.area_code WHERE z.code = $1"""


async def centre_name(conn: Any, centre: str, lang: str) -> str | None:
    """What prompts call the centre in this language; None: there is none of this code."""
    name: str | None = await conn.fetchval(SELECT_CENTRE_NAME, centre, lang)
    return name
