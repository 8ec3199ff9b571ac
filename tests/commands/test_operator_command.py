"""`minyi operator`: a shift typed line by line, and all that the operator reads."""

from __future__ import annotations

import asyncio
import io
from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from commands_bench import CENTRE, Minyi
from rich.console import Console

from survey import fielding, linked_calls, linked_dialling, linked_operators, operating
from survey.channels.base import Accepted
from survey.clock import RealClock
from survey.desk_keys import Lang
from survey.dialing import Line
from survey.dialogue.inputs import Choice
from survey.fielding import Programme
from survey.ground import Ground
from survey.importing import Brought, import_residents
from survey.store.pool import open_pool
from survey.vault import Vault
from workers.commands.operator import DoorDesk
from workers.commands.operator_shift import InputEnded, Shift
from workers.commands.operator_view import View

TZ = ZoneInfo("Asia/Shanghai")
LIST = "姓名,电话,乡镇,村,出生年\n王芳,15400000001,柳河镇,王庄村,1975\n李强,15400000002,柳河镇,王庄村,1990\n"


class StandingClock(RealClock):
    """Stands on Monday 2026-03-09."""

    def __init__(self, hour: int, minute: int) -> None:
        super().__init__()
        self.moment = datetime(2026, 3, 9, hour, minute, tzinfo=TZ)

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
async def two_people(pool: asyncpg.Pool, vault: Vault, county: str) -> Vault:
    """王芳 and 李强, drawn on Monday morning for the operators."""
    numbers = count(1)
    ground = Ground(pool, vault, StandingClock(8, 30), tokens=lambda: f"ref-{next(numbers):04}")
    await import_residents(
        ground, CENTRE, LIST.encode(), Brought("l.csv", "中心", "调查", "制度"), "fictional"
    )
    assert await fielding.build_day(ground, CENTRE, date(2026, 3, 9), Programme(0, 0, 2), 1) == 2
    return vault


def shift(database: str, vault: Vault, typed: str, lang: Lang = "zh") -> str:
    """A shift in the evening of the same day; everything that was on the screen."""
    screen, lines = io.StringIO(), iter(typed.splitlines())

    def read() -> str:
        for line in lines:
            screen.write(f"{line}\n")
            return line
        screen.write("\n")
        raise InputEnded

    with asyncio.Runner() as runner:
        pool = runner.run(open_pool(database, min_size=1, max_size=2))
        desk = DoorDesk(Ground(pool, vault, StandingClock(20, 5)), runner, "1021", "手工拨打")
        try:
            Shift(desk, View(Console(file=screen, width=100), lang, TZ), read).work()
        finally:
            runner.run(pool.close())
    return screen.getvalue()


def linked_shift(database: str, vault: Vault, typed: str) -> str:
    """The same of an operator to whom people are connected."""
    screen, lines = io.StringIO(), iter(typed.splitlines())

    def read() -> str:
        line = next(lines)
        screen.write(f"{line}\n")
        return line

    with asyncio.Runner() as runner:
        pool = runner.run(open_pool(database, min_size=1, max_size=2))
        desk = DoorDesk(Ground(pool, vault, StandingClock(20, 5)), runner, "1021", "手工拨打")
        try:
            Shift(desk, View(Console(file=screen, width=100), "zh", TZ), read, linked=True).work()
            desk.leave()
        finally:
            runner.run(pool.close())
    return screen.getvalue()


async def answers(conn: asyncpg.Connection) -> dict[str, str]:
    """The latest code or words of each question."""
    rows = await conn.fetch(
        "SELECT question_id, code, words FROM survey.answer ORDER BY question_id, revision"
    )
    return {row["question_id"]: row["words"] or row["code"] for row in rows}


async def attempts(conn: asyncpg.Connection) -> list[tuple[str, str]]:
    rows = await conn.fetch("SELECT operator, disposition FROM survey.attempt ORDER BY id")
    return [(row["operator"], row["disposition"]) for row in rows]


