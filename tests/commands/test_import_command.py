"""`minyi import`: what is printed for good and for bad lists, with which exit code, and what is kept."""

from __future__ import annotations

import io
import json
from pathlib import Path

import asyncpg
import pytest
from click.testing import Result
from commands_bench import Minyi
from openpyxl import Workbook

WHO = ("--brought-by", "综治中心", "--reason", "日常调查", "--ground", "日常调查制度")
ALL_GOOD = "姓名,电话,乡镇,村\n王芳,15400000001,柳河镇,王庄村\n李强,15400000002,柳河镇,\n"
CASES = (
    "工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众\n"
    "GD1,王芳,15400000001,路灯不亮,社会治安,柳河镇,公安局,2026-03-06 16:20,路灯已修,是\n"
)


def lies_here(body: str | bytes) -> None:
    """The list as a file of the folder that the command runs in."""
    Path("名单.csv").write_bytes(body.encode() if isinstance(body, str) else body)


async def bring(minyi: Minyi, kind: str, body: str | bytes, *more: str) -> Result:
    lies_here(body)
    return await minyi("import", kind, "名单.csv", *WHO, *more)


async def kept(conn: asyncpg.Connection) -> dict[str, int]:
    """How many rows an import could have left anywhere."""
    tables = (
        "survey.person", "survey.frame_entry", "survey.import_batch", "survey.sample_unit", "followup.case_file"
    )  # fmt: skip
    return {table: await conn.fetchval(f"SELECT count(*) FROM {table}") for table in tables}


NOTHING = {
    "survey.person": 0,
    "survey.frame_entry": 0,
    "survey.import_batch": 0,
    "survey.sample_unit": 0,
    "followup.case_file": 0,
}


async def test_a_good_list_is_kept_whole(minyi: Minyi, conn: asyncpg.Connection, county: str) -> None:
    done = await bring(minyi, "residents", ALL_GOOD)

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "名单.csv: 2 行已收 kept, 0 行未收 refused (centre 991721, batch 1)\n"
    assert await kept(conn) == NOTHING | {
        "survey.person": 2,
        "survey.frame_entry": 2,
        "survey.import_batch": 1,
    }
    brought = await conn.fetchrow("SELECT brought_by, reason, ground, file_name FROM survey.import_batch")
    assert tuple(brought) == ("综治中心", "日常调查", "日常调查制度", "名单.csv")


BAD_ROWS = """姓名,电话,乡镇,村,出生年,备注
王芳,15400000001,柳河镇,王庄村,1975,
李强,154,柳河镇,,,
张敏,15400000001,柳河镇,,,又一次
赵伟,15400000004,杨柳镇,,,
陈静,15400000005,柳河镇,,,,,多了
,15400000006,柳河镇,,,
"""

WHAT_IS_SAID = """\
名单.csv, line 3, 电话: this number has 3 digits; a mobile has 11, a landline 10 to 12; check the number against its source
名单.csv, line 4, 电话: the same as on line 2, which is kept; delete one of the two lines
名单.csv, line 5, 乡镇: unknown township "杨柳镇"; nearest known names: 柳河镇
名单.csv, line 6, the line: 8 cells under 6 headings; put text that holds the separator in quotes
名单.csv, line 7, 姓名: the field is empty; fill it in
名单.csv: not needed here and not kept: 备注
名单.csv: 1 行已收 kept, 5 行未收 refused (centre 991721, batch 1)
"""


async def test_each_bad_row_is_told_and_the_good_one_kept(
    minyi: Minyi, conn: asyncpg.Connection, county: str
) -> None:
    done = await bring(minyi, "residents", BAD_ROWS)

    assert done.stdout == WHAT_IS_SAID
    assert done.exit_code == 1
    assert await kept(conn) == NOTHING | {
        "survey.person": 1,
        "survey.frame_entry": 1,
        "survey.import_batch": 1,
    }
    assert await conn.fetchval("SELECT count(*) FROM survey.import_refusal") == 5
    assert "1540000" not in done.output


async def test_a_list_without_a_good_row_leaves_only_the_record_of_it(
    minyi: Minyi, conn: asyncpg.Connection, county: str
) -> None:
    done = await bring(minyi, "residents", "姓名,电话,乡镇\n李强,154,柳河镇\n")

    assert done.exit_code == 3
    assert done.stdout.endswith("0 行已收 kept, 1 行未收 refused (centre 991721, batch 1)\n")
    assert await kept(conn) == NOTHING | {"survey.import_batch": 1}


REFUSED_WHOLE = {
    "empty": (b"", "the file is empty. Export the list again and check that it has rows."),
    "a wrong column": (
        "姓名,乡镇\n王芳,柳河镇\n".encode(),
        'the first line, read as UTF-8, has no heading for the column number ("电话"); found: "姓名", "乡镇". '
        "Put the headings into the first line, one for each column, or name them with --map 手机=number.",
    ),
    "a refused column": (
        "姓名,电话,乡镇,民族\n王芳,15400000001,柳河镇,汉\n".encode(),
        'column 4 "民族" holds ethnicity. Such data is never kept here, and nothing of the file was read in. '
        "Delete this column and load the file again.",
    ),
    "a wrong encoding": (
        ALL_GOOD.encode().replace("芳".encode(), b"\xff"),
        "byte 28 (line 2) is 0xFF, which is not valid UTF-8. "
        'Save the file again as "CSV UTF-8", whole, and load that.',
    ),
    "a broken workbook": (
        b"PK\x03\x04rest",
        "this workbook or ZIP archive is broken or cut short. Open it in the spreadsheet program and save it as "
        '"Excel workbook (.xlsx)" or "CSV UTF-8", then load that file.',
    ),
}


