"""The audit of a campaign: whom the lot and the automatic checks name, and what must hold before results are published."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.field.audit_policy import AuditPolicy
from survey.field.auditing import Audit, Finished, Verdict, audit_of, findings, why_not_published

POLICY = AuditPolicy(share=0.1, most_wrong=0.01, quickest_answer_s=2, most_missing=0.5)
GOOD = Finished("", "voice", 60.0, 10, 0, None)


def interviews(n: int, verdict: Verdict | None = None) -> list[Finished]:
    return [replace(GOOD, ref=f"i{place:03}", verdict=verdict) for place in range(n)]


@pytest.mark.parametrize(
    ("instead", "found"),
    [
        ({}, ()),
        ({"seconds": 19.9}, ("too_quick",)),
        ({"seconds": 1.0, "mode": "text"}, ()),  # one text may answer everything
        ({"missing": 5}, ()),
        ({"missing": 6}, ("mostly_missing",)),
        ({"seconds": 3.0, "missing": 10}, ("too_quick", "mostly_missing")),
        ({"answers": 0, "seconds": 0.0}, ()),
    ],
)
def test_what_the_automatic_checks_find(instead: dict[str, object], found: tuple[str, ...]) -> None:
    assert findings(replace(GOOD, **instead), POLICY) == found  # type: ignore[arg-type]


def test_a_tenth_is_drawn_rounded_up_and_the_same_seed_draws_the_same() -> None:
    audit = audit_of(interviews(41), 7, POLICY)
    assert (audit.interviews, audit.drawn, audit.left) == (41, 5, 5)
    assert audit == audit_of(list(reversed(interviews(41))), 7, POLICY)
    assert audit.to_check != audit_of(interviews(41), 8, POLICY).to_check


def test_everybody_is_drawn_about_equally_often() -> None:
    often = dict.fromkeys((one.ref for one in interviews(20)), 0)
    for seed in range(2000):
        for one in audit_of(interviews(20), seed, POLICY).to_check:
            often[one.interview.ref] += 1
    assert sum(often.values()) == 4000
    assert all(140 < n < 260 for n in often.values())  # 200 each; a standard deviation is 13


def test_what_the_checks_find_is_looked_at_besides_and_counts_in_no_share() -> None:
    quick = replace(GOOD, ref="quick", seconds=3.0, verdict="void")
    audit = audit_of([*interviews(100, "pass"), quick], 2, POLICY)
    (besides,) = [one for one in audit.to_check if one.findings]
    assert (besides.interview.ref, besides.drawn) == ("quick", False)
    assert (audit.drawn, audit.wrong) == (11, 0)


def test_enough_is_looked_at_and_few_enough_are_wrong() -> None:
    none_yet = audit_of(interviews(50), 1, POLICY)
    assert why_not_published(none_yet, POLICY) == ("5 of 5 interviews that must be looked at have no verdict")
    assert why_not_published(audit_of(interviews(50, "pass"), 1, POLICY), POLICY) is None
    assert why_not_published(audit_of([], 1, POLICY), POLICY) is None


def one_wrong(looked_at: int) -> Audit:
    """Of fifty interviews five are drawn, and one of those is wrong."""
    audit = audit_of(interviews(50), 1, POLICY)
    passed = [replace(one, interview=replace(one.interview, verdict="pass")) for one in audit.to_check]
    wrong = replace(passed[0], interview=replace(passed[0].interview, verdict="corrected"))
    return Audit(50, looked_at, (wrong, *passed[1:]))


def test_too_many_wrong_ones_want_all_of_them_looked_at() -> None:
    assert why_not_published(one_wrong(5), POLICY) == (
        "1 of 5 drawn were wrong, 20.0%, and at most 1.0% may be; look at all 50 interviews (5 have a verdict)"
    )
    assert why_not_published(one_wrong(50), POLICY) is None  # what was wrong is known, each of it