BUSY_AND_NOBODY = """\

民意调查  平安建设日常调查 2026-03-09 人工
地点:王庄村  当地时间:03-09 20:05
以往联系:无
回车 拨号   b 放回   q 这一位之后离开
> k
这里没有“k”这个键
> 
请拨:154 0000 0002
1 接通   2 占线   3 无人接听   4 关机   5 空号   6 停机   7 拒接   8 答录机   9 线路故障
> 2
已记录

民意调查  平安建设日常调查 2026-03-09 人工
地点:王庄村  当地时间:03-09 20:05
以往联系:无
回车 拨号   b 放回   q 这一位之后离开
> q
这一位之后离开
> 
请拨:154 0000 0001
> 空号
已记录
"""


async def test_on_a_break_the_terminal_gives_nobody(
    conn: asyncpg.Connection, database: str, two_people: Vault
) -> None:
    await conn.execute(
        "INSERT INTO survey.desk_state (operator, state, why, changed_at) VALUES ('1021', 'break', 'asked_for', $1)",
        datetime(2026, 3, 9, 20, 0, tzinfo=TZ),
    )
    screen = await asyncio.to_thread(shift, database, two_people, "q\n")
    assert screen == "您在休息;请先在页面上结束休息。\n> q\n"
    assert await attempts(conn) == []


async def test_a_shift_in_which_nobody_answers(
    conn: asyncpg.Connection, database: str, two_people: Vault
) -> None:
    screen = await asyncio.to_thread(shift, database, two_people, "k\n\n2\nq\n\n空号\n")

    assert screen == BUSY_AND_NOBODY
    assert await attempts(conn) == [("1021", "busy"), ("1021", "unassigned")]
    shown = await conn.fetch("SELECT staff, reason FROM survey.number_access")
    assert [tuple(row) for row in shown] == [("1021", "手工拨打")] * 2


async def test_who_read_numbers_is_listed_without_them(
    conn: asyncpg.Connection, database: str, two_people: Vault, minyi: Minyi
) -> None:
    await asyncio.to_thread(shift, database, two_people, "\n2\nq\n\n2\n")
    person = await conn.fetchval("SELECT max(person_id) FROM survey.number_access")
    listed = (await minyi("user", "reads", "1021")).stdout
    assert len(listed.splitlines()) == 2 and "154" not in listed
    assert (await minyi("user", "reads", "--person", str(person))).stdout == (
        f"2026-03-09 20:05:00  1021(无账号 no account)  居民 person {person}  手工拨打  呼叫 call "
        + await conn.fetchval("SELECT ref FROM survey.attempt WHERE person_id = $1", person)
        + "\n"
    )
    assert (await minyi("user", "reads", "1022")).stdout == "没有人看过号码。Nobody was shown a number.\n"


async def test_a_contractor_is_told_to_work_connected(
    conn: asyncpg.Connection, database: str, two_people: Vault, minyi: Minyi
) -> None:
    await minyi("user", "add", "1021", "--contractor", "--role", "surveyor", "--by", "王主任")
    screen = await asyncio.to_thread(shift, database, two_people, "\n\n")
    assert screen.endswith(
        "> \n您看不到这一位的号码154****0002(外包人员,或岗位、地区不符),已放回。请用自动接通方式:minyi operator --linked\n"
    )
    assert await attempts(conn) == [("1021", "cancelled")]
    assert await conn.fetchval("SELECT count(*) FROM survey.number_access") == 0


BUTTONS = "l 改天再打   x 拒访   xx 坚决拒访   s 不要再联系   p 转负责人   m 未成年   c Q1 改答   h 挂断   q 这一位之后离开"
WHAT_IS_ASKED = f"""\
请问您是否年满18周岁,并且在本县居住半年以上?
是,还是不是?
  1 是
  2 不是
n 没回答   ? 再问一遍   {BUTTONS}
> 1

S2
请问您住在哪个乡镇或街道?
  1 柳河镇
d 说不清   r 不想说   n 没回答   ? 再问一遍   {BUTTONS}
> 1

Q1
在目前的社会治安环境下,您感觉安全吗?
不安全、不太安全、比较安全,还是安全?
  1 安全
  2 比较安全
  3 不太安全
  4 不安全
> 2

Q4
和一年前比,这里的治安变好了、差不多还是变差了?
变差、差不多,还是变好?
  1 变好
  2 差不多
  3 变差
> 9
这里没有“9”这个键
"""


