"""`minyi campaign`: from a file to an approved campaign, as a supervisor types it; and what is refused, with its place."""

from __future__ import annotations

import json
from pathlib import Path

import asyncpg
import pytest
from commands_bench import CENTRE, Minyi

from survey.clock import RealClock
from survey.ground import Ground
from survey.importing import Brought, import_residents
from survey.vault import Vault

PEOPLE = 80
WRITTEN = """\
code: night-noise
name: {zh: 夜间噪声专项调查, en: Noise at night}
kind: poll
questionnaire: special_poll
opens: 2040-03-12
closes: 2040-03-23
modes: [text, voice]
sample: {size: 60, replicate: 20}
targets: {total: 10, daily: 4}
quotas:
  - name: 年龄
    cells:
      - {name: 18-44, target: 6, when: {ages: [18, 44]}}
      - {name: 45 以上, target: 4, when: {ages: [45, 120]}}
budget: {calls: 200, money: 60}
scoring: P1 的 2、3 之和占有效回答的比例
notice: 县民调中心调查,回答只用于统计
"""

LIGHTS = """\
code: street-lights
version: 1
title: {zh: 路灯调查, en: Street lights}
languages: [zh]
facts: {voice: [centre]}
items:
  - id: L1
    kind: select_one
    essential: true
    choices: lit
    prompt: {zh: "您家门口的路灯亮吗?"}
choices:
  lit:
    - {code: "1", label: {zh: 亮}}
    - {code: "2", label: {zh: 不亮}}
scripts:
  opening:
    - say: {zh: "您好,这里是${centre}社情民意调查中心。您是从本地居民名单中随机抽取的,回答只用于统计。"}
"""


@pytest.fixture
async def residents(pool: asyncpg.Pool, vault: Vault, county: str) -> None:
    """Eighty people of 王庄村."""
    rows = "".join(f"王芳,1540000{n:04},柳河镇,王庄村,{1950 + n % 50}\n" for n in range(PEOPLE))
    data = ("姓名,电话,乡镇,村,出生年\n" + rows).encode()
    ground = Ground(pool, vault, RealClock())
    report = await import_residents(
        ground, CENTRE, data, Brought("l.csv", "中心", "调查", "制度"), "fictional"
    )
    assert report.kept == PEOPLE, report.refusals[:3]


def written(text: str = WRITTEN, name: str = "噪声.yaml") -> str:
    Path(name).write_text(text, "utf-8")
    return name


async def test_from_a_file_to_a_scheduled_campaign(minyi: Minyi, residents: None) -> None:
    checked = await minyi("campaign", "check", written())
    assert checked.exit_code == 0, checked.output
    assert checked.output == "night-noise: 可以创建 it can be created · 名单可抽 may be drawn: 80\n"

    made = await minyi("campaign", "create", "噪声.yaml", "--by", "张敏督导")
    assert made.output == (
        "草案 draft: night-noise 夜间噪声专项调查\n下一步 next: minyi campaign approve night-noise --by …\n"
    )
    refused = await minyi("campaign", "start", "night-noise", "--by", "张敏督导")
    assert refused.exit_code == 3
    assert refused.stderr == (
        "minyi campaign start: night-noise: a campaign that is draft (草案) has no move 'start'. "
        "From there it can be moved by: approve, cancel.\n"
    )
    refused = await minyi(
        "campaign", "approve", "night-noise", "--by", "李强主任", MINYI_CARRIER_ACCOUNT_SID=""
    )
    assert refused.exit_code == 3
    assert "no caller id is configured" in refused.stderr

    approved = await minyi(
        "campaign", "approve", "night-noise", "--by", "李强主任", MINYI_CARRIER_ACCOUNT_SID="AC1"
    )
    assert approved.output == (
        "night-noise 夜间噪声专项调查: approved\n下一步 next: minyi campaign start night-noise --by …\n"
    )
    started = await minyi("campaign", "start", "night-noise", "--by", "张敏督导")
    assert started.output.startswith("night-noise 夜间噪声专项调查: scheduled\n")

    state = json.loads((await minyi("campaign", "status", "night-noise", "--json")).stdout)
    assert state["status"] == "scheduled"
    assert [(c["quota"], c["cell"], c["target"], c["held"], c["filled"]) for c in state["cells"]] == [
        ("total", "all", 10, 0, 0),
        ("年龄", "18-44", 6, 0, 0),
        ("年龄", "45 以上", 4, 0, 0),
    ]
    assert state["budget"] | {"campaign_id": 0} == {
        "campaign_id": 0, "most_calls": 200, "most_segments": None, "most_money": 60000,
        "calls": 0, "segments": 0, "money": 0,
    }  # fmt: skip
    assert state["empty_because"][0]["why"] == "not_running"
    assert [(e["event"], e["by_whom"]) for e in state["events"]] == [
        ("create", "张敏督导"),
        ("approve", "李强主任"),
        ("start", "张敏督导"),
    ]
    listed = await minyi("campaign", "list")
    assert "night-noise" in listed.output and "待开始 scheduled" in listed.output


