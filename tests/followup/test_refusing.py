"""Appeals that are not accepted: with a ground, an explanation given, the time, two people; and opened again."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from followup_appeals import DIRECTOR, REVIEWER, SUPERVISOR, SURVEYOR, Says
from followup_county import at
from followup_residents import state

from followup import reading, refusing
from followup.not_accepted import grounds
from followup.refusals import (
    CaseRefusal,
    NotPossibleNow,
    NotTold,
    OnlySupervisor,
    OwnDecision,
    ReasonMissing,
    RefusalIncomplete,
    ReviewerIsSurveyor,
    UnknownRefusalGround,
)
from followup.store import intake
from followup.store.intake import NotAccepted

COURT = {
    "ground": "court",
    "explanation": "这件事已经由法院立案,应由法院判决,我们不能代替。",
    "told_at": at("9 09:50"),
    "by": SURVEYOR,
    "reviewed_by": REVIEWER,
}


async def refuse(conn: asyncpg.Connection, number: str, when: str = "9 10:00", **fields: Any) -> None:
    await refusing.refuse(conn, number, **{**COURT, **fields}, now=at(when))


async def test_not_accepted_with_what_was_said_when_and_by_whom(conn: asyncpg.Connection, says: Says) -> None:
    number = (await says()).number
    await refuse(conn, number)
    assert await state(conn, number) == "not_accepted, round 1, not_accepted"
    shown = await reading.passport(conn, number)
    assert await intake.not_accepted_of(conn, shown.case.id) == [
        NotAccepted(
            shown.case.id,
            "court",
            COURT["explanation"],
            "受理案件的法院或仲裁委员会",
            at("9 09:50"),
            SURVEYOR,
            REVIEWER,
            at("9 10:00"),
        )
    ]
    last = shown.events[-1]
    assert (last.event, last.actor, last.reason) == ("refuse", SURVEYOR, COURT["explanation"])
    assert last.detail == {
        "ground": "court",
        "explanation": COURT["explanation"],
        "channel": "受理案件的法院或仲裁委员会",
        "told_at": "2026-03-09T01:50:00+00:00",
        "reviewed_by": REVIEWER,
    }


NOT = "Case {number}: not accepting it needs "
THEN = ". Tell the resident first, then write down what was said."


@pytest.mark.parametrize(
    ("fields", "kind", "message"),
    [
        (
            {"ground": "", "explanation": " ", "told_at": None, "reviewed_by": ""},
            RefusalIncomplete,
            NOT + "a ground (理由), the explanation given (解释), when the resident was told (告知时间), "
            "a reviewer (审核人)" + THEN,
        ),
        ({"explanation": ""}, RefusalIncomplete, NOT + "the explanation given (解释)" + THEN),
        ({"told_at": None}, RefusalIncomplete, NOT + "when the resident was told (告知时间)" + THEN),
        (
            {"ground": "too_busy"},
            UnknownRefusalGround,
            "Case {number}: too_busy is no ground for not accepting an appeal. Grounds are court, "
            "administrative_review, discipline, petition, emergency, secret, repeated, not_concrete, "
            "other_jurisdiction.",
        ),
        (
            {"told_at": at("9 10:01")},
            NotTold,
            "Case {number}: the resident cannot have been told at 2026-03-09T02:01:00+00:00, before the appeal came "
            "in or later than now. Correct it.",
        ),
        (
            {"told_at": at("9 09:39")},
            NotTold,
            "Case {number}: the resident cannot have been told at 2026-03-09T01:39:00+00:00, before the appeal came "
            "in or later than now. Correct it.",
        ),
        (
            {"reviewed_by": SURVEYOR},
            ReviewerIsSurveyor,
            "Case {number}: 调查员-0103 took the appeal in or refuses it, and cannot be the reviewer as well. "
            "Name another person.",
        ),
        (
            {"by": REVIEWER, "reviewed_by": "0103"},
            ReviewerIsSurveyor,
            "Case {number}: 0103 took the appeal in or refuses it, and cannot be the reviewer as well. "
            "Name another person.",
        ),
    ],
)
async def test_refusals_of_refusing(
    conn: asyncpg.Connection, says: Says, fields: dict[str, Any], kind: type[CaseRefusal], message: str
) -> None:
    number = (await says()).number
    with pytest.raises(kind) as refused:
        await refuse(conn, number, **fields)
    assert str(refused.value) == message.format(number=number)
    assert await state(conn, number) == "registered, round 1"
    assert await conn.fetchval("SELECT count(*) FROM followup.not_accepted") == 0


async def test_a_supervisor_opens_it_again_and_the_history_stays(
    conn: asyncpg.Connection, says: Says
) -> None:
    number = (await says()).number
    await refuse(conn, number)
    await refusing.reopen(conn, number, by=SUPERVISOR, reason="案件未立案,应受理", now=at("10 09:00"))
    assert await state(conn, number) == "registered, round 1"
    await refuse(conn, number, "10 10:00", ground="petition", told_at=at("10 09:30"))
    shown = await reading.passport(conn, number)
    assert [one.event for one in shown.events] == ["register", "refuse", "reopen", "refuse"]
    assert [one.ground for one in await intake.not_accepted_of(conn, shown.case.id)] == ["court", "petition"]


@pytest.mark.parametrize(
    ("by", "reason", "kind", "message"),
    [
        (SUPERVISOR, " ", ReasonMissing,
         'Case {number}: "reopen" needs a reason in words. Give one that the resident could be told.'),
        (SURVEYOR, "应受理", OnlySupervisor,
         'Case {number}: "reopen" is a supervisor\'s decision, and 调查员-0103 is none. '
         "Hand it to the supervisor."),
        (DIRECTOR, "应受理", OwnDecision,
         "Case {number}: 主任-0001 was one of the two who did not accept it. "
         "Another supervisor looks at it again."),
    ],
)  # fmt: skip
async def test_only_another_supervisor_opens_it_and_says_why(
    conn: asyncpg.Connection, says: Says, by: str, reason: str, kind: type[CaseRefusal], message: str
) -> None:
    number = (await says()).number
    await refuse(conn, number, reviewed_by=DIRECTOR)
    with pytest.raises(kind) as refused:
        await refusing.reopen(conn, number, by=by, reason=reason, now=at("10 09:00"))
    assert str(refused.value) == message.format(number=number)
    assert await state(conn, number) == "not_accepted, round 1, not_accepted"


async def test_what_is_not_accepted_is_not_accepted_twice(conn: asyncpg.Connection, says: Says) -> None:
    number = (await says()).number
    await refuse(conn, number)
    with pytest.raises(NotPossibleNow) as refused:
        await refuse(conn, number, "9 10:05")
    assert str(refused.value) == (
        f'Case {number} is not_accepted in round 1: "refuse" is not possible. Possible now: reopen.'
    )


async def test_no_row_without_an_explanation_whatever_writes_it(conn: asyncpg.Connection, says: Says) -> None:
    await says()
    for words, reviewer in (("", REVIEWER), ("解释", SURVEYOR)):
        with pytest.raises(asyncpg.CheckViolationError):
            async with conn.transaction():
                await conn.execute(
                    "INSERT INTO followup.not_accepted"
                    " (case_id, ground, explanation, channel, told_at, by, reviewed_by, at)"
                    " SELECT id, 'court', $1, '法院', $2, $3, $4, $2 FROM followup.case_file",
                    words,
                    at("9 10:00"),
                    SURVEYOR,
                    reviewer,
                )


def test_every_ground_has_two_sentences_and_a_channel_in_both_languages() -> None:
    assert list(grounds()) == [
        "court",
        "administrative_review",
        "discipline",
        "petition",
        "emergency",
        "secret",
        "repeated",
        "not_concrete",
        "other_jurisdiction",
    ]
    for code, ground in grounds().items():
        assert ground.explanation.zh.count("。") == 2, code
        assert ground.explanation.en.count(". ") == 1, code
        assert ground.explanation.en.endswith("."), code
