"""Real servers for every test: one Postgres and one Valkey per test process, a fresh database per test."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from redis import asyncio as redis

from survey.settings import Settings
from survey.store.migrate import migrate, migrations_of
from survey.store.pool import connection, open_pool
from survey.vault import Vault
from workers.databases import create_database, drop_database
from workers.embedded import Services, embedded_services

PACKAGES = ("survey", "followup")
TEMPLATE = "minyi_template"
IN_MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 << 30
"""Databases of tests lie in memory where a machine has that much of it free: each is a copy of some 700 files, which a disk
that others write to takes seconds for."""

# No test is a matter of time: on a busy machine a property is as true as on a quiet one.
settings.register_profile("minyi", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("minyi")


@pytest.fixture(scope="session")
def servers() -> Iterator[Services]:
    """Embedded servers of this test process; started when the first test asks for them."""
    # not one of pytest's folders: those are closed to others, so also to the servers' user
    roomy = (
        IN_MEMORY.is_dir()
        and os.access(IN_MEMORY, os.W_OK)
        and shutil.disk_usage(IN_MEMORY).free > ROOM_BYTES
    )
    folder = Path(tempfile.mkdtemp(prefix="minyi-tests-", dir=IN_MEMORY if roomy else None))
    folder.chmod(0o711)
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        stack = AsyncExitStack()
        settings = Settings(data_dir=folder)
        try:
            services = runner.run(
                stack.enter_async_context(embedded_services(settings, purpose="tests", durable=False))
            )
            yield services
        finally:
            runner.run(stack.aclose())
            shutil.rmtree(folder)


@pytest.fixture(scope="session")
def template(servers: Services) -> str:
    """The URL of a migrated, empty database that nobody is connected to."""

    async def make() -> str:
        url = await create_database(servers.database_url, TEMPLATE)
        async with connection(url) as conn:
            await migrate(conn, migrations_of(PACKAGES))
        return url

    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return runner.run(make())


@pytest.fixture
async def database(servers: Services, template: str, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """URL of a fresh, migrated database of this test's own."""
    url = servers.database_url
    name = f"test_{abs(hash(request.node.nodeid)):x}"
    yield await create_database(url, name, template=TEMPLATE, replace=True)
    await drop_database(url, name)


@pytest.fixture
async def bare_database(servers: Services, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """URL of a database without any schema, for tests of the migrations themselves."""
    name = f"bare_{abs(hash(request.node.nodeid)):x}"
    yield await create_database(servers.database_url, name, replace=True)
    await drop_database(servers.database_url, name)


@pytest.fixture
async def conn(database: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection to this test's database."""
    async with connection(database, application_name="tests") as one:
        yield one


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    """A small pool on this test's database."""
    one = await open_pool(database, application_name="tests", min_size=1, max_size=8)
    yield one
    await one.close()


@pytest.fixture
async def redis_url(servers: Services) -> str:
    """URL of an empty Redis."""
    client = redis.Redis.from_url(servers.redis_url)
    await client.flushall()
    await client.aclose()
    return servers.redis_url


@pytest.fixture
def vault() -> Vault:
    """A vault with a fixed key, so that tokens and permanent random numbers are the same on every run."""
    return Vault(bytes(range(32)))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder `../shared` beside the repository: the carrier's OpenAPI description, real-world forms."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if folder.is_dir():
        return folder
    reason = f"{folder} is not there: it holds the carrier's OpenAPI description and sample forms."
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
