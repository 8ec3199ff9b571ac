"""A supervisor writes a campaign down, a director approves it, and both see how it stands and why nobody can be called."""

from __future__ import annotations

import pytest
from campaign_bench import WRITTEN, Planner, listed

from survey import releasing
from tests.access.access_bench import House
from tests.doors.doors_bench import Bench, at


@pytest.fixture
async def zhang(house: House, bench: Bench) -> Planner:
    """The supervisor, with sixty people on the list; it is Monday, half past eight."""
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    return await Planner(house, "2001").sign_in("张督导", "supervisor")


async def created(zhang: Planner, text: str = WRITTEN) -> str:
    await zhang.look("/new-campaign")
    await zhang.press("/check", text=text)
    return await zhang.press("/create", text=text)


async def test_a_campaign_goes_from_a_text_to_a_pause_and_each_step_names_its_account(
    zhang: Planner, house: House, bench: Bench
) -> None:
    assert await zhang.look("/campaigns") == "调查项目 新建项目 还没有项目。"
    await zhang.look("/new-campaign")
    checked = await zhang.press("/check", text=WRITTEN)
    assert checked.startswith("新建项目 检查通过,可以创建 名单现在可抽 60 人,要抽 40 人。")
    made = await zhang.press("/create", text=WRITTEN)
    assert made.startswith("草案已写好。 夜间噪声专项调查 草案 专项调查 · 2026-03-09 – 03-13 · 语音")
    assert "下一步:请主任审批" in made
    assert "/approve" not in zhang.browser.page  # a supervisor cannot
    assert "项目没有在执行 怎么办:按它的状态走下一步" in made

    li = await Planner(house, "1001").sign_in("李主任", "director")
    await li.look("/campaigns/night-noise")
    assert (await li.press("/approve")).startswith("已审批。")
    await zhang.look("/campaigns/night-noise")
    assert (await zhang.press("/start")).startswith("已启动。")
    await releasing.look_at_campaigns(bench.ground)

    running = await zhang.look("/campaigns/night-noise")
    assert "执行中" in running and "抽取 40 人 · 投放 25 · 等待 25 · 联系中 0" in running
    assert "总目标 0 / 5" in running and "应答率 RR1 – 0 / 0" in running
    assert "不在拨打时段 到 03-09 09:00 怎么办:等下一个拨打时段" in running
    assert (await zhang.press("/pause", why="听到投诉,先看看")).startswith("已暂停")
    rows = await bench.rows("SELECT event, by_whom, why FROM survey.campaign_event ORDER BY id")
    assert rows == [
        ("create", "2001", "created from its document"),
        ("approve", "1001", "approved"),
        ("start", "2001", "started"),
        ("open", "service", "its hour has come"),
        ("pause", "2001", "听到投诉,先看看"),
    ]


async def test_what_is_wrong_is_said_at_its_line_and_nothing_is_kept(zhang: Planner, bench: Bench) -> None:
    wrong = WRITTEN.replace("kind: poll", "kind: wave").replace("size: 40", "size: 400")
    await zhang.look("/new-campaign")
    said = await zhang.press("/check", text=wrong)
    assert said.startswith("新建项目 有 2 处错误,改好才能创建。 逐行检查 1 code: night-noise")
    assert (
        "3 kind: wave 正式调查要按已知总体校准,这里没有写按什么校准 改法:加上 `calibration: [township, sex, age]`"
        in said
    )
    assert "8 sample: {size: 400, replicate: 10} 要抽 400 人,名单上现在可抽 60 人" in said
    refused = await zhang.press("/check", text="code: [")
    assert "有 1 处错误" in refused and "不是 YAML" in refused
    missing = await zhang.press("/check", text="code: night-noise")
    assert "name:缺这一项 改法:补上" in missing
    elsewhere = await zhang.press("/check", text=WRITTEN.replace("special_poll", "问卷.xlsx"))
    assert "没有叫 问卷.xlsx 的问卷 改法:写其中一个:" in elsewhere
    assert await bench.rows("SELECT code FROM survey.campaign WHERE document IS NOT NULL") == []