async def test_a_talk_is_asked_prompt_by_prompt(
    conn: asyncpg.Connection, database: str, two_people: Vault
) -> None:
    typed = "\n2\n\n1\n1\n1\n2\n9\nc Q1\n3\nr\nq\nh\n"
    screen = await asyncio.to_thread(shift, database, two_people, typed)

    assert "\nS1\n您好,我是遂澜民调中心" in screen and "工号1021" in screen
    assert WHAT_IS_ASKED in screen
    assert await answers(conn) == {"S1": "1", "S2": "991721100", "Q1": "3", "Q4": "refused"}
    assert await attempts(conn) == [("1021", "busy"), ("1021", "partial")]
    assert screen.endswith("> q\n这一位之后离开\n> h\n已记录\n")


async def test_the_end_of_the_input_keeps_what_was_answered(
    conn: asyncpg.Connection, database: str, two_people: Vault
) -> None:
    screen = await asyncio.to_thread(shift, database, two_people, "\n1\n1\n1\n2\n")

    assert screen.endswith("> \n输入结束,离开。\n")
    assert await answers(conn) == {"S1": "1", "S2": "991721100", "Q1": "2"}
    assert await attempts(conn) == [("1021", "partial")]


async def test_buttons_words_and_several_options(
    conn: asyncpg.Connection, database: str, two_people: Vault
) -> None:
    """Q5 takes several; a closed question takes the resident's words; `s` is for ever."""
    typed = "\n2\n\n1\n1\n柳河镇\n比较安全\nd\n?\n1\n1\n2 3\ns\n"
    screen = await asyncio.to_thread(shift, database, two_people, typed)

    given = await answers(conn)
    assert (given["Q1"], given["Q5"]) == ("2", "2 3")
    assert "dk" in given.values()
    opted_out = await conn.fetch("SELECT scope, said_in FROM survey.opt_out")
    assert [tuple(row) for row in opted_out] == [("all", "operator")]
    assert "可以挂断了" in screen


async def test_whom_one_operator_holds_no_other_gets_and_a_person_put_back_is_called_later(
    conn: asyncpg.Connection, database: str, two_people: Vault
) -> None:
    screen = await asyncio.to_thread(shift, database, two_people, "b\nb\nq\n", "en")

    assert screen.count("> b\nput back\n") == 2
    assert screen.endswith("Enter look again   q leave\n> q\n")
    assert await attempts(conn) == [("1021", "cancelled")] * 2
    assert await conn.fetchval("SELECT count(*) FROM survey.number_access") == 0


async def test_a_talk_that_was_left_in_the_middle_is_closed_with_its_answers(
    conn: asyncpg.Connection, pool: asyncpg.Pool, database: str, two_people: Vault
) -> None:
    """As after a kill -9 of the terminal: the attempt is still in hand, and its dialogue under way."""
    ground = Ground(pool, two_people, StandingClock(20, 5))
    task = await operating.next_task(ground, "1021")
    assert task is not None
    await operating.answered(ground, task.ref, "1021")
    for code in ("1", "991721100", "2"):
        await operating.say(ground, task.ref, "1021", Choice(code))

    screen = await asyncio.to_thread(shift, database, two_people, "q\n\n1\n")

    assert screen.endswith("> 1\n这次通话早已开始,没有说完;已有的回答保留。\n已记录\n")
    assert await answers(conn) == {"S1": "1", "S2": "991721100", "Q1": "2"}
    assert await attempts(conn) == [("1021", "partial")]


