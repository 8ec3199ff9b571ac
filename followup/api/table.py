"""All operations of the API, in the order of the document."""

from __future__ import annotations

from typing import Final

from followup.api import callbacks, cases, exchange, models, results
from followup.api.fields import CASE_NAME
from followup.api.operations import Operation, PathValue
from followup.api.scopes import Scope

CASE: Final = PathValue(
    CASE_NAME, "事项编号或八位查询码 Number of the case, or its query code.", "991721-20260309-00001-4"
)

OPERATIONS: Final = (
    Operation(
        "registerCase",
        "POST",
        "/cases",
        Scope.CASES_WRITE,
        "登记一件诉求",
        "Register an appeal.",
        cases.register,
        models.RegisteredCase,
        status=201,
        sent=models.NewCase,
        problems=("conflict", "already_there", "not_possible"),
        follow=("readCase", "signCase", "returnCase", "reportResult"),
    ),
    Operation(
        "listChangedCases",
        "GET",
        "/cases",
        Scope.CASES_READ,
        "自上次以来有变动的事项",
        "Cases in the order of their last change, from a cursor on.",
        cases.changed,
        models.ChangedCases,
        query=models.Since,
    ),
    Operation(
        "readCase",
        "GET",
        "/cases/{case}",
        Scope.CASES_READ,
        "按编号或查询码查看事项",
        "One case by number or query code.",
        cases.read,
        models.CaseOut,
        path_values={"case": CASE},
        problems=("unknown_case",),
    ),
    Operation(
        "signCase",
        "POST",
        "/cases/{case}/signature",
        Scope.RESULTS_WRITE,
        "签收",
        "The lead unit signs for the case.",
        results.sign,
        models.Moved,
        sent=models.Nothing,
        path_values={"case": CASE},
        problems=("unknown_case", "conflict"),
        follow=("readCase", "reportResult"),
    ),
    Operation(
        "returnCase",
        "POST",
        "/cases/{case}/return",
        Scope.RESULTS_WRITE,
        "退单:不属本单位职责",
        "The lead unit gives the case back, with a reason and another unit.",
        results.give_back,
        models.Moved,
        sent=models.NewReturn,
        path_values={"case": CASE},
        problems=("unknown_case", "conflict", "not_possible"),
    ),
    Operation(
        "reportResult",
        "POST",
        "/cases/{case}/result",
        Scope.RESULTS_WRITE,
        "反馈办理结果",
        "The lead unit reports what was done.",
        results.report,
        models.Moved,
        sent=models.NewResult,
        path_values={"case": CASE},
        problems=("unknown_case", "conflict", "not_possible"),
    ),
    Operation(
        "listCallbacks",
        "GET",
        "/callbacks",
        Scope.CALLBACKS_READ,
        "回访结论",
        "Verdicts of callbacks, from a cursor on.",
        callbacks.settled,
        models.Callbacks,
        query=models.Since,
    ),
    Operation(
        "importClosedCases",
        "POST",
        "/closed-cases",
        Scope.IMPORTS_WRITE,
        "导入已办结事项,逐件回访",
        "Bring closed cases; each is called back.",
        exchange.bring,
        models.Imported,
        status=201,
        sent=models.NewImport,
        problems=("conflict", "already_there", "not_possible"),
    ),
    Operation(
        "exportClosedCases",
        "GET",
        "/closed-cases",
        Scope.EXPORTS_READ,
        "取回导入事项的回访结果",
        "What became of brought cases, from a cursor on.",
        exchange.take_back,
        models.Exported,
        query=models.Since,
    ),
)
