"""The front desk of a simulated quarter: takes in, through the door, the cases that have come since it last looked."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from followup import appeals
from followup.appeals import NewAppeal
from followup.categories import categories
from survey.enrolling import NewPerson, enrol_persons
from survey.ground import Ground
from workers.quarter.arrivals import Arrival

RECEPTIONIST = "接待员-0103"


class Reception:
    """Registers arrivals in their order. `taken` says how many have been so far."""

    def __init__(self, ground: Ground, centre: str, coming: Sequence[Arrival]) -> None:
        self._ground = ground
        self._centre = centre
        self._coming = coming
        self._persons: dict[str, int] = {}
        self.taken = 0

    @property
    def done(self) -> bool:
        return self.taken == len(self._coming)

    async def prepare(self, conn: asyncpg.Connection) -> None:
        """Enrol everybody who will come, so that their numbers are sealed in one go."""
        people = {one.phone: NewPerson(one.phone, one.name, one.birth_year) for one in self._coming}
        ids = await enrol_persons(conn, self._ground.vault, list(people.values()))
        self._persons = dict(zip(people, ids, strict=True))

    async def look(self, conn: asyncpg.Connection, now: datetime) -> int:
        """Register who has come by now; how many."""
        before = self.taken
        while self.taken < len(self._coming) and self._coming[self.taken].at <= now:
            await self._register(conn, self._coming[self.taken], now)
            self.taken += 1
        return self.taken - before

    async def _register(self, conn: asyncpg.Connection, one: Arrival, now: datetime) -> None:
        category = categories().guess(one.category, one.content)
        await appeals.register(
            conn,
            NewAppeal(
                centre_code=self._centre,
                source=one.source,
                person_id=self._persons[one.phone],
                content=one.content,
                title=one.content[:20],
                place=one.home.village.name_zh,
                area_code=one.home.village.code,
                category=category.code,
                anonymity=one.anonymity,
                consent=True,
                first_handler=RECEPTIONIST,
                external_number=one.key,
            ),
            by=RECEPTIONIST,
            now=now,
            tokens=self._ground.tokens,
        )
