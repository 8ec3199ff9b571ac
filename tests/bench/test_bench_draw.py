"""`minyi bench draw` measures draws that are what the draw on arrays takes, and leaves nothing behind."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import numpy as np
import pytest
from typer.testing import CliRunner

from survey.sampling.draw import Frame, draw
from survey.store import frame_draw
from survey.store.frame_draw import Taken, View
from workers.bench.big_list import BROUGHT_AT, CENTRE, lay_list, may_be_asked
from workers.cli import app

EVERYBODY = "SELECT stratum, person_id, area_code, prn FROM survey.frame_entry WHERE centre_code = $1"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary folders are made; not one of pytest's, which are closed to the servers' user."""
    with tempfile.TemporaryDirectory(prefix="minyi-tests-") as name:
        Path(name).chmod(0o711)
        monkeypatch.setattr(tempfile, "tempdir", name)
        yield Path(name)


@pytest.mark.slow
def test_it_measures_both_and_leaves_nothing_behind(folder: Path) -> None:
    done = CliRunner().invoke(app, ["bench", "draw", "--people", "20000", "--sample", "1000", "--json"])
    assert done.exit_code == 0, done.stderr
    body = json.loads(done.stdout)
    assert body["sizes"] == {"people": 20000, "townships": 200, "sample": 1000}
    assert {name: (one["unit"], len(one["rounds"])) for name, one in body["series"].items()} == {
        "reference": ("s", 5),
        "draw": ("s", 5),
        "stored": ("s", 5),
        "seal": ("s", 1),
    }
    bar = body["bars"]["draw"]
    assert (bar["ours"], bar["beside"], bar["at_most"]) == ("draw", "reference", 1.5)
    assert not list(folder.iterdir())


def test_without_room_nothing_is_begun(folder: Path) -> None:
    done = CliRunner().invoke(app, ["bench", "draw", "--people", "1000000000000"])
    assert done.exit_code == 3
    assert "GiB are needed in" in done.stderr and "set TMPDIR to a larger place" in done.stderr
    assert not list(folder.iterdir())


async def test_whatever_is_wanted_from_wherever_it_is_what_the_arrays_give(conn: asyncpg.Connection) -> None:
    """30 draws from 4,000 people in 200 townships, with pointers, sizes, areas and lists by the dice."""
    await lay_list(conn, 4_000)
    everybody = [Taken(*row) for row in await conn.fetch(EVERYBODY, CENTRE)]
    dice = np.random.default_rng(20261126)
    at = BROUGHT_AT + timedelta(days=2)
    for _ in range(30):
        lists = ((1,), (2,), (1, 2))[dice.integers(3)]
        areas = ((), ("99172101",), ("991721007", "991721090003"))[dice.integers(3)]
        people = [
            one
            for one in everybody
            if may_be_asked(one.person_id)
            and (2 if one.person_id % 10 == 0 else 1) in lists
            and (not areas or one.area_code.startswith(areas))
        ]
        sizes = Counter(one.stratum for one in people)
        wanted = {code: int(dice.integers(size + 1)) for code, size in sizes.items()}
        start = {code: float(dice.random()) for code in sizes if dice.random() < 0.8}
        frame = Frame(
            np.array([one.stratum for one in people], dtype=np.str_),
            np.array([one.prn for one in people]),
            np.array([one.person_id for one in people]),
        )
        view = View(CENTRE, lists, at - timedelta(days=180), at, 1, areas)
        taken = await frame_draw.clockwise(conn, view, wanted, start)
        assert taken == [people[i] for i in draw(frame, wanted, start).index]
        left = await frame_draw.left_out(conn, view)
        assert sum(left.values()) == sum(
            (2 if one.person_id % 10 == 0 else 1) in lists and (not areas or one.area_code.startswith(areas))
            for one in everybody
            if not may_be_asked(one.person_id)
        )
