"""What is done to a running world: kills, flushes and restarts, at random moments of real time that a seed decides."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from workers.chaos.plan import ChaosPlan
from workers.rehearsal.world import World, kill

Told = Callable[[str], None]


class Monkey:
    """Deals its blows in an order drawn from the seed; `dealt` counts them by what they were."""

    def __init__(self, world: World, plan: ChaosPlan, told: Told) -> None:
        self._world = world
        self._dice = random.Random(plan.seed)
        self._gap_s = plan.gap_s
        self._told = told
        self.dealt: Counter[str] = Counter()
        self.done = asyncio.Event()
        blows = ["worker" if self._dice.random() < 0.65 else "web" for _ in range(plan.kills)]
        blows += ["flush"] * plan.flushes + ["valkey"] * plan.valkey_restarts
        blows += ["database killed", "database"] * (plan.database_restarts // 2 + 1)
        self._blows = (
            blows[: plan.kills + plan.flushes + plan.valkey_restarts] + blows[-plan.database_restarts :]
        )
        self._dice.shuffle(self._blows)

    @property
    def left(self) -> int:
        return len(self._blows)

    async def rage(self) -> None:
        """Until no blow is left. A blow waits until what it hits is up again after the one before."""
        while self._blows:
            await asyncio.sleep(self._dice.uniform(0.3, 1.7) * self._gap_s)
            blow = self._blows.pop()
            await self._deal(blow)
            self.dealt[blow] += 1
            self._told(blow)
        self.done.set()

    async def _deal(self, blow: str) -> None:
        world = self._world
        if blow in ("worker", "web"):
            await _until_alive(world, blow)
            kill(world.supervisor, blow)
        elif blow == "flush":
            await _flush(world)
        elif blow == "valkey":
            assert world.services.valkey is not None
            await world.services.valkey.restart()
        else:
            assert world.services.postgres is not None
            await world.services.postgres.restart(killed=blow == "database killed")


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
