"""The fictional city into an empty database: areas, centres, responsible units."""

from typing import Any

from workers import city

AREA_COLUMNS = ("code", "parent_code", "level", "name_zh", "name_en", "tz", "pop_adult")
CENTRE_COLUMNS = ("code", "area_code", "name_zh", "short_zh", "name_en")
UNIT_COLUMNS = ("code", "centre_code", "name_zh", "kind", "area_code", "parent_code")


async def load_city(conn: Any) -> dict[str, int]:
    """Load it all in one write; returns how many of each. Loading a city twice is refused by its keys."""
    areas = sorted(city.areas(), key=lambda area: len(area.code))
    centres = city.centres()
    units = [(county, unit) for county in city.counties() for unit in city.units(county)]
    async with conn.transaction():
        await conn.copy_records_to_table(
            "area",
            schema_name="survey",
            columns=AREA_COLUMNS,
            records=[tuple(getattr(area, name) for name in AREA_COLUMNS) for area in areas],
        )
        await conn.copy_records_to_table(
            "centre",
            schema_name="survey",
            columns=CENTRE_COLUMNS,
            records=[tuple(getattr(centre, name) for name in CENTRE_COLUMNS) for centre in centres],
        )
        await conn.copy_records_to_table(
            "unit",
            schema_name="followup",
            columns=UNIT_COLUMNS,
            records=[(u.code, county, u.name_zh, u.kind, u.area_code, u.parent_code) for county, u in units],
        )
    return {"areas": len(areas), "centres": len(centres), "units": len(units)}
