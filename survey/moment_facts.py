"""What every dialogue may know of the moment it is held in: the local time, the help line, when somebody is on duty again,
and whether it is the last that is made."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from survey.field.attempts import is_last
from survey.field.calling_hours import Purpose, next_open, window_at
from survey.field.own_hours import OwnHours
from survey.handover_policy import handover_policy

_WEEKDAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday", "on Sunday"),
}


@lru_cache(maxsize=64)  # many inputs are taken at one moment
def moment_facts(
    now: datetime, tz: str, purpose: str, lang: str, own: OwnHours | None = None
) -> Mapping[str, str]:
    """`now` aware. `staffed_again` is empty while operators may call: people who ask for one are called within hours. `own`: the
    campaign's own hours."""
    kind: Purpose = "case" if purpose == "case" else "survey"
    local = now.astimezone(ZoneInfo(tz))
    again = ""
    if window_at(now, tz, kind, own=own) is None:
        again = spoken_moment(next_open(now, tz, kind, own=own).astimezone(ZoneInfo(tz)), local, lang)
    return {
        "now": local.strftime("%Y-%m-%dT%H:%M"),
        "hotline": handover_policy().hotline,
        "staffed_again": again,
    }


def last_attempt_facts(purpose: str, tried: Sequence[str]) -> dict[str, str]:
    """`tried`: what the attempts before came to. After the last one no time is promised (decision 0018)."""
    kind: Purpose = "case" if purpose == "case" else "survey"
    return {"last_attempt": "yes" if is_last(kind, tried) else ""}


def spoken_moment(moment: datetime, now: datetime, lang: str) -> str:
    """A moment of the next days as people say it: 今天下午2点, tomorrow at 9 am. Both in local time."""
    zh = lang.startswith("zh")
    days = (moment.date() - now.date()) // timedelta(days=1)
    names = ("今天", "明天", "后天") if zh else ("today", "tomorrow")
    day = names[days] if days < len(names) else _day(moment, days, zh)
    hour, minute = moment.hour, moment.minute
    if zh:
        part = "上午" if hour < 12 else "下午" if hour < 18 else "晚上"
        return f"{day}{part}{hour if hour <= 12 else hour - 12}点" + (f"{minute}分" if minute else "")
    clock = f"{hour % 12 or 12}" + (f":{minute:02}" if minute else "")
    return f"{day} at {clock} {'am' if hour < 12 else 'pm'}"


def _day(moment: datetime, days: int, zh: bool) -> str:
    if days < 7:
        return _WEEKDAYS["zh" if zh else "en"][moment.weekday()]
    return f"{moment.month}月{moment.day}日" if zh else f"on {moment.day} {moment:%B}"
