"""`minyi rates`: AAPOR's outcome rates of a file, or of counts that are typed.

Exit codes: 0 done; 3 the file cannot be used; 2 is the command line's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from survey.field.dispositions import Group
from survey.statistics.cohorts import Cohort, cohort_rates
from survey.statistics.outcome_rates import (
    GROUPS,
    RATES,
    RESTS_ON_E,
    OutcomeRates,
    eligibility_bounds,
    fractions,
    outcome_rates,
    sum_groups,
)
from survey.statistics.outcome_words import UNDIVIDED, group_letters
from survey.statistics.plain_table import as_number
from workers.commands.analyst_files import Json, plain_file, print_json, show
from workers.commands.rates_file import Cases, read_cases

COMMAND = "minyi rates"
Counts = dict[Group, float]


def rates(
    file: Annotated[
        Path | None,
        typer.Argument(
            exists=True,
            dir_okay=False,
            readable=True,
            help="CSV/XLSX,一行一个样本。One case a row, with headings.",
        ),
    ] = None,
    counts: Annotated[
        str | None,
        typer.Option(help="代替文件:I=5,P=3,…;没写的为 0。Instead of a file; groups left out are 0."),
    ] = None,
    e: Annotated[
        float | None,
        typer.Option(
            "--e",
            min=0,
            max=1,
            help="未知者中合格的比例;默认 K/(K+NE)。Share of the unknown that is eligible.",
        ),
    ] = None,
    column: Annotated[
        str | None, typer.Option(help="结果代码列。Column of the disposition; without: the usual headings.")
    ] = None,
    weight: Annotated[str | None, typer.Option(help="权重列(基础权重)。Column of base weights.")] = None,
    cohort: Annotated[
        str | None, typer.Option(help="批次列(放出的日期)。Column of the release day: rates by cohort too.")
    ] = None,
    still_open: Annotated[
        str | None,
        typer.Option("--open", help="未完列:是/否。Column that says whether work on a case goes on."),
    ] = None,
    json_: Json = False,
) -> None:
    """回答率、合作率、拒访率、接触率(AAPOR),e 与上下界一并给出。Response, cooperation, refusal and contact rates, with e.

    例 examples:  minyi rates --counts I=40,P=5,R=25,NC=10,O=5,UH=90,UO=10,NE=15
                  minyi rates 样本.csv --column 结果代码 --weight 基础权重 --cohort 放出日 --json

    一格写组别(I、P、R、NC、O、UH、UO、NE)、本系统代码(complete、no_answer…)或 AAPOR 编号(1.1、2.112…)。A cell is a
    group, a code of ours or AAPOR's number. 分母为零的率是空值,不是 0。A rate without a denominator is empty, not 0.
    """
    if (file is None) == (counts is None):
        raise typer.BadParameter("给一个文件,或 --counts,只给一样。Give a file or --counts, one of the two.")
    options = {"--column": column, "--weight": weight, "--cohort": cohort, "--open": still_open}
    if counts is not None:
        if stray := [name for name, value in options.items() if value is not None]:
            raise typer.BadParameter(f"{', '.join(stray)}: only a file has columns")
        _tell(_summary(_typed(counts), e), None, json_)
        return
    assert file is not None
    with plain_file(COMMAND):
        cases = read_cases(file, column, weight, cohort, still_open)
        body = _summary(sum_groups(cases.groups, cases.weights), e)
        if cases.weights is not None:
            body["unweighted"] = _summary(sum_groups(cases.groups), e)
        _tell(body, _cohorts(cases, e), json_)


def _typed(words: str) -> Counts:
    """{group: count} of `I=5,P=3`."""
    found: dict[str, float] = {}
    for word in filter(None, (part.strip() for part in words.replace("，", ",").split(","))):
        name, _, number = (part.strip() for part in word.partition("="))
        letters, count = name.upper(), as_number(number)
        if group_letters(letters) is None:
            known = ", ".join(GROUPS)
            raise typer.BadParameter(
                f"--counts {word!r}: no group; the groups are {known} (or U for UH + UO)"
            )
        if letters in found:
            raise typer.BadParameter(f"--counts {word!r}: {letters} stands there twice")
        if count is None or count < 0:
            raise typer.BadParameter(f"--counts {word!r}: this is no count; write a number, 0 or more")
        found[letters] = count
    if not found:
        raise typer.BadParameter("--counts: nothing is counted; write such as I=40,R=25,UH=90")
    if UNDIVIDED in found and found.keys() & {"UH", "UO"}:
        raise typer.BadParameter("--counts: U is UH and UO together; write U alone, or the two")
    return {group: count for letters, count in found.items() if (group := group_letters(letters))}


def _summary(counts: Counts, e: float | None) -> dict[str, Any]:
    """What JSON gives: AAPOR's names, e, what it was taken from, the bounds, the denominators and the counts."""
    own = outcome_rates(counts, e)
    none, every = eligibility_bounds(counts)
    return {
        **_by_name(own),
        "e": own.e,
        "e_from": "given" if e is not None else "K/(K+NE)",
        "bounds": {
            "e=0": {name: _by_name(none)[name] for name in RESTS_ON_E},
            "e=1": {name: _by_name(every)[name] for name in RESTS_ON_E},
        },
        "base": {name: whole for name, (_, whole) in fractions(counts, own.e).items()},
        "counts": {group: counts.get(group, 0.0) for group in GROUPS},
        "cases": own.sample,
    }


