"""The other side of the dialogue bench: one node process that plays sessions with flow-runner when asked to."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import as_file
from pathlib import Path
from typing import Any, Final

from workers.bench.installing import SOURCES, LeftOut, install, program
from workers.bench.result import Measured, Way
from workers.bench.sessions import CHECKED, MEASURED, Given

GRACE_S: Final = 30.0
"""Beyond the time that was asked for; then the process counts as stuck."""


class FlowRunner:
    """A started node process. Its methods raise LeftOut if it fails or does not answer."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.node: str | None = None
        """The version of its interpreter, once it has answered."""

    async def check(self) -> list[Given]:
        """The checked sessions as they went."""
        said = await self._ask({"do": "check", "sessions": CHECKED}, GRACE_S)
        self.node = said["node"]
        return [[(question, code) for question, code in given] for given in said["answers"]]

    async def measure(self, way: Way, seconds: float) -> Measured:
        """Batches of sessions until `seconds` have passed."""
        asked = {"do": "measure", "way": way, "seconds": seconds, "sessions": MEASURED}
        said = await self._ask(asked, seconds + GRACE_S)
        return Measured(said["answers"], said["sessions"], said["seconds"])

    async def _ask(self, asked: dict[str, Any], timeout: float) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        try:
            async with asyncio.timeout(timeout):
                stdin.write(f"{json.dumps(asked)}\n".encode())
                await stdin.drain()
                line = await stdout.readline()
        except TimeoutError:
            raise LeftOut(f"flow-runner did not answer within {timeout:.0f} s") from None
        except ConnectionError:
            line = b""
        return _answer(line) if line else await self._why_it_ended()

    async def _why_it_ended(self) -> dict[str, Any]:
        assert self._process.stderr is not None
        said = (await self._process.stderr.read()).decode(errors="replace").strip()
        reason = next((line for line in said.splitlines() if "Error" in line), said[:200])
        raise LeftOut(f"flow-runner's process ended ({reason}). Node.js 16 or newer is needed.")


def _answer(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        raise LeftOut(f"flow-runner's process said something else than JSON: {line[:200]!r}") from None
    assert isinstance(said, dict)
    return said


@asynccontextmanager
async def flow_runner(folder: Path) -> AsyncIterator[FlowRunner]:
    """Installed if need be, started, and ended on leaving. Raises LeftOut where that cannot be done."""
    node = program("node")
    await asyncio.to_thread(install, folder)
    with as_file(SOURCES) as sources:
        process = await asyncio.create_subprocess_exec(
            node,
            str(sources / "bench.js"),
            str(folder),
            str(sources / "six_questions.json"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            limit=1 << 20,
        )
        try:
            yield FlowRunner(process)
        finally:
            await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.communicate()
