"""A centre that asks a questionnaire of its own: its answers are held against the carrier's ledger by its own words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from agreement_day import Day
from agreement_ground import MORNING

from survey.questionnaire import from_yaml
from workers.agreement import IntentMismatch

LAMPS = """
format: 2
code: street-lamps
version: {version}
title: {{zh: 路灯, en: Street lamps}}
choices:
  lit: [{{code: "1", label: {{zh: {first}, en: first}}}}, {{code: "2", label: {{zh: {second}, en: second}}}}]
items:
  - {{id: L1, kind: select_one, prompt: {{zh: 您家门前晚上亮吗?, en: Is it lit?}}, choices: lit}}
"""


async def asked_at_the_desk(day: Day, name: str, version: int, labels: str, stored: str) -> None:
    """何军 says that the lamp is 亮; the operator stores a code."""
    first, second = labels.split()
    document = from_yaml(LAMPS.format(version=version, first=first, second=second), name="street-lamps.yaml")
    world, at = day.world, MORNING + timedelta(hours=version)
    await world.campaign(name, document)
    talk = await world.talk(
        "何军", "operator", ref=f"a-{name}", at=at, sid=f"desk:a-{name}", word="in_progress", answered=True,
        disposition="complete", instrument=name,
    )  # fmt: skip
    call = world.call("何军", f"DK-{name}", "completed", at, answered=True, ref=f"a-{name}")
    await world.asked(talk, call, "您家门前晚上亮吗?", "亮", ("L1", stored))


async def test_a_questionnaire_that_does_not_come_with_the_service_is_compared(day: Day) -> None:
    await asked_at_the_desk(day, "lamps", 1, "亮 不亮", stored="1")

    agreement = await day.compared()

    assert (agreement.differences, agreement.intent_mismatches) == ((), ())
    assert agreement.counts["intents"] == 10


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        ("2", ()),
        ("1", (IntentMismatch("desk call of attempt a-after interview i-a-after L1", "L1", "亮", "1 不亮"),)),
    ],
)
async def test_each_answer_is_read_by_the_version_that_was_asked(
    day: Day, stored: str, found: tuple[IntentMismatch, ...]
) -> None:
    """In the second version 1 is 不亮: what was right in the first is not any more."""
    await asked_at_the_desk(day, "before", 1, "亮 不亮", stored="1")
    await asked_at_the_desk(day, "after", 2, "不亮 亮", stored=stored)

    assert (await day.compared()).intent_mismatches == found
