"""DOOR. Persons whom lists name: enrolled once, whoever brings them, with their numbers sealed; and where each list came from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from survey.sampling.numbers import is_landline
from survey.store import campaigns, people
from survey.store.campaigns import FrameEntry
from survey.store.people import SealedPerson, SpareNumber
from survey.vault import Vault

AT_ONCE: Final = 20_000
"""People in one write: some megabytes of sealed rows, and a progress bar that moves."""

Told = Callable[[int], None]
"""Called with how many more people are done."""


def _nobody(done: int) -> None:
    """Nobody wants to know how far it is."""


@dataclass(frozen=True)
class NewPerson:
    """A person as a list names them. `number` is canonical (+86…); `spares`: their further numbers, in the order to be tried."""

    number: str
    name: str | None = None
    birth_year: int | None = None
    landline: bool = False
    lang: str = "zh"
    spares: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listed:
    """What a list says of a person beside who they are. `given`: the number as it is written there."""

    area_code: str
    given: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportRecord:
    """Where a list came from, who brought it, why and on what ground. `refusals`: (line, field, reason)."""

    centre_code: str
    kind: str
    file_name: str
    sha256: str
    brought_by: str
    reason: str
    ground: str
    imported_at: datetime
    rows_read: int
    rows_kept: int
    refusals: Sequence[tuple[int, str, str]]
    rows_merged: int = 0


async def enrol_persons(
    conn: Any, vault: Vault, persons: Sequence[NewPerson], told: Told = _nobody
) -> list[int]:
    """Person ids in the order given; a number that is known is found again, whoever brought it."""
    ids: list[int] = []
    for begin in range(0, len(persons), AT_ONCE):
        some = persons[begin : begin + AT_ONCE]
        sealed = [_sealed(vault, person) for person in some]
        found = await people.enrol(conn, vault.key_id, sealed)
        mine = [found[one.token] for one in sealed]
        await people.add_spares(conn, vault.key_id, list(_spares(vault, some, mine)))
        ids += mine
        told(len(some))
    return ids


def _sealed(vault: Vault, person: NewPerson) -> SealedPerson:
    return SealedPerson(
        vault.token(person.number),
        vault.seal(person.number),
        vault.seal(person.name) if person.name else None,
        vault.prn(person.number),
        person.lang,
        person.birth_year,
        person.landline,
    )


def _spares(vault: Vault, persons: Sequence[NewPerson], ids: Sequence[int]) -> Any:
    for person, person_id in zip(persons, ids, strict=True):
        for position, number in enumerate(person.spares, start=1):
            yield SpareNumber(
                person_id, position, vault.token(number), vault.seal(number), is_landline(number)
            )


async def record_import(conn: Any, record: ImportRecord) -> int | None:
    """The batch's id, or None when this very file was imported before."""
    values = (
        record.centre_code,
        record.kind,
        record.file_name,
        record.sha256,
        record.brought_by,
        record.reason,
        record.ground,
        record.imported_at,
        record.rows_read,
        record.rows_kept,
        len({line for line, _, _ in record.refusals}),
        record.rows_merged,
    )
    return await campaigns.record_batch(conn, values, record.refusals)


async def add_to_frame(
    conn: Any, vault: Vault, centre_code: str, batch_id: int, persons: Sequence[int], said: Sequence[Listed]
) -> None:
    """Put persons, each with what the list says of them, on the list that the centre draws from."""
    for begin in range(0, len(persons), AT_ONCE):
        some = zip(persons[begin : begin + AT_ONCE], said[begin : begin + AT_ONCE], strict=True)
        entries = [
            FrameEntry(
                person,
                one.area_code,
                vault.seal(one.given) if one.given is not None else None,
                dict(one.attributes),
            )
            for person, one in some
        ]
        await campaigns.add_to_frame(conn, centre_code, batch_id, entries)
