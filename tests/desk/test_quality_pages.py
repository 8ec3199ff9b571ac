"""An auditor checks interviews: drawn by lot or suspicious, listened to with a reason, rung about by somebody else, judged."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

import pytest
from desk_bench import Desk, words_of
from quality_bench import SAME, held

from tests.access.access_bench import GOOD, Browser, House
from tests.doors.doors_bench import Bench, at


@dataclass
class Auditor:
    """Somebody who checks, in a browser of their own."""

    house: House
    name: str = "3001"
    browser: Browser = field(init=False)

    async def sign_in(self, called: str, role: str = "auditor:991721", **more: str) -> Auditor:
        self.browser = self.house.browser()
        await self.house.settled(self.name, called, role, **more)  # type: ignore[arg-type]
        assert (await self.browser.sign_in(self.name, GOOD)).status == 303
        return self

    async def look(self, path: str = "/quality") -> str:
        response = await self.browser.get(path)
        assert response.status in (200, 404), self.browser.page
        return words_of(self.browser.page)

    async def press(self, form: str, **fields: str) -> str:
        found = [one for one in re.findall(r'action="([^"]+)"', self.browser.page) if one.endswith(form)]
        hidden = re.findall(r'type="hidden" name="(last|recording)" value="([^"]+)"', self.browser.page)
        response = await self.browser.send(unescape(found[0]), **{**dict(hidden), **fields})
        if response.status == 303:
            await self.browser.get(response.headers["Location"])
        return words_of(self.browser.page)


@pytest.fixture
async def monday(bench: Bench) -> Bench:
    """On Monday 1021 held three interviews, 1022 one within seconds, and a machine one with a recording; now it is Tuesday."""
    for name in ("王芳", "李强", "张敏"):
        await held(bench, name, "1021")
    await held(bench, "赵云", "1022", codes=SAME, seconds=6)
    await held(bench, "陈静", None, recorded="RE1")
    bench.clock.moment = at("10 10:00")
    return bench


@pytest.fixture
async def liu(house: House, monday: Bench) -> Auditor:
    return await Auditor(house).sign_in("刘质检")


async def test_a_draw_takes_of_everybody(liu: Auditor, monday: Bench) -> None:
    before = await liu.look()
    assert before.startswith("要抽查 0 次访问 03-09 完成的访问还没有抽。 抽取")
    after = await liu.press("draw")
    assert after.startswith("已抽取。 要抽查 3 次访问"), after
    assert "语音 · 平安建设调查 抽中 有录音" in after
    assert "抽中 答得太快 同一" not in after and "抽中 答得太快 答案全都一样 要先回访" in after
    drawn = await monday.rows(
        "SELECT first_day::text, last_day::text, seed, policy_version, interviews, drawn_by FROM survey.quality_draw"
    )
    assert drawn == [("2026-03-09", "2026-03-09", 7, 1, 5, "3001")]
    picks = await monday.rows(
        "SELECT stratum, of_stratum, by_lot, ring FROM survey.quality_pick ORDER BY position"
    )
    assert picks == [("1021", 3, True, True), ("1022", 1, True, True), ("mode:voice", 1, True, False)]
    assert "全部调查员 4 2 0 0 0 未查" in after and "语音 1 1 0 0 0 未查" in after


async def test_the_same_days_are_drawn_once(liu: Auditor, monday: Bench) -> None:
    await liu.look()
    page = liu.browser.page
    await liu.press("draw")
    liu.browser.page = page  # a second window still has the button
    assert "到 2026-03-09 为止的访问都已抽过" in await liu.press("draw")
    assert await monday.one("SELECT count(*) FROM survey.quality_draw") == 1


async def test_a_recording_is_heard_with_a_reason_and_that_is_on_record(liu: Auditor, monday: Bench) -> None:
    ref = await drawn(liu, monday, "mode:voice")
    shown = await liu.look(f"/quality/{ref}")
    assert "听录音 12 秒(留底)" in shown and "<audio" not in liu.browser.page
    assert await monday.one("SELECT count(*) FROM survey.recording_access") == 0
    assert "听录音须说明理由" in await liu.press("hear", reason="  ")
    assert "已记录您听过这段录音。" in await liu.press("hear", reason="质量抽查")
    assert 'src="data:audio/wav;base64,UklGRi4uLi5XQVZFZm10IA=="' in liu.browser.page
    assert await monday.rows("SELECT recording, staff, reason FROM survey.recording_access") == [
        ("RE1", "3001", "质量抽查")
    ]
    await liu.press("judge", verdict="pass", why="录音与答案一致")
    assert await monday.rows("SELECT method, verdict, by_whom FROM survey.audit_item") == [
        ("listen", "pass", "3001")
    ]


async def test_a_contractor_hears_nothing(house: House, liu: Auditor, monday: Bench) -> None:
    ref = await drawn(liu, monday, "mode:voice")
    guest = await Auditor(house, "wb09").sign_in("外包小周", employment="contractor")
    assert "您不能听录音。" in await guest.look(f"/quality/{ref}")
    await guest.browser.get("/home")
    response = await guest.browser.send(f"/quality/{ref}/hear", recording="1", reason="抽查")
    assert response.status == 403
    assert await monday.one("SELECT count(*) FROM survey.recording_access") == 0


async def test_when_the_carrier_is_away_it_is_said_and_the_asking_is_kept(
    liu: Auditor, monday: Bench
) -> None:
    ref = await drawn(liu, monday, "mode:voice")
    await liu.look(f"/quality/{ref}")
    monday.carrier.away = True
    assert "运营商现在取不到录音,请稍后再听。" in await liu.press("hear", reason="质量抽查")
    monday.carrier.away = False
    monday.carrier.sounds.clear()
    assert "运营商那里没有这段录音了" in await liu.press("hear", reason="质量抽查")
    assert await monday.one("SELECT count(*) FROM survey.recording_access") == 2


async def test_what_was_not_recorded_is_rung_about_by_somebody_else(
    house: House, liu: Auditor, monday: Bench
) -> None:
    ref = await drawn(liu, monday, "1022")
    shown = await liu.look(f"/quality/{ref}")
    assert "这次访问没有录音。" in shown and "1022" not in shown and "有结论以后才显示是谁做的" in shown
    assert "没有录音,抽到要先回访;回访办完以后再给结论。" in shown
    refused = await liu.browser.send(f"/quality/{ref}/judge", verdict="pass", why="看着还行")
    assert "先请人回访核实" in words_of(await refused.text())
    await liu.look(f"/quality/{ref}")
    assert (await liu.press("ring")).startswith("已请人回访核实。")

    own = Desk(monday, house)
    await own.sign_in("1022", "钱进")
    await own.browser.get("/handovers")
    assert "回访核实一次访问" in own.words and "不提原来的答案" in own.words
    assert "这次访问是您自己做的,由别人回访核实。" in await own.press("take")
    other = Desk(monday, house)
    await other.sign_in("1021", "李秀英")
    await other.browser.get("/handovers")
    await other.press("take")
    await other.press("resolve", note="本人说没有接过调查,打15400000004")
    assert "要抽查 3 次访问" in await liu.look() and "已回访,等结论" in await liu.look()
    assert "“本人说没有接过调查,打〔号码〕”" in await liu.look(f"/quality/{ref}")
    await liu.press("judge", verdict="void", why="本人否认接受过访问")
    assert "调查员 1022" in await liu.look(f"/quality/{ref}")
    rates = await liu.look()
    assert "全部调查员 4 2 1 1 1 100.0% 2.5-100.0" in rates and "1022 1 1 1 1 1 100.0%" in rates
    assert await monday.rows("SELECT method, verdict FROM survey.audit_item") == [("recontact", "void")]


async def test_nobody_is_rung_at_night_or_against_their_word(
    house: House, liu: Auditor, monday: Bench
) -> None:
    ref = await drawn(liu, monday, "1021")
    await liu.look(f"/quality/{ref}")
    await liu.press("ring")
    other = Desk(monday, house)
    await other.sign_in("1023", "孙丽")
    await other.browser.get("/handovers")
    await other.press("take")
    monday.clock.moment = at("10 21:30")
    await other.browser.sign_in("1023", GOOD)
    await other.browser.get("/handovers")
    assert "现在不在拨打时段。" in await other.press("number")
    monday.clock.moment = at("11 09:30")
    await monday.run(
        "INSERT INTO survey.opt_out (person_id, scope, said_at, said_in)"
        " SELECT person_id, 'survey', $1, 'text' FROM survey.handover",
        at("10 22:00"),
    )
    await other.browser.sign_in("1023", GOOD)
    await other.browser.get("/handovers")
    assert "本人说过不要再打电话" in await other.press("number")
    assert await monday.one("SELECT count(*) FROM survey.number_access") == 0


async def test_a_second_verdict_supersedes_the_first_and_both_are_seen(
    house: House, liu: Auditor, monday: Bench
) -> None:
    ref = await drawn(liu, monday, "mode:voice")
    await liu.look(f"/quality/{ref}")
    await liu.press("judge", verdict="void", why="录音听不清")
    ma = await Auditor(house, "3002").sign_in("马质检")
    await ma.look(f"/quality/{ref}")
    await ma.press("hear", reason="复听")
    await ma.press("judge", verdict="pass", why="复听听得清")
    shown = await liu.look(f"/quality/{ref}")
    assert (
        "废卷 看答案和用时 · 3001 03-10 10:00 · “录音听不清” 已被后来的结论取代"
        " 合格 听了录音 · 3002 03-10 10:00 · “复听听得清”" in shown
    )
    assert "语音 1 1 1 0 0 0.0% 0.0-97.5" in await liu.look()


async def test_whoever_held_an_interview_does_not_check_it(house: House, monday: Bench) -> None:
    both = await Auditor(house, "1022").sign_in("钱进")
    ref = await drawn(both, monday, "1022")
    await both.look(f"/quality/{ref}")
    assert "这次访问是您自己做的,由别人来查。" in await both.press("ring")


async def test_what_cannot_be_checked_waits_no_more_and_enters_no_rate(liu: Auditor, monday: Bench) -> None:
    ref = await drawn(liu, monday, "1022")
    await liu.look(f"/quality/{ref}")
    assert "已搁置。" in await liu.press("aside", aside_why="三次无人接听")
    assert "1022 1 1 0 0 0 未查" in await liu.look()
    assert "已搁置: 3001 “三次无人接听”" in await liu.look(f"/quality/{ref}")


async def test_looking_changes_nothing(liu: Auditor, monday: Bench) -> None:
    ref = await drawn(liu, monday, "1021")
    tables = await monday.rows(
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('survey', 'followup')"
    )

    async def counts() -> dict[str, int]:
        return {name: await monday.one(f"SELECT count(*) FROM {name}") for (name,) in tables}

    before = await counts()
    for path in ("/quality", f"/quality/{ref}", "/quality?month=2026-01&lang=en", f"/quality/{ref}?lang=en"):
        await liu.look(path)
    assert await counts() == before
    assert "没有抽到这次访问。" in await liu.look("/quality/i-nobody")


async def drawn(auditor: Auditor, bench: Bench, stratum: str) -> str:
    """Draw, and the reference of what was picked of this stratum."""
    await auditor.look()
    await auditor.press("draw")
    ref: str = await bench.one(
        "SELECT i.ref FROM survey.quality_pick p JOIN survey.interview i ON i.id = p.interview_id WHERE p.stratum = $1",
        stratum,
    )
    return ref
