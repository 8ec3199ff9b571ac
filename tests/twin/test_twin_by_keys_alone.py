"""A day of Say and dtmf Gather alone is played as it was before residents could speak: no draw has moved.

To take over a change that is meant (of town.yaml, say), delete `a_day_by_keys.txt`, run this once, and read
the difference."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from test_twin_determinism import NEXT, by_voice, text
from twin_service import Params

from survey.twin.limits import Rate

KEPT = Path(__file__).parent / "a_day_by_keys.txt"
NUMBERS = [f"+86154{i % 10}{i:07d}" for i in range(120)]


class Service:
    """Three questions by voice; by text a second one after the first reply, and nothing more."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __call__(self, path: str, params: Params) -> str:
        if path.startswith("/voice"):
            return by_voice(path, params)
        if params["From"] in self.asked:
            return "<Response/>"
        self.asked.add(params["From"])
        return f"<Response><Message>{NEXT}</Message></Response>"


async def test_a_day_by_keys_alone_is_what_it_was(bench):
    bench.service.script = Service()
    bench.carrier.rate = Rate(1000.0)
    for _ in range(2):
        for number in NUMBERS:
            await bench.call(number)
        await bench.clock.run(minutes=20)
    for number in NUMBERS:
        await text(bench, number)
    await bench.clock.run_out()
    ledger = await bench.ledger()
    day = [*calls(ledger), *texts(ledger)]

    if not KEPT.exists():
        KEPT.write_text("\n".join(day) + "\n", encoding="utf-8")
        raise AssertionError(f"{KEPT.name} was missing and is written anew; read it before you keep it")
    assert day == KEPT.read_text(encoding="utf-8").splitlines()


def calls(ledger: dict[str, Any]) -> Iterator[str]:
    """Who, how it went, when it ended, and each key with what was meant and when."""
    for call in ledger["calls"]:
        start = datetime.fromisoformat(call["created_at"])
        keys = " ".join(
            f"{key['digits'] or '-'}:{key['kind']}:{key['meant']}:{after(start, key['at'])}"
            + ("!" if key["slip"] else "")
            for key in call["keys"]
        )
        ending = f"{call['status']} {call['hung_up_by']} rang {call['rang']}"
        yield f"{call['to']} {ending} {after(start, call['ended_at'])} {keys}".rstrip()


def texts(ledger: dict[str, Any]) -> Iterator[str]:
    for one in ledger["texts"]:
        if one["direction"] == "in":
            body = one["body"].replace("\n", " ")
            yield f"{one['from_']} {one['kind']} {one['at']} {body} {one['meant']} {one['slip']}"


def after(start: datetime, moment: str) -> str:
    return f"+{(datetime.fromisoformat(moment) - start).total_seconds():.0f}"
