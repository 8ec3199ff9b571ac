"""From the webhook of a dissatisfied answer to its committed flag (settled.md §8), with everything as it runs in production.

Residents of closed cases answer the callback by text at a steady rate, whatever the service does; each says that it is not
solved. Halfway the worker is killed (`kill -9`) and started again by its supervisor. Afterwards: is every answer that was
taken a flag, and once?
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp

from survey.settings import Settings
from survey.store.pool import connection
from workers.bench.dialogue import Progress
from workers.bench.flag_residents import SAID, Answering, NotMeasured, lay_callbacks
from workers.bench.folder import bench_folder
from workers.bench.outcome import Bar, Outcome, Series
from workers.up import Up, running

PATIENCE_S: Final = 90.0
"""After the last answer: a flag that is not there by then is lost."""
BARS: Final = (
    Bar("flag_p95", "回复到标记 p95 answer to flag", "p95", None, "at_most", 1.0),
    Bar("lost", "丢失 lost", "lost", None, "at_most", 0.0),
    Bar("doubled", "重复 doubled", "doubled", None, "at_most", 0.0),
)


COUNT_FLAGS = """
SELECT (SELECT count(*) FROM followup.callback WHERE flagged_real IS NOT NULL)::int AS stamped,
       (SELECT count(*) FROM (SELECT case_id FROM followup.case_event WHERE event = 'callback_flagged'
                              GROUP BY case_id HAVING count(*) > 1) twice)::int AS twice_flagged,
       (SELECT count(*) FROM (SELECT person_id FROM survey.sample_unit WHERE external_key LIKE 'verify:%'
                              GROUP BY person_id HAVING count(*) > 1) twice)::int AS twice_called,
       (SELECT count(*) FROM survey.sample_unit WHERE external_key LIKE 'verify:%')::int AS calls"""

FLAG_SECONDS = """
SELECT extract(epoch FROM flagged_real - answer_real)::float8 AS seconds
FROM followup.callback WHERE flagged_real IS NOT NULL ORDER BY seconds"""


@dataclass
class Bench:
    """One run. `rate`: residents a second who begin to answer; each sends as many texts as SAID has."""

    residents: int
    rate: float
    kills: int
    workers: int
    show: Progress
    restarts: int = 0
    late: list[float] = field(default_factory=list)

    async def run(self, folder: Path) -> Outcome:
        """On servers of its own, which are gone afterwards. Raises NotMeasured."""
        base = Settings(data_dir=folder, log_level="WARNING")
        async with running(base, with_city=False, say=lambda _: None, workers=self.workers) as up:
            self.show("cases", 0, self.residents)
            numbers = await lay_callbacks(up.settings, self.residents)
            answering = Answering(up.settings, numbers)
            await self._answer(up, answering)
            taken = len(answering.last_taken)
            if taken < self.residents:
                raise NotMeasured(f"{self.residents - taken} of {self.residents}: {answering.wrong}")
            assert up.settings.database_url is not None
            await self._until_flagged(up.settings.database_url, taken)
            self.restarts = up.supervisor.restarts["worker"]
            return await self._outcome(up.settings.database_url, taken)

    async def _answer(self, up: Up, answering: Answering) -> None:
        connector = aiohttp.TCPConnector(limit=256)
        async with aiohttp.ClientSession(connector=connector) as session:
            begun, tasks = time.monotonic(), []
            strikes = {round(self.residents * (n + 1) / (self.kills + 1)) for n in range(self.kills)}
            for place in range(self.residents):
                wait = begun + place / self.rate - time.monotonic()
                if wait > 0:
                    await asyncio.sleep(wait)
                tasks.append(asyncio.create_task(answering.resident(session, place)))
                if place in strikes:
                    os.kill(up.supervisor.pid("worker"), signal.SIGKILL)
                self.show("answers", place, self.residents)
            await asyncio.gather(*tasks)

    async def _until_flagged(self, url: str, wanted: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        async with connection(url, application_name="bench") as conn:
            while time.monotonic() < deadline:
                row = await conn.fetchrow(COUNT_FLAGS)
                if row["stamped"] >= wanted:
                    return
                await asyncio.sleep(0.2)

    async def _outcome(self, url: str, taken: int) -> Outcome:
        async with connection(url, application_name="bench") as conn:
            counted = await conn.fetchrow(COUNT_FLAGS)
            seconds = [row["seconds"] for row in await conn.fetch(FLAG_SECONDS)]
        doubled = counted["twice_flagged"] + counted["twice_called"] + max(0, counted["calls"] - taken)
        series = {
            "p50": Series("回复到标记 p50 answer to flag", "s", (at_share(seconds, 0.50),)),
            "p95": Series("回复到标记 p95", "s", (at_share(seconds, 0.95),)),
            "p99": Series("回复到标记 p99", "s", (at_share(seconds, 0.99),)),
            "longest": Series("最长 longest", "s", (seconds[-1] if seconds else float("inf"),)),
            "lost": Series("丢失 lost", "", (float(taken - counted["stamped"]),)),
            "doubled": Series("重复 doubled", "", (float(doubled),)),
        }
        sizes = {
            "residents": self.residents,
            "texts": self.residents * len(SAID),
            "residents_a_minute": round(self.rate * 60),
            "workers": self.workers,
            "workers_killed": self.restarts,
        }
        return Outcome.of("flag", sizes, series, BARS)


def at_share(ranked: list[float], share: float) -> float:
    """The nearest-rank percentile of sorted figures; infinite where there are none."""
    if not ranked:
        return float("inf")
    return ranked[max(0, -(-len(ranked) * round(share * 100) // 100) - 1)]


async def flag(residents: int, rate: float, kills: int, workers: int, show: Progress) -> Outcome:
    """Measure it once. Raises NotMeasured, SupervisorError where the service does not come up."""
    with bench_folder() as folder:
        return await Bench(residents, rate, kills, workers, show).run(folder)