async def test_every_fault_has_its_place_and_its_remedy(minyi: Minyi, residents: None) -> None:
    text = WRITTEN.replace("kind: poll", "kind: wave").replace("target: 6", "target: 7")
    text = text.replace("size: 60", "size: 600")
    checked = await minyi("campaign", "check", written(text))
    assert checked.exit_code == 1
    assert checked.output == (
        "噪声.yaml:11:3: error: an official wave has no quotas: it uses whole replicates and calibration\n"
        "    改法 remedy: take the quotas out, or make it a poll\n"
        "噪声.yaml:3:7: error: a wave is weighted to known margins, and none is named\n"
        "    改法 remedy: add `calibration: [township, sex, age]`\n"
        "噪声.yaml:9:29: error: a wave works whole replicates to their end and stops inside none\n"
        "    改法 remedy: take the daily target out; the size of the sample governs a wave\n"
        "噪声.yaml:13:7: error: the cells of quota 年龄 sum to 11, the total target is 10\n"
        "    改法 remedy: make them equal\n"
        "噪声.yaml:8:16: error: 600 people are to be drawn, and 80 on the list may be\n"
        "    改法 remedy: draw fewer, add people to the list, or lower cooling_off_days\n"
        "night-noise: 5 处错误 errors · 名单可抽 may be drawn: 80\n"
    )
    made = await minyi("campaign", "create", "噪声.yaml", "--by", "张敏督导")
    assert made.exit_code == 3
    assert made.stderr.endswith("minyi campaign create: 5 处错误 errors; nothing was changed\n")
    assert "There are no campaigns yet" in (await minyi("campaign", "list")).output


async def test_a_quota_sample_gets_no_design_based_interval(minyi: Minyi, residents: None) -> None:
    checked = await minyi("campaign", "check", written(WRITTEN + "interval: design_based\n"))
    assert checked.exit_code == 1
    assert checked.output.splitlines()[:2] == [
        "噪声.yaml:18:11: error: a quota sample (配额样本) has no known inclusion probabilities, so no design-based interval",
        "    改法 remedy: write `interval: none`, or take the quotas out",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("code: night-noise\n", ""), "噪声.yaml:1:1: error: code: this key is missing"),
        (("opens:", "begins:"), "噪声.yaml:5:9: error: begins: there is no such key"),
        (("2040-03-12", "2040-03-24"), "lies before opens"),
        (("special_poll", "no-such-poll"), "no-such-poll is no shipped questionnaire"),
        (("special_poll", "callback"), "its purpose is 'case'"),
        (("when: {ages: [18, 44]}", "when: {}"), "a cell must say who belongs to it"),
        (("ages: [45, 120]", 'areas: ["110"]'), "there is no area 110 in this centre"),
        (("2040-03-23", "2040-03-12\nopens: 2040-03-12"), "the key opens stands twice"),
        (
            ("modes: [text, voice]", "modes: [text, voice]\nmode_delays: {voice: 12}"),
            "12 hours after text do nothing: 24 are kept in any case (a text is given that long for its reply)",
        ),
        (
            ("modes: [text, voice]", "modes: [voice, operator]\nmode_delays: {operator: 2}"),
            "2 hours after voice do nothing: 4 are kept in any case (so much lies between any two)",
        ),
        (
            ("sample:", 'hours: ["20:00-25:00"]\nsample:'),
            "噪声.yaml:8:9: error: hours.0: string should match pattern",
        ),
        (
            ("sample:", 'hours: ["14:00-18:00", "17:00-20:00"]\nsample:'),
            "噪声.yaml:8:8: error: hours: the windows of a day must be in order and must not overlap\n"
            "    改法 remedy: write them from morning to night",
        ),
        (
            ("sample:", 'hours: ["09:00-11:00", "12:00-14:00"]\nsample:'),
            "噪声.yaml:8:24: error: 12:00-14:00 leaves nothing: nobody is called then\n"
            "    改法 remedy: write a window inside 09:00-12:00, 14:00-20:30\n",
        ),
        (
            ("sample:", 'hours: ["17:52-18:08"]\nsample:'),
            "17:52-18:08 leaves nothing: too short to be called in: it takes 11 minutes in one part of the day",
        ),
        (
            ("2040-03-23", "2040-03-16\nweekdays: [sat, sun]"),
            "噪声.yaml:7:11: error: none of these weekdays is a day of this period on which people are asked\n"
            "    改法 remedy: add one, such as mon, or take weekdays out",
        ),
    ],
)
async def test_what_is_no_campaign(minyi: Minyi, residents: None, change: tuple[str, str], said: str) -> None:
    checked = await minyi("campaign", "check", written(WRITTEN.replace(*change)))
    assert checked.exit_code in (1, 3)
    assert said in checked.output


