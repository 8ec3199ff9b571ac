"""A resident list at the door: good rows kept in one write, bad ones told one by one, the same file once."""

from __future__ import annotations

import pytest
from doors_bench import CENTRE, LIUHE, Bench

from survey.importing import Brought, import_residents
from survey.sampling.refusals import ListError

BROUGHT = Brought("名单.csv", "张主任", "日常调查", "统计法")
HEADINGS = "姓名,电话,出生年,乡镇,村\n"
GOOD = HEADINGS + "王芳,15400000001,1975,柳河镇,王庄村\n李娜,154 0000 0002,1990,青石镇,石桥村\n"


async def bring(bench: Bench, text: str, centre: str = CENTRE) -> object:
    return await import_residents(bench.ground, centre, text.encode(), BROUGHT, "fictional")


async def test_good_rows_are_on_the_list_and_nobodys_number_is_readable(bench: Bench) -> None:
    report = await import_residents(bench.ground, CENTRE, GOOD.encode(), BROUGHT, "fictional")
    assert (report.kept, report.refused, report.refusals) == (2, 0, ())
    rows = await bench.rows(
        """SELECT f.area_code, p.birth_year, p.number_cipher, p.name_cipher
           FROM survey.frame_entry f JOIN survey.person p ON p.id = f.person_id ORDER BY p.id"""
    )
    assert [(area, born) for area, born, _, _ in rows] == [(LIUHE, 1975), ("991721101200", 1990)]
    assert [bench.ground.vault.open(number) for _, _, number, _ in rows] == [
        "+8615400000001",
        "+8615400000002",
    ]
    assert b"15400000001" not in rows[0][2]
    assert bench.ground.vault.open(rows[0][3]) == "王芳"


async def test_bad_rows_are_told_and_the_others_kept(bench: Bench) -> None:
    text = GOOD + "赵敏,154000009,1980,柳河镇,王庄村\n孙丽,15400000004,1980,柳河镇,没有的村\n"
    report = await import_residents(bench.ground, CENTRE, text.encode(), BROUGHT, "fictional")
    assert (report.kept, report.refused) == (2, 2)
    assert [(refusal.line, refusal.field) for refusal in report.refusals] == [(4, "电话"), (5, "村")]
    assert await bench.rows("SELECT line, field FROM survey.import_refusal ORDER BY line") == [
        (4, "电话"),
        (5, "村"),
    ]
    assert "154000009" not in repr(await bench.rows("SELECT * FROM survey.import_refusal"))


async def test_the_very_same_file_is_refused_and_changes_nothing(bench: Bench) -> None:
    await bring(bench, GOOD)
    with pytest.raises(ListError, match="imported before"):
        await bring(bench, GOOD)
    assert await bench.one("SELECT count(*) FROM survey.import_batch") == 1
    assert await bench.one("SELECT count(*) FROM survey.person") == 2


async def test_a_person_in_two_lists_is_one_person(bench: Bench) -> None:
    await bring(bench, GOOD)
    await bring(bench, GOOD + "何平,15400000003,1960,柳河镇,王庄村\n")
    assert await bench.one("SELECT count(*) FROM survey.person") == 3
    assert await bench.one("SELECT count(*) FROM survey.frame_entry") == 3


async def test_a_file_with_a_column_that_may_not_be_kept_leaves_nothing_behind(bench: Bench) -> None:
    with pytest.raises(ListError, match="身份证"):
        await bring(bench, "姓名,电话,乡镇,村,身份证号\n王芳,15400000001,柳河镇,王庄村,略\n")
    assert await bench.one("SELECT count(*) FROM survey.person") == 0
    assert await bench.one("SELECT count(*) FROM survey.import_batch") == 0


async def test_a_centre_that_does_not_exist(bench: Bench) -> None:
    with pytest.raises(ListError, match="there is no centre 000000"):
        await bring(bench, GOOD, centre="000000")
