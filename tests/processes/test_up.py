"""`minyi up` as a process: it starts all, answers, refuses a second one, keeps its data, and leaves nothing running."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from composed import (
    all_gone,
    children_of,
    command_line,
    environment,
    is_alive,
    line_with,
    program,
    said,
    started,
)

pytestmark = pytest.mark.slow

PAGE = re.compile(r"http://127\.0\.0\.1:\d+")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A working folder that the servers' user can enter, with the key outside of the data."""
    path = Path(tempfile.mkdtemp(prefix="minyi-up-"))
    path.chmod(0o711)
    (path / "data").mkdir()
    (path / "data").chmod(0o711)
    yield path
    shutil.rmtree(path)


def own(folder: Path) -> dict[str, str]:
    return {
        "MINYI_DATA_DIR": str(folder / "data"),
        "MINYI_KEY_FILE": str(folder / "key"),
        "MINYI_WEB_PORT": "0",
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }


def minyi(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Another terminal, in the same folder."""
    return subprocess.run(
        program(["minyi", *arguments]),
        env=environment(own(folder)),
        cwd=folder,
        capture_output=True,
        text=True,
    )


async def page(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


LIST = "姓名,电话,乡镇\n王芳,15400000001,不知哪里镇\n"
WHO = ("--brought-by", "综治中心", "--reason", "日常调查", "--ground", "日常调查制度")


async def test_up_serves_everything_and_leaves_nothing_behind(folder: Path) -> None:
    with started(["minyi", "up", "--city"], own(folder), folder) as up:
        url = PAGE.search(await line_with(folder, "页面 page:", up)).group()
        await line_with(folder, "stops everything", up)
        children = children_of(up.pid)

        assert await page(f"{url}/health") == (200, '{"ok": true}')
        status, body = await page(url)
        assert (status, "遂澜" in body) == (200, True)
        assert "nobody real can be reached" in said(folder)

        # another terminal needs no flag, and takes fictional numbers only
        cases = minyi(folder, "case", "list", "--json")
        assert len(json.loads(cases.stdout)["cases"]) == 12, cases.stderr
        (folder / "list.csv").write_text(LIST)
        refused = minyi(folder, "import", "residents", "list.csv", *WHO)
        assert (refused.returncode, "unknown township" in refused.stdout) == (3, True)
        assert minyi(folder, "operator", "--name", "1021").returncode == 0
        assert minyi(folder, "doctor").returncode == 0
        published = folder / "data" / "services.json"
        assert stat.S_IMODE(published.stat().st_mode) == 0o600

        # no secret is to be seen by other users of the machine
        secret = json.loads(published.read_text())["settings"]["carrier_auth_token"]
        token = (folder / "data" / "up" / "twin-token").read_text()
        for pid in children:
            shown = command_line(pid)
            assert secret not in shown and token not in shown

        second = minyi(folder, "up")
        assert second.returncode == 3
        assert re.search(
            rf"minyi up: The data folder .* is in use by `minyi up --city` \(pid {up.pid}, user \S+, since .*\)\. "
            r"Stop that one first \(Ctrl-C\), or set MINYI_DATA_DIR to another folder\.\n$",
            second.stderr,
        ), second.stderr

        up.send_signal(signal.SIGTERM)
        assert up.wait(60) == 0, said(folder)

    assert len(children) >= 5  # Postgres, Valkey, twin, web, worker
    assert not any(map(is_alive, children))
    assert said(folder).endswith("已停止 stopped; nothing is left running.\n")
    assert not published.exists()

    with started(["minyi", "up"], own(folder), folder) as again:  # data is kept between runs
        await line_with(folder, "stops everything", again)
        assert len(json.loads(minyi(folder, "case", "list", "--json").stdout)["cases"]) == 12
        again.send_signal(signal.SIGINT)
        assert again.wait(60) == 0


async def test_a_killed_worker_comes_back_and_a_killed_up_leaves_no_child(folder: Path) -> None:
    with started(["minyi", "up"], own(folder), folder) as up:
        await line_with(folder, "stops everything", up)
        worker = next(pid for pid in children_of(up.pid) if "arq_settings" in command_line(pid))
        os.kill(worker, signal.SIGKILL)
        await line_with(folder, "worker 已重启 restarted (1)", up)
        children = children_of(up.pid)
        up.kill()
        up.wait(30)

    assert all_gone(children)


def test_a_port_in_use_is_said_before_anything_starts(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = minyi(folder, "up", "--port", str(port))

    assert done.returncode == 3
    assert done.stderr == (
        f"minyi up: The page cannot be served at 127.0.0.1:{port} (Address already in use). "
        "Give another port with --port or MINYI_WEB_PORT; 0 takes a free one.\n"
    )
