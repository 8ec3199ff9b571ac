"""How a figure is printed: one way, wherever it stands. A rate never goes without its base."""

from __future__ import annotations

from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from followup.reports.document.figures import Figure, HasFigures
from followup.reports.document.model import KEY, Header, Sentence

Lang = Literal["zh", "en"]
DASH, WITHHELD = "—", "*"
"""In a table: nobody answered; there is a figure, which is not published."""
CHINESE = "零一二三四五六七八九十"


def sentence_text(document: HasFigures, sentence: Sentence, lang: Lang) -> str:
    """A sentence with its figures."""
    if sentence.quoted:
        return sentence.words.of(lang)
    return KEY.sub(lambda found: in_text(document.figures[found[1]], lang), sentence.words.of(lang))


def in_text(figure: Figure, lang: Lang) -> str:
    """A figure inside a sentence: a rate with its interval and base in brackets."""
    if figure.words is not None:
        return figure.words.of(lang)
    if figure.value is None:
        return _absent(figure, lang)
    around = _around(figure, lang)
    if not around:
        return number(figure, lang)
    joined = ",".join(around) if lang == "zh" else ", ".join(around)
    return f"{number(figure, lang)}({joined})" if lang == "zh" else f"{number(figure, lang)} ({joined})"


def in_cell(figure: Figure, lang: Lang) -> str:
    """A figure in a table: a rate with its base in brackets, its interval in a line below."""
    if figure.words is not None:
        return figure.words.of(lang)
    if figure.withheld is not None:
        return WITHHELD
    if figure.value is None:
        return DASH
    text = number(figure, lang)
    if figure.unit in ("share", "points"):
        text += f" ({figure.n:,})"
    if figure.low is not None and figure.high is not None:
        text += f"\n{_limits(figure, lang)}"
    return text


def number(figure: Figure, lang: Lang) -> str:
    """The bare value with its unit."""
    value = figure.value
    if value is None:
        return DASH
    if figure.unit == "count":
        return f"{value:,}"
    if figure.unit == "places":
        return f"{'▲' if value > 0 else '▼'}{abs(value):,}" if value else "0"
    if figure.unit == "stars":
        return f"{value}星" if lang == "zh" else f"{value} star{'' if value == 1 else 's'}"
    if figure.unit in ("probability", "score"):
        return f"{value:.2f}"
    if figure.unit == "hours":
        return f"{value:,.1f}小时" if lang == "zh" else f"{value:,.1f} hours"
    if figure.unit == "difference":
        if not figure.percent:
            return f"{value:+.1f}"
        return f"{100 * value:+.1f}个百分点" if lang == "zh" else f"{100 * value:+.1f} points"
    return f"{_plain(figure, value)}%" if figure.percent or figure.unit == "share" else _plain(figure, value)


def shown(figure: Figure) -> float | int | None:
    """The value as printed, as a number: percent for shares, rounded as it is printed."""
    return _rounded(figure, figure.value)


def limits_shown(figure: Figure) -> tuple[float | int | None, float | int | None]:
    """The interval as printed, as numbers."""
    return _rounded(figure, figure.low), _rounded(figure, figure.high)


def _rounded(figure: Figure, value: float | int | None) -> float | int | None:
    if value is None:
        return None
    if digits(figure) == 0:
        return int(value)
    return float(f"{(100 if in_percent(figure) else 1) * value:.{digits(figure)}f}")


def digits(figure: Figure) -> int:
    """Decimals that it is printed with."""
    return {"count": 0, "places": 0, "stars": 0, "probability": 2, "score": 2}.get(figure.unit, 1)


def in_percent(figure: Figure) -> bool:
    """Whether its value is a share, printed times a hundred."""
    return figure.unit == "share" or (figure.percent and figure.unit in ("points", "difference"))


def _plain(figure: Figure, value: float | int) -> str:
    scaled = 100 * value if in_percent(figure) else value
    if digits(figure) == 0:
        return f"{scaled:,.0f}"
    return f"{scaled:+.1f}" if figure.unit == "difference" else f"{scaled:.1f}"


def _around(figure: Figure, lang: Lang) -> list[str]:
    found = []
    if figure.low is not None and figure.high is not None:
        limits = _limits(figure, lang)
        found.append(f"95%区间{limits}" if lang == "zh" else f"95% interval {limits}")
    if figure.unit in ("share", "points"):
        found.append(f"n={figure.n:,}" if figure.n is not None else "n=0")
    if figure.quota:
        found.append("配额样本,不给抽样区间" if lang == "zh" else "quota sample, no design-based interval")
    return found


def _limits(figure: Figure, lang: Lang) -> str:
    assert figure.low is not None and figure.high is not None  # who calls has looked
    between = ("至" if lang == "zh" else " to ") if figure.unit == "difference" else "–"
    return f"{_plain(figure, figure.low)}{between}{_plain(figure, figure.high)}"


def _absent(figure: Figure, lang: Lang) -> str:
    if figure.withheld is not None:
        why = figure.withheld.of(lang)
        return f"不公布({why})" if lang == "zh" else f"not published ({why})"
    return "无数据(n=0)" if lang == "zh" else "no data (n=0)"


def numeral(place: int) -> str:
    """1 to 99 as Chinese sections are numbered: 一, 十, 十一, 二十."""
    tens, ones = divmod(place, 10)
    if tens == 0:
        return CHINESE[ones]
    return ("" if tens == 1 else CHINESE[tens]) + "十" + (CHINESE[ones] if ones else "")


def day_text(day: date, lang: Lang) -> str:
    """2026年3月9日, 9 March 2026."""
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {day:%B %Y}"


def period_text(header: Header, lang: Lang) -> str:
    """The period of a report."""
    first, last = day_text(header.first, lang), day_text(header.last, lang)
    if header.first == header.last:
        return first
    return f"{first}至{last}" if lang == "zh" else f"{first} to {last}"


def moment_text(header: Header, lang: Lang) -> str:
    """The data cut-off, local to the centre."""
    local = header.cut_off.astimezone(ZoneInfo(header.tz))
    return f"{day_text(local.date(), lang)} {local:%H:%M}"


def serial_text(header: Header, lang: Lang) -> str:
    """第11期, with the mark of a correction."""
    issue = header.issue
    zh, en = f"第{header.serial}期", f"No. {header.serial}"
    if issue is not None and issue.correction:
        zh, en = f"{zh}(更正{issue.correction})", f"{en} (correction {issue.correction})"
    return zh if lang == "zh" else en