async def test_a_text_may_announce_the_call(minyi: Minyi, residents: None) -> None:
    text = WRITTEN.replace("[text, voice]", "[pre_notice, voice, operator]\nmode_delays: {voice: 24}")
    made = await minyi("campaign", "create", written(text), "--by", "张敏督导")
    assert made.exit_code == 0, made.output
    shown = await minyi("campaign", "status", "night-noise")
    assert "pre_notice → voice → operator" in shown.output


BY_ANSWER = """\
  - name: 回答的年龄
    cells:
      - {name: 18-44, target: 6, when: {answers: {P6: ["1", "2"]}}}
      - {name: 45 以上, target: 4, when: {answers: {P6: ["3", "4"]}}}
"""


async def test_a_quota_may_go_by_an_answer(minyi: Minyi, residents: None) -> None:
    by_answer = WRITTEN.replace("budget:", BY_ANSWER + "budget:")
    checked = await minyi("campaign", "check", written(by_answer))
    assert checked.output == "night-noise: 可以创建 it can be created · 名单可抽 may be drawn: 80\n"
    made = await minyi("campaign", "create", "噪声.yaml", "--by", "张敏督导")
    assert made.exit_code == 0, made.output
    state = json.loads((await minyi("campaign", "status", "night-noise", "--json")).stdout)
    assert [(c["quota"], c["cell"], c["target"]) for c in state["cells"][-2:]] == [
        ("年龄", "18-44", 6),
        ("年龄", "45 以上", 4),
    ]
    assert ("回答的年龄", "45 以上", 4) in [(c["quota"], c["cell"], c["target"]) for c in state["cells"]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("P6", "P9"),
            "噪声.yaml:17:55: error: the questionnaire has no question 'P9'\n"
            "    改法 remedy: use one of these: P1, P3, P4, P6\n",
        ),
        (
            ('"4"', '"7"'),
            "噪声.yaml:18:55: error: 7 is no answer to P6\n    改法 remedy: use one of these: 1, 2, 3, 4, dk, refused\n",
        ),
        (("P6", "P5"), "the questionnaire has no question of one answer out of several 'P5'"),
        (("P6", "P4"), "an interview can be complete without P4, and would have no cell"),
        (("target: 4, when: {answers: {P6", "target: 4, when: {ages: [45, 99], answers: {P6"), "not by both"),
        (('{P6: ["3", "4"]}', '{P1: ["3"]}'), "the cells of a quota go by the same questions"),
        (
            ("budget:", "partials_count: true\nbudget:"),
            "a partial interview may lack the answer that a quota goes by",
        ),
        (("target: 4, when: {answers", "target: 3, when: {answers"), "sum to 9, the total target is 10"),
    ],
)
async def test_what_is_no_quota_by_answers(
    minyi: Minyi, residents: None, change: tuple[str, str], said: str
) -> None:
    by_answer = WRITTEN.replace("budget:", BY_ANSWER + "budget:").replace(*change)
    checked = await minyi("campaign", "check", written(by_answer))
    assert checked.exit_code in (1, 3)
    assert said in checked.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("    essential: true\n", ""), "an interview can be complete without L1, and would have no cell"),
        (
            ("    essential: true\n", "    essential: true\n    relevant: \"${mode} = 'voice'\"\n"),
            "L1 is not asked of everybody, so some would have no cell",
        ),
        (
            ("    essential: true\n", "    essential: true\n    modes: [text]\n"),
            "L1 is not asked in mode voice",
        ),
    ],
)
async def test_a_question_that_some_would_not_answer_tells_no_cell(
    minyi: Minyi, residents: None, change: tuple[str, str], said: str
) -> None:
    written(LIGHTS.replace(*change), "路灯.yaml")
    own = WRITTEN.replace("special_poll", "路灯.yaml").replace("[text, voice]", "[voice]")
    by_answer = own.replace("budget:", BY_ANSWER.replace("P6", "L1") + "budget:")
    checked = await minyi(
        "campaign", "check", written(by_answer.replace('"3", "4"', '"2"').replace('"1", "2"', '"1"'))
    )
    assert said in checked.output


