"""Postgres and Valkey of a bench's own, as they are shipped (what is committed is on disk), and the processor time they take."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from survey.settings import Settings
from survey.store.migrate import migrate, migrations_of
from survey.store.pool import connection
from workers.bench.folder import bench_folder
from workers.embedded import Services, embedded_services
from workers.runtime import MIGRATIONS

NANO: Final = 1e-9


@asynccontextmanager
async def own_servers(folder: Path | None = None) -> AsyncIterator[Services]:
    """Both servers with the schema in place; they and their folder are gone afterwards."""
    with bench_folder(folder) as made:
        async with embedded_services(Settings(data_dir=made), purpose="tests") as services:
            async with connection(services.database_url, application_name="bench") as conn:
                await migrate(conn, migrations_of(MIGRATIONS))
            yield services


SELECT_SERVER_PIDS = """
SELECT pid FROM pg_stat_activity"""


async def postgres_cpu_s(conn: Any) -> float:
    """Processor time of Postgres so far: its sessions and what works behind them. Sessions that have ended are not in it; 0.0
    where the system does not tell (it is read in /proc)."""
    pids = [row["pid"] for row in await conn.fetch(SELECT_SERVER_PIDS)]
    return sum(_cpu_s(pid) for pid in pids)


def _cpu_s(pid: int) -> float:
    """Nanoseconds on a processor are the first field of schedstat."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) * NANO
    except (OSError, IndexError):
        return 0.0
