"""The columns of an export, with their labels: what the code book says, and SPSS shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from survey.microdata.rules import MicrodataRules
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.wording import say

CLOSED = ("select_one",)
SEVERAL = ("select_multiple",)


@dataclass(frozen=True)
class Column:
    """`question`: whose answer it is; `option`: of a question with several answers, the one that it tells of. `codes`: what each
    stands for, in both languages; `numbers`: the same as numbers, where all of them are."""

    name: str
    label: Mapping[str, str]
    question: str = ""
    option: str = ""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def answer_columns(q: Questionnaire, rules: MicrodataRules) -> list[Column]:
    """Closed questions alone: what somebody said in their own words never leaves."""
    none = {code: {"zh": words.zh, "en": words.en} for code, words in rules.words.items()}
    columns: list[Column] = []
    for item in q.items:
        if item.kind not in (*CLOSED, *SEVERAL) or item.choices is None:
            continue
        options = {one.code: _both(one.label) for one in q.choices[item.choices]}
        label = _both(item.prompt)
        if item.kind in CLOSED:
            columns.append(Column(item.id, label, item.id, "", {**options, **none}))
            continue
        said = {"0": {"zh": "没有提到", "en": "not named"}, "1": {"zh": "提到", "en": "named"}}
        columns += [
            Column(
                f"{item.id}_{code}",
                {lang: f"{label[lang]}: {words[lang]}" for lang in ("zh", "en")},
                item.id,
                code,
                {**said, **none},
            )
            for code, words in options.items()
        ]
    return columns


def coded(column: Column, code: str | None) -> str | None:
    """What stands in the column of somebody whose answer is stored as `code`."""
    if code is None or not column.option or (code in column.codes and not code.isdigit()):
        return code
    return "1" if column.option in code.replace(",", " ").split() else "0"


def period_of(day: date | None, length: Literal["week", "month", "quarter"]) -> str | None:
    """2026-W11, 2026-03 or 2026-Q1."""
    if day is None:
        return None
    if length == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day:%Y-%m}" if length == "month" else f"{day.year}-Q{(day.month + 2) // 3}"


def _both(wording: object) -> dict[str, str]:
    return {lang: say(wording, lang, "operator") for lang in ("zh", "en")}  # type: ignore[arg-type]


UNIT_COLUMNS: Sequence[Column] = (
    Column("row", {"zh": "行号,每次导出重新打乱", "en": "serial, shuffled anew for each export"}),
    Column("area", {"zh": "区划代码", "en": "code of the area"}),
    Column("period", {"zh": "完成的时段", "en": "period in which it ended"}),
    Column("mode", {"zh": "方式", "en": "mode"}),
    Column("disposition", {"zh": "结果代码", "en": "outcome code"}),
    Column("group", {"zh": "AAPOR结果组", "en": "AAPOR group: I, P, R, NC, O, UH, UO, NE"}),
    Column(
        "stratum",
        {
            "zh": "抽样层;区划调粗的,层也是全县",
            "en": "stratum of the draw; the county where the area was made coarse",
        },
    ),
    Column(
        "psu",
        {
            "zh": "初级抽样单元,每行自成一个",
            "en": "first-stage unit: each row is one of its own, under its serial",
        },
    ),
    Column("base_weight", {"zh": "设计权重", "en": "base weight, 1 over the probability"}),
    Column("eligibility_factor", {"zh": "未知合格性调整", "en": "factor for unknown eligibility"}),
    Column("nonresponse_factor", {"zh": "无应答调整", "en": "factor for nonresponse"}),
    Column(
        "weight",
        {"zh": "最终权重", "en": "final weight: the product of the three; 0 for who did not respond"},
    ),
)
