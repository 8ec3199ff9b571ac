"""Days and moments that residents write, as said on Monday, 9 March 2026, at half past nine."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.dialogue.dates import read_date, read_moment
from survey.dialogue.normalise import normalised


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)


NOW = at("2026-03-09 09:30")
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("reply", "day"),
    [
        ("2026-03-09", "2026-03-09"),
        ("2026年3月9日", "2026-03-09"),
        ("2026/3/9", "2026-03-09"),
        ("2026.3.9", "2026-03-09"),
        ("20260309", "2026-03-09"),
        ("二〇二六年三月九日", "2026-03-09"),
        ("26年3月9日", "2026-03-09"),
        ("3月9号", "2026-03-09"),
        ("三月十五号", "2026-03-15"),
        ("3月9", "2026-03-09"),
        ("12月20日", "2026-12-20"),
        ("1月5号", "2026-01-05"),
        ("15号", "2026-03-15"),
        ("十五号", "2026-03-15"),
        ("下个月5号", "2026-04-05"),
        ("上个月5号", "2026-02-05"),
        ("本月二十一日", "2026-03-21"),
        ("明天", "2026-03-10"),
        ("后天吧", "2026-03-11"),
        ("大后天", "2026-03-12"),
        ("昨天", "2026-03-08"),
        ("周五", "2026-03-13"),
        ("星期天", "2026-03-15"),
        ("下周三", "2026-03-18"),
        ("上周五", "2026-03-06"),
        ("这周五", "2026-03-13"),
        ("礼拜六", "2026-03-14"),
        ("三天后", "2026-03-12"),
        ("两周后", "2026-03-23"),
        ("3天前", "2026-03-06"),
        ("tomorrow", "2026-03-10"),
        ("the day after tomorrow", "2026-03-11"),
        ("yesterday", "2026-03-08"),
        ("Friday", "2026-03-13"),
        ("on friday please", "2026-03-13"),
        ("last friday", "2026-03-06"),
        ("this friday", "2026-03-13"),
        ("9 march", "2026-03-09"),
        ("March 9th, 2026", "2026-03-09"),
        ("9th of march 2026", "2026-03-09"),
        ("in 3 days", "2026-03-12"),
        ("in two weeks", "2026-03-23"),
        ("2 days ago", "2026-03-07"),
        ("3/15", "2026-03-15"),
        ("15/3", "2026-03-15"),
        ("3/3", "2026-03-03"),
        ("3月16日周一", "2026-03-16"),
        ("明天下午三点", "2026-03-10"),
        ("2026-03-09 15:30", "2026-03-09"),
        ("１９８０年５月１日", "1980-05-01"),
    ],
)
def test_a_day(reply: str, day: str) -> None:
    assert read_date(normalised(reply), TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "reply",
    [
        "周一",
        "next friday",
        "3/4",
        "2026-02-30",
        "2月30日",
        "13月1日",
        "明天或后天",
        "3月9日到11日",
        "明天不行",
        "3月16日周二",
        "明天吗",
        "不知道",
        "35",
        "1",
        "2026",
        "随便",
        "农历三月初三",
        "1890-01-01",
        "周末",
        "下周",
        "1980年",
        "3-9",
        "",
        "9" * 400 + "天后",
    ],
)
def test_no_day_or_two(reply: str) -> None:
    assert read_date(normalised(reply), TODAY) is None


@pytest.mark.parametrize(
    ("reply", "moment"),
    [
        ("2026-03-10 15:30", "2026-03-10 15:30"),
        ("2026-03-10T15:30", "2026-03-10 15:30"),
        ("2026年3月10日下午3点", "2026-03-10 15:00"),
        ("明天下午三点", "2026-03-10 15:00"),
        ("明天下午3点半", "2026-03-10 15:30"),
        ("明天下午三点半可以", "2026-03-10 15:30"),
        ("今晚7点半", "2026-03-09 19:30"),
        ("今晚七点", "2026-03-09 19:00"),
        ("上午10点", "2026-03-09 10:00"),
        ("上午9点", "2026-03-10 09:00"),
        ("15:30", "2026-03-09 15:30"),
        ("9:00", "2026-03-10 09:00"),
        ("08:00", "2026-03-10 08:00"),
        ("3点", "2026-03-09 15:00"),
        ("3:30", "2026-03-09 15:30"),
        ("10点", "2026-03-09 10:00"),
        ("tomorrow 3pm", "2026-03-10 15:00"),
        ("tomorrow at 3", "2026-03-10 15:00"),
        ("tomorrow at three", "2026-03-10 15:00"),
        ("3pm tomorrow please", "2026-03-10 15:00"),
        ("Friday at 10", "2026-03-13 10:00"),
        ("friday 10am", "2026-03-13 10:00"),
        ("friday 10:15 a.m.", "2026-03-13 10:15"),
        ("half past two tomorrow", "2026-03-10 14:30"),
        ("quarter to four on friday", "2026-03-13 15:45"),
        ("周五上午10点", "2026-03-13 10:00"),
        ("下周三下午两点", "2026-03-18 14:00"),
        ("星期天晚上八点", "2026-03-15 20:00"),
        ("后天中午12点", "2026-03-11 12:00"),
        ("明天中午", "2026-03-10 12:00"),
        ("tomorrow noon", "2026-03-10 12:00"),
        ("明早9点", "2026-03-10 09:00"),
        ("明晚八点一刻", "2026-03-10 20:15"),
        ("3月12号16点20", "2026-03-12 16:20"),
        ("三月十二日下午四点二十分", "2026-03-12 16:20"),
        ("15号下午3点", "2026-03-15 15:00"),
        ("5号下午3点", "2026-04-05 15:00"),
        ("march 12 3pm", "2026-03-12 15:00"),
        ("12 march at 3:30 pm", "2026-03-12 15:30"),
        ("两小时后", "2026-03-09 11:30"),
        ("半小时后", "2026-03-09 10:00"),
        ("一个半小时后打给我", "2026-03-09 11:00"),
        ("20分钟后", "2026-03-09 09:50"),
        ("in two hours", "2026-03-09 11:30"),
        ("in half an hour", "2026-03-09 10:00"),
        ("in 30 minutes", "2026-03-09 10:00"),
        ("tonight at 8", "2026-03-09 20:00"),
        ("周一上午10点", "2026-03-09 10:00"),
        ("周一上午9点", "2026-03-16 09:00"),
        ("下周一上午9点", "2026-03-16 09:00"),
        ("Monday 3pm", "2026-03-09 15:00"),
        ("3 oclock tomorrow", "2026-03-10 15:00"),
        ("明天15点30分", "2026-03-10 15:30"),
        ("明天下午3点钟给我打电话吧 谢谢", "2026-03-10 15:00"),
        ("周三3点", "2026-03-11 15:00"),
        ("周三三点", "2026-03-11 15:00"),
        ("明天 15:30", "2026-03-10 15:30"),
        ("9月1日下午三点", "2026-09-01 15:00"),
    ],
)
def test_a_moment(reply: str, moment: str) -> None:
    assert read_moment(normalised(reply), NOW) == at(moment)


@pytest.mark.parametrize(
    "reply",
    [
        "8:00",
        "7点半",
        "今天上午9点",
        "昨天下午3点",
        "2026-03-08 15:00",
        "3月8日下午3点",
        "明天",
        "明天下午",
        "下午",
        "晚上",
        "晚上12点",
        "下午三点到五点",
        "下午3点-5点",
        "下午三点或四点",
        "明天或后天下午三点",
        "25:00",
        "下午25点",
        "上午15点",
        "明天三点不行",
        "下午3:75",
        "下午3点75分",
        "明天下午三点吗",
        "1",
        "15",
        "晚点再打",
        "this evening 7",
        "这周一上午9点",
        "2月1日下午三点",
        "1月20日下午三点",
        "",
    ],
)
def test_no_moment_two_or_one_that_is_over(reply: str) -> None:
    assert read_moment(normalised(reply), NOW) is None


def test_a_weekday_that_is_today_is_next_week_once_its_hour_is_over() -> None:
    assert read_moment("周一上午十点", at("2026-03-09 11:00")) == at("2026-03-16 10:00")


def test_a_date_without_a_year_near_the_turn_of_the_year() -> None:
    assert read_date("1月5号", date(2026, 12, 20)) == date(2027, 1, 5)
    assert read_date("12月20日", date(2027, 1, 5)) == date(2026, 12, 20)
    assert read_moment("1月5号下午3点", at("2026-12-20 09:00")) == at("2027-01-05 15:00")


def test_without_today_only_a_full_date_is_read() -> None:
    assert read_date("2026-03-09", None) == date(2026, 3, 9)
    assert [read_date(reply, None) for reply in ("明天", "3月9日", "15号", "周五", "")] == [None] * 5
    assert read_moment("2026-03-09 15:30", None) == at("2026-03-09 15:30")
    assert [read_moment(reply, None) for reply in ("15:30", "两小时后", "明天下午三点", "下午")] == [None] * 4


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_date_is_read_however_it_is_written(day: date) -> None:
    spellings = ("%Y-%m-%d", "%Y年%m月%d日", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y")
    assert {read_date(normalised(day.strftime(one)), TODAY) for one in spellings} == {day}


@given(
    st.text(
        st.sampled_from("0123456789年月日号点半刻周一三五下上午明后今晚:/-. pmadtorwninextfriday"),
        max_size=30,
    ),
    st.none() | st.datetimes(at("2000-01-01 00:00"), at("2090-01-01 00:00")),
)
def test_nothing_makes_it_raise_or_look_back(reply: str, now: datetime | None) -> None:
    read_date(reply, now.date() if now is not None else None)
    moment = read_moment(reply, now)
    assert moment is None or now is None or moment > now