def _by_name(rates: OutcomeRates) -> dict[str, float | None]:
    return {name: getattr(rates, name.lower()) for name in RATES}


def _cohorts(cases: Cases, e: float | None) -> tuple[Cohort, ...] | None:
    if cases.cohorts is None:
        return None
    return cohort_rates(cases.cohorts, cases.groups, weights=cases.weights, still_open=cases.still_open, e=e)


def _tell(body: dict[str, Any], cohorts: tuple[Cohort, ...] | None, as_json: bool) -> None:
    if as_json:
        if cohorts is not None:
            body["cohorts"] = [
                {
                    "cohort": one.name,
                    "cases": one.cases,
                    "open": one.open,
                    **_by_name(one.rates),
                    "e": one.rates.e,
                }
                for one in cohorts
            ]
        print_json(body)
        return
    e = "–" if body["e"] is None else f"{body['e']:.3f}"
    show(
        f"样本 cases {body['cases']:,.6g}:  " + "  ".join(f"{g} {n:,.6g}" for g, n in body["counts"].items()),
        f"e = {e}({'给定 given' if body['e_from'] == 'given' else '按比例 K/(K+NE)'})",
        _rates_table(body),
    )
    if cohorts is not None:
        show(_cohort_table(cohorts))


def _rates_table(body: dict[str, Any]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("率 rate")
    weighted = "unweighted" in body
    for heading in ("%", "分母 base", *(["未加权 % unweighted"] if weighted else []), "e=1 … e=0"):
        table.add_column(heading, justify="right")
    for name in RATES:
        span = ""
        if name in RESTS_ON_E:
            span = " … ".join(_percent(body["bounds"][bound][name]) for bound in ("e=1", "e=0"))
        base = body["base"][name]
        table.add_row(
            name, _percent(body[name]), "–" if base is None else f"{base:,.6g}",
            *([_percent(body["unweighted"][name])] if weighted else []), span,
        )  # fmt: skip
    return table


def _cohort_table(cohorts: tuple[Cohort, ...]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("批次 cohort", no_wrap=True)
    for heading in ("样本 cases", "未完 open %", "RR1 %", "RR3 %", "COOP3 %", "REF1 %", "CON1 %", "e"):
        table.add_column(heading, justify="right")
    for one in cohorts:
        found = [_percent(getattr(one.rates, name)) for name in ("rr1", "rr3", "coop3", "ref1", "con1")]
        e = "–" if one.rates.e is None else f"{one.rates.e:.3f}"
        table.add_row(one.name, f"{one.cases:,}", _percent(one.open), *found, e)
    return table


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"
