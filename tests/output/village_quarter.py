"""A quarter in 柳河镇: 王庄村 has enough residents for a page of its own, 李庄村 and 赵庄村 share one, 孟楼村 of
another town has too few."""

from __future__ import annotations

from datetime import timedelta

from small_day import CENTRE, SmallDay, at

WANGZHUANG, LIZHUANG, ZHAOZHUANG, MENGLOU = "991721100200", "991721100201", "991721100202", "991721101200"
PLACES = (
    ("991721100", CENTRE, "township", "柳河镇", "Liuhe Town"),
    ("991721101", CENTRE, "township", "孟楼镇", "Menglou Town"),
    (WANGZHUANG, "991721100", "village", "王庄村", "Wangzhuang"),
    (LIZHUANG, "991721100", "village", "李庄村", "Lizhuang"),
    (ZHAOZHUANG, "991721100", "village", "赵庄村", "Zhaozhuang"),
    (MENGLOU, "991721101", "village", "孟楼村", "Menglou"),
)


async def places(day: SmallDay) -> None:
    """Two more townships with their villages."""
    for code, parent, level, zh, en in PLACES:
        await day.put("survey.area", None, code=code, parent_code=parent, level=level, name_zh=zh, name_en=en)


async def matter(
    day: SmallDay, village: str, category: str, ending: str | None, solved: str | None = None, *,
    result: str = "已办", days: int = 0, person: int | None = None, **columns: object,
) -> int:  # fmt: skip
    """A matter that somebody raised, `days` after the small day; what its unit reported, and what the resident said
    when called.

    `ending` None: still open. `solved`: "1" to "3", what was said to C2; "": called, and not reached; None: nobody
    was to be called.
    """
    person = person or await day.person()
    serial = f"{day.people:05d}"
    when = at(9, days=days)
    case: int = await day.put(
        "followup.case_file", number=f"{CENTRE}-20260309-{serial}-7", short_number=serial[1:], query_code=f"V{serial}",
        centre_code=CENTRE, source="inbound", person_id=person, content="说的原话", category=category, duty_no=4,
        kind="complaint", area_code=village, status=ending or "in_progress", ending=ending, received_at=when,
        policy_version=1, closed_at=when + timedelta(hours=9) if ending else None,
        **{key: value for key, value in columns.items() if key != "title"},
    )  # fmt: skip
    if ending is None and solved is None:
        return case
    await day.put(
        "followup.result", None, case_id=case, round=1, unit_code="U-CG", reported_at=when + timedelta(hours=2),
        result_summary=result, claimed_contact=True, accepted_at=when + timedelta(hours=3),
    )  # fmt: skip
    if solved is not None:
        await day.put(
            "followup.callback", case_id=case, round=1, status="settled", created_at=when + timedelta(hours=4),
            settled_at=when + timedelta(hours=8), reached=bool(solved), answers={"C2": [solved, None]} if solved else {},
            verdict="closed" if solved else "closed_unreached", verdict_line=8, unit_ref=None,
        )  # fmt: skip
    return case


async def quarter(day: SmallDay) -> None:
    """王庄村: 16 residents with 17 matters."""
    await places(day)
    for n in range(11):
        await matter(day, WANGZHUANG, "0701", "closed", "1", result=f"第{n + 1}段路已修好", days=n)
    twice = await day.person()
    await matter(day, WANGZHUANG, "0504", "closed", "1", result="邻里纠纷已调解,王某赔了三百元", person=twice)
    await matter(day, WANGZHUANG, "0801", None, "3", person=await day.person(), result="已责令整改")
    await matter(day, WANGZHUANG, "0801", "closed_explained", "3", result="不符合补贴条件,已说明")
    await matter(day, WANGZHUANG, "0701", "closed_unreached", "", result="路已修")
    await matter(day, WANGZHUANG, "0701", None)
    await matter(day, WANGZHUANG, "0701", None, person=await day.person())
    for village in (LIZHUANG, ZHAOZHUANG):
        for _ in range(6):
            await matter(day, village, "1201", "closed", "1", result="水渠已清")
    for _ in range(9):
        await matter(day, MENGLOU, "0701", "closed", "1")
