"""The small day in a database of its own, and what was written about it."""

from pathlib import Path

import asyncpg
import pytest
from small_cases import whole_day
from small_day import CENTRE, DAY, SmallDay, at

from survey.access.passwords import Passwords
from survey.access.signing_in import SigningIn
from survey.clock import RealClock
from survey.ground import Ground
from survey.vault import Vault
from survey.web.gate import Gate
from workers.demo_output import Agreement, CitySums, DemoFacts, PlantedResult, Summary, write_output


@pytest.fixture
async def small_day(conn: asyncpg.Connection) -> SmallDay:
    day = SmallDay(conn)
    await whole_day(day)
    return day


@pytest.fixture
def gate(pool: asyncpg.Pool, vault: Vault) -> Gate:
    """Nobody real is in the small day, so whoever comes may look at it."""
    signing = SigningIn(Ground(pool, vault, RealClock()), Passwords())
    return Gate(signing, public_url="http://127.0.0.1:8080", fictional=True)


@pytest.fixture
def facts() -> DemoFacts:
    return DemoFacts(
        seed=1,
        day=DAY,
        ended_at=at(17, days=3),
        centre_code=CENTRE,
        faults=False,
        planted_safe=0.942,
        agreement=Agreement(0, 0, (), calls_compared=28, keys_compared=61, texts_compared=78),
        city=CitySums(10, 199, 2877, 25413, 7_150_000),
        seconds=88.4,
        planted_results=(PlantedResult("东街6盏路灯已全部更换,夜里已亮灯", heard=True),),
    )


@pytest.fixture
async def written(small_day: SmallDay, facts: DemoFacts, tmp_path: Path) -> tuple[Path, Summary]:
    """The demo's folder about the small day, and its figures."""
    summary = await write_output(tmp_path / "demo-out", facts, small_day.conn)
    return tmp_path / "demo-out", summary
