"""The supervisor: children live as long as they are wanted, and not longer."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from processes import all_gone, is_alive

from workers.supervise import Service, Supervisor, SupervisorError

STEADY = "import sys, pathlib, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
STUBBORN = (
    "import pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
)


def service(folder: Path, program: str = STEADY, **more) -> Service:
    sign = folder / "ready"

    async def is_ready() -> bool:
        return sign.exists()

    argv = (sys.executable, "-c", program, str(sign))
    return Service("worker", argv, folder / "worker.log", healthy=is_ready, **more)


async def test_a_service_is_healthy_once_started_and_gone_with_its_supervisor(tmp_path):
    async with Supervisor() as supervisor:
        await supervisor.start(service(tmp_path))
        pid = supervisor.pid("worker")
        assert (tmp_path / "ready").exists()
        assert is_alive(pid)

    assert not is_alive(pid)


async def test_a_killed_service_comes_back_and_is_counted(tmp_path):
    told: list[tuple[str, int]] = []
    came_back = asyncio.Event()

    def on_restart(name: str, restarts: int) -> None:
        told.append((name, restarts))
        came_back.set()

    async with Supervisor(on_restart) as supervisor:
        await supervisor.start(service(tmp_path))
        for n in (1, 2):
            first = supervisor.pid("worker")
            (tmp_path / "ready").unlink()
            os.kill(first, signal.SIGKILL)
            await asyncio.wait_for(came_back.wait(), 30)
            came_back.clear()
            await supervisor.until_healthy("worker")
            assert supervisor.pid("worker") != first
            assert supervisor.restarts == {"worker": n}

    assert told == [("worker", 1), ("worker", 2)]


async def test_a_service_that_cannot_start_is_told_with_the_end_of_its_log(tmp_path):
    async with Supervisor() as supervisor:
        with pytest.raises(SupervisorError) as refusal:
            await supervisor.start(service(tmp_path, "import sys; sys.exit('no such table: person')"))
        assert supervisor.restarts == {}

    assert str(refusal.value) == "worker ended with status 1.\nno such table: person"


async def test_a_service_that_never_becomes_healthy_is_stopped(tmp_path):
    endless = "import os, sys, time; print('listening as', os.getpid(), flush=True); time.sleep(600)"
    async with Supervisor() as supervisor:
        with pytest.raises(SupervisorError, match=r"worker is not healthy after 1 s\.\nlistening as"):
            await supervisor.start(service(tmp_path, endless), timeout_s=1)

    assert not is_alive(int((tmp_path / "worker.log").read_text().split()[-1]))


async def test_a_service_that_does_not_listen_is_killed(tmp_path):
    async with Supervisor() as supervisor:
        await supervisor.start(service(tmp_path, STUBBORN, stop_after_s=0.2))
        pid = supervisor.pid("worker")

    assert not is_alive(pid)


async def test_a_service_gets_our_environment_and_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("OURS", "one")
    show = "import os, pathlib, sys, time; print(os.environ['OURS'], os.environ['ITS'], flush=True);" + STEADY
    async with Supervisor() as supervisor:
        await supervisor.start(service(tmp_path, show, env={"ITS": "two"}))

    assert (tmp_path / "worker.log").read_text() == "one two\n"


SUPERVISING = """
import asyncio, sys
from pathlib import Path
from workers.supervise import Service, Supervisor, asked_to_stop

async def main():
    async with asked_to_stop() as asked, Supervisor() as supervisor:
        argv = (sys.executable, "-c", sys.argv[1], sys.argv[2])
        await supervisor.start(Service("worker", argv, Path(sys.argv[3])))
        print(supervisor.pid("worker"), flush=True)
        await asked.wait()

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("request_", "status"), [(signal.SIGKILL, -9), (signal.SIGTERM, 0), (signal.SIGINT, 0)]
)
def test_however_the_supervisor_ends_its_services_end_too(tmp_path, request_, status):
    arguments = [sys.executable, "-c", SUPERVISING, STUBBORN, str(tmp_path / "ready"), str(tmp_path / "log")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as supervising:
        pid = int(supervising.stdout.readline())
        assert is_alive(pid)
        supervising.send_signal(request_)

    assert all_gone([pid])
    assert supervising.returncode == status
