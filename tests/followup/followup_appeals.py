"""What 王芳 of 王庄村 raises in tests of intake, as the surveyor 0103 writes it down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from followup_county import CENTRE, VILLAGE, at

from followup.appeals import NewAppeal, Registered

SURVEYOR, REVIEWER, SUPERVISOR, DIRECTOR = "调查员-0103", "审核员-0101", "督办员-0102", "主任-0001"

DARK = NewAppeal(
    centre_code=CENTRE,
    source="inbound",
    content="村口路灯坏了半个月,晚上不敢走,我的电话15400000001",
    title="村口路灯不亮",
    place="王庄村村口老槐树下",
    area_code=VILLAGE,
    occurred_at=at("1 19:00"),
    category="0106",
    consent=True,
    first_handler="0103",
)
QUESTION = NewAppeal(
    centre_code=CENTRE,
    source="inbound",
    content="请问低保怎么申请",
    title="低保怎么申请",
    place="王庄村",
    area_code=VILLAGE,
    category="1503",
    consent=True,
    first_handler="0103",
)

Says = Callable[..., Awaitable[Registered]]
"""`await says("9 09:40", QUESTION, source="visit")`: registered at that moment; by default DARK on Monday."""
