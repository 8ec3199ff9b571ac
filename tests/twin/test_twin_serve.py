"""The carrier as a process of its own."""

import asyncio
import os
import sys
from pathlib import Path

import aiohttp
import pytest

from survey.twin.__main__ import options_of

SID = "AC" + "0" * 32
SECRETS = {"MINYI_CARRIER_AUTH_TOKEN": "a", "MINYI_TWIN_TOKEN": "b"}


def test_flags_and_secrets(monkeypatch, capsys):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    options = options_of(["--account-sid", SID, "--seed", "5", "--faults", "on", "--port-file", "p"])
    assert (options.auth_token, options.token, options.seed) == ("a", "b", 5)
    assert (options.faults, options.port, options.port_file) == ("on", 0, Path("p"))
    monkeypatch.delenv("MINYI_TWIN_TOKEN")
    with pytest.raises(SystemExit):
        options_of(["--account-sid", SID])
    assert "--token is needed" in capsys.readouterr().err


@pytest.mark.slow
async def test_it_writes_its_port_answers_and_stops_when_told(tmp_path):
    port_file = tmp_path / "port"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "survey.twin", "--port-file", str(port_file), "--account-sid", SID,
        env={**os.environ, **SECRETS}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(30):
            while not port_file.exists():
                assert process.returncode is None, (await process.communicate())[1]
                await asyncio.sleep(0.02)
            base = f"http://127.0.0.1:{port_file.read_text()}"
            async with aiohttp.ClientSession() as session:
                async with session.get(f"{base}/twin/health") as response:
                    assert await response.json() == {"status": "ok"}
                async with session.get(f"{base}/twin/ledger", headers={"X-Twin-Token": "b"}) as response:
                    assert (await response.json())["calls"] == []
                call = {"To": "+8615400000001", "From": "+8615400000000", "Url": f"{base}/nothing"}
                url = f"{base}/2010-04-01/Accounts/{SID}/Calls.json"
                async with session.post(url, data=call, auth=aiohttp.BasicAuth(SID, "a")) as response:
                    assert response.status == 201
            process.terminate()
            _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0
    assert b"Traceback" not in said