async def test_a_window_of_which_a_part_is_outside_the_calling_hours_is_warned_of(
    minyi: Minyi, residents: None
) -> None:
    checked = await minyi("campaign", "check", written(WRITTEN + 'hours: ["11:00-15:00", "19:00-22:00"]\n'))
    assert checked.exit_code == 0, checked.output
    assert checked.output == (
        "噪声.yaml:18:9: warning: of 11:00-15:00 only 11:00-12:00, 14:00-15:00 counts: nobody is called otherwise\n"
        "    改法 remedy: write 11:00-12:00, 14:00-15:00\n"
        "噪声.yaml:18:24: warning: of 19:00-22:00 only 19:00-20:30 counts: nobody is called otherwise\n"
        "    改法 remedy: write 19:00-20:30\n"
        "night-noise: 可以创建 it can be created · 名单可抽 may be drawn: 80\n"
    )


async def test_asking_once_more_in_a_campaign_too_short_for_it_is_warned_of(
    minyi: Minyi, residents: None
) -> None:
    short = WRITTEN.replace("closes: 2040-03-23", "closes: 2040-03-16\nconvert_refusals: true")
    checked = await minyi("campaign", "check", written(short))
    assert checked.exit_code == 0, checked.output
    assert "warning: 7 days must lie between, and the campaign is over by then" in checked.output


async def test_a_questionnaire_of_ones_own_beside_the_campaign(minyi: Minyi, residents: None) -> None:
    written(LIGHTS, "路灯.yaml")
    own = WRITTEN.replace("special_poll", "路灯.yaml").replace("[text, voice]", "[voice]")
    made = await minyi("campaign", "create", written(own), "--by", "张敏督导")
    assert made.exit_code == 0, made.output
    state = json.loads((await minyi("campaign", "status", "night-noise", "--json")).stdout)
    assert state["status"] == "draft"


async def test_an_empty_campaign_is_audited_published_and_put_away(
    minyi: Minyi, residents: None, pool: asyncpg.Pool
) -> None:
    """Nobody was asked in it, so there is nothing to look at; who publishes is still another person than who audits."""
    await minyi("campaign", "create", written(), "--by", "张敏督导")
    early = await minyi("campaign", "audit", "night-noise", "--by", "王芳")
    assert early.exit_code == 3
    assert early.stderr == (
        "minyi campaign audit: night-noise: a campaign that is draft (草案) has no move 'audit'. "
        "From there it can be moved by: approve, cancel.\n"
    )
    await pool.execute("UPDATE survey.campaign SET status = 'closed' WHERE code = 'night-noise'")
    summary = (
        "night-noise: 访问 interviews 0 · 抽查 drawn 0 · 另有自动检查发现 found besides 0 · 待查 to do 0 · "
        "抽查有错 wrong of those drawn 0\n"
    )
    begun = await minyi("campaign", "audit", "night-noise", "--by", "王芳")
    assert begun.output == summary + (
        "night-noise 夜间噪声专项调查: auditing\n下一步 next: minyi campaign to-check night-noise\n"
    )
    assert (await minyi("campaign", "to-check", "night-noise")).output == summary
    assert json.loads((await minyi("campaign", "to-check", "night-noise", "--json")).stdout) == {
        "code": "night-noise", "interviews": 0, "looked_at": 0, "drawn": 0, "left": 0, "wrong_of_drawn": 0,
        "to_check": [],
    }  # fmt: skip
    wrong_word = await minyi(
        "campaign", "checked", "night-noise", "x", "--verdict", "good", "--by", "王芳", "--why", "好"
    )
    assert wrong_word.exit_code == 2
    assert "write one of pass, corrected, void" in wrong_word.stderr
    unknown = await minyi(
        "campaign", "checked", "night-noise", "x", "--verdict", "pass", "--by", "王芳", "--why", "好"
    )
    assert (unknown.exit_code, unknown.stderr) == (
        3,
        "minyi campaign checked: night-noise has no finished interview x; "
        "`minyi campaign to-check night-noise` shows those to look at\n",
    )
    same = await minyi("campaign", "publish", "night-noise", "--by", "王芳")
    assert (same.exit_code, same.stderr) == (
        3,
        "minyi campaign publish: night-noise: 王芳 had a hand in its audit; another person publishes it (the director)\n",
    )
    assert (await minyi("campaign", "publish", "night-noise", "--by", "李强主任")).output == (
        "night-noise 夜间噪声专项调查: published\n下一步 next: minyi campaign archive night-noise --by … --why …\n"
    )
    assert "已发布 published" in (await minyi("campaign", "list")).output
    await minyi("campaign", "archive", "night-noise", "--by", "李强主任", "--why", "结题")
    state = await minyi("campaign", "status", "night-noise")
    assert "状态 status: 归档 archived" in state.output
