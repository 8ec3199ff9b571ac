"""What the code book says of an export as a whole. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.microdata.rules import MicrodataRules

BESIDE_OTHERS = (
    "不要与含同样日子的其他导出放在一起:合起来说得更多。"
    " Laid beside another export of the same days the two tell more than each alone: keep them apart."
)


@dataclass(frozen=True)
class Asked:
    """What was asked for, by whom and why."""

    title_zh: str
    centre: str
    campaign: str | None
    period: str | None
    by: str
    reason: str
    at: datetime


def about(
    asked: Asked, rules: MicrodataRules, version: int, rows: int, coarsened: int, left_out: int, *, quota: bool
) -> dict[str, Any]:  # fmt: skip
    """Ready for JSON."""
    weights = (
        "配额样本:没有设计权重,不能算抽样误差。A quota sample: no design weights, no sampling errors."
        if quota
        else "权重 = 设计权重 × 未知合格性 × 无应答,按区划分类;没有校准。The weight is not calibrated."
    )
    return {
        "title_zh": asked.title_zh,
        "centre": asked.centre,
        "campaign": asked.campaign,
        "period": asked.period,
        "rows": rows,
        "rule_version": version,
        "asked_by": asked.by,
        "reason": asked.reason,
        "asked_at": asked.at.isoformat(),
        "sample": "quota 配额样本" if quota else "probability",
        "notes": [
            f"每个组合至少{rules.least_alike}人;调粗{coarsened}行,不提供回答{left_out}行。"
            f" Of each combination at least {rules.least_alike}; {coarsened} rows made coarse, {left_out} withheld.",
            "自己的话、姓名、号码、村和网格都不在内。No words of anybody's own, no names, numbers, villages or grids.",
            weights,
            *([BESIDE_OTHERS] if asked.period else []),
        ],
    }
