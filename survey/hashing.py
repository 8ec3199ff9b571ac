"""Keyed hashes of a long list in a process of their own, while this one reads the list, seals and writes it.

Python hashes one number after the other on one core, and of each number of a list two hashes are needed. A thread would not
do: as long as it hashes, everything else waits for it at every step.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import IO, Final, TypeVar

from survey import number_hashes
from survey.number_hashes import DIGEST, REQUEST
from survey.vault import Vault

T = TypeVar("T")
LONG: Final = 1_000_000
"""A file of so many bytes is worth a process: hashing its twenty thousand people takes about as long as starting one."""


class Hashing:
    """The hashes of a vault, made when they are asked for. Raises ValueError for what is no number, as the vault does."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault

    def tokens(self, numbers: Sequence[str]) -> Future[list[bytes]]:
        """What `Vault.tokens` returns, when it is there."""
        return _there(self.vault.tokens(numbers))

    def prns(self, numbers: Sequence[str]) -> Future[list[float]]:
        """What `Vault.prns` returns, when it is there."""
        return _there(self.vault.prns(numbers))


class HashingAside(Hashing):
    """Made in a process, one after the other as they are asked for. The future raises ChildProcessError where it has ended."""

    def __init__(self, vault: Vault, to: IO[bytes], back: IO[bytes], asking: ThreadPoolExecutor) -> None:
        super().__init__(vault)
        self._to = to
        self._back = back
        self._asking = asking

    def tokens(self, numbers: Sequence[str]) -> Future[list[bytes]]:
        return self._asking.submit(self.vault.tokens, numbers, self._digests)

    def prns(self, numbers: Sequence[str]) -> Future[list[float]]:
        return self._asking.submit(self.vault.prns, numbers, self._digests)

    def _digests(self, key: bytes, numbers: bytes) -> bytes:
        """As `number_hashes.digests`."""
        awaited = DIGEST * (numbers.count(b"\n") + 1) if numbers else 0
        try:
            self._to.write(REQUEST.pack(key, len(numbers)) + numbers)
            self._to.flush()
            found = self._back.read(awaited)
        except BrokenPipeError:
            found = b""
        if len(found) < awaited:
            raise ChildProcessError(
                "The process that hashes numbers ended. Nothing was kept; import the list again."
            )
        return found


@contextmanager
def hashing(vault: Vault, file_bytes: int) -> Iterator[Hashing]:
    """For a list whose file is so long. Whoever leaves, by an error too, ends the process; what was asked for and not made yet is
    not made any more."""
    if file_bytes < LONG:
        yield Hashing(vault)
        return
    command = [sys.executable, "-I", "-S", number_hashes.__file__]  # without packages: it needs none
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        asking = ThreadPoolExecutor(1)
        try:
            yield HashingAside(vault, process.stdin, process.stdout, asking)
        finally:
            asking.shutdown(wait=True, cancel_futures=True)
            process.kill()
            with suppress(BrokenPipeError):  # where it died of itself, which was told to whoever waited
                process.stdin.close()


def _there(result: T) -> Future[T]:
    made: Future[T] = Future()
    made.set_result(result)
    return made