@pytest.mark.parametrize("fault", REFUSED_WHOLE)
async def test_a_bad_file_is_refused_in_one_sentence_and_leaves_nothing(
    minyi: Minyi, conn: asyncpg.Connection, county: str, fault: str
) -> None:
    data, sentence = REFUSED_WHOLE[fault]
    done = await bring(minyi, "residents", data)

    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr == f"minyi import residents: 名单.csv: {sentence}\n"
    assert await kept(conn) == NOTHING


async def test_the_very_same_file_is_kept_once(minyi: Minyi, conn: asyncpg.Connection, county: str) -> None:
    await bring(minyi, "residents", ALL_GOOD)
    before = await kept(conn)
    again = await bring(minyi, "residents", ALL_GOOD)

    assert (again.exit_code, again.stdout) == (3, "")
    assert again.stderr == (
        "minyi import residents: 名单.csv: this very file was imported before. "
        "Nothing was changed; import the newer list.\n"
    )
    assert await kept(conn) == before


async def test_a_centre_that_is_not_there(minyi: Minyi, conn: asyncpg.Connection, county: str) -> None:
    done = await bring(minyi, "residents", ALL_GOOD, "--centre", "991799")

    assert (done.exit_code, done.stderr) == (
        3,
        "minyi import residents: 名单.csv: there is no centre 991799. Choose one with --centre.\n",
    )
    assert await kept(conn) == NOTHING


async def test_closed_cases_get_their_callbacks(minyi: Minyi, conn: asyncpg.Connection, county: str) -> None:
    unknown_unit = CASES.splitlines()[1].replace("GD1", "GD2").replace("公安局", "气象局")
    done = await bring(minyi, "cases", f"{CASES}{unknown_unit}\n", "--json")

    body = json.loads(done.stdout)
    assert done.exit_code == 1
    (number,) = body["cases"]
    assert (body["kept"], body["refused"], [r["line"] for r in body["refusals"]]) == (1, 1, [3])
    row = await conn.fetchrow("SELECT number, status, source FROM followup.case_file")
    assert tuple(row) == (number, "callback_pending", "import")
    assert await conn.fetchval("SELECT count(*) FROM survey.sample_unit") == 1


async def test_the_same_cases_twice(minyi: Minyi, conn: asyncpg.Connection, county: str) -> None:
    await bring(minyi, "cases", CASES)
    again = await bring(minyi, "cases", CASES)
    later = await bring(minyi, "cases", CASES + "\n")  # other bytes, the same case

    assert (again.exit_code, again.stderr) == (
        3,
        "minyi import cases: 名单.csv was imported into centre 991721 before, byte for byte. Nothing is left to do.\n",
    )
    assert later.exit_code == 3
    assert 'line 2, 工单号: "GD1" was imported before, as case 991721-' in later.stdout
    assert await conn.fetchval("SELECT count(*) FROM followup.case_file") == 1


async def test_what_the_command_line_itself_refuses(minyi: Minyi, county: str) -> None:
    lies_here(ALL_GOOD)

    assert (await minyi("import", "residents", "nowhere.csv", *WHO)).exit_code == 2
    without_ground = await minyi("import", "residents", "名单.csv", *WHO[:4])
    assert without_ground.exit_code == 2
    assert "--ground" in without_ground.stderr


async def test_a_database_that_does_not_answer(minyi: Minyi) -> None:
    lies_here(ALL_GOOD)
    gone = await minyi(
        "import", "residents", "名单.csv", *WHO, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing"
    )

    assert gone.exit_code == 3
    assert gone.stderr.startswith("minyi import residents: the database or queue cannot be used (")
    assert gone.stderr.endswith("Is `minyi up` running? `minyi doctor` says what is wrong.\n")


async def test_without_any_database(minyi: Minyi) -> None:
    lies_here(ALL_GOOD)
    done = await minyi("import", "residents", "名单.csv", *WHO, DATABASE_URL="")

    assert (done.exit_code, done.stderr) == (
        3,
        "minyi import residents: No database: start the services with `minyi up`, or set DATABASE_URL.\n",
    )


async def test_a_workbook_with_columns_of_its_own_is_read_with_a_mapping(
    minyi: Minyi, conn: asyncpg.Connection, county: str
) -> None:
    book = Workbook()
    for row in (
        ("户主", "联络", "镇", "户口"),
        ("王芳", 15400000001, "柳河镇", "农业"),
        ("王芳", "154-0000-0001/15400000002", "柳河镇", None),
    ):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    more = ("--map", "户主=name", "--map", "联络=number", "--keep", "户口")
    done = await bring(minyi, "residents", written.getvalue(), *more)
    assert done.stdout == (
        "名单.csv, line 3: the same person as on line 2, merged\n"
        "名单.csv: 1 行已收 kept, 0 行未收 refused (centre 991721, batch 1)\n"
    )
    assert done.exit_code == 0
    assert await conn.fetchval("SELECT attributes ->> '户口' FROM survey.frame_entry") == "农业"
    assert await conn.fetchval("SELECT count(*) FROM survey.person_number") == 1
    wrong = await bring(minyi, "residents", written.getvalue(), "--map", "户主")
    assert wrong.exit_code == 2
    assert "write HEADING=FIELD, such as 联络=number" in wrong.stderr
