"""A small county for following up: 遂澜县 with one town, two villages, three units; and its moments."""

from __future__ import annotations

from datetime import UTC, datetime

from followup.store.units import UnitRow

CENTRE = "991721"
VILLAGE = "991721100200"
POLICE, WATER, TOWN = "991721-police", "991721-tap-water", "991721100-gov"

AREAS = [
    ("9917", None, "city", "安澜市", "Anlan City"),
    ("991721", "9917", "county", "遂澜县", "Suilan County"),
    ("991721100", "991721", "township", "柳河镇", "Liuhe Town"),
    ("991721100200", "991721100", "village", "王庄村", "Wangzhuang Village"),
    ("991721100201", "991721100", "village", "李庄村", "Lizhuang Village"),
]

UNITS = [
    UnitRow(POLICE, CENTRE, "遂澜县公安局", "gov", CENTRE),
    UnitRow(WATER, CENTRE, "遂澜县自来水公司", "public_service", CENTRE),
    UnitRow(TOWN, CENTRE, "柳河镇人民政府", "township", "991721100"),
]


def at(text: str) -> datetime:
    """A moment of March 2026 in the county's own time: `at("9 09:30")` is Monday the 9th, half past nine."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return datetime.fromisoformat(f"2026-03-{int(day):02}T{hour}:{minute}:00+08:00").astimezone(UTC)
