"""What the tick is measured beside: the least that taking due rows from Postgres can cost, and a queue's job for each attempt.

The claim is that of the measurements before the first line of Minyi was written: a narrow table of its own, a partial index on
what waits, 100 rows taken with SKIP LOCKED in one statement and marked done in another. No guards, no further tables.
"""

from __future__ import annotations

from typing import Any, Final

from arq.connections import RedisSettings, create_pool
from arq.worker import Worker, func

LAY: Final = (
    """CREATE TABLE public.bare_attempt (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state smallint NOT NULL DEFAULT 0,
       due timestamptz NOT NULL, number text NOT NULL, tries int NOT NULL DEFAULT 0) WITH (fillfactor = 80)""",
    """INSERT INTO public.bare_attempt (due, number)
       SELECT '2026-03-10Z'::timestamptz + n * interval '1 ms', '+86154' || lpad(n::text, 8, '0')
       FROM generate_series(1, {rows}) n""",
    "CREATE INDEX bare_attempt_due ON public.bare_attempt (due, id) WHERE state = 0",
    "VACUUM (ANALYZE) public.bare_attempt",
)
SQL: Final = {
    "claim": """UPDATE public.bare_attempt SET state = 1, tries = tries + 1 WHERE id IN (
                SELECT id FROM public.bare_attempt WHERE state = 0 AND due <= $1 ORDER BY due, id LIMIT $2
                FOR UPDATE SKIP LOCKED) RETURNING id, number""",
    "done": "UPDATE public.bare_attempt SET state = 2 WHERE id = ANY($1::bigint[])",
    "claim_one": "UPDATE public.bare_attempt SET state = 1, tries = tries + 1 WHERE id = $1 AND state = 0 RETURNING number",
    "done_one": "UPDATE public.bare_attempt SET state = 2 WHERE id = $1",
    "last": "SELECT id FROM public.bare_attempt WHERE state = 0 ORDER BY due DESC, id DESC LIMIT $1",
    "count": "SELECT count(*)::int FROM public.bare_attempt WHERE state = 2 AND tries = 1",
}
JOBS_AT_ONCE: Final = 100


async def lay(conn: Any, rows: int) -> None:
    """The table with so many rows due."""
    for statement in LAY:
        await conn.execute(statement.format(rows=rows), timeout=900)


async def bare_tick(conn: Any, now: Any, batch: int) -> int:
    """Claim a batch and mark it done. How many."""
    ids = [row["id"] for row in await conn.fetch(SQL["claim"], now, batch)]
    await conn.execute(SQL["done"], ids)
    return len(ids)


async def done_once(conn: Any) -> int:
    """Rows that were taken once and are done."""
    found: int = await conn.fetchval(SQL["count"])
    return found


class JobEach:
    """One arq job for each attempt, which claims its row and marks it done: how a queue is mostly used."""

    def __init__(self, pool: Any, redis_url: str) -> None:
        self._pool = pool
        self._settings = RedisSettings.from_dsn(redis_url)

    async def run(self, jobs: int) -> int:
        """Put so many in, one after the other, and work until the queue is empty. How many were done."""
        async with self._pool.acquire() as conn:
            ids = [row["id"] for row in await conn.fetch(SQL["last"], jobs)]
        queue = await create_pool(self._settings)
        for one in ids:
            await queue.enqueue_job("attempt", one)
        worker = Worker(
            [func(self._attempt, name="attempt", keep_result=0)],
            redis_pool=queue,
            burst=True,
            max_jobs=JOBS_AT_ONCE,
            poll_delay=0.005,
            handle_signals=False,
        )
        await worker.main()
        await queue.aclose()
        return worker.jobs_complete

    async def _attempt(self, ctx: dict[str, Any], attempt: int) -> None:
        async with self._pool.acquire() as conn:
            if await conn.fetchval(SQL["claim_one"], attempt) is not None:
                await conn.execute(SQL["done_one"], attempt)
