"""What a role may do and where, when a password does, when a name is locked, when a session is over. No database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
import pytest
from access_bench import at
from hypothesis import given
from hypothesis import strategies as st

from survey.access.areas import LENGTHS, contains, is_area
from survey.access.codes import accepted_step, step_of
from survey.access.roles import Grant, may, needs_second_factor, permissions, roles_policy
from survey.access.rules import Pending, locked_until, password_fault, pending, session_over
from survey.access.sign_in_policy import sign_in_policy
from survey.masking import masked_number

POLICY = sign_in_policy()
digits = st.text("0123456789", min_size=15, max_size=15)
cuts = st.sampled_from(LENGTHS)


@given(digits, digits, cuts, cuts, cuts)
def test_areas_lie_in_one_another_as_a_tree_does(one: str, other: str, a: int, b: int, c: int) -> None:
    high, middle, low = (one[:cut] for cut in sorted((a, b, c)))
    assert contains(high, high) and contains(high, middle) and contains(middle, low) and contains(high, low)
    assert contains(low, high) == (low == high)
    strange = other[:a]
    assert contains(strange, low) == (low.startswith(strange) and len(strange) <= len(low))
    if len(strange) == len(high):
        assert contains(strange, high) == (strange == high)  # neighbours do not see into each other
        assert not (contains(strange, low) and contains(high, low)) or strange == high


@given(st.text(max_size=20), digits, cuts)
def test_what_is_no_code_contains_nothing_and_lies_nowhere(text: str, code: str, cut: int) -> None:
    if not is_area(text):
        assert not contains(text, code[:cut]) and not contains(code[:cut], text) and not contains(text, text)


@pytest.mark.parametrize("outer", ["", "9", "991", "99172", "9917211", "９９１７", "99 7", "%"])
def test_a_prefix_that_ends_between_two_levels_is_no_area(outer: str) -> None:
    assert not contains(outer, "991721")


@given(digits, digits, cuts, st.sampled_from(sorted(roles_policy().roles)))
def test_a_role_counts_in_its_area_alone(mine: str, theirs: str, cut: int, role: str) -> None:
    grants = [Grant(role, mine[:cut])]
    for permission in roles_policy().permissions:
        granted = permission in roles_policy().roles[role].may
        assert may(grants, permission, mine) == granted
        assert may(grants, permission, theirs) == (granted and theirs.startswith(mine[:cut]))


def test_the_city_sees_all_counties_and_a_county_its_own() -> None:
    city, suilan = [Grant("city_admin", "9917")], [Grant("director", "991721")]
    assert may(city, "reports.read", "991721") and may(city, "reports.read", "991722")
    assert may(suilan, "reports.read", "991721100") and not may(suilan, "reports.read", "991722")
    assert not may(suilan, "reports.read", "9917")


def test_what_is_kept_apart() -> None:
    for role, row in roles_policy().roles.items():
        has = set(row.may)
        assert not {"quality.check", "desk.work"} <= has, role  # asks, and checks how it was asked
        assert not {"accounts.manage", "numbers.read"} <= has, role
        assert not {"accounts.manage", "access.audit"} <= has, role


def test_who_needs_a_code_beside_the_password() -> None:
    needing = {role for role in roles_policy().roles if needs_second_factor([Grant(role, "9917")])}
    assert needing == {"director", "city_admin", "dpo"}
    assert permissions([Grant("surveyor", "991721")]) == {"desk.work", "numbers.read"}


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("河边的旧钟楼敲了十二下吧", None),
        ("short1A!x", "short"),
        ("a1b2c3d4" * 17, "long"),
        ("abababababababab", "same"),
        ("Minyi-Password-1", "worn"),
        ("1021lixiuying", None),
        ("li.xiuying-1234567", None),
        ("wang.zhuren123456", "worn"),
        ("correct horse battery", None),
    ],
)
def test_passwords(password: str, fault: str | None) -> None:
    assert password_fault(password, "wang.zhuren", POLICY.password) == fault


def test_a_name_is_locked_by_five_and_opens_by_itself() -> None:
    start, rule = at("09:00"), POLICY.lock
    wrong = [start + timedelta(minutes=minute) for minute in (0, 2, 4, 6)]
    assert locked_until(wrong, rule.account, rule, at("09:06")) is None
    wrong.append(at("09:08"))
    assert locked_until(wrong, rule.account, rule, at("09:08")) == at("09:23")
    assert locked_until(wrong, rule.account, rule, at("09:22")) == at("09:23")
    assert locked_until(wrong, rule.account, rule, at("09:23")) is None


def test_wrong_entries_far_apart_lock_nobody() -> None:
    wrong = [at("09:00") + timedelta(minutes=10 * n) for n in range(20)]
    assert locked_until(wrong, 5, POLICY.lock, max(wrong)) is None


@pytest.mark.parametrize(
    ("seen", "now", "over"),
    [
        ("09:00", "09:29", False),
        ("09:00", "09:30", True),
        ("18:50", "18:59", False),
        ("18:50", "19:00", True),
    ],
)
def test_a_session_ends_by_absence_and_by_age(seen: str, now: str, over: bool) -> None:
    assert session_over(at("09:00"), at(seen), POLICY.session, at(now)) == over


@pytest.mark.parametrize(
    ("has_code", "code_given", "must_change", "needs_code", "first"),
    [
        (True, False, True, True, "code"), (True, True, True, True, "password"), (False, False, True, True, "password"),
        (False, False, False, True, "enrol"), (True, True, False, True, None), (True, False, False, False, "code"),
        (False, False, False, False, None),
    ],
)  # fmt: skip
def test_what_must_be_done_first(
    has_code: bool, code_given: bool, must_change: bool, needs_code: bool, first: Pending | None
) -> None:
    found = pending(has_code=has_code, code_given=code_given, must_change=must_change, needs_code=needs_code)
    assert found == first


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(moment: datetime) -> str:
    return pyotp.TOTP(SECRET).at(moment)


@pytest.mark.parametrize(("off", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_of_a_step_ago_is_taken_and_no_older_one(off: int, taken: bool) -> None:
    now, rule = at("09:00"), POLICY.code
    step = accepted_step(SECRET, code_of(now + timedelta(seconds=off)), 0, rule, now)
    assert step == (step_of(now, rule) + off // 30 if taken else None)


def test_a_code_is_not_taken_twice_nor_one_before_it() -> None:
    now, rule = at("09:00"), POLICY.code
    used = accepted_step(SECRET, code_of(now)[:3] + " " + code_of(now)[3:], 0, rule, now)
    assert used == step_of(now, rule)
    assert accepted_step(SECRET, code_of(now), used, rule, now) is None
    assert accepted_step(SECRET, code_of(now - timedelta(seconds=30)), used, rule, now) is None
    assert accepted_step(SECRET, code_of(now + timedelta(seconds=30)), used, rule, now) == used + 1


def test_a_masked_number() -> None:
    assert masked_number("+8615412345678") == "154****5678"
