"""The retry rule in every time zone, over random lives: never outside a window of the policy or of
the campaign's own, never past a cap, appointments kept.

Windows and caps stand here as settled.md §5 writes them, so that nothing is shared with what is tested.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.field.attempts import Mode, Stop, Tried, Try, next_step
from survey.field.calling_hours import Purpose, day_part
from survey.field.dispositions import disposition, dispositions
from survey.field.own_hours import OwnHours

WINDOWS = ((time(9), time(12)), (time(14), time(20, 30)))
AT_MOST: dict[Purpose, int] = {"survey": 4, "case": 5}
A_DAY, APART, ANY_KIND, PERIOD = 2, timedelta(hours=4), 10, timedelta(days=30)
RINGS = timedelta(seconds=60)
ZONES = st.sampled_from(
    [
        "Asia/Shanghai",
        "Asia/Urumqi",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
        "Pacific/Apia",
        "America/New_York",
        "America/St_Johns",
        "Europe/London",
        "UTC",
    ]
)
PLANS = st.sampled_from(
    [("voice",), ("text",), ("text", "voice"), ("operator",), ("text", "voice", "operator")]
)
STARTS = st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-03-01"), timezones=st.just(UTC)
)
OWN_HOURS = st.one_of(
    st.none(),
    st.builds(
        OwnHours,
        windows=st.sampled_from(
            [
                (),
                ((time(17), time(20)),),
                ((time(8), time(9, 30)), (time(11), time(15))),
                ((time(17, 50), time(18, 20)), (time(20), time(23))),
                ((time(0), time(12)),),
            ]
        ),
        weekdays=st.sampled_from([(), ("mon",), ("tue", "sat"), ("sat", "sun")]),
    ),
)
"""Narrower than the policy's windows, across their edges, and beyond them."""
MINUTES = st.one_of(st.none(), st.integers(1, 5 * 24 * 60))


@dataclass(frozen=True)
class Outcome:
    """What comes of an attempt, after so many seconds; `agreed`: minutes from then to the moment agreed on."""

    code: str
    seconds: int
    agreed: int | None
    number_left: bool
    inbound_after: int | None


OUTCOMES = st.builds(
    Outcome,
    code=st.one_of(
        st.sampled_from([code for code in dispositions() if code != "not_attempted"]),
        st.sampled_from(["appointment", "no_answer", "technical", "handover_pending", "refusal_soft"]),
    ),
    seconds=st.integers(5, 4 * 3600),
    agreed=MINUTES,
    number_left=st.booleans(),
    inbound_after=st.one_of(st.none(), st.integers(1, 30 * 3600)),
)


@dataclass
class Life:
    """One unit's life under the rule, and the rule put to the test at every step of it."""

    purpose: Purpose
    tz: str
    ends: datetime | None
    others: list[datetime]
    own: OwnHours | None = None
    history: list[Tried] = field(default_factory=list)

    def ours(self) -> list[Tried]:
        return [t for t in self.history if disposition(t.code).counts and not t.inbound]

    def asked(self) -> Tried | None:
        """The last attempt that was not our own fault, if they asked in it to be called."""
        said = [t for t in self.history if disposition(t.code).counts]
        asks = bool(said) and (said[-1].code == "handover_pending" or said[-1].appointment is not None)
        return said[-1] if asks else None

    def check(self, step: Try, now: datetime) -> None:
        local = step.at.astimezone(ZoneInfo(self.tz))
        assert step.at > now
        assert any(opens <= local.time() < closes for opens, closes in WINDOWS)
        last_ring = (step.at + RINGS).astimezone(ZoneInfo(self.tz))
        assert any(opens <= local.time() and last_ring.time() <= closes for opens, closes in WINDOWS)
        assert self.ends is None or step.at < self.ends
        if self.own is not None:
            self._check_own_hours(local, last_ring)
        self._check_caps(step, local)
        promised = (said := self.asked()) is not None and said.appointment
        assert step.promised == (promised or None)
        if promised:
            assert step.at >= promised

    def _check_own_hours(self, local: datetime, last_ring: datetime) -> None:
        assert self.own is not None
        windows, weekdays = self.own.windows or WINDOWS, self.own.weekdays
        assert any(opens <= local.time() and last_ring.time() <= closes for opens, closes in windows)
        assert not weekdays or f"{local:%a}".lower() in weekdays

    def _check_caps(self, step: Try, local: datetime) -> None:
        ours, asked = self.ours(), self.asked()
        assert len(ours) < AT_MOST[self.purpose]
        days = [t.at.astimezone(ZoneInfo(self.tz)).date() for t in ours]
        assert days.count(local.date()) < A_DAY
        assert asked is not None or all(step.at - t.at >= APART for t in ours)
        lately = [m for m in (*(t.at for t in ours), *self.others) if m > step.at - PERIOD]
        assert len(lately) < ANY_KIND

    def goes_on(self, step: Try, outcome: Outcome) -> datetime:
        """The attempt is made and this comes of it, and perhaps they ring us after it; when all that is known."""
        known = step.at + timedelta(seconds=outcome.seconds)
        agrees = outcome.code == "appointment" and outcome.agreed is not None
        moment = known + timedelta(minutes=outcome.agreed or 0) if agrees else None
        left = outcome.number_left and disposition(outcome.code).next_number
        self.history.append(
            Tried(outcome.code, step.at, step.mode, day_part(step.at, self.tz), moment, number_left=left)
        )
        if outcome.inbound_after is None:
            return known
        rang = known + timedelta(seconds=outcome.inbound_after)
        self.history.append(
            Tried("unknown_eligibility", rang, "voice", day_part(rang, self.tz), inbound=True)
        )
        return rang + timedelta(seconds=90)


