"""Cases that another platform has closed, as it exports them, a few rows spoilt on purpose."""

from datetime import date, datetime, time, timedelta

from workers.city.draws import below, chance, choose
from workers.city.people import CASE_NUMBERS, Home, home_of, name_of, number_of
from workers.city.plan import Topic, topics
from workers.city.seed_lists import (
    Damage,
    SeedList,
    SeedRow,
    all_blank,
    blanked,
    cut,
    misspelt,
    replaced,
    with_damage,
    written,
)
from workers.city.units import Unit, unit_code, units

HEADINGS = (
    "工单号",
    "诉求人",
    "联系电话",
    "诉求内容",
    "类别",
    "所属区域/乡镇",
    "承办单位",
    "办结时间",
    "办理结果",
    "是否联系群众",
)

PLANTED_RESULTS: tuple[str, ...] = tuple(topic.cases[0].result for topic in topics().planted)
"""Two results that stand word for word in what their residents are told."""

PLANTED_AT = (3, 7)  # the cases, counted from 0, that carry them
SECOND_CASE = 0.08  # residents whose next case in the file is theirs too
BY_TOWNSHIP = 0.2  # cases that the township's own office handled
CLAIMED_CONTACT = 0.93

DAMAGES = (
    Damage("bad_number", "联系电话", cut("联系电话")),
    Damage("missing_field", "办理结果", blanked("办理结果")),
    Damage("missing_field", "联系电话", blanked("联系电话")),
    Damage("unknown_township", "所属区域/乡镇", misspelt("所属区域/乡镇")),
    Damage("unknown_unit", "承办单位", replaced("承办单位", "公安分局")),
    Damage("duplicate", "工单号", again="工单号"),
    Damage("bad_date", "办结时间", replaced("办结时间", "2026-02-30 10:00")),
    Damage("blank_line", "", all_blank),
)

_MOMENTS = (
    "{0:%Y-%m-%d %H:%M}",
    "{0:%Y-%m-%d %H:%M:%S}",
    "{0.year}/{0.month}/{0.day} {0:%H:%M}",
    "{0.year}年{0.month}月{0.day}日",
)


def closed_cases(seed: int, county: str, n: int, last_day: date = date(2026, 3, 6)) -> SeedList:
    """`n` cases closed in the week up to `last_day`, about 8 % of residents with two, spoilt rows between.

    `facts` of a row: number, case_no, unit_code, area_code, result.
    Raises KeyError for an unknown county, ValueError for n under 1.
    """
    if n < 1:
        raise ValueError(f"a list has at least one case, not {n}")
    good = [_case(seed, county, nth, _person(seed, county, nth), last_day) for nth in range(n)]
    rows = with_damage(good, lambda at: _case(seed, county, n + at, n + at, last_day), DAMAGES, seed)
    return SeedList(HEADINGS, tuple(rows))


def _person(seed: int, county: str, nth: int) -> int:
    """Whose case the nth is: their own, or the person's of the case before."""
    return nth - 1 if _second(seed, county, nth) else nth


def _second(seed: int, county: str, nth: int) -> bool:
    if nth < 1 or {nth - 1, nth} & set(PLANTED_AT):
        return False
    return chance(SECOND_CASE, seed, county, "second case", nth) and not _second(seed, county, nth - 1)


def _case(seed: int, county: str, nth: int, person: int, last_day: date) -> SeedRow:
    number = number_of(CASE_NUMBERS, seed, county, person)
    home = home_of(seed, county, number)
    topic = _topic(seed, county, nth)
    unit = _unit(seed, county, nth, topic, home)
    closed = _closed(seed, county, nth, last_day)
    case_no = f"GD{closed - timedelta(days=9):%Y%m%d}-{nth + 1:05}"
    story = choose(topic.cases, seed, county, "story", nth)
    cells = (
        case_no,
        name_of(seed, county, number),
        written(number, seed, number, nth),
        story.asked.format(place=home.village.name_zh),
        topic.category,
        home.county.name_zh + home.township.name_zh,
        _unit_written(seed, nth, unit, home),
        choose(_MOMENTS, seed, county, "written", nth).format(closed),
        story.result + ("。" if chance(0.3, seed, county, "full stop", nth) else ""),
        "是" if chance(CLAIMED_CONTACT, seed, county, "claimed", nth) else "否",
    )
    facts = {
        "number": number,
        "case_no": case_no,
        "unit_code": unit.code,
        "area_code": home.township.code,
        "result": story.result,
    }
    return SeedRow(dict(zip(HEADINGS, cells, strict=True)), facts)


def _topic(seed: int, county: str, nth: int) -> Topic:
    if nth in PLANTED_AT:
        return topics().planted[PLANTED_AT.index(nth)]
    return choose(topics().topics, seed, county, "topic", nth)


def _unit(seed: int, county: str, nth: int, topic: Topic, home: Home) -> Unit:
    by_code = {unit.code: unit for unit in units(county)}
    if nth not in PLANTED_AT and chance(BY_TOWNSHIP, seed, county, "by township", nth):
        return by_code[unit_code(home.township.code, "gov")]
    return by_code[unit_code(county, topic.unit)]


def _unit_written(seed: int, nth: int, unit: Unit, home: Home) -> str:
    """A county's department often stands without the county in front of it."""
    short = unit.name_zh.removeprefix(home.county.name_zh)
    return short if chance(0.5, seed, "short unit", nth) else unit.name_zh


def _closed(seed: int, county: str, nth: int, last_day: date) -> datetime:
    """A moment of the office hours, local time."""
    day = last_day - timedelta(days=below(5, seed, county, "closed day", nth))
    minutes = 9 * 60 + below(8 * 60, seed, county, "closed minute", nth)
    return datetime.combine(day, time(minutes // 60, minutes % 60))
