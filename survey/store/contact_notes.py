"""What operators wrote down about their contacts with a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Kind = Literal["note", "abuse"]

INSERT_NOTE = """
INSERT INTO survey.contact_note (person_id, attempt_id, staff, at, kind, words)
SELECT a.person_id, a.id, $2, $3, $4, $5 FROM survey.attempt a WHERE a.id = $1"""


async def insert(conn: Any, attempt_id: int, staff: str, at: datetime, kind: Kind, words: str) -> None:
    """About the person of this attempt. `words`: without numbers."""
    await conn.execute(INSERT_NOTE, attempt_id, staff, at, kind, words)


SELECT_NOTES = """
SELECT at, staff, kind, words FROM survey.contact_note WHERE person_id = $1 AND at >= $2 ORDER BY id DESC LIMIT $3"""


@dataclass(frozen=True)
class ContactNote:
    """One note. `kind` abuse: the operator was insulted."""

    at: datetime
    staff: str
    kind: Kind
    words: str


async def notes(conn: Any, person_id: int, since: datetime, limit: int) -> list[ContactNote]:
    """Those since then, newest first."""
    return [ContactNote(**row) for row in await conn.fetch(SELECT_NOTES, person_id, since, limit)]
