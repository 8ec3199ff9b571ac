"""The score of a centre, by hand: points, what is taken off, a veto, a year (domain.md §4.6)."""

from __future__ import annotations

import pytest

from followup.assessment.centre_score import CentrePolicy, Measure, annual, centre_policy, score

BLOCKS = {
    "daily_survey": 15, "sample_quality": 15, "intake": 10, "dispatch": 10, "callback": 20, "solving": 10, "information": 5,
    "analysis": 10, "integrity": 5,
}  # fmt: skip


def measures(share: float = 1.0, **other: Measure) -> dict[str, Measure]:
    """Every part of every block done for `share` of a thousand; `other`: parts by "block__part"."""
    found = {
        f"{block.id}.{part.id}": Measure(round(1000 * share), 1000)
        for block in centre_policy().blocks
        for part in block.parts
    }
    return found | {key.replace("__", "."): value for key, value in other.items()}


def test_the_nine_blocks_are_worth_what_the_bulletin_says() -> None:
    full = score(measures(), [])
    assert {one.block.id: one.points for one in full.blocks} == BLOCKS
    assert (full.total, full.measured) == (100, 100)


def test_each_part_brings_its_share_of_its_points() -> None:
    found = score(
        measures(
            daily_survey__target=Measure(300, 400),
            callback__coverage=Measure(26, 30),
            intake__classified=Measure(0, 12),
        ),
        [],
    )
    by_block = {one.block.id: one.points for one in found.blocks}
    assert by_block["daily_survey"] == 6 + 4 + 3
    assert by_block["callback"] == pytest.approx(8 * 26 / 30 + 12)
    assert by_block["intake"] == 6
    assert found.total == pytest.approx(100 - 2 - 8 * 4 / 30 - 4)


def test_ten_of_a_hundred_interviews_heard_are_all_that_is_asked() -> None:
    assert score(measures(sample_quality__heard=Measure(10, 100)), []).total == 100
    assert score(measures(sample_quality__heard=Measure(5, 100)), []).total == pytest.approx(98)


@pytest.mark.parametrize(
    ("found", "total"),
    [
        ([], 100),
        (["leak"], 80),
        (["default_satisfied"], 90),
        (["default_satisfied", "default_satisfied"], 80),
        (["coaching"], 80),
        (["leak", "coaching", "default_satisfied"], 50),
        (["leak"] * 6, 0),
        (["falsified"], 0),
        (["falsified", "leak"], 0),
    ],
)
def test_what_was_found_is_taken_off_each_time_and_falsified_interviews_veto_everything(
    found: list[str], total: float
) -> None:
    assert score(measures(), found).total == total


def test_what_was_not_measured_is_neither_given_nor_lost() -> None:
    none = {"information__acknowledged": Measure(0, 0), "analysis__meeting": Measure(0, 0)}
    found = score(
        measures(0.8, sample_quality__heard=Measure(8, 100), daily_survey__contact=Measure(24, 100), **none),
        [],
    )
    assert found.measured == 90
    assert found.total == pytest.approx(80)
    (analysis,) = [one for one in found.blocks if one.block.id == "analysis"]
    assert (analysis.measured, analysis.points) == (5, 4)


def test_where_too_little_was_measured_there_is_no_score() -> None:
    few = {key: Measure(0, 0) for key in measures() if not key.startswith(("callback", "solving", "intake"))}
    found = score(measures() | few, ["leak"])
    assert (found.measured, found.total, found.deducted) == (40, None, 20)


def test_the_interval_is_that_of_the_two_samples_and_narrows_with_them() -> None:
    def width(n: int) -> float:
        found = score(
            measures(solving__solved=Measure(n * 8 // 10, n), sample_quality__sound=Measure(n * 9 // 10, n)),
            [],
        )
        assert found.total == pytest.approx(97.3)
        assert found.low is not None and found.high is not None and found.low < 97.3 < found.high
        return found.high - found.low

    assert width(100) < width(30) < 6
    exact = score(measures(solving__solved=Measure(0, 0), sample_quality__sound=Measure(0, 0)), [])
    assert (exact.low, exact.total, exact.high) == (100, 100, 100)


def test_a_year_is_the_mean_of_its_quarters_and_a_fifth_inspection() -> None:
    assert annual([90, 92, 88, 94], 95) == pytest.approx(91 * 0.8 + 95 * 0.2)
    assert annual([80], 0) == pytest.approx(64)
    with pytest.raises(ValueError, match="without that of a quarter"):
        annual([], 90)


def test_weights_that_do_not_come_to_a_hundred_are_refused() -> None:
    body = centre_policy().model_dump()
    body["blocks"][0]["parts"][0]["points"] = 9
    with pytest.raises(ValueError, match="101 points, not 100"):
        CentrePolicy.model_validate(body)


def test_no_part_is_about_how_satisfied_residents_are() -> None:
    named = " ".join(
        f"{part.id} {part.zh} {part.en}" for block in centre_policy().blocks for part in block.parts
    )
    assert not any(word in named for word in ("满意", "satisf", "rating"))
