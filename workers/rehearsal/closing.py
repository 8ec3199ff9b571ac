"""The end of a rehearsal: the carrier's ledger against the database, and what is written for people to read."""

import time
from collections import Counter
from typing import Any

from rich.console import Console

from survey.ground import Ground
from workers import city
from workers.agreement import Agreement as Compared
from workers.agreement import Ledger, broken_promises, compare
from workers.demo_output import Agreement, CitySums, DemoFacts, PlantedResult, Summary, write_output
from workers.rehearsal.day import Lists
from workers.rehearsal.world import World

SELECT_ASKED = """
SELECT DISTINCT p.number_cipher FROM survey.sample_unit u
JOIN survey.campaign c ON c.id = u.campaign_id AND c.purpose = 'survey'
JOIN survey.person p ON p.id = u.person_id"""


async def close_day(world: World, lists: Lists, began: float, console: Console, *, quiet: bool) -> Summary:
    """Compare, write and print. `began`: time.monotonic() at the start."""
    ledger = await world.twin.ledger()
    async with world.ground.pool.acquire() as conn:
        compared = await compare(conn, world.ground.vault, ledger)
        breaches = await broken_promises(conn)
        facts = DemoFacts(
            seed=world.plan.seed,
            day=world.plan.day,
            ended_at=world.timekeeper.now,
            centre_code=world.plan.centre,
            faults=world.plan.faults != "off",
            planted_safe=await _planted_safe(world, conn),
            agreement=_agreement(compared, [str(breach) for breach in breaches]),
            city=city_sums(),
            seconds=time.monotonic() - began,
            planted_results=_planted_results(ledger),
            restarts=tuple(f"{name} ×{n}" for name, n in world.supervisor.restarts.items() if n),
        )
        return await write_output(world.plan.out, facts, conn, console=None if quiet else console)


async def _planted_safe(world: World, conn: Any) -> float | None:
    """What the people who were drawn truly think, all together."""
    ground: Ground = world.ground
    numbers = [ground.vault.open(row["number_cipher"]) for row in await conn.fetch(SELECT_ASKED)]
    return (await world.twin.truth(numbers)).safe if numbers else None


def _agreement(compared: Compared, breaches: list[str]) -> Agreement:
    return Agreement(
        differences=len(compared.differences) + len(breaches),
        intent_mismatches=len(compared.intent_mismatches),
        found=(*map(str, compared.differences), *breaches, *map(str, compared.intent_mismatches)),
        calls_compared=compared.counts.get("calls", 0),
        keys_compared=compared.counts.get("keys", 0),
        texts_compared=compared.counts.get("texts", 0),
    )


def _planted_results(ledger: Ledger) -> tuple[PlantedResult, ...]:
    """Whether each planted sentence stands word for word in what the carrier said or delivered."""
    heard = [said for call in ledger.calls for said in call.said]
    heard += [text.body for text in ledger.texts if text.direction == "out"]
    return tuple(
        PlantedResult(words, any(words.rstrip("。") in said for said in heard))
        for words in city.PLANTED_RESULTS
    )


def city_sums() -> CitySums:
    """The fictional city, counted."""
    counts: Counter[str] = Counter()
    adults = 0
    for area in city.areas():
        counts[area.level] += 1
        adults += area.pop_adult if area.level == "county" else 0
    return CitySums(counts["county"], counts["township"], counts["village"], counts["grid"], adults)
