"""What `minyi bench verify` measures: every event looked at each time, and the altered row named at the end."""

from __future__ import annotations

import pytest

from survey.store.pool import connection
from workers.bench.verify import NotFound, VerifyBench

SPOIL = """
CREATE FUNCTION followup.spoil() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.reason := NULL; RETURN NEW; END $$;
CREATE TRIGGER zz_after_the_hash BEFORE INSERT ON followup.case_event
    FOR EACH ROW WHEN (NEW.id = 7) EXECUTE FUNCTION followup.spoil()"""


async def test_it_verifies_every_event_in_each_round_and_names_the_altered_row(database: str) -> None:
    shown: list[str] = []
    outcome = await VerifyBench(400, 2, lambda what, done, of: shown.append(what)).run(database)
    assert {name: len(one.rounds) for name, one in outcome.series.items()} == {
        "read": 2,
        "verify": 2,
        "per_million": 2,
        "cpu_per_million": 2,
        "write": 1,
        "write_cpu": 1,
        "seal": 1,
    }
    assert [bar.name for bar in outcome.bars] == ["million", "million_cpu", "read"]
    assert shown[-1] == "done"
    async with connection(database) as conn:
        assert await conn.fetchval("SELECT count(*) FROM followup.case_event") == 400
        assert await conn.fetchval("SELECT sum(events) FROM followup.sealed_day") == 400
        assert await conn.fetchval("SELECT id FROM followup.case_event WHERE actor LIKE '%f'") == 300


async def test_it_does_not_measure_a_check_that_finds_what_it_must_not(database: str) -> None:
    async with connection(database) as conn:
        await conn.execute(SPOIL)
    with pytest.raises(NotFound, match="1 faults in 100 events"):
        await VerifyBench(100, 1, lambda what, done, of: None).run(database)
