"""A table of indicators as JSON and as CSV: the same figures, and the same that are kept back."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from followup.indicators import IndicatorReport
from survey.statistics.indicator_definitions import Composite, Indicators, Mean, Share
from survey.statistics.indicator_table import IndicatorResult, Missing
from survey.statistics.suppression import suppression_policy

QUOTA_ZH: Final = "配额样本"
NOWHERE: Final = ("区划不详", "elsewhere")
PERCENT_SCALE: Final = (0.0, 1.0)
MISSING_COLUMNS: Final = ("dk", "refused", "no_answer", "outside")
COLUMNS: Final[Mapping[str, str]] = {
    "indicator": "指标 indicator",
    "version": "定义版本 version",
    "title_zh": "名称",
    "title_en": "title",
    "day": "日期 day",
    "area": "区划 area",
    "area_zh": "区划名称",
    "unit": "单位 unit",
    "value": "值 value",
    "low": "下限 low",
    "high": "上限 high",
    "n": "基数 n",
    "asked": "问到 asked",
    "base_zh": "基数说明",
    "base_en": "base",
    **{f"{code}_n": f"{code} n" for code in MISSING_COLUMNS},
    **{f"{code}_share": f"{code} share" for code in MISSING_COLUMNS},
    "sample": "样本 sample",
    "suppressed": "不显示 suppressed",
    "reason": "原因 reason",
}


def to_json(report: IndicatorReport, *, unsuppressed: bool = False) -> str:
    """Shares lie in [0, 1], points on their scale; field by field in docs/indicators.md."""
    return json.dumps(as_body(report, unsuppressed=unsuppressed), ensure_ascii=False, indent=2) + "\n"


def as_body(report: IndicatorReport, *, unsuppressed: bool = False) -> dict[str, Any]:
    """What `to_json` writes."""
    centre, wanted, table = report.ground.centre, report.wanted, report.table
    return {
        "report": "indicators",
        "centre": {"code": centre.code, "zh": centre.name_zh, "en": centre.name_en},
        "first": wanted.first.isoformat(),
        "last": wanted.last.isoformat(),
        "span": wanted.span,
        "level": wanted.level,
        "campaign": wanted.campaign,
        "sample": "quota" if table.quota else "probability",
        "sample_words": _words(report.ground.policy, "quota") if table.quota else None,
        "as_of": report.as_of.isoformat(),
        "not_counted_yet": {"days": report.pending.days, "changes": report.pending.changes},
        "interval_level": table.level,
        "definitions": [_definition(one) for one in table.definitions],
        "rows": [_row(report, one) for one in _results(report, unsuppressed)],
    }


def to_csv(report: IndicatorReport, *, unsuppressed: bool = False) -> str:
    """One line per figure, with a byte order mark so that a spreadsheet opens the Chinese as it is."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writerow(dict(COLUMNS))
    definitions = {one.id: one for one in report.table.definitions}
    for result in _results(report, unsuppressed):
        writer.writerow(_flat(report, definitions[result.indicator], result))
    return "\ufeff" + out.getvalue()


def unit_of(definition: Share | Mean | Composite) -> str:
    """ "share" for what is shown in percent, else "points"."""
    return "share" if definition.scale == PERCENT_SCALE else "points"


def reason_of(policy: Indicators, result: IndicatorResult) -> str | None:
    """Why a value is not shown, in both languages."""
    why = result.suppressed
    if why is None:
        return None
    if why == "complementary" or why == "part":
        return _words(policy, why)
    words = suppression_policy().words[why]
    return f"{words.zh} {words.en}"


def _words(policy: Indicators, what: Any) -> str:
    words = policy.words[what]
    return f"{words.zh} {words.en}"


def _results(report: IndicatorReport, unsuppressed: bool) -> Iterator[IndicatorResult]:
    return report.table.rows(unsuppressed=unsuppressed)


def _definition(one: Share | Mean | Composite) -> dict[str, Any]:
    return {
        "indicator": one.id,
        "version": one.version,
        "zh": one.title.zh,
        "en": one.title.en,
        "base_zh": one.base.zh,
        "base_en": one.base.en,
        "unit": unit_of(one),
    }


def _row(report: IndicatorReport, result: IndicatorResult) -> dict[str, Any]:
    missing = result.missing
    return {
        "indicator": result.indicator,
        "version": result.version,
        "day": result.cell.day.isoformat() if result.cell.day else None,
        "area": result.cell.area,
        "area_zh": area_name(report, result.cell.area)[0],
        "area_en": area_name(report, result.cell.area)[1],
        "value": result.value,
        "low": result.low,
        "high": result.high,
        "n": result.n,
        "asked": result.asked,
        "missing": None if missing is None else {code: _counted(one) for code, one in missing.items()},
        "outside": _counted(result.outside) if result.outside else None,
        "suppressed": result.suppressed,
        "reason": reason_of(report.ground.policy, result),
    }


def _counted(one: Missing) -> dict[str, Any]:
    return {"n": one.n, "share": one.share}


def _flat(
    report: IndicatorReport, definition: Share | Mean | Composite, result: IndicatorResult
) -> dict[str, Any]:
    row, missing = _row(report, result), dict(result.missing or {})
    if result.outside is not None:
        missing["outside"] = result.outside
    return {
        **{name: row[name] for name in row if name in COLUMNS},
        "title_zh": definition.title.zh,
        "title_en": definition.title.en,
        "unit": unit_of(definition),
        "base_zh": definition.base.zh,
        "base_en": definition.base.en,
        **{f"{code}_n": one.n for code, one in missing.items()},
        **{f"{code}_share": one.share for code, one in missing.items()},
        "sample": QUOTA_ZH if result.quota else "",
    }


def area_name(report: IndicatorReport, code: str | None) -> tuple[str, str]:
    """In both languages; what is not an area of the table is called that."""
    if code is None:
        centre = report.ground.centre
        return centre.name_zh, centre.name_en
    return report.ground.names.get(code, NOWHERE)
