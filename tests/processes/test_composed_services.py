"""Each service of docker-compose.yml, started by its own command, is healthy by its own health check and ends when told."""

from __future__ import annotations

import signal
import socket
from base64 import b64encode
from pathlib import Path

import asyncpg
import pytest
from composed import Composed, becomes_healthy, composed, said, started

KEY = b64encode(bytes(range(32))).decode()

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def here(service: Composed, **instead: str) -> dict[str, str]:
    """The service's environment with the addresses of this machine in place of the containers'."""
    assert set(instead) <= set(service.environment)
    return service.environment | instead


def on_port(check: list[str], container_port: int, port: int) -> list[str]:
    return [word.replace(f"127.0.0.1:{container_port}", f"127.0.0.1:{port}") for word in check]


def ends_well(process, request: signal.Signals = signal.SIGTERM) -> int:
    process.send_signal(request)
    return process.wait(30)


async def test_migrate_ends_by_itself_with_the_schema_in_place(bare_database: str, tmp_path: Path) -> None:
    service = composed("migrate", MINYI_VAULT_KEY=KEY, POSTGRES_PASSWORD="x")
    with started(service.command, here(service, MINYI_DATABASE_URL=bare_database), tmp_path) as process:
        assert process.wait(60) == 0, said(tmp_path)

    conn = await asyncpg.connect(bare_database)
    assert await conn.fetchval("SELECT count(*) FROM followup.case_file") == 0
    await conn.close()


async def test_web_is_healthy_and_ends_when_told(database: str, redis_url: str, tmp_path: Path) -> None:
    service, port = composed("web", MINYI_VAULT_KEY=KEY), free_port()
    own = here(
        service,
        MINYI_DATABASE_URL=database,
        MINYI_REDIS_URL=redis_url,
        MINYI_WEB_HOST="127.0.0.1",
        MINYI_WEB_PORT=str(port),
    )
    check = on_port(service.healthcheck, 8080, port)
    with started(service.command, own, tmp_path) as process:
        assert await becomes_healthy(process, check, own, tmp_path), said(tmp_path)
        assert ends_well(process) == 0, said(tmp_path)
    assert "Traceback" not in said(tmp_path)


@pytest.mark.parametrize("command", [None, ["minyi", "worker"]])
async def test_a_worker_is_healthy_and_ends_when_told(
    database: str, redis_url: str, tmp_path: Path, command: list[str] | None
) -> None:
    """By arq's own command, as the compose file has it, and by ours."""
    service = composed("worker", MINYI_VAULT_KEY=KEY)
    own = here(service, MINYI_DATABASE_URL=database, MINYI_REDIS_URL=redis_url)
    with started(command or service.command, own, tmp_path) as process:
        assert await becomes_healthy(process, service.healthcheck, own, tmp_path), said(tmp_path)
        ends_well(process)
    assert "Traceback" not in said(tmp_path)


async def test_the_twin_is_healthy_and_ends_when_told(tmp_path: Path) -> None:
    service, port = composed("twin"), free_port()
    argv = [word.replace("0.0.0.0", "127.0.0.1").replace("8090", str(port)) for word in service.command]
    check = on_port(service.healthcheck, 8090, port)
    with started(argv, service.environment, tmp_path) as process:
        assert await becomes_healthy(process, check, service.environment, tmp_path), said(tmp_path)
        assert ends_well(process) == 0, said(tmp_path)


def test_the_twin_s_control_token_is_known_to_the_twin_alone() -> None:
    holders = [
        name
        for name in ("migrate", "web", "worker", "twin")
        if "MINYI_TWIN_TOKEN" in composed(name).environment
    ]
    assert holders == ["twin"]
