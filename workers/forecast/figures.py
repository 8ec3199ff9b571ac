"""What a rehearsed campaign came to: completes by day, cost, seats, precision by township, contacts, and what each cap costs."""

from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from survey.sampling.sample_size import achieved_margin
from survey.statistics.outcome_rates import count_groups, outcome_rates
from survey.tariff import THOUSANDTHS, tariff

SHIFT_HOURS: Final = 8.0
TALKING: Final = 0.75
"""Share of a shift that an operator spends on calls; the rest is breaks and what goes with them."""
BETWEEN_CALLS_S: Final = 45.0
"""Dialling, ringing and wrap-up of one attempt by hand."""

SELECT_BY_DAY = """
SELECT (u.done_at AT TIME ZONE a.tz)::date AS day, count(*)::int AS completes
FROM survey.sample_unit u JOIN survey.area a ON a.code = u.area_code
WHERE u.campaign_id = $1 AND u.disposition = 'complete' GROUP BY 1 ORDER BY 1"""

SELECT_ATTEMPTS = """
SELECT count(*) FILTER (WHERE a.mode = 'voice')::int AS calls,
       count(*) FILTER (WHERE a.mode = 'text')::int AS texts,
       count(*) FILTER (WHERE a.mode = 'operator')::int AS by_hand,
       coalesce(sum(ceil(extract(epoch FROM a.ended_at - a.answered_at) / 60))
                FILTER (WHERE a.mode = 'voice' AND a.answered_at IS NOT NULL), 0)::int AS minutes,
       count(*) FILTER (WHERE a.mode = 'voice' AND a.answered_at IS NOT NULL)::int AS answered,
       coalesce(sum(extract(epoch FROM a.ended_at - a.answered_at))
                FILTER (WHERE a.mode = 'operator' AND a.answered_at IS NOT NULL), 0)::float8 AS talk_s,
       count(DISTINCT a.day) FILTER (WHERE a.mode = 'operator')::int AS desk_days
FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id WHERE u.campaign_id = $1"""

SELECT_SEGMENTS = """
SELECT coalesce(sum(t.segments), 0)::int FROM survey.text_out t
WHERE t.contact_id IN (SELECT i.contact_id FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id
                       WHERE u.campaign_id = $1)"""

SELECT_BY_TOWNSHIP = """
SELECT u.stratum, s.name_zh, count(*)::int AS units, count(*) FILTER (WHERE u.disposition = 'complete')::int AS completes
FROM survey.sample_unit u LEFT JOIN survey.area s ON s.code = u.stratum
WHERE u.campaign_id = $1 GROUP BY 1, 2 ORDER BY 1"""

SELECT_CONTACTS = """
SELECT n, count(*)::int AS people, count(*) FILTER (WHERE complete)::int AS completes
FROM (SELECT u.id, u.disposition = 'complete' AS complete, count(a.id) FILTER (WHERE a.counts)::int AS n
      FROM survey.sample_unit u LEFT JOIN survey.attempt a ON a.unit_id = u.id WHERE u.campaign_id = $1 GROUP BY u.id) t
GROUP BY n ORDER BY n"""

SELECT_CODES = """
SELECT disposition, count(*)::int AS units FROM survey.sample_unit WHERE campaign_id = $1 GROUP BY 1 ORDER BY 2 DESC, 1"""


@dataclass(frozen=True)
class TownshipLine:
    """`margin`: half-width of a 95 % interval at a share of 90 %, None without a complete."""

    code: str
    name_zh: str
    units: int
    completes: int
    margin: float | None


@dataclass(frozen=True)
class Cap:
    """Had nobody been tried more than `attempts` times: the completes that would be left."""

    attempts: int
    completes: int
    response: float


@dataclass(frozen=True)
class Forecast:
    """Everything that is told. Money in the tariff's currency; `seats`: operators in a shift of eight hours."""

    code: str
    drawn: int
    units: int
    completes: int
    rr1: float | None
    days: int
    by_day: dict[str, int]
    calls: int
    texts: int
    by_hand: int
    segments: int
    minutes: int
    money: float
    seats: int
    townships: tuple[TownshipLine, ...]
    contacts: dict[int, int]
    caps: tuple[Cap, ...]
    dispositions: dict[str, int]
    puzzled: int
    """Questions that residents of the rehearsal could not make out: they have no opinion on them."""

    @property
    def money_each(self) -> float | None:
        return self.money / self.completes if self.completes else None


async def read_forecast(conn: Any, campaign: int, code: str, drawn: int, puzzled: int) -> Forecast:
    """All of it, read once at the end."""
    by_day = {str(row["day"]): row["completes"] for row in await conn.fetch(SELECT_BY_DAY, campaign)}
    tried = await conn.fetchrow(SELECT_ATTEMPTS, campaign)
    segments = await conn.fetchval(SELECT_SEGMENTS, campaign)
    codes = {row["disposition"]: row["units"] for row in await conn.fetch(SELECT_CODES, campaign)}
    contacts = await conn.fetch(SELECT_CONTACTS, campaign)
    units = sum(codes.values())
    rates = outcome_rates(count_groups([c for c, n in codes.items() for _ in range(n)]))
    return Forecast(
        code=code,
        drawn=drawn,
        units=units,
        completes=codes.get("complete", 0),
        rr1=rates.rr1,
        days=len(by_day),
        by_day=by_day,
        calls=tried["calls"],
        texts=tried["texts"],
        by_hand=tried["by_hand"],
        segments=segments,
        minutes=tried["minutes"],
        money=_money(tried, segments),
        seats=_seats(tried),
        townships=tuple(_township(row) for row in await conn.fetch(SELECT_BY_TOWNSHIP, campaign)),
        contacts={row["n"]: row["people"] for row in contacts},
        caps=_caps(contacts, units),
        dispositions=codes,
        puzzled=puzzled,
    )


def _money(tried: Any, segments: int) -> float:
    rates = tariff()
    calls: float = tried["answered"] * rates.call + tried["minutes"] * rates.call_minute
    return calls + rates.text_money(segments) / THOUSANDTHS


def _seats(tried: Any) -> int:
    """Operators that the calls by hand would have needed on the days on which there were any."""
    if not tried["by_hand"]:
        return 0
    hours: float = (tried["talk_s"] + tried["by_hand"] * BETWEEN_CALLS_S) / 3600
    days: int = tried["desk_days"]
    return max(1, ceil(hours / (days * SHIFT_HOURS * TALKING)))


def _township(row: Any) -> TownshipLine:
    n = row["completes"]
    margin = achieved_margin(0.9, n) if n else None
    return TownshipLine(row["stratum"] or "", row["name_zh"] or "", row["units"], n, margin)


def _caps(contacts: Any, units: int) -> tuple[Cap, ...]:
    found, total = [], 0
    for row in contacts:
        total += row["completes"]
        if row["n"]:
            found.append(Cap(row["n"], total, total / units if units else 0.0))
    return tuple(found)