@settings(max_examples=200, deadline=None)
@given(
    purpose=st.sampled_from(["survey", "case"]),
    tz=ZONES,
    plan=PLANS,
    start=STARTS,
    outcomes=st.lists(OUTCOMES, min_size=1, max_size=16),
    prn=st.floats(0, 1, exclude_max=True),
    days=st.one_of(st.none(), st.integers(1, 40)),
    others=st.lists(st.integers(1, 40 * 24), max_size=12),
    delays=st.fixed_dictionaries({}, optional={"voice": st.integers(24, 72), "operator": st.integers(4, 72)}),
    own=OWN_HOURS,
)
def test_the_rule_holds_in_every_zone(
    purpose: Purpose,
    tz: str,
    plan: tuple[Mode, ...],
    start: datetime,
    outcomes: list[Outcome],
    prn: float,
    days: int | None,
    others: list[int],
    delays: dict[Mode, float],
    own: OwnHours | None,
) -> None:
    before = sorted(start - timedelta(hours=hours) for hours in others)
    life = Life(purpose, tz, start + timedelta(days=days) if days else None, before, own)
    now = start
    for outcome in outcomes:
        step = next_step(
            purpose, plan, life.history, now, tz, life.ends, prn=prn, others=before, delays=delays, own=own
        )
        if isinstance(step, Stop):
            refused = [t.code for t in life.history if disposition(t.code).refusal]
            assert not refused or disposition(step.final_code).group in ("I", "P", "R", "O")
            return
        life.check(step, now)
        now = life.goes_on(step, outcome)


@settings(max_examples=100, deadline=None)
@given(
    tz=ZONES,
    start=STARTS,
    minutes=st.integers(1, 5 * 24 * 60),
    prn=st.floats(0, 1, exclude_max=True),
    tried_before=st.integers(0, 3),
)
def test_an_appointment_in_calling_hours_is_kept_to_the_minute(
    tz: str, start: datetime, minutes: int, prn: float, tried_before: int
) -> None:
    """Whatever was tried on the days before, up to the last attempt that the wave allows."""
    days_before = [start - timedelta(days=3 * n) for n in range(tried_before, 0, -1)]
    history = [Tried("no_answer", at, "voice", day_part(at, tz)) for at in days_before]
    moment = (start + timedelta(minutes=minutes)).replace(microsecond=0)
    history.append(Tried("appointment", start, "voice", day_part(start, tz), moment))
    after = next_step("case", ("voice",), history, start + timedelta(seconds=30), tz, None, prn=prn)
    assert isinstance(after, Try) and after.promised == moment
    local, rings = moment.astimezone(ZoneInfo(tz)), (moment + RINGS).astimezone(ZoneInfo(tz))
    could = any(opens <= local.time() and rings.time() < closes for opens, closes in WINDOWS)
    if could and not _at_rest(local):
        assert after.at == moment
    else:
        assert after.at > moment


def _at_rest(local: datetime) -> bool:
    """The eve and the first three days of Spring Festival: of 2026 on 17 February, of 2027 on 6 February."""
    rest = [date(2026, 2, 16), date(2027, 2, 5)]
    return any(eve <= local.date() < eve + timedelta(days=4) for eve in rest)
