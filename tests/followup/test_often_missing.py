"""Before a unit reports, it hears what residents with such matters most often said was missing: topics, never words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import asyncpg
from followup_county import CENTRE, POLICE, WATER, at
from followup_residents import answers, unit_of

from followup import callbacks, imports, reading
from followup.often_missing import policy, topic_of
from followup.store.cases import CaseRow
from followup.store.complaints import Complaint
from survey.importing import Brought
from survey.vault import Vault

Tokens = Callable[[], str]
HEAD = "工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众"
UNSOLVED = "C2=3 C1=1 C3=3 C7=1"


async def lamps(
    conn: asyncpg.Connection, vault: Vault, tokens: Tokens, said: Sequence[str | None], units: list[str]
) -> CaseRow:
    """Street lamps of so many residents, each of whom says this; and one more lamp, whose case is returned."""
    rows = [
        f"GD{n},王芳,154{n:08},路灯不亮,社会治安,柳河镇,{unit},2026-03-06 16:20,路灯已修,是"
        for n, unit in enumerate([*units, "公安局"], 1)
    ]
    report = await imports.import_closed_cases(
        conn,
        vault,
        CENTRE,
        "\n".join([HEAD, *rows]).encode(),
        Brought("closed.csv", "审核员", "结果回访", "法定职责"),
        plan="fictional",
        now=at("9 08:20"),
        tokens=tokens,
        seed=7,
    )
    assert report.kept == len(rows), report.refusals
    for number, words in zip(report.numbers, said, strict=False):
        given = {"C5": words} if words else {}
        await answers(
            conn, await unit_of(conn, number, 1), at("9 10:00"), UNSOLVED, words=given, mode="voice"
        )
    await callbacks.take_finished(conn, now=at("9 10:00"), real_now=lambda: at("9 10:00"), tokens=tokens)
    return (await reading.passport(conn, report.numbers[-1])).case


async def test_the_most_frequent_topics_with_their_counts(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    said = [
        "没人来过",
        "没人联系我,打13800000000",
        "没有联系",
        "没人来",
        "没来人,没人管",
        "没两天又坏了",
        "又坏",
        None,
    ]
    case = await lamps(conn, vault, tokens, said, ["公安局"] * len(said))
    (first,) = await callbacks.often_missing(conn, case, now=at("9 11:00"))
    assert (first.topic, first.residents, first.of, first.unit) == ("nobody_came", 5, 8, None)
    assert (
        str(first) == "没有人联系或到场(5/8)"
    )  # that it broke again only two said, and one no more than "not solved"


async def test_of_few_nobody_speaks(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    case = await lamps(conn, vault, tokens, ["没人来过"] * 4, ["公安局"] * 4)
    assert policy().at_least == 5
    assert await callbacks.often_missing(conn, case, now=at("9 11:00")) == []


async def test_a_unit_hears_of_its_own_results_first(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    said = ["没人来过"] * 5 + ["没两天又坏了"] * 6
    case = await lamps(conn, vault, tokens, said, ["公安局"] * 5 + ["自来水公司"] * 6)
    everybody = await callbacks.often_missing(conn, case, now=at("9 11:00"))
    assert [(one.topic, one.residents) for one in everybody] == [("not_lasting", 6), ("nobody_came", 5)]
    (own,) = await callbacks.often_missing(conn, case, unit=POLICE, now=at("9 11:00"))
    assert (own.topic, own.residents, own.of, own.unit) == ("nobody_came", 5, 5, POLICE)
    (own,) = await callbacks.often_missing(conn, case, unit=WATER, now=at("9 11:00"))
    assert own.topic == "not_lasting"


async def test_another_year_and_another_matter_count_for_nothing(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    case = await lamps(conn, vault, tokens, ["没人来过"] * 5, ["公安局"] * 5)
    next_year = at("9 11:00").replace(year=2027, month=4)
    assert await callbacks.often_missing(conn, case, now=next_year) == []
    await conn.execute("UPDATE followup.case_file SET category = '0801' WHERE number <> $1", case.number)
    assert await callbacks.often_missing(conn, case, now=at("9 11:00")) == []


def test_without_words_the_verdict_names_the_topic() -> None:
    found = [
        topic_of(Complaint(None, None, reasons)) for reasons in [("not_contacted",), ("partly_solved",), ()]
    ]
    assert [topic.topic if topic else None for topic in found] == ["nobody_came", "only_partly", None]
