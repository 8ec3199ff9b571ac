"""What a key may do."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """One right. A key has at least one; none includes another."""

    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    RESULTS_WRITE = "results:write"
    CALLBACKS_READ = "callbacks:read"
    IMPORTS_WRITE = "imports:write"
    EXPORTS_READ = "exports:read"


MEANING = {
    Scope.CASES_READ: ("查看事项", "read cases"),
    Scope.CASES_WRITE: ("登记诉求", "register appeals"),
    Scope.RESULTS_WRITE: (
        "签收、退单、反馈结果(仅限本单位牵头)",
        "sign, return and report results as the lead unit",
    ),
    Scope.CALLBACKS_READ: ("查看回访结论", "read verdicts of callbacks"),
    Scope.IMPORTS_WRITE: ("导入已办结事项", "bring closed cases to be called back"),
    Scope.EXPORTS_READ: ("取回导入事项的回访结果", "take back what became of brought cases"),
}
