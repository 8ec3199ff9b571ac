"""When a colour changes next is computed, not polled: nothing changes between two computed moments."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from followup.casework.colours import Progress, colour, grounds, history, next_change
from followup.casework.limits import due_dates, limits
from followup.casework.working_time import working_time

ORDER = ["green", "yellow", "red"]
MOMENTS = st.datetimes(
    datetime.fromisoformat("2026-02-01"), datetime.fromisoformat("2026-04-30"), timezones=st.just(UTC)
)
LATER = st.integers(0, 40 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))
CLASSES = st.sampled_from(sorted(limits().classes))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Progress, datetime]:
    """A case with a unit, signed or not, or a step of the centre's own; and when it began."""
    begun, round_ = draw(MOMENTS), draw(st.integers(1, 4))
    due = due_dates(draw(CLASSES), begun, round_)
    if draw(st.booleans()):
        return Progress(None, timedelta(0), due.sign_by, None, round_), begun
    signed = begun + draw(LATER) if draw(st.booleans()) else None
    return Progress(due.handle_by, due.allowed, due.sign_by, signed, round_, draw(st.booleans())), begun


def as_documented(case: Progress, now: datetime) -> str:
    """The rule of domain.md §4.2 as it stands there, without moments computed ahead."""
    office = working_time()
    overdue_sign = case.signed_at is None and case.sign_by is not None and now > case.sign_by
    late = office.between(case.sign_by, now) if overdue_sign and case.sign_by else timedelta(0)
    if (case.handle_by and now > case.handle_by) or late > office.day or case.round >= 3:
        return "red"
    least = max(office.day, 0.2 * case.allowed)
    short = case.handle_by is not None and office.between(now, case.handle_by) <= least
    return "yellow" if short or overdue_sign or case.round == 2 or case.extended else "green"


@given(cases(), LATER)
def test_the_colour_is_the_documents_rule(case: tuple[Progress, datetime], later: timedelta) -> None:
    progress, begun = case
    assert colour(progress, begun + later) == as_documented(progress, begun + later)


@given(cases(), LATER, st.floats(0, 1))
def test_nothing_changes_before_the_computed_moment_and_something_does_then(
    case: tuple[Progress, datetime], later: timedelta, part: float
) -> None:
    progress, begun = case
    now = begun + later
    change = next_change(progress, now)
    if change is None:
        assert colour(progress, now + timedelta(days=90)) == colour(progress, now)
        return
    assert change > now
    before = max(now, now + (change - now) * part - timedelta(microseconds=1))
    assert colour(progress, before) == colour(progress, now)
    assert ORDER.index(colour(progress, change) or "") >= ORDER.index(colour(progress, now) or "")


@given(cases(), LATER, st.lists(LATER, max_size=5))
def test_who_looks_late_or_often_has_the_same_history(
    case: tuple[Progress, datetime], later: timedelta, looks: list[timedelta]
) -> None:
    progress, begun = case
    end = begun + later
    whole = history(progress, begun, end)
    in_pieces = history(progress, begun, begun)
    for moment in [*sorted(begun + look for look in looks if look <= later), end]:
        for at, shown in history(progress, in_pieces[-1][0], moment):
            if shown != in_pieces[-1][1]:
                in_pieces.append((at, shown))
    assert in_pieces == whole


@given(cases(), LATER)
def test_a_colour_has_a_ground_and_green_has_none(case: tuple[Progress, datetime], later: timedelta) -> None:
    progress, begun = case
    shown, why = colour(progress, begun + later), grounds(progress, begun + later)
    assert (shown == "green") == (not why)
    assert shown == "green" or shown in {ground.colour for ground in why}


def test_a_sign_limit_at_closing_time_is_a_working_day_over_only_when_the_office_opens_again() -> None:
    """A joint case of Monday the 2nd is to be signed by Tuesday 18:00; all of Wednesday is one working day."""
    monday = datetime.fromisoformat("2026-03-02T09:00+08:00")
    due = due_dates("complex", monday)
    case = Progress(due.handle_by, due.allowed, due.sign_by)
    assert colour(case, datetime.fromisoformat("2026-03-04T20:00+08:00")) == "yellow"
    assert colour(case, datetime.fromisoformat("2026-03-05T08:30+08:00")) == "yellow"
    assert colour(case, datetime.fromisoformat("2026-03-05T08:31+08:00")) == "red"
