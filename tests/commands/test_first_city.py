"""`minyi up --city`: the fictional city is brought in once, and never into somebody else's database."""

from __future__ import annotations

import asyncpg
import pytest
from commands_bench import CENTRE

from survey.clock import RealClock
from survey.ground import Ground
from survey.settings import Settings
from survey.vault import Vault
from workers.first_city import CASES, PROGRAMME, RESIDENTS, FirstCity, load_first_city
from workers.runtime import NotConfigured
from workers.up import running


@pytest.fixture
def ground(pool: asyncpg.Pool, vault: Vault) -> Ground:
    return Ground(pool, vault, RealClock())


async def test_it_is_loaded_once(ground: Ground, conn: asyncpg.Connection) -> None:
    first = await load_first_city(ground, CENTRE)
    again = await load_first_city(ground, CENTRE)

    assert first == FirstCity(areas=28_500, residents=RESIDENTS, cases=CASES)
    assert again == FirstCity()
    assert await conn.fetchval("SELECT count(*) FROM survey.frame_entry") == RESIDENTS
    assert await conn.fetchval("SELECT count(*) FROM followup.case_file") == CASES
    assert await conn.fetchval("SELECT count(*) FROM survey.daily_round") == 1
    programme = await conn.fetchval("SELECT body FROM survey.policy WHERE key = 'daily_programme'")
    assert str(PROGRAMME["voice"]) in str(programme)


async def test_a_database_with_other_centres_is_left_alone(
    ground: Ground, conn: asyncpg.Connection, county: str
) -> None:
    with pytest.raises(NotConfigured, match="--city: this database holds the centres of another city"):
        await load_first_city(ground, CENTRE)

    assert await conn.fetchval("SELECT count(*) FROM survey.area") == 4


async def test_a_centre_of_another_city(ground: Ground) -> None:
    with pytest.raises(
        NotConfigured, match=r"--city: 110101 is no centre of the fictional city\. Set MINYI_"
    ):
        await load_first_city(ground, "110101")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            Settings(carrier_account_sid="AC1"),
            "--city brings numbers that no phone has, and a real carrier is configured.",
        ),
        (
            Settings(carrier_base_url="http://127.0.0.1:1"),
            "carrier_base_url is set, but no account at that carrier.",
        ),
    ],
)
async def test_a_half_configured_carrier_is_refused_before_anything_starts(
    settings: Settings, sentence: str
) -> None:
    with pytest.raises(NotConfigured, match=sentence):
        async with running(settings, with_city=True, say=lambda _: None):
            raise AssertionError("nothing may start")
