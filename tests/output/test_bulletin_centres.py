"""Table B of a bulletin: centres by the score of their own work, with ranks, and what was taken off with its cases."""

from __future__ import annotations

from datetime import date

from centre_quarter import whole_month
from small_day import SmallDay, at
from test_bulletin import CENTRE, report, table

from followup import centre_findings as door
from followup.assessment.centre_score import Measure, centre_policy
from followup.reports.building import build
from followup.reports.bulletin_document import bulletin_document
from followup.reports.bulletin_facts import BulletinFacts, CountyFacts
from followup.reports.callback_report import make_report
from followup.reports.callback_rows import CentreNames
from followup.reports.centre_facts import CentreWork
from followup.reports.document.model import Document, Sentence
from followup.reports.document.wording import sentence_text
from followup.reports.rendering import FORMATS
from followup.reports.rendering.printed import printed
from followup.store.centre_findings import FoundRow
from followup.store.counties import County
from survey.periods import Period, period

NAMES = ("遂澜县", "平岗县", "汝湾县", "小泉县")


def work(place: int, share: float, *found: str, of: int = 400) -> CentreWork:
    """A centre whose every part was done for this share of so many."""
    code = f"9917{place + 21:02d}"
    measures = {
        f"{block.id}.{part.id}": Measure(round(share * of), of)
        for block in centre_policy().blocks
        for part in block.parts
    }
    findings = [
        FoundRow(n, kind, None, f"{code}-20260401-00001-1", "打15412345678核实", "市检查组", at(9))
        for n, kind in enumerate(found)
    ]
    names = CentreNames(code, f"{NAMES[place]}中心", f"Centre {place}", "Asia/Shanghai")
    return CentreWork(
        names, period("2026-Q2"), measures, findings, make_report(names, period("2026-Q2"), at(18), [])
    )


def bulletin(*centres: CentreWork) -> Document:
    one = report(400, {"Q1": 40})
    lines = [
        CountyFacts(
            County(line.centre.code, line.centre.code, NAMES[place], f"County {place}", "安澜市", "Anlan"),
            one,
            one,
        )
        for place, line in enumerate(centres)
    ]
    return bulletin_document(BulletinFacts(CENTRE, period("2026-Q2"), at(18), lines, centres))


def test_centres_stand_by_their_score_with_ranges_and_what_was_taken_off() -> None:
    made = bulletin(work(0, 0.95), work(1, 0.5), work(2, 0.94, "leak"), work(3, 0.9, of=0))
    rows = [[row[0], *row[10:]] for row in table(made, "centres")]
    assert rows == [
        ["遂澜县", "95.4 (20)\n95.1–95.6", "100", "0", "1\n1–1"],
        ["汝湾县", "74.5 (20)\n74.1–74.7", "100", "20", "2\n2–2"],
        ["平岗县", "54.0 (20)\n53.4–54.6", "100", "0", "3\n3–3"],
        ["小泉县", "*", "0", "0", "可测的太少不排名"],
    ]
    assert table(made, "centre_findings") == [
        ["汝湾县", "泄露居民信息", "991723-20260401-00001-1", "打〔号码〕核实"]
    ]
    said = [sentence_text(made, one, "zh") for one in made.blocks() if isinstance(one, Sentence)]
    assert "排名的中心3个,可测的太少或无可比而不排名的1个" in "".join(said)


def test_two_centres_that_chance_cannot_tell_apart_share_their_range() -> None:
    made = bulletin(work(0, 0.90, of=40), work(1, 0.875, of=40))
    assert [row[-1] for row in table(made, "centres")] == ["1\n1–2", "2\n1–2"]


async def test_the_bulletin_of_a_city_reads_the_work_of_its_centres(small_day: SmallDay) -> None:
    await whole_month(small_day)
    case = small_day.cases["lamp"]
    await door.find(
        small_day.conn, "991721", "default_satisfied", words="没问就填", by="市检查组", now=at(10, days=20), case_number=case
    )  # fmt: skip
    days = Period(date(2026, 3, 1), date(2026, 3, 31))
    made = await build(small_day.conn, "bulletin", "991721", days, at(0, days=23))
    (row,) = table(made, "centres")
    alone = await build(small_day.conn, "centre", "991721", days, at(0, days=23))
    assert made.figures["991721.score.total"].value == alone.figures["score.total"].value
    assert (row[0], row[-2], row[-1]) == ("遂澜县", "10", "无可比中心不排名")
    assert case in FORMATS["html"](printed(made), "zh").decode()
    year = await build(small_day.conn, "bulletin", "991721", period("2026"), at(0, days=298))
    assert "centres" not in {one.key for one in year.tables()}
