"""Interviews that surveyors have finished, as the field leaves them; one of a machine has a recording."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.doors.doors_bench import Bench, Resident, at

GOOD = {"Q1": "2", "Q2": "3", "Q3": "1", "Q5": "1", "Q6": "2", "Q10_age": "2"}
SAME = dict.fromkeys(["Q1", "Q2", "Q3", "Q5", "Q6"], "1")
SOUND = b"RIFF....WAVEfmt "


async def held(
    bench: Bench,
    name: str,
    operator: str | None,
    ended: datetime | None = None,
    *,
    codes: dict[str, str] | None = None,
    seconds: int = 150,
    recorded: str = "",
) -> tuple[Resident, str]:
    """One finished interview: `operator` None is a machine's; `recorded`: the carrier's id of what was said to Q11. Answers
    are spread over its time."""
    mode, over = "operator" if operator else "voice", ended or at("9 09:30")
    given = codes or GOOD
    resident = await bench.resident(name)
    unit = await bench.survey(resident, mode, code="daily")
    begun = over - timedelta(seconds=seconds)
    contact = await bench.one(
        "INSERT INTO survey.contact (person_id, purpose, mode, opened_at, closed_at)"
        " VALUES ($1, 'survey', $2, $3, $4) RETURNING id",
        resident.id, mode, begun, over,
    )  # fmt: skip
    await bench.run(
        "INSERT INTO survey.attempt (ref, contact_id, person_id, unit_id, purpose, mode, operator, status, dialing_at,"
        " answered_at, ended_at, day, day_part, disposition)"
        " SELECT 'a-' || $1::bigint, $1, $2, u.id, 'survey', $3, $4, 'ended', $5, $5, $6, ($6::timestamptz)::date,"
        " 'morning', 'complete'"
        " FROM survey.sample_unit u WHERE u.ref = $7",
        contact, resident.id, mode, operator, begun, over, unit,
    )  # fmt: skip
    interview = await bench.one(
        "INSERT INTO survey.interview (ref, contact_id, unit_id, position, questionnaire_id, mode, lang, status, outcome,"
        " opened_at, ended_at)"
        " SELECT 'i-' || u.ref, $1, u.id, 1, c.questionnaire_id, $2, 'zh', 'complete', 'complete', $3, $4"
        " FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id WHERE u.ref = $5 RETURNING id",
        contact, mode, begun, over, unit,
    )  # fmt: skip
    heard = await bench.one(
        "INSERT INTO survey.input (interview_id, channel, said, effect, reply, arrived_at, arrived_real)"
        " VALUES ($1, $2, '', 'answered', '', $3, $3) RETURNING id",
        interview, mode, over,
    )  # fmt: skip
    step = seconds / (len(given) + 1)
    for n, (question, code) in enumerate(given.items(), start=1):
        await bench.run(
            "INSERT INTO survey.answer (interview_id, question_id, code, input_id, at) VALUES ($1, $2, $3, $4, $5)",
            interview, question, code, heard, begun + timedelta(seconds=n * step),
        )  # fmt: skip
    if recorded:
        await bench.run(
            "INSERT INTO survey.recording (sid, call_sid, interview_id, question_id, seconds, at)"
            " VALUES ($1, 'CA1', $2, 'Q11', 12, $3)",
            recorded, interview, over,
        )  # fmt: skip
        await bench.run(
            "INSERT INTO survey.answer (interview_id, question_id, recording, input_id, at) VALUES ($1, 'Q11', $2, $3, $4)",
            interview, recorded, heard, over,
        )  # fmt: skip
        bench.carrier.sounds[recorded] = SOUND
    await bench.run(
        "UPDATE survey.sample_unit SET status = 'done', due_at = NULL, next_mode = NULL, disposition = 'complete',"
        " done_at = $2 WHERE ref = $1",
        unit, over,
    )  # fmt: skip
    return resident, f"i-{unit}"