async def test_the_command_works_an_empty_queue_by_piped_input(minyi: Minyi, county: str) -> None:
    done = await minyi("operator", "--name", "1021", typed="\nq\n")

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "现在没有人要拨打。\n回车 再看   q 离开\n> " * 2


LATER = """\
> l
什么时候再打?例如“明天下午3点”;对方没说就写“不知道”
> 改天
“改天”看不出是什么时候,请写日期和钟点
什么时候再打?例如“明天下午3点”;对方没说就写“不知道”
> 晚上9点
那时不在拨打时段,请另约;最早 03-10 09:00
什么时候再打?例如“明天下午3点”;对方没说就写“不知道”
> 明天下午3点
约好 03-10 15:00
"""


async def test_another_time_is_asked_for_until_it_can_be_kept(
    conn: asyncpg.Connection, database: str, two_people: Vault
) -> None:
    await conn.execute("UPDATE survey.campaign SET closes_at = $1", datetime(2026, 3, 13, 20, 30, tzinfo=TZ))
    typed = "\n1\nl\n改天\n晚上9点\n明天下午3点\nb\n"
    screen = await asyncio.to_thread(shift, database, two_people, typed)

    assert LATER in screen
    assert await conn.fetch(
        "SELECT appointment_at FROM survey.sample_unit WHERE disposition = 'appointment'"
    ) == [(datetime(2026, 3, 10, 15, 0, tzinfo=TZ),)]


async def test_another_time_of_which_they_know_none(
    conn: asyncpg.Connection, database: str, two_people: Vault
) -> None:
    await conn.execute("UPDATE survey.campaign SET closes_at = $1", datetime(2026, 3, 13, 20, 30, tzinfo=TZ))
    screen = await asyncio.to_thread(shift, database, two_people, "\n1\nl\nunknown\n\n2\n\nq\n", "en")

    assert "no time agreed: they are tried again by the ordinary rule\n" in screen
    assert "nobody is due now.\n  平安建设日常调查 2026-03-09 人工: nobody is due yet (03-10 09:" in screen


async def test_the_command_without_a_centre(minyi: Minyi) -> None:
    done = await minyi("operator", "--name", "1021", typed="q\n")

    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr == ("minyi operator: there is no centre 991721 here. Choose one with MINYI_CENTRE.\n")


class EveryCallTaken:
    """A carrier that takes every call."""

    async def call(self, number: str, **wishes: Any) -> Accepted:
        return Accepted(f"CA of {number[-2:]}")


CONNECTED = """\
等待接通

民意调查  平安建设日常调查 2026-03-09 人工
地点:王庄村  当地时间:03-09 20:05
以往联系:无
已接通   回车 开始   8 答录机   q 这一位之后离开
> 2
这里没有“2”这个键
> 8
已记录
等待接通
您的电话已断开,离开。
"""


async def test_a_shift_in_which_somebody_is_connected_and_no_number_is_shown(
    conn: asyncpg.Connection, database: str, pool: asyncpg.Pool, two_people: Vault
) -> None:
    ground = Ground(pool, two_people, StandingClock(20, 5))
    line = Line(EveryCallTaken(), "https://minyi.example", 1.0, 1.0, 10.0)
    await conn.execute("UPDATE survey.campaign SET operator_dialling = 'progressive'")
    await linked_operators.go_on_duty(ground, "1021", "+8615499000021")
    await linked_operators.link(ground, line)
    room, own = await conn.fetchrow("SELECT ref, sid FROM survey.linked_operator")
    assert await linked_operators.answered(ground, room, own)
    assert await linked_dialling.dial_linked(ground, line, lambda: None) == 1
    ref, sid = await conn.fetchrow("SELECT ref, sid FROM survey.attempt")
    assert await linked_calls.picked_up(ground, ref, sid) is not None
    await linked_operators.over(ground, room, own, "answered")

    assert await asyncio.to_thread(linked_shift, database, two_people, "2\n8\n") == CONNECTED
    assert await attempts(conn) == [("1021", "machine")]
    assert await conn.fetchval("SELECT count(*) FROM survey.number_access") == 0
