"""Watches the next due moment and wakes a worker for it. A wake-up that gets lost is sent again after a second of real time."""

import asyncio
import time
from datetime import datetime

import structlog
from arq.connections import ArqRedis
from redis.exceptions import RedisError

from survey.clock import LookAgain
from survey.ground import Ground
from survey.store.outage import DOWN
from workers.due import Due, due_jobs
from workers.jobs import JOBS

log = structlog.get_logger()
SWEEP_S = 1.0
AWAY_S = 0.2
"""Real seconds between two looks for a database that is away."""


class Ticker:
    """Enqueues, for every job with something due, one wake-up; again only when it was done or seems lost."""

    def __init__(self, ground: Ground, queue: ArqRedis) -> None:
        self._ground = ground
        self._queue = queue
        self._woken: dict[str, tuple[datetime, float]] = {}
        self._due: list[Due] = []
        self.look_again: LookAgain = lambda: None
        """Something may be due earlier than was thought; without effect until the watch has begun."""

    def watch(self) -> None:
        """Begin watching, by whatever clock the process runs on."""
        self.look_again = self._ground.clock.watch(self.next_due, self.wake)

    async def next_due(self) -> datetime | None:
        """The next moment at which anything is owed. While the database is away that is now: somebody must look again."""
        try:
            async with self._ground.pool.acquire() as conn:
                self._due = await due_jobs(conn, self._ground.clock.now(), self._ground.real_now())
        except DOWN as error:
            log.warning("database away; looking again", error=type(error).__name__)
            self._due = []
            await asyncio.sleep(AWAY_S)
            return self._ground.clock.now()
        return min((due.at for due in self._due), default=None)

    async def wake(self) -> None:
        """Wake a worker for each job that is due now."""
        for job, since in self._due_now().items():
            if self._is_on_its_way(job, since):
                continue
            try:
                await self._queue.enqueue_job(job)
                self._woken[job] = since, time.monotonic()
            except (RedisError, OSError) as error:
                log.warning("queue unreachable; trying again", job=job, error=type(error).__name__)
                return

    def _due_now(self) -> dict[str, datetime]:
        """Jobs with something due, and since when."""
        now = self._ground.clock.now()
        earliest: dict[str, datetime] = {}
        for due in self._due:
            if due.at <= now and due.job in JOBS:
                earliest[due.job] = min(due.at, earliest.get(due.job, due.at))
        return earliest

    def _is_on_its_way(self, job: str, since: datetime) -> bool:
        """Somebody was woken for the very same work a moment ago. What is due since another moment is new: a worker of another
        process has done the rest, and does not tell us."""
        woken = self._woken.get(job)
        return woken is not None and woken[0] == since and time.monotonic() - woken[1] < SWEEP_S

    def done(self, job: str) -> None:
        """A worker of this process has taken all that was due for the job, or done it: whatever is due from now on is new."""
        self._woken.pop(job, None)
        self.look_again()
