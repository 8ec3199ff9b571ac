"""A small campaign under fire: everything is killed, flushed and restarted once or more, and every promise holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.chaos.plan import short
from workers.chaos.run import run_chaos


@pytest.mark.slow
async def test_a_small_campaign_comes_through(tmp_path: Path) -> None:
    said: list[str] = []
    folder = tmp_path / "data"
    outcome = await run_chaos(short(seed=3), said.append, lambda left, figures: None, folder)
    assert outcome.by_ledger == ()
    assert [str(one) for one in outcome.by_sql] == []
    assert not any(outcome.left.values())
    assert outcome.blows.total() == short().blows
    assert outcome.restarts.get("worker", 0) + outcome.restarts.get("web", 0) >= short().kills
    figures = outcome.figures
    assert figures["units"] == figures["drawn"] == 160
    assert min(figures[name] for name in ("completes", "mode_changes", "full_cells", "opt_outs")) > 0
