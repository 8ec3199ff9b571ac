"""`minyi sample draw` and `rdd`: a sample that is a file, drawn again from its record; no number on the terminal."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import asyncpg
from commands_bench import Minyi

VILLAGES = "村代码,村,户数\nv1,王庄村,100\nv2,李庄村,300\nv3,赵庄村,0\nv4,刘庄村,600\n"
DRAW = (
    "sample",
    "draw",
    "村.csv",
    "--size-column",
    "户数",
    "--id-column",
    "村代码",
    "--n",
    "2",
    "--seed",
    "7",
)
RDD = ("sample", "rdd", "--prefix", "1540002", "--prefix", "1540001", "--n", "50", "--seed", "7")
FICTIONAL = {"MINYI_NUMBER_PLAN": "fictional"}


def put(name: str, text: str) -> None:
    Path(name).write_text(text, "utf-8")


def text_of(name: str) -> str:
    return Path(name).read_text("utf-8")


def mode_of(name: str) -> int:
    return Path(name).stat().st_mode & 0o777


def move(name: str, to: str) -> None:
    Path(name).rename(to)


def there(name: str) -> bool:
    return Path(name).exists()


async def test_a_sample_is_drawn_from_a_list_and_again(minyi: Minyi) -> None:
    put("村.csv", VILLAGES)
    done = await minyi(*DRAW, "--out", "样本.csv")
    assert (done.exit_code, done.output) == (
        0,
        "样本.csv: 抽出 drawn 2 / 4(要 wanted 2,必入 certain 1),概率 probability 0.75 – 1\n"
        "权重合计 sum of weights 2.3,名单 list 4\n"
        "留底 record: 样本.csv.record.json\n",
    )
    assert text_of("样本.csv").splitlines()[1] == "v2,李庄村,300,0.75,1.3333333333333333"
    assert [mode_of(name) for name in ("样本.csv", "样本.csv.record.json")] == [0o600] * 2
    record = json.loads(text_of("样本.csv.record.json"))
    assert record | {"at": ""} == {
        "kind": "list", "version": 1, "method": "sequential-poisson", "n": 2, "seed": 7, "start": 0.0,
        "size_column": "户数", "id_column": "村代码", "list": "村.csv",
        "list_sha256": sha256(VILLAGES.encode()).hexdigest(), "units": 4, "sample": "样本.csv",
        "sample_sha256": sha256(text_of("样本.csv").encode()).hexdigest(), "drawn": 2, "at": "",
    }  # fmt: skip

    again = await minyi("sample", "audit", "样本.csv.record.json")
    assert (again.exit_code, again.output) == (
        0,
        "样本.csv.record.json: 与留底一致 as the record says: 是 yes · 样本.csv 一致 is the same: 是 yes\n",
    )
    there = await minyi(*DRAW, "--out", "样本.csv")
    assert (there.exit_code, there.stderr) == (
        3,
        "minyi sample draw: 样本.csv 已存在 is there already; name another file with --out\n",
    )


async def test_what_was_changed_since_is_told(minyi: Minyi) -> None:
    put("村.csv", VILLAGES)
    told = json.loads((await minyi(*DRAW, "--out", "样本.csv", "--json")).stdout)
    assert told["sample"] == [
        {"line": 3, "probability": 0.75, "weight": 1 / 0.75},
        {"line": 5, "probability": 1.0, "weight": 1.0},
    ]
    put("样本.csv", "村代码\nv1\n")
    other = await minyi("sample", "audit", "样本.csv.record.json", "--json")
    assert other.exit_code == 1
    assert {k: v for k, v in json.loads(other.stdout).items() if k != "record"} == {
        "same": False, "same_as_record": True, "same_as_file": False,
    }  # fmt: skip
    move("样本.csv", "别处.csv")
    assert (await minyi("sample", "audit", "样本.csv.record.json")).exit_code == 0
    move("村.csv", "旧.csv")
    lost = await minyi("sample", "audit", "样本.csv.record.json")
    assert (lost.exit_code, lost.stderr) == (
        3,
        "minyi sample audit: 样本.csv.record.json 不能重抽 cannot be drawn again: "
        "there is no list 村.csv; name it with --list.\n",
    )
    assert (await minyi("sample", "audit", "样本.csv.record.json", "--list", "旧.csv")).exit_code == 0
    put("村.csv", VILLAGES.replace("600", "601"))
    changed = await minyi("sample", "audit", "样本.csv.record.json")
    assert (changed.exit_code, "it was changed since" in changed.stderr) == (3, True)
    none = await minyi("sample", "audit", "村.csv.json")
    assert (none.exit_code, "读不了 it cannot be read" in none.stderr) == (3, True)
    put("村.json", "{}")
    no_record = await minyi("sample", "audit", "村.json")
    assert (no_record.exit_code, "不是抽样留底 it is no record of a sample" in no_record.stderr) == (3, True)


async def test_what_is_no_list_is_told_with_its_line(minyi: Minyi) -> None:
    put("村.csv", VILLAGES.replace("300", "三百"))
    no = await minyi(*DRAW, "--out", "样本.csv")
    assert (no.exit_code, no.stderr) == (
        3,
        "minyi sample draw: 村.csv: line 3, 户数: this is no size. Write a plain number there, 0 or more; 0 is never drawn.\n",
    )
    assert not there("样本.csv")
    assert (await minyi(*DRAW, "--out", "样本.csv", "--method", "dice")).exit_code == 2


async def test_random_numbers_are_made_taken_in_and_made_again(
    minyi: Minyi, county: str, pool: asyncpg.Pool
) -> None:
    made = await minyi(*RDD, "--township", "柳河镇", "--out", "随机号.csv", **FICTIONAL)
    assert (made.exit_code, made.output) == (
        0,
        "随机号.csv: 随机号 random numbers 50,号段 blocks 2,覆盖 covered 20,000,每个号码的概率 probability of each 0.0025\n"
        "留底 record: 随机号.csv.record.json\n"
        "下一步 next: minyi import residents 随机号.csv --brought-by … --reason … --ground …\n",
    )
    assert mode_of("随机号.csv") == 0o600
    heading, *rows = text_of("随机号.csv").splitlines()
    assert heading == "姓名,电话,乡镇,号段"
    assert {(row.split(",")[0], row.split(",")[2]) for row in rows} == {("随机号", "柳河镇")}
    assert all(row.split(",")[1].startswith("+86" + row.split(",")[3]) for row in rows)

    taken = await minyi(
        "import", "residents", "随机号.csv", "--brought-by", "中心", "--reason", "随机号调查",
        "--ground", "制度", **FICTIONAL,
    )  # fmt: skip
    assert taken.exit_code == 0, taken.output
    assert await pool.fetchval("SELECT count(*) FROM survey.frame_entry") == 50

    assert await pool.fetchval("SELECT count(*) FROM survey.frame_entry WHERE attributes ? '号段'") == 50

    again = await minyi("sample", "audit", "随机号.csv.record.json", "--json")
    assert again.exit_code == 0, again.output
    told = json.loads(again.stdout)
    assert (told["same_as_record"], told["same_as_file"]) == (True, True)
    assert "+86154" not in made.output + again.output


async def test_numbers_of_no_phone_are_not_made(minyi: Minyi) -> None:
    fictional = await minyi(
        "sample", "rdd", "--prefix", "1380013", "--n", "5", "--seed", "1", "--township", "柳河镇",
        "--out", "x.csv", **FICTIONAL,
    )  # fmt: skip
    assert (fictional.exit_code, fictional.stderr) == (
        3,
        "minyi sample rdd: prefix 1380013: the fictional number plan rings 154 numbers only; "
        "set number_plan to real for real residents, or use a seeded list\n",
    )
    real = await minyi(*RDD, "--township", "柳河镇", "--out", "x.csv", MINYI_NUMBER_PLAN="real")
    assert (real.exit_code, real.stderr) == (
        3,
        "minyi sample rdd: prefix 1540001: 154 is the fictional prefix, which no phone has; "
        "check the number against its source\n",
    )
    few = await minyi(
        "sample", "rdd", "--prefix", "1540000000", "--n", "11", "--seed", "1", "--township", "柳河镇",
        "--out", "x.csv", **FICTIONAL,
    )  # fmt: skip
    assert (few.exit_code, few.stderr) == (
        3,
        "minyi sample rdd: random digits: 11 numbers are wanted, and these blocks have 10 left; list more blocks\n",
    )
    assert not there("x.csv")
