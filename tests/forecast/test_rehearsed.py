"""A small campaign rehearsed from its file: the same seed gives the same forecast, and it adds up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from survey.field.campaign_document import CampaignDocument
from survey.questionnaire import library
from workers.forecast.run import Design, NotRehearsed, rehearse


def design(**instead: object) -> Design:
    written = {
        "code": "rehearsed",
        "name": {"zh": "预演", "en": "Rehearsed"},
        "kind": "poll",
        "questionnaire": "perception",
        "opens": date(2026, 3, 9),
        "closes": date(2026, 3, 10),
        "modes": ["voice", "operator"],
        "sample": {"size": 60, "replicate": 20},
        "targets": {"total": 12},
        "scoring": "安全感",
        "notice": "只用于统计",
        **instead,
    }
    return Design(CampaignDocument.model_validate(written), library("perception"))


@pytest.mark.slow
async def test_it_is_the_same_for_the_same_seed_and_adds_up(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    first, second = [
        await rehearse(
            design(), seed=2, operators=1, say=lambda _: None, told=lambda *so_far: told.append(so_far),
            data_dir=tmp_path / name,
        )
        for name in ("a", "b")
    ]  # fmt: skip
    assert first == second
    assert first.drawn == 60
    assert 0 < first.completes <= 12
    assert sum(first.by_day.values()) == sum(t.completes for t in first.townships) == first.completes
    assert sum(first.dispositions.values()) == sum(first.contacts.values()) == first.units
    assert first.caps[-1].completes == first.completes
    assert (first.puzzled, first.texts, first.segments) == (0, 0, 0)
    assert first.money == pytest.approx(first.minutes * 0.12)
    assert told[-1][1:] == (first.units, first.completes)


async def test_what_cannot_be_approved_is_not_rehearsed(tmp_path: Path) -> None:
    with pytest.raises(NotRehearsed, match="how its result will be computed is not written down"):
        await rehearse(
            design(scoring=None),
            seed=1,
            operators=0,
            say=lambda _: None,
            told=lambda *_: None,
            data_dir=tmp_path / "a",
        )
