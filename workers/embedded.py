"""Postgres and Valkey for those who have none: started beside the program, ended with it, kept in one folder.

Nothing of the system's is looked for or used; DATABASE_URL and REDIS_URL replace them.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from survey.settings import Settings
from survey.settings_sources import is_held
from workers.databases import create_database, database_name
from workers.embedded_binaries import binaries_for
from workers.embedded_folder import EmbeddedError, held, prepare_data_dir, server_user
from workers.embedded_postgres import EmbeddedPostgres
from workers.embedded_valkey import EmbeddedValkey

__all__ = ["EmbeddedError", "Purpose", "Services", "embedded_services"]

Purpose = Literal["up", "demo", "tests"]
PUBLISHED = "services.json"


@dataclass(frozen=True)
class Services:
    """Addresses of a running Postgres database and Redis (with passwords), while the context lasts."""

    database_url: str
    redis_url: str
    data_dir: Path
    purpose: Purpose
    postgres: EmbeddedPostgres | None = None  # None: a server that was named by the settings
    valkey: EmbeddedValkey | None = None

    def publish(self, **more: object) -> None:
        """Tell other commands of this user, by `services.json` (0600), which `load_settings` reads.

        `more` are further settings they need, such as carrier_base_url. A rehearsal does not push
        aside what a running `minyi up` has published.
        """
        path = self.data_dir / PUBLISHED
        if self.purpose != "up" and _publisher(path) == "up" and is_held(self.data_dir / "up" / "lock"):
            return
        settings = {"database_url": self.database_url, "redis_url": self.redis_url, **more}
        body = {"purpose": self.purpose, "held_by": f"{self.purpose}/lock", "settings": settings}
        draft = path.with_name(f"{PUBLISHED}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(body, indent=1))
        draft.replace(path)

    def withdraw(self) -> None:
        """Remove what was published, unless another launcher published since."""
        path = self.data_dir / PUBLISHED
        if _publisher(path) == self.purpose:
            path.unlink(missing_ok=True)


@asynccontextmanager
async def embedded_services(
    settings: Settings, *, purpose: Purpose, durable: bool = True, crash_safe: bool = False
) -> AsyncIterator[Services]:
    """Run what the settings do not name, each purpose in its own folder below `data_dir`, and publish it.

    Take `settings` from `load_settings(use_launcher=False)`. `durable=False`: quick, empty at each start; `crash_safe`: what is
    committed outlives a killed server all the same.
    A demo on a server named by DATABASE_URL gets a fresh database beside the named one, and Redis's
    next number. Raises EmbeddedError when the folder is held by another process, or a server does not start.
    """
    async with AsyncExitStack() as stack:
        data_dir = prepare_data_dir(settings.data_dir)
        folder = data_dir / purpose
        folder.mkdir(mode=0o711, exist_ok=True)
        stack.enter_context(held(folder))
        run_as = server_user(folder)
        postgres = valkey = None
        if settings.database_url is None:
            binaries = binaries_for(run_as).postgres_bin
            postgres = EmbeddedPostgres(folder, binaries, run_as, durable=durable, crash_safe=crash_safe)
        if settings.redis_url is None:
            valkey = EmbeddedValkey(folder, binaries_for(run_as).valkey_server, run_as, durable=durable)
        services = Services(
            database_url=await _database(settings, stack, postgres, purpose),
            redis_url=await _redis(settings, stack, valkey, purpose),
            data_dir=data_dir,
            purpose=purpose,
            postgres=postgres,
            valkey=valkey,
        )
        services.publish()
        stack.callback(services.withdraw)
        yield services


async def _database(
    settings: Settings, stack: AsyncExitStack, server: EmbeddedPostgres | None, purpose: Purpose
) -> str:
    if server is not None:
        stack.push_async_callback(server.stop)
        return await server.start()
    assert settings.database_url is not None
    if purpose == "up":
        return settings.database_url
    name = f"{database_name(settings.database_url)}_{purpose}"
    return await create_database(settings.database_url, name, replace=True)


async def _redis(
    settings: Settings, stack: AsyncExitStack, server: EmbeddedValkey | None, purpose: Purpose
) -> str:
    if server is not None:
        stack.push_async_callback(server.stop)
        return await server.start()
    assert settings.redis_url is not None
    if purpose == "up":
        return settings.redis_url
    parts = urlsplit(settings.redis_url)
    number = int(parts.path.removeprefix("/") or 0) + 1
    return urlunsplit(parts._replace(path=f"/{number}"))


def _publisher(path: Path) -> str | None:
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return body.get("purpose") if isinstance(body, dict) else None
