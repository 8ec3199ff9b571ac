"""Two weeks of answers around the small day: enough of them to publish, in two towns, with few in a third."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from small_day import CENTRE, SmallDay, at

TOWNS = (("991721002", "柳河镇", "Liuhe"), ("991721003", "王庄乡", "Wangzhuang"))
ASKED = ("Q1", "Q3", "Q10_sex", "Q10_age")
LIUHE, WANGZHUANG, CHENGGUAN = "991721002", "991721003", "991721001"


async def towns(day: SmallDay) -> None:
    """Two more towns beside 城关镇."""
    for code, zh, en in TOWNS:
        await day.put(
            "survey.area", None, code=code, parent_code=CENTRE, level="township", name_zh=zh, name_en=en
        )


async def answered(
    day: SmallDay, area: str, codes: Sequence[str], *, days: int = 0, campaign: str = "daily-voice"
) -> None:
    """One complete interview by voice for each of `codes` ("1" or "1 2": answers to `ASKED`), `days` after the small day."""
    when = at(10, days=days)
    for n, said in enumerate(codes):
        person = await day.person()
        unit = await day.put(
            "survey.sample_unit", ref=f"week-{day.people}", centre_code=CENTRE, campaign_id=day.campaigns[campaign],
            person_id=person, area_code=area, external_key=f"week:{person}", prn=0.5, status="done", disposition="complete",
            released_at=at(8, 30, days=days), done_at=when,
        )  # fmt: skip
        contact = await day.attempt(
            unit, person, "voice", when + timedelta(seconds=n), "complete", "survey", timedelta(minutes=3)
        )
        interview = await day.put(
            "survey.interview", ref=f"week-i-{contact}", contact_id=contact, unit_id=unit, position=0,
            questionnaire_id=day.questionnaires["perception"], mode="voice", lang="zh", status="complete", opened_at=when,
            ended_at=when + timedelta(minutes=3),
        )  # fmt: skip
        heard = await day.put(
            "survey.input", person_id=person, contact_id=contact, interview_id=interview, channel="voice",
            call_sid=f"CW{contact}", step=1, said="1", effect="answered", reply="", arrived_at=when, arrived_real=when,
        )  # fmt: skip
        for question, code in zip(ASKED, said.split(), strict=False):
            await day.put(
                "survey.answer", None, interview_id=interview, question_id=question, code=code, words=None,
                input_id=heard, at=when,
            )  # fmt: skip


async def two_weeks(day: SmallDay) -> None:
    """Safety 90 % of 120 now and 88 % of 100 before: no evidence of change. Satisfaction with the police has fallen.
    Eight people of 王庄乡, whose town nobody may see."""
    await towns(day)
    await answered(day, CHENGGUAN, ["1 1"] * 40 + ["2 2"] * 14 + ["3 3"] * 6, days=1)
    await answered(day, LIUHE, ["1 3"] * 40 + ["2 3"] * 14 + ["4 3"] * 6, days=2)
    await answered(day, WANGZHUANG, ["1 1"] * 8, days=3)
    await answered(day, CHENGGUAN, ["1 1"] * 70 + ["2 2"] * 18 + ["3 3"] * 12, days=-6)
