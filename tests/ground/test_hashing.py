"""Hashes of a long list, made in a process of their own: the same ones, and no process that stays."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator

import pytest

from survey import hashing as of_lists
from survey.hashing import hashing
from survey.number_hashes import REQUEST, answer, digests
from survey.vault import Vault

NUMBERS = [f"+86154{n:08}" for n in range(300)]


class Watched(subprocess.Popen[bytes]):
    """Each process that was started."""

    started: list[subprocess.Popen[bytes]]

    def __init__(self, *args: object, **how: object) -> None:
        super().__init__(*args, **how)  # type: ignore[call-overload]
        self.started.append(self)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    monkeypatch.setattr(Watched, "started", [], raising=False)
    monkeypatch.setattr(of_lists.subprocess, "Popen", Watched)
    yield Watched.started
    assert [one.poll() is None for one in Watched.started] == [False] * len(Watched.started)


def test_they_are_those_of_the_vault_whoever_makes_them(vault: Vault, processes) -> None:
    for size in (of_lists.LONG - 1, of_lists.LONG):
        with hashing(vault, size) as hashes:
            coming = hashes.prns(NUMBERS), hashes.tokens(NUMBERS), hashes.tokens([]), hashes.prns(NUMBERS[:1])
            assert [one.result() for one in coming] == [
                [vault.prn(number) for number in NUMBERS],
                [vault.token(number) for number in NUMBERS],
                [],
                [vault.prn(NUMBERS[0])],
            ]
    assert len(processes) == 1


def test_what_fails_meanwhile_ends_the_process_and_what_waits(vault: Vault, processes) -> None:
    with pytest.raises(KeyboardInterrupt), hashing(vault, of_lists.LONG) as hashes:
        coming = [
            hashes.tokens(NUMBERS * 1_000),
            hashes.tokens(NUMBERS),
        ]  # the first takes a third of a second
        raise KeyboardInterrupt
    assert coming[-1].cancelled()


def test_a_process_that_dies_is_told_to_whoever_waits(vault: Vault, processes) -> None:
    with hashing(vault, of_lists.LONG) as hashes:
        processes[0].kill()
        with pytest.raises(ChildProcessError, match="import the list again"):
            hashes.tokens(NUMBERS).result()


def test_the_process_answers_until_its_input_ends() -> None:
    key, other = bytes(range(32)), bytes(32)
    numbers = "\n".join(NUMBERS).encode()
    asked = b"".join(REQUEST.pack(one, len(numbers)) + numbers for one in (key, other))
    answers = io.BytesIO()
    answer(io.BytesIO(asked + b"cut short"), answers)
    assert answers.getvalue() == digests(key, numbers) + digests(other, numbers)


def test_it_needs_nothing_but_the_standard_library() -> None:
    asked = REQUEST.pack(bytes(32), len(NUMBERS[0])) + NUMBERS[0].encode()
    command = [sys.executable, "-I", "-S", of_lists.number_hashes.__file__]
    done = subprocess.run(command, input=asked, capture_output=True, check=True, timeout=30)
    assert (done.stdout, done.stderr) == (digests(bytes(32), NUMBERS[0].encode()), b"")
