"""A poll on street lights with a quota on the sex that people give, asked first: so many seats for men, so many for women."""

from __future__ import annotations

from doors_bench import LIUHE, Bench, Resident, at

from survey import dialing
from survey.questionnaire import Questionnaire
from survey.questionnaire.loader import from_yaml
from survey.store import quotas, units
from survey.store.units import NewUnit

MAN, WOMAN = "1", "2"
LIGHTS = """\
code: street-lights
version: 1
title: {zh: 路灯调查, en: Street lights}
languages: [zh, en]
facts: {voice: [centre], text: [signature], operator: [staff_no]}
items:
  - {id: sex, kind: select_one, essential: true, choices: sex, prompt: {zh: "您的性别?", en: "Your sex?"}}
  - {id: lit, kind: select_one, essential: true, choices: lit, prompt: {zh: "您家门口的路灯亮吗?", en: "Is your street lit?"}}
  - {id: wish, kind: select_one, choices: lit, prompt: {zh: "您希望整夜亮着吗?", en: "Should it be, all night?"}}
choices:
  sex:
    - {code: "1", label: {zh: 男, en: male}}
    - {code: "2", label: {zh: 女, en: female}}
  lit:
    - {code: "1", label: {zh: 是, en: "yes"}}
    - {code: "2", label: {zh: 不是, en: "no"}}
"""
BY_SEX = {"性别": [["男", {"sex": [MAN]}], ["女", {"sex": [WOMAN]}]]}


def lights() -> Questionnaire:
    return from_yaml(LIGHTS, name="lights.yaml")


async def poll(bench: Bench, mode: str, *, total: int, men: int, women: int, links: bool = False) -> int:
    """The campaign, at ten on Monday morning; it ends on Wednesday night."""
    bench.clock.moment = at("9 10:00")
    campaign = await bench.opened(lights(), (mode,), "lights", closes_at=at("11 20:30"), links=links)
    await bench.run(
        "UPDATE survey.campaign SET kind = 'poll', has_seats = true, answer_quotas = $2 WHERE id = $1",
        campaign,
        BY_SEX,
    )
    async with bench.ground.pool.acquire() as conn:
        cells = [("total", "all", total), ("性别", "男", men), ("性别", "女", women)]
        await quotas.lay_cells(conn, campaign, cells)
    return campaign


async def sampled(bench: Bench, campaign: int, mode: str, people: list[int]) -> None:
    """These persons are in its sample, due now."""
    new = [
        NewUnit(
            bench.ground.tokens(),
            who,
            LIUHE,
            f"person:{who}",
            n / len(people),
            1.0,
            {},
            mode,
            bench.clock.now(),
        )
        for n, who in enumerate(people)
    ]
    async with bench.ground.pool.acquire() as conn:
        await units.release(conn, "991721", campaign, bench.clock.now(), new)


async def contacted(bench: Bench, campaign: int, mode: str, *names: str) -> list[Resident]:
    """Residents of the sample who have just been called, or texted."""
    people = [await bench.resident(name) for name in names]
    await sampled(bench, campaign, mode, [person.id for person in people])
    while await dialing.dial_due(bench.ground, bench.line):
        bench.later(minutes=1)
    return people


async def seats(bench: Bench) -> dict[str, tuple[int, int]]:
    """{cell: (held, filled)}."""
    rows = await bench.rows("SELECT cell, held, filled FROM survey.quota_cell")
    return {cell: (held, filled) for cell, held, filled in rows}


async def unit_of(bench: Bench, person: Resident) -> str:
    """Where the person's unit stands."""
    ref = await bench.one("SELECT ref FROM survey.sample_unit WHERE person_id = $1", person.id)
    return await bench.unit_is(ref)
