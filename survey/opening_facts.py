"""What a dialogue knows when it begins, or goes on in another mode: of its centre, the moment, the person, the place."""

from datetime import datetime
from typing import Any, Final

from survey.moment_facts import last_attempt_facts, moment_facts
from survey.questionnaire.model import Questionnaire
from survey.store import areas, interviews
from survey.store.interviews import Beginning, Interview

TOWNSHIPS: Final = "townships"
SHOWS_A_LIST: Final = frozenset({"web", "operator"})
"""The modes that can lay out every township of a county; elsewhere the township stands as the sample has it."""


async def opening_facts(
    conn: Any,
    questionnaire: Questionnaire,
    interview: Interview,
    unit: Beginning,
    lang: str,
    now: datetime,
) -> dict[str, str]:
    """`lang` is the language of the moment's words; `now` aware. The facts of the `unit` itself stand above all others."""
    facts = {
        **await interviews.centre_facts(conn, interview.unit_id, interview.lang),
        **moment_facts(now, interview.tz, interview.purpose, lang, interview.own_hours),
        **last_attempt_facts(interview.purpose, unit.tried),
        **unit.facts,
    }
    if interview.mode in SHOWS_A_LIST and TOWNSHIPS in questionnaire.may_know:
        facts[TOWNSHIPS] = await _townships(conn, interview)
    return facts


async def _townships(conn: Any, interview: Interview) -> str:
    listed = await areas.townships(conn, interview.unit_id)
    chinese = interview.lang.startswith("zh")
    return ";".join(f"{one.code}={one.name_zh if chinese else one.name_en}" for one in listed)
