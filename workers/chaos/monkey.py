"""What is done to a running world: kills, flushes, restarts, outages of the carrier, spread over its attempts by a seed."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from survey.store.outage import DOWN
from workers.chaos.plan import OUTAGES, ChaosPlan
from workers.rehearsal.world import World, kill

Told = Callable[[str], None]
LOOK_EVERY_S = 0.2

COUNT_ATTEMPTS = """
SELECT count(*) FROM survey.attempt"""


class Monkey:
    """Deals its blows in an order and after numbers of attempts that are drawn from the seed. `dealt` counts them by what they
    were, `last_at` is the number of attempts at the last of them. Whoever sees that nothing is left to do sets `hurry`."""

    def __init__(self, world: World, plan: ChaosPlan, told: Told) -> None:
        self._world = world
        self._dice = random.Random(plan.seed)
        self._outage_min = plan.outage_min
        self._told = told
        self.last_at = 0
        self.hurry = asyncio.Event()
        self.dealt: Counter[str] = Counter()
        self.done = asyncio.Event()
        blows = ["worker" if self._dice.random() < 0.65 else "web" for _ in range(plan.kills)]
        blows += ["flush"] * plan.flushes + ["valkey"] * plan.valkey_restarts
        blows += ["database killed", "database"] * (plan.database_restarts // 2 + 1)
        self._blows = (
            blows[: plan.kills + plan.flushes + plan.valkey_restarts] + blows[-plan.database_restarts :]
        )
        self._blows += [f"carrier {OUTAGES[n % len(OUTAGES)]}" for n in range(plan.outages)]
        self._dice.shuffle(self._blows)
        self._after = sorted((self._dice.uniform(0, plan.attempts) for _ in self._blows), reverse=True)

    @property
    def left(self) -> int:
        return len(self._blows)

    async def rage(self) -> None:
        """Until no blow is left. A blow waits until what it hits is up again after the one before."""
        while self._blows:
            await self._until(self._after.pop())
            blow = self._blows.pop()
            await self._deal(blow)
            self.dealt[blow] += 1
            self._told(blow)
        self.done.set()

    async def _until(self, attempts: float) -> None:
        while not self.hurry.is_set():
            with contextlib.suppress(*DOWN):
                async with self._world.ground.pool.acquire() as conn:
                    self.last_at = await conn.fetchval(COUNT_ATTEMPTS)
                if self.last_at >= attempts:
                    return
            await asyncio.sleep(LOOK_EVERY_S)

    async def _deal(self, blow: str) -> None:
        world = self._world
        if blow in ("worker", "web"):
            await _kill(world, blow)
        elif blow == "flush":
            await _flush(world)
        elif blow == "valkey":
            assert world.services.valkey is not None
            await world.services.valkey.restart()
        elif blow.startswith("carrier"):
            await world.twin.outage(self._dice.uniform(*self._outage_min), blow.removeprefix("carrier "))
        else:
            assert world.services.postgres is not None
            await world.services.postgres.restart(killed=blow == "database killed")


async def _kill(world: World, name: str) -> None:
    """A worker may end by itself at that very moment, of a blow before: then the next one is hit."""
    while True:
        await _until_alive(world, name)
        with contextlib.suppress(ProcessLookupError):
            return kill(world.supervisor, name)


async def _until_alive(world: World, name: str) -> None:
    """A process that is being started again has not begun anything that could be lost; it is hit when it works."""
    with contextlib.suppress(Exception):
        await world.supervisor.until_healthy(name, timeout_s=20)
    await asyncio.sleep(0.2)


async def _flush(world: World) -> None:
    assert world.settings.redis_url is not None
    redis = Redis.from_url(world.settings.redis_url)
    with contextlib.suppress(RedisError, OSError):
        await redis.flushall()
    await redis.aclose()
