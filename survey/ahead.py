"""Work for the processor, done in a thread while what came of the work before it is on its way to somebody else."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
M = TypeVar("M")


@asynccontextmanager
async def ahead(make: Callable[[T], M], of: Iterable[T], how_far: int = 1) -> AsyncIterator[AsyncIterator[M]]:
    """`make` of each, in their order, one at a time: begun at once, and up to `how_far` before they are asked for. Whoever leaves
    early waits for the one in hand, and no more are made."""
    loop, maker = asyncio.get_running_loop(), ThreadPoolExecutor(1)
    begun = (loop.run_in_executor(maker, make, one) for one in of)
    try:
        yield _in_order(deque(islice(begun, how_far)), begun)
    finally:
        maker.shutdown(wait=True, cancel_futures=True)


async def _in_order(coming: deque[asyncio.Future[M]], begun: Iterator[asyncio.Future[M]]) -> AsyncIterator[M]:
    while coming:
        made = await coming.popleft()
        coming.extend(islice(begun, 1))
        yield made
