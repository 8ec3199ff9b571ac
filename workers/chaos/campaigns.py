"""The campaign of a chaos run: a poll with quotas, asked by text, then by voice, then by operators; and one by voice alone."""

from datetime import timedelta

from survey import campaigning
from survey.field.campaign_document import CampaignDocument
from survey.importing import Brought, import_residents
from survey.questionnaire import library
from workers import city
from workers.chaos.plan import ChaosPlan
from workers.rehearsal.world import World
from workers.standing import begin_polling

WHY = ("专项民意调查", "综治中心日常调查制度")
DIRECTOR, SUPERVISOR = "主任", "督导"


async def begin(world: World, plan: ChaosPlan) -> None:
    """Bring the list, write the campaigns down, approve and start them, all through the doors that people use; from the first
    hour on, texts whose webhook was lost are fetched, as they are wherever a worker is at work."""
    people = city.residents(plan.seed, world.plan.centre, round(plan.units * 1.15) + 40, year=plan.day.year)
    await import_residents(
        world.ground, world.plan.centre, people.csv(), Brought("residents.csv", "综治中心", *WHY), "fictional"
    )
    mixed = round(plan.units * 0.6)
    for document in (_mixed(plan, mixed), _voice(plan, plan.units - mixed)):
        await campaigning.create(
            world.ground, world.plan.centre, document, library("perception"), by=SUPERVISOR
        )
        await campaigning.approve(
            world.ground, world.plan.centre, document.code, by=DIRECTOR, caller_known=True
        )
        await campaigning.start(world.ground, world.plan.centre, document.code, by=SUPERVISOR)
    async with world.ground.pool.acquire() as conn:
        await begin_polling(conn, world.ground.clock.now())


def _mixed(plan: ChaosPlan, size: int) -> CampaignDocument:
    """Cells so small that some fill early, and a total that the sample can hardly reach."""
    young, middle, old = size // 4, size // 20, max(2, size // 60)
    return CampaignDocument.model_validate(
        {
            "code": "chaos-mixed",
            "name": {"zh": "混合方式专项调查", "en": "Mixed modes"},
            "kind": "poll",
            "questionnaire": "perception",
            "opens": plan.day,
            "closes": plan.day + timedelta(days=plan.days - 1),
            "modes": ["text", "voice", "operator"],
            "mode_delays": {"voice": 26},
            "sample": {"size": size, "replicate": 50},
            "targets": {"total": young + middle + old, "daily": max(3, size // 8)},
            "quotas": [
                {
                    "name": "年龄",
                    "cells": [
                        {"name": "18-44", "target": young, "when": {"ages": [18, 44]}},
                        {"name": "45-59", "target": middle, "when": {"ages": [45, 59]}},
                        {"name": "60 以上", "target": old, "when": {"ages": [60, 120]}},
                    ],
                }
            ],
            "budget": {"calls": size * 3},
            "scoring": "安全感:安全与比较安全之和占有效回答",
            "notice": "县民调中心调查,回答只用于统计",
        }
    )


def _voice(plan: ChaosPlan, size: int) -> CampaignDocument:
    """A wave by voice: no seats, whole replicates."""
    return CampaignDocument.model_validate(
        {
            "code": "chaos-wave",
            "name": {"zh": "语音调查", "en": "A wave by voice"},
            "kind": "wave",
            "questionnaire": "perception",
            "opens": plan.day,
            "closes": plan.day + timedelta(days=plan.days - 1),
            "modes": ["voice", "operator"],
            "sample": {"size": size, "replicate": 50},
            "calibration": ["township", "age", "sex"],
            "scoring": "安全感:安全与比较安全之和占有效回答",
            "notice": "县民调中心调查,回答只用于统计",
        }
    )
