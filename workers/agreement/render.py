"""The outcome of both checks for the terminal: Chinese first, English beside it, a few rows of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from workers.agreement.findings import Agreement, kinds
from workers.agreement.promises import Breach, promises

OF_EACH_KIND = 5
NAMES = {
    "calls": "电话 calls",
    "desk_calls": "其中手拨 by hand",
    "keys": "按键 keys",
    "texts": "短信 texts",
    "opt_outs": "退订 opt-outs",
    "repeated_requests": "重复请求 repeated requests",
    "attempts": "拨打记录 attempts",
    "inputs": "输入 inputs",
    "answers": "答案 answers",
    "intents": "本意 intents",
    "texts_out": "发出短信 texts out",
    "results_told": "已告知结果 results told",
}


def render(agreement: Agreement, breaches: Sequence[Breach] = (), *, of_each: int = OF_EACH_KIND) -> str:
    """Lines of text; at most `of_each` rows of every kind, and how many more there are."""
    return "\n".join(
        [
            "运营商台账与数据库 Carrier's ledger and database",
            "  " + " · ".join(f"{NAMES.get(name, name)} {n}" for name, n in agreement.counts.items()),
            f"  differences: {len(agreement.differences)}",
            f"  intent_mismatches: {len(agreement.intent_mismatches)}",
            *_differences(agreement, of_each),
            *_mismatches(agreement, of_each),
            f"承诺 Promises: {len(promises())}   broken: {len({breach.promise for breach in breaches})}",
            *_breaches(breaches, of_each),
        ]
    )


def _differences(agreement: Agreement, of_each: int) -> Iterator[str]:
    for kind, n in agreement.by_kind.items():
        yield _title(kind, n, kinds()[kind]["zh"], kinds()[kind]["en"])
        of_kind = (one for one in agreement.differences if one.kind == kind)
        yield from _some((str(one).removeprefix(f"{kind} ") for one in of_kind), n, of_each)


def _mismatches(agreement: Agreement, of_each: int) -> Iterator[str]:
    n = len(agreement.intent_mismatches)
    if n:
        zh, en = "记录的答案不是居民的本意", "What is stored is not what the resident meant"
        yield _title("intent_mismatch", n, zh, en)
        yield from _some(map(str, agreement.intent_mismatches), n, of_each)


def _breaches(breaches: Sequence[Breach], of_each: int) -> Iterator[str]:
    for promise, n in Counter(breach.promise for breach in breaches).items():
        yield _title(promise, n, promises()[promise]["zh"], promises()[promise]["en"])
        yield from _some((breach.where for breach in breaches if breach.promise == promise), n, of_each)


def _title(name: str, n: int, zh: str, en: str) -> str:
    return f"  {name} ×{n}  {zh} / {en}"


def _some(rows: Iterable[str], n: int, of_each: int) -> Iterator[str]:
    yield from (f"    - {row}" for row in islice(rows, of_each))
    if n > of_each:
        yield f"    … 另有 and {n - of_each} more"