async def test_the_small_form_writes_the_file(zhang: Planner) -> None:
    await zhang.look("/new-campaign")
    given = {
        "name_zh": "路灯调查", "code": "lights", "kind": "poll", "questionnaire": "special_poll", "modes": "voice operator",
        "opens": "2026-03-10", "closes": "2026-03-12", "size": "50",
        "total": "8", "money": "30", "scoring": "P1", "notice": "保存两年",
    }  # fmt: skip
    said = await zhang.press("/compose", **given)
    assert said.startswith("新建项目 检查通过,可以创建 名单现在可抽 60 人,要抽 50 人。")
    assert said.endswith(
        "code: lights name: zh: 路灯调查 en: lights kind: poll questionnaire: special_poll opens: 2026-03-10"
        " closes: 2026-03-12 modes: - voice - operator sample: size: 50 targets: total: 8 budget: money: 30 scoring: P1"
        " notice: 保存两年 或选一个文件 检查(Ctrl+Enter)"
    )
    unread = await zhang.press("/check", text="")
    assert "整份文件" in unread
    await zhang.look("/new-campaign")
    assert "sample.size" in await zhang.press("/compose", **{**given, "size": "五十"})


async def test_a_quota_sample_is_called_so_and_gets_no_interval(zhang: Planner, bench: Bench) -> None:
    quotas = (
        "quotas:\n  - name: 年龄\n    cells:\n      - {name: 青年, target: 2, when: {ages: [18, 44]}}\n"
        "      - {name: 中老年, target: 3, when: {ages: [45, 120]}}\n"
    )
    made = await created(zhang, WRITTEN + quotas)
    assert "草案 配额样本" in made
    assert "年龄 · 青年 0 / 2" in made and "年龄 · 中老年 0 / 3" in made
    campaign = await bench.one("SELECT id FROM survey.campaign WHERE code = 'night-noise'")
    await bench.run(
        "INSERT INTO survey.answer_rollup VALUES ('2026-03-09', '991721', 'P1', $1, 'voice', 'voice', $2, $3, $4, $5, $5)",
        campaign, ["991721100200"] * 3, ["1", "2", "dk"], [30, 10, 2], [30.0, 10.0, 2.0],
    )  # fmt: skip
    assert "有效 40,未答 2" in (said := await zhang.look("/campaigns/night-noise"))
    assert "没有 30 75.0% 不给区间 偶尔 10 25.0% 不给区间 配额样本没有已知的入样概率" in said
    await bench.run("UPDATE survey.campaign SET document = document - 'quotas'")
    assert "没有 30 75.0% 58.8–87.3% 偶尔 10 25.0% 12.7–41.2% 未校准" in await zhang.look(
        "/campaigns/night-noise"
    )
    await bench.run("UPDATE survey.answer_rollup SET n = '{3,10,2}', w = '{3,10,2}', w2 = '{3,10,2}'")
    assert "有效回答太少,暂不列出。" in await zhang.look("/campaigns/night-noise")


async def test_what_cannot_be_is_said_with_what_was_typed(zhang: Planner, house: House) -> None:
    await created(zhang, WRITTEN.replace("scoring:", "# scoring:"))
    assert "没有这个项目" in await zhang.look("/campaigns/other")
    li = await Planner(house, "1001").sign_in("李主任", "director")
    await li.look("/campaigns/night-noise")
    assert "没有写明结果怎样计算。在文件里加上 scoring。" in await li.press("/approve")
    assert "请写原因,会留底。" in await li.press("/cancel", why=" ")
    await li.press("/cancel", why="重复了")
    gone = await created(zhang)
    assert "已有项目 night-noise,而且不是草案。换一个代号。" in gone


async def test_a_draft_is_written_anew_and_its_file_comes_back(zhang: Planner) -> None:
    await created(zhang)
    response = await zhang.browser.get("/campaigns/night-noise/document")
    assert response.headers["Content-Disposition"] == 'attachment; filename="night-noise.yaml"'
    assert zhang.browser.page.startswith("code: night-noise\nname:\n  zh: 夜间噪声专项调查\n")
    like = await zhang.look("/new-campaign?like=night-noise")
    assert "budget: calls: 200 money: 60.0" in like
    assert "草案已写好。" in await created(zhang, WRITTEN.replace("total: 5", "total: 6"))
    assert "总目标 0 / 6" in await zhang.look("/campaigns/night-noise")
