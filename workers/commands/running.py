"""How a command runs that needs the database, the queue or a port, and how it says in one sentence why it cannot."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import asyncpg
from redis.exceptions import RedisError

from survey.settings import SettingsError
from survey.store.migrate import SchemaError
from survey.vault import VaultError
from workers.commands.exits import refused
from workers.embedded import EmbeddedError
from workers.runtime import NotConfigured
from workers.supervise import SupervisorError

SAY_THEMSELVES = (SettingsError, SchemaError, VaultError, EmbeddedError, NotConfigured, SupervisorError)
"""Errors whose message already names what, where and how to mend it."""

T = TypeVar("T")
Runner = Callable[[Coroutine[Any, Any, T]], T]


def run(command: str, work: Coroutine[Any, Any, T], runner: Runner[T] = asyncio.run) -> T:
    """The outcome of `work`; what is known to go wrong becomes one sentence and exit code 3."""
    with plain_refusals(command):
        return runner(work)
    raise AssertionError("plain_refusals leaves by an exit only")


@contextmanager
def plain_refusals(command: str) -> Iterator[None]:
    """Inside, an error that a person can mend ends the command with its sentence and exit code 3."""
    try:
        yield
    except SAY_THEMSELVES as error:
        raise refused(command, str(error)) from None
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise refused(command, _unusable("database", error)) from None
    except RedisError as error:
        raise refused(command, _unusable("queue", error)) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise refused(command, f"{error.strerror or error}. Choose another port with --port.") from None
        raise refused(command, _unusable("database or queue", error)) from None


def _unusable(what: str, error: Exception) -> str:
    said = str(error) or type(error).__name__
    return f"the {what} cannot be used ({said}). Is `minyi up` running? `minyi doctor` says what is wrong."
