"""DOOR. Recordings of what a call says: which are missing, adding one, and where each is played from.

A recording belongs to a sentence in a language, whichever questionnaire says it. What pipes something in has none.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from survey.audio_policy import audio_policy
from survey.dialogue.sentences import Sentence, voice_sentences
from survey.ground import Ground
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.wording import Lang
from survey.sounds import ENDINGS, SoundRefused, read_sound
from survey.store import voice_audio
from survey.store.voice_audio import AudioFile, AudioRow, NewAudio

LOOK_AGAIN: Final = timedelta(seconds=audio_policy().look_again_s)

Source: TypeAlias = Literal["recorded", "synthesised"]
Done: TypeAlias = Literal["added", "replaced", "unchanged"]


@dataclass(frozen=True)
class Row:
    """A sentence of the sheet. `number` counts those to be recorded from 1; None: it pipes something in, and the
    carrier's voice says it. `audio`: its current recording."""

    number: int | None
    sentence: Sentence
    audio: AudioRow | None

    @property
    def missing(self) -> bool:
        return self.number is not None and self.audio is None


@dataclass(frozen=True)
class Sheet:
    """All that a call of this questionnaire says in one language, and which of it is recorded."""

    code: str
    lang: Lang
    rows: tuple[Row, ...]

    @property
    def missing(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.missing)

    @property
    def recordable(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.number is not None)

    def row(self, sentence: str) -> Row | None:
        """Of the sentence that is recorded in these words."""
        return next((row for row in self.recordable if row.sentence.text == sentence), None)

    def of(self, question_id: str) -> Row | None:
        """Of the sentence that asks this question, if it can be recorded."""
        return next((row for row in self.recordable if question_id in row.sentence.where), None)

    def numbered(self, number: int) -> Row | None:
        return self.recordable[number - 1] if 0 < number <= len(self.recordable) else None


async def sheet(ground: Ground, q: Questionnaire, lang: Lang, centre: str) -> Sheet:
    """For the calls of this centre, whose name is the same in all of them."""
    async with ground.pool.acquire() as conn:
        name = await voice_audio.centre_name(conn, centre, lang)
        said = voice_sentences(q, lang, {"centre": name} if name is not None else {})
        digests = [digest(one.text) for one in said if not one.piped]
        stored = await voice_audio.current(conn, lang, digests)
    numbers = iter(range(1, len(digests) + 1))
    rows = (
        Row(None, one, None) if one.piped else Row(next(numbers), one, stored.get(digest(one.text)))
        for one in said
    )
    return Sheet(q.code, lang, tuple(rows))


async def add(
    ground: Ground, sheet: Sheet, sentence: str, file: str, data: bytes, *, by: str, source: Source
) -> Done:
    """Store the recording of a sentence; another that stood there is kept, and no longer played. `file` is named in
    errors. Raises SoundRefused for a sound that policy `audio` does not take, and for a sentence not on the sheet."""
    if sheet.row(sentence) is None:
        raise SoundRefused(
            file,
            f"{sheet.code} never says “{sentence}” in {sheet.lang} in the same words to everybody",
            "its wording may have changed since: export the list again",
        )
    sound = read_sound(data, file)
    new = NewAudio(
        lang=sheet.lang,
        sentence_sha256=digest(sentence),
        sentence=sentence,
        name=_name(sheet.lang, sentence, data),
        media_type=sound.media_type,
        body=data,
        seconds=sound.seconds,
        source=source,
        added_by=by,
        added_at=ground.clock.now(),
    )
    async with ground.pool.acquire() as conn, conn.transaction():
        stored, instead = await voice_audio.put(conn, new)
    return "unchanged" if not stored else "replaced" if instead else "added"


async def file(ground: Ground, name: str) -> AudioFile | None:
    """What is played from an address, also after another recording has taken its place."""
    async with ground.pool.acquire() as conn:
        return await voice_audio.file(conn, name)


def digest(sentence: str) -> str:
    return hashlib.sha256(sentence.encode()).hexdigest()


def _name(lang: Lang, sentence: str, data: bytes) -> str:
    return hashlib.sha256(b"\0".join((lang.encode(), sentence.encode(), data))).hexdigest()


class Shelf:
    """Which sentences have a recording, as this process last saw; it looks again after `look_again_s` of real time, so
    that a call asks the database for none of them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._known: dict[tuple[str, str], tuple[str, str]] | None = None
        self._seen: datetime | None = None

    async def files(self, lang: Lang, sentences: Iterable[str]) -> list[str | None]:
        """For each sentence the file that is played, such as "3f….wav"; None: it is spoken."""
        known = await self._up_to_date()
        found = (known.get((lang, digest(sentence))) for sentence in sentences)
        return [None if one is None else f"{one[0]}.{ENDINGS[one[1]]}" for one in found]

    async def _up_to_date(self) -> dict[tuple[str, str], tuple[str, str]]:
        now = self._ground.real_now()
        if self._known is None or self._seen is None or now - self._seen >= LOOK_AGAIN:
            self._seen = now  # before it waits: whoever comes meanwhile goes on with what is known
            async with self._ground.pool.acquire() as conn:
                self._known = await voice_audio.shelf(conn)
        return self._known
