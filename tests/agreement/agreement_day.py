"""The day of eight residents, true on both sides; each test damages it in one way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import asyncpg
from agreement_ground import MORNING, Talk
from agreement_world import World

from survey.twin import ledger as twin
from survey.vault import Vault
from workers.agreement import Agreement, Ledger, compare

RESULT = "路灯已修好,3月8日晚上恢复照明"
INVITATION = (
    "【遂澜民调中心】您反映的0037号事项:" + RESULT + "。解决了吗?1已解决2部分3未解决。回数字,0人工,退订回T"
)
SURVEY = (
    "【遂澜民调中心】平安建设调查(3题):您感觉当地安全吗?1安全2比较安全3不太安全4不安全。回数字,0人工,退订回T"
)


@dataclass(frozen=True)
class Day:
    """The day's conversations by resident, for a test to damage."""

    world: World
    zhang: Talk
    li: Talk
    wang: Talk
    zhao: Talk
    chen: Talk
    liu: Talk
    sun: Talk
    he: Talk
    zhang_call: twin.Call
    sun_call: twin.Call

    @property
    def conn(self) -> asyncpg.Connection:
        return self.world.conn

    async def compared(self) -> Agreement:
        """The comparison of both sides as they stand now."""
        ledger = Ledger.from_json(self.world.book.as_json())
        return await compare(self.conn, self.world.vault, ledger)


async def a_true_day(conn: asyncpg.Connection, vault: Vault) -> Day:
    """Everybody's conversation, the same on both sides."""
    world = World(conn, vault)
    await world.ground()
    for n, name in enumerate(("张敏", "李强", "王芳", "赵伟", "陈静", "刘洋", "孙丽", "何军"), 1):
        await world.resident(name, f"+861540000000{n}")
    zhang, zhang_call = await _zhang_presses_keys(world)
    sun, sun_call = await _sun_wants_no_calls(world)
    return Day(
        world=world,
        zhang=zhang,
        li=await _li_answers_by_text(world),
        wang=await _wang_is_told_and_answers(world),
        zhao=await _zhao_is_busy(world),
        chen=await _chen_opts_out_by_text(world),
        liu=await _liu_talks_to_an_operator(world),
        sun=sun,
        he=await _he_is_never_called(world),
        zhang_call=zhang_call,
        sun_call=sun_call,
    )


async def _zhang_presses_keys(world: World) -> tuple[Talk, twin.Call]:
    """Silence once, a response that was lost, a slip of the finger, and a last key that never arrived."""
    talk, call = await world.voice_call("张敏", ref="a-zhang", sid="CA1", at=MORNING, disposition="partial")
    await world.key(talk, call, 1, "1", meant="是", answer=("S1", "1"))
    await world.key(talk, call, 2, "", effect="asked_again")
    await world.key(talk, call, 3, "2", meant="比较安全", answer=("Q1", "2"), requests=2)
    await world.key(talk, call, 4, "2", meant="满意", answer=("Q3", "2"), slip=True)
    await world.key(talk, call, 5, "3", meant="45-59", delivered="no")
    return talk, call


async def _li_answers_by_text(world: World) -> Talk:
    """Answers, one of them twice on the wire, then two in one text, then one too late."""
    talk = await world.invitation(
        "李强", ref="a-li", sid="SM10", at=MORNING, body=SURVEY, disposition="complete"
    )
    again = "【遂澜民调中心】您对当地公安工作满意吗?1满意2基本满意3不满意4没打过交道"
    await world.reply(
        talk, "SM11", "比较安全吧", 3, meant=("比较安全",), answers=[("Q1", "2")], back=again, kind="words"
    )
    await world.reply(
        talk, "SM12", "1", 5, meant=("满意",), answers=[("Q3", "1")], back="【遂澜民调中心】年龄?", requests=2
    )
    await world.reply(
        talk, "SM13", "2 1", 7, meant=("30-44", "男"), answers=[("Q10_age", "2"), ("Q10_sex", "1")]
    )
    await world.reply(talk, "SM14", "路灯不亮", 900, effect="too_late", kind="late")
    return talk


async def _wang_is_told_and_answers(world: World) -> Talk:
    talk = await world.invitation(
        "王芳",
        ref="a-wang",
        sid="SM20",
        at=MORNING,
        body=INVITATION,
        disposition="complete",
        instrument="callback",
    )
    await world.reply(talk, "SM21", "3", 10, meant=("未解决",), answers=[("C2", "3")])
    await world.told(talk, RESULT, MORNING + timedelta(minutes=10))
    return talk


async def _zhao_is_busy(world: World) -> Talk:
    world.call("赵伟", "CA2", "busy", MORNING, rang=0)
    return await world.talk(
        "赵伟", "voice", ref="a-zhao", at=MORNING, sid="CA2", word="busy", disposition="busy"
    )


async def _chen_opts_out_by_text(world: World) -> Talk:
    talk = await world.invitation(
        "陈静", ref="a-chen", sid="SM30", at=MORNING, body=SURVEY, disposition="opted_out"
    )
    await world.reply(
        talk,
        "SM31",
        "退订",
        4,
        effect="opted_out",
        back="【遂澜民调中心】已为您退订,今后不再发送。",
        kind="stop",
    )
    await world.opted_out(talk, "退订", "SM31", timedelta(minutes=4), "survey")
    return talk


async def _sun_wants_no_calls(world: World) -> tuple[Talk, twin.Call]:
    talk, call = await world.voice_call("孙丽", ref="a-sun", sid="CA3", at=MORNING, disposition="opted_out")
    await world.key(talk, call, 1, "9", effect="opted_out")
    await world.opted_out(talk, "9", "CA3", timedelta(seconds=20), "survey")
    return talk, call


async def _liu_talks_to_an_operator(world: World) -> Talk:
    talk = await world.talk(
        "刘洋",
        "operator",
        ref="a-liu",
        at=MORNING,
        sid="desk:a-liu",
        word="in_progress",
        answered=True,
        disposition="complete",
    )
    call = world.call("刘洋", "DK1", "completed", MORNING, answered=True, ref="a-liu")
    await world.asked(
        talk,
        call,
        "在目前的社会治安环境下,您感觉安全吗?安全、比较安全、不太安全,还是不安全?",
        "安全",
        ("Q1", "1"),
    )
    await world.asked(talk, call, "您对当地公安工作满意吗?满意、基本满意,还是不满意?", None, None)
    await world.asked(talk, call, "您对当地公安工作满意吗?满意、基本满意,还是不满意?", "满意", ("Q3", "1"))
    return talk


async def _he_is_never_called(world: World) -> Talk:
    """The carrier answered 503 when the call was to be created: there is none, and it costs no attempt."""
    return await world.talk("何军", "voice", ref="a-he", at=MORNING, disposition="technical", counts=False)
