"""The dialogue engine beside flow-runner on the same six questions: checked first, then measured in turns.

Each side measures itself, in its own process and by its monotonic clock; while one works, the other waits.
"""

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

from workers.bench import ours
from workers.bench.installing import LeftOut
from workers.bench.result import SERIES, Machine, Measured, Result, Series, Side
from workers.bench.sessions import fingerprint
from workers.bench.theirs import FlowRunner, flow_runner

FEWEST_ROUNDS: Final = 5
"""Fewer say little on a machine that has other work to do."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with what is done next, how many measurements are done, and how many there will be."""


class DifferentAnswers(RuntimeError):
    """The two sides did not store the same answers: how long they took for it cannot be compared."""


@dataclass(slots=True)
class Bench:
    """One run; `seconds` is the length of each measurement."""

    rounds: int
    seconds: float
    show: Progress
    fingerprints: dict[Side, str] = field(default_factory=dict)
    measured: dict[Series, list[Measured]] = field(default_factory=dict)

    async def run(self, folder: Path) -> Result:
        """Compare with the flow-runner in `folder`; measure ours alone where it is not to be had.
        Raises DifferentAnswers, and WrongSession if a session of ours does not go as planned."""
        self.fingerprints["ours"] = fingerprint(ours.check())
        self.show("flow-runner", 0, len(SERIES) * (self.rounds + 1))
        try:
            async with flow_runner(folder) as theirs:
                await self._same_answers(theirs)
                await self._measure(SERIES, theirs)
                return self._result(theirs.node, None)
        except LeftOut as reason:
            await self._measure([series for series in SERIES if series[0] == "ours"], None)
            return self._result(None, str(reason))

    async def _same_answers(self, theirs: FlowRunner) -> None:
        self.fingerprints["theirs"] = fingerprint(await theirs.check())
        if len(set(self.fingerprints.values())) > 1:
            raise DifferentAnswers(f"the two sides stored different answers: {self.fingerprints}")

    async def _measure(self, wanted: Sequence[Series], theirs: FlowRunner | None) -> None:
        """One round that does not count, so that everything is loaded and compiled; then the others."""
        self.measured = {series: [] for series in wanted}
        total = len(wanted) * (self.rounds + 1)
        for number in range(total):
            side, way = series = wanted[number % len(wanted)]
            self.show(f"{side}, {way}", number, total)
            if theirs is not None and side == "theirs":
                measured = await theirs.measure(way, self.seconds)
            else:
                measured = ours.measure(way, self.seconds)
            if number >= len(wanted):
                self.measured[series].append(measured)
        self.show("done", total, total)

    def _result(self, node: str | None, left_out: str | None) -> Result:
        now = datetime.now(UTC).replace(microsecond=0)
        return Result(now.isoformat(), machine(node), self.measured, self.fingerprints, left_out)


def machine(node: str | None) -> Machine:
    """Where this runs; `node`: the version of the other side's interpreter."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return Machine(platform.platform(), _processor(), os.cpu_count() or 1, python, node)


def _processor() -> str:
    """As Linux names it; elsewhere only its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
