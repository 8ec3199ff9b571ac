"""What `minyi bench sending` makes of the moments at which calls reached the carrier."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from workers.bench.sending import busiest, fullest, pace, quantile, to_the_last
from workers.bench.sending_world import HOUR, zone_at
from workers.cli import app

START = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


def arrivals(*seconds: float) -> list[datetime]:
    return [START + timedelta(seconds=one) for one in seconds]


def test_the_pace_is_the_slope_of_all_arrivals() -> None:
    assert pace(arrivals(0.5, 1, 1.5, 2)) == pytest.approx(2.0)
    late = arrivals(*(n / 20 for n in range(440)), 22.5)
    assert pace(late) == pytest.approx(20.0, rel=0.001)


def test_the_pace_to_the_last_counts_what_that_was_late() -> None:
    assert to_the_last(arrivals(0.5, 1, 1.5, 2), START) == 2.0
    assert to_the_last(arrivals(0.5, 1, 1.5, 4), START) == 1.0


def test_the_fullest_stretch_leaves_out_what_the_bucket_held() -> None:
    at_once = arrivals(0, 0, 0, 1, 2)
    assert fullest(at_once, bucket=0) == 4.0
    assert fullest(at_once, bucket=3) == 1.0


def test_the_busiest_second_does_not_hold_its_own_end() -> None:
    assert busiest(arrivals(0, 0.4, 0.9, 1.0, 1.3, 1.8)) == 4


def test_a_quantile_is_one_of_the_figures() -> None:
    figures = [float(n) for n in range(1, 101)]
    assert [quantile(figures, share) for share in (0.5, 0.99, 1.0)] == [50.0, 99.0, 100.0]
    assert quantile([7.0], 0.99) == 7.0


@pytest.mark.parametrize("hour", range(24))
def test_it_is_morning_in_the_county_at_whatever_hour_it_is_run(hour: int) -> None:
    now = START.replace(hour=hour)
    assert now.astimezone(ZoneInfo(zone_at(HOUR, now))).hour == HOUR


def test_both_benches_are_listed() -> None:
    done = CliRunner().invoke(app, ["bench", "--help"])
    assert done.exit_code == 0
    assert "sending" in done.stdout and "tick" in done.stdout
