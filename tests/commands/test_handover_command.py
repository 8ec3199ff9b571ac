"""`minyi handover`: the queue as staff read it, one taken, one resolved, and what is refused."""

from __future__ import annotations

import json
from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from commands_bench import CENTRE, Minyi
from rich.cells import cell_len

from survey import fielding, handing, operating
from survey.clock import RealClock
from survey.fielding import Programme
from survey.ground import Ground
from survey.handing import Raised
from survey.importing import Brought, import_residents
from survey.vault import Vault

TZ = ZoneInfo("Asia/Shanghai")
LIST = "姓名,电话,乡镇,村,出生年\n王芳,15400000001,柳河镇,王庄村,1975\n"
ASKED, VIOLENCE, RECORDING, SELF_HARM = (
    "Kd3xZ0q7LwTnV5aB",
    "-e4yA1r8MxUoW6bC",  # a reference may begin with a hyphen
    "Lf5zB2s9NyVpX7cD",
    "Mg6aC3t0OzWqY8dE",
)
LONG_AGO, YEARS_AWAY = 2020, 2126
"""The command's clock is the real one: what was due in the one is overdue, in the other it is not."""


class StandingClock(RealClock):
    """Stands where it is put."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
async def four_handovers(conn: asyncpg.Connection, pool: asyncpg.Pool, vault: Vault, county: str) -> None:
    """Long ago one who asked for a person and one in danger, unknown to us; a hundred years on a recording and one more."""
    refs, numbers = list[str](), count(1)
    clock = StandingClock(datetime(2026, 3, 9, 8, 30, tzinfo=TZ))
    ground = Ground(pool, vault, clock, tokens=lambda: refs.pop(0) if refs else f"ref-{next(numbers)}")
    brought = Brought("l.csv", "中心", "调查", "制度")
    await import_residents(ground, CENTRE, LIST.encode(), brought, "fictional")
    await fielding.build_day(ground, CENTRE, date(2026, 3, 9), Programme(0, 0, 1), 1)
    clock.moment = datetime(2026, 3, 9, 20, 0, tzinfo=TZ)
    task = await operating.next_task(ground, "1021")
    assert task is not None
    await operating.answered(ground, task.ref, "1021")
    interview, person = await conn.fetchrow(
        "SELECT i.id, u.person_id FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id"
    )
    refs.extend((ASKED, VIOLENCE, RECORDING, SELF_HARM))
    clock.moment = datetime(LONG_AGO, 3, 9, 20, 5, tzinfo=TZ)
    await handing.raise_(ground, conn, Raised(person, interview, "asked_for"))
    clock.moment = datetime(LONG_AGO, 3, 9, 23, 50, tzinfo=TZ)
    said = "他又要打我了,我躲在\x1b[2J厕所里,快来\n打15400000009找我女儿"
    await handing.raise_(ground, conn, Raised(None, None, "distress_violence", urgent=True, words=said))
    clock.moment = datetime(YEARS_AWAY, 3, 9, 9, 0, tzinfo=TZ)
    await handing.raise_(ground, conn, Raised(person, interview, "recording", recording="RE00000001"))
    await handing.raise_(ground, conn, Raised(person, None, "distress_self_harm", urgent=True))


QUEUE = """
 到期 due      什么事 what                       状态 state    编号 ref
 ──────────────────────────────────────────────────────────────────────────────
 03-10 00:00   说到暴力 violence                 等待 waiting  -e4yA1r8MxUoW6bC
 紧急 urgent   “他又要打我了,我躲在
 超时 overdue  [2J厕所里,快来
               打〔号码〕找我女儿”

 03-09 09:10   说到轻生自伤 self-harm            等待 waiting  Mg6aC3t0OzWqY8dE
 紧急 urgent

 03-10 20:05   要求人工 asked for a person       等待 waiting  Kd3xZ0q7LwTnV5aB
 超时 overdue  调查员 Operator ·
               平安建设日常调查 2026-03-09 人工
               · 王庄村

 03-11 09:00   录音待听 a recording to hear      等待 waiting  Lf5zB2s9NyVpX7cD
               调查员 Operator ·
               平安建设日常调查 2026-03-09 人工
               · 王庄村

未办完 open 4 · 紧急 urgent 2 · 超时 overdue 2
"""


def lines(shown: str) -> list[str]:
    return [line.rstrip() for line in shown.splitlines()]


async def test_the_queue_fits_eighty_columns(minyi: Minyi, four_handovers: None) -> None:
    shown = await minyi("handover", "list", COLUMNS="80")

    assert (shown.exit_code, shown.stderr) == (0, "")
    assert lines(shown.stdout) == lines(QUEUE)
    assert max(cell_len(line) for line in shown.stdout.splitlines()) == 80


async def test_colour_is_for_terminals(minyi: Minyi, four_handovers: None) -> None:
    plain = await minyi("handover", "list", COLUMNS="80")
    coloured = await minyi("handover", "list", COLUMNS="80", FORCE_COLOR="1", TERM="xterm-256color")

    assert "\x1b" not in plain.stdout
    assert "\x1b[1;31m紧急 urgent\x1b[0m" in coloured.stdout
    assert "\x1b[2J" not in coloured.stdout  # what a resident wrote is not obeyed


TAKEN = """\
已接手 taken: 王芳 · 编号 ref -e4yA1r8MxUoW6bC
紧急 urgent · 超时 overdue · 到期 due 03-10 00:00
说到暴力 violence
“他又要打我了,我躲在 [2J厕所里,快来 打〔号码〕找我女儿”
要回电 to call back: minyi handover number -e4yA1r8MxUoW6bC --by '王芳'
办完以后 when done: minyi handover resolve -e4yA1r8MxUoW6bC --by '王芳' --note "…"
"""


async def test_one_is_taken_and_resolved(
    conn: asyncpg.Connection, minyi: Minyi, four_handovers: None
) -> None:
    taken = await minyi("handover", "take", VIOLENCE, "--by", "王芳")
    assert (taken.exit_code, taken.stderr, taken.stdout) == (0, "", TAKEN)

    note = "已报110,派出所到场,女儿15400000009已到"
    done = await minyi("handover", "resolve", VIOLENCE, "--by", "王芳", "--note", note)
    first, second = lines(done.stdout)
    assert (done.exit_code, done.stderr) == (0, "")
    assert first.startswith("已办完 resolved: 王芳 · 编号 ref -e4yA1r8MxUoW6bC · ")
    assert second == "结果 outcome: 已报110,派出所到场,女儿〔号码〕已到"
    kept = await conn.fetchrow(
        "SELECT status, taken_by, resolved_by, resolution FROM survey.handover WHERE ref = $1", VIOLENCE
    )
    assert tuple(kept) == ("resolved", "王芳", "王芳", "已报110,派出所到场,女儿〔号码〕已到")


async def test_the_number_is_for_whoever_took_it_and_on_record(
    minyi: Minyi, four_handovers: None, conn: asyncpg.Connection
) -> None:
    early = await minyi("handover", "number", ASKED, "--by", "王芳")
    assert (early.exit_code, early.stdout) == (3, "") and "Take it first" in early.stderr
    await minyi("handover", "take", ASKED, "--by", "王芳")
    told = await minyi("handover", "number", ASKED, "--by", "王芳")
    assert (told.exit_code, told.stdout.startswith("+86154")) == (0, True)
    other = await minyi("handover", "number", ASKED, "--by", "李强")
    assert other.exit_code == 3 and "王芳" in other.stderr
    await minyi("handover", "take", VIOLENCE, "--by", "王芳")
    unknown = await minyi("handover", "number", VIOLENCE, "--by", "王芳")
    assert unknown.exit_code == 3 and "nobody knows whose it is" in unknown.stderr
    reads = await conn.fetch("SELECT staff, reason FROM survey.number_access")
    assert [tuple(one) for one in reads] == [("王芳", f"等人处理 handover {ASKED}")]


async def test_a_recording_is_named_to_whoever_takes_it(minyi: Minyi, four_handovers: None) -> None:
    taken = await minyi("handover", "take", RECORDING, "--by", "1021")

    assert lines(taken.stdout) == [
        "已接手 taken: 1021 · 编号 ref Lf5zB2s9NyVpX7cD",
        "到期 due 03-11 09:00",
        "录音待听 a recording to hear",
        "调查员 Operator · 平安建设日常调查 2026-03-09 人工 · 王庄村",
        "录音 recording: RE00000001",
        "要回电 to call back: minyi handover number Lf5zB2s9NyVpX7cD --by 1021",
        '办完以后 when done: minyi handover resolve Lf5zB2s9NyVpX7cD --by 1021 --note "…"',
    ]


async def test_json_tells_the_open_ones_and_with_all_the_resolved(minyi: Minyi, four_handovers: None) -> None:
    await minyi("handover", "take", ASKED, "--by", "王芳")
    await minyi("handover", "resolve", ASKED, "--by", "王芳", "--note", "已回电")

    open_ones = json.loads((await minyi("handover", "list", "--json")).stdout)["handovers"]
    everything = json.loads((await minyi("handover", "list", "--all", "--json")).stdout)["handovers"]
    assert [row["ref"] for row in open_ones] == [VIOLENCE, SELF_HARM, RECORDING]
    assert [row["ref"] for row in everything] == [VIOLENCE, SELF_HARM, RECORDING, ASKED]
    assert open_ones[0] == {
        "ref": VIOLENCE,
        "status": "waiting",
        "urgent": True,
        "overdue": True,
        "reason": "distress_violence",
        "words": "他又要打我了,我躲在\x1b[2J厕所里,快来\n打〔号码〕找我女儿",
        "recording": None,
        "raised_at": "2020-03-09T15:50:00+00:00",
        "due_at": "2020-03-09T16:00:00+00:00",
        "centre_code": None,
        "purpose": None,
        "campaign": None,
        "mode": None,
        "area": None,
        "taken_by": None,
        "taken_at": None,
        "resolved_by": None,
        "resolved_at": None,
        "resolution": None,
    }
    assert (everything[3]["status"], everything[3]["overdue"]) == ("resolved", False)


async def test_what_is_refused_leaves_with_three(minyi: Minyi, four_handovers: None) -> None:
    not_taken = await minyi("handover", "resolve", ASKED, "--by", "李强", "--note", "已回电")
    await minyi("handover", "take", ASKED, "--by", "王芳")
    with_another = await minyi("handover", "take", ASKED, "--by", "李强")
    unknown = await minyi("handover", "take", "nope", "--by", "李强")

    assert [said.exit_code for said in (not_taken, with_another, unknown)] == [3, 3, 3]
    assert not_taken.stderr == (
        f"minyi handover resolve: 编号 {ASKED} 还没有人接手。Handover {ASKED} is waiting. "
        f"Take it first, so that others see who is on it: `minyi handover take {ASKED} --by …`\n"
    )
    assert with_another.stderr == (
        f"minyi handover take: 编号 {ASKED} 由 王芳 接手。Handover {ASKED} is with 王芳. "
        f"To take it over: `minyi handover take {ASKED} --by … --from 王芳`\n"
    )
    assert unknown.stderr == (
        "minyi handover take: 没有编号 nope。There is no handover nope. "
        "`minyi handover list --all` shows the references.\n"
    )
    over = await minyi("handover", "take", ASKED, "--by", "李强", "--from", "王芳")
    assert (over.exit_code, lines(over.stdout)[0]) == (0, f"已接手 taken: 李强 · 编号 ref {ASKED}")


async def test_an_empty_queue(minyi: Minyi, county: str) -> None:
    shown = await minyi("handover", "list")
    as_json = await minyi("handover", "list", "--json")

    assert (shown.exit_code, shown.stdout) == (0, "没有等人处理的事。Nothing waits for a person.\n")
    assert json.loads(as_json.stdout) == {"handovers": []}


async def test_without_a_centre(minyi: Minyi) -> None:
    shown = await minyi("handover", "list")

    assert (shown.exit_code, shown.stdout) == (3, "")
    assert shown.stderr == (
        "minyi handover list: there is no centre 991721 here. Choose one with MINYI_CENTRE.\n"
    )


@pytest.mark.parametrize("verb", ["list", "take", "number", "resolve"])
async def test_help_speaks_both_languages_and_gives_an_example(minyi: Minyi, verb: str) -> None:
    shown = await minyi("handover", verb, "--help", COLUMNS="200")

    assert shown.exit_code == 0
    assert f"例 example:  minyi handover {verb}" in shown.stdout
