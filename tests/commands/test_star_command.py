"""`minyi star` as a person types it."""

from __future__ import annotations

import json

from commands_bench import CENTRE, Minyi

VETO = (
    "star", "sanction", "991721100", "--centre", CENTRE, "--kind", "veto", "--what", "发生重大群体性事件",
    "--from", "2026-03-05", "--concerns", "镇长张某", "--reason", "县委会议决定",
)  # fmt: skip
LIFT = ("star", "lift", "991721100-1", "--centre", CENTRE, "--from", "2026-06-01", "--reason", "整改到位")


async def test_a_sanction_is_put_on_record_listed_and_lifted(county: str, minyi: Minyi) -> None:
    assert (await minyi("star", "list", "--centre", CENTRE)).stdout == "没有处分。There is no sanction.\n"
    done = await minyi(*VETO, "--by", "政法委书记李某")
    assert (done.exit_code, done.stdout) == (
        0,
        "991721100-1  柳河镇  一票否决 veto  2026-03-05 起 from, 至解除 until lifted\n"
        "  发生重大群体性事件  (当事人 concerns 镇长张某; 决定 by 政法委书记李某: 县委会议决定)\n",
    )
    lifted = await minyi(*LIFT, "--by", "政法委书记李某")
    assert (lifted.exit_code, lifted.stdout.splitlines()[-1]) == (
        0,
        "  2026-06-01 起解除 lifted from then on  (政法委书记李某: 整改到位)",
    )
    assert (await minyi("star", "list", "--centre", CENTRE)).stdout == lifted.stdout
    (body,) = json.loads((await minyi("star", "list", "--centre", CENTRE, "--json")).stdout)
    assert {key: body[key] for key in ("number", "kind", "from_day", "to_day", "concerned", "lifted_from")} == {
        "number": "991721100-1", "kind": "veto", "from_day": "2026-03-05", "to_day": None, "concerned": ["镇长张某"],
        "lifted_from": "2026-06-01",
    }  # fmt: skip


async def test_who_is_concerned_does_not_decide_and_is_told_so(county: str, minyi: Minyi) -> None:
    own = await minyi(*VETO, "--by", "镇长张某")
    assert own.exit_code == 3
    assert own.stderr == (
        "minyi star sanction: 镇长张某 is one of those whom the sanction on 991721100 concerns, or of its own units. "
        "Somebody else decides.\n"
    )
    assert (await minyi("star", "list", "--centre", CENTRE, "--json")).stdout == "[]\n"


async def test_what_a_command_cannot_read_it_says(county: str, minyi: Minyi) -> None:
    no_day = await minyi(*VETO, "--by", "李某", "--to", "明天")
    assert (no_day.exit_code, "%Y-%m-%d" in no_day.stderr) == (2, True)
    unknown = await minyi(*LIFT, "--by", "李某")
    assert unknown.exit_code == 3
    assert unknown.stderr == (
        "minyi star lift: Centre 991721 has no sanction 991721100-1. `minyi star list` shows the numbers.\n"
    )


async def test_the_help_teaches_by_an_example(minyi: Minyi) -> None:
    for command, word in (("sanction", "--concerns 镇长张某"), ("lift", "minyi star lift 991721100-1")):
        said = " ".join((await minyi("star", command, "--help")).stdout.split())
        assert word in said and "例 example" in said
