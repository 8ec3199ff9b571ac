"""No page is forgotten in front of the gate, and no number is read beside the door that records it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from survey.channels.twilio.carrier import TwilioCarrier
from survey.dialing import Line
from survey.ground import Ground
from survey.settings import Settings
from workers.runtime import Service
from workers.web import build_app

ROOT = Path(__file__).resolve().parents[2]
DOORS_OF_THEIR_OWN = re.compile(
    r"/twilio/|/f/\{token\}|/audio/|/u/\{token\}|/q(/\w+)?$|/health$|/api/v1/|/open311/v2/"
)
"""Signed by the carrier, a secret address, a secret code, a key, or nothing that is anybody's."""


async def test_every_page_of_people_is_behind_the_gate(ground: Ground, counties: None, database: str) -> None:
    settings = Settings(carrier_account_sid="AC" + "0" * 32, database_url=database)
    line: Any = Line(
        carrier=TwilioCarrier, public_url="", calls_per_second=1, texts_per_second=1, timeout_s=1
    )
    app = await build_app(Service(settings, ground, line))
    open_to_all = sorted(
        f"{route.method} {route.resource.canonical}"
        for route in app.router.routes()
        if route.resource is not None
        and not DOORS_OF_THEIR_OWN.search(route.resource.canonical)
        and not getattr(route.handler, "behind_gate", False)
    )
    assert open_to_all == []
    behind = {route.resource.canonical for route in app.router.routes() if route.resource is not None}
    assert {"/", "/day/now", "/home", "/sign-in"} <= behind


def test_two_places_open_a_number_and_one_of_them_shows_it() -> None:
    readers = sorted(
        str(file.relative_to(ROOT))
        for package in ("survey", "followup", "workers")
        for file in (ROOT / package).rglob("*.py")
        if "people.sealed_number(" in file.read_text(encoding="utf-8")
    )
    assert readers == [
        "survey/access/number_reading.py",
        "survey/dialing.py",
    ]  # the second matches the carrier's list
