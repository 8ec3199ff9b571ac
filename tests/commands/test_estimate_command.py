"""`minyi estimate` as an analyst types it: a file, a specification, and what comes out."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import Result
from typer.testing import CliRunner

from survey.statistics.intervals import of_index
from workers.cli import app

TOWNS = ("柳河镇", "枣园镇")
KEYS = [
    "estimate", "by", "category", "n", "value", "se", "low", "high", "deff", "n_eff", "df", "suppressed",
]  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """120 interviews in two towns: in 柳河镇 of 40 each fourth is unsafe, in 枣园镇 of 80 each eighth."""
    monkeypatch.chdir(tmp_path)
    rows = [["town", "people", "q1", "sex"]]
    for town, n, people, unsafe in ((TOWNS[0], 40, 4000, 4), (TOWNS[1], 80, 16000, 8)):
        rows += [[town, str(people), "1" if at % unsafe else "3", "1" if at % 2 else "2"] for at in range(n)]
    put("访问.csv", "\n".join(",".join(row) for row in rows) + "\n")
    put(
        "安全感.yaml",
        "strata: [town]\npopulation: people\n"
        "estimates:\n  - {name: safe, kind: proportion, of: q1, codes: [1, 2]}\nby: [overall, town]\n",
    )


def put(name: str, text: str) -> None:
    Path(name).write_text(text, "utf-8")


def minyi(*words: str) -> Result:
    return CliRunner().invoke(app, ["estimate", *words])


def cells(*words: str, data: str = "访问.csv", spec: str = "安全感.yaml") -> list[dict[str, Any]]:
    done = minyi(data, "--spec", spec, "--json", *words)
    assert done.exit_code == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def refusal(data: str = "访问.csv", spec: str = "安全感.yaml") -> str:
    done = minyi(data, "--spec", spec, "--json")
    assert (done.exit_code, done.stdout) == (3, "")
    return done.stderr


def test_one_object_a_cell_with_these_keys() -> None:
    overall, *towns = cells()
    assert list(overall) == KEYS
    # weights of 100 and 200: (4000 * .75 + 16000 * .875) / 20000
    assert overall["value"] == pytest.approx(0.85)
    assert [(one["by"], one["category"], one["n"], one["value"]) for one in towns] == [
        ("town", "枣园镇", 80, pytest.approx(0.875)),
        ("town", "柳河镇", 40, pytest.approx(0.75)),
    ]
    variance = 0.2**2 * 0.75 * 0.25 / 39 + 0.8**2 * 0.875 * 0.125 / 79
    assert (overall["se"], overall["df"], overall["suppressed"]) == (pytest.approx(variance**0.5), 118, None)
    assert overall["n_eff"] == pytest.approx(0.85 * 0.15 / variance)
    assert 0.76 < overall["low"] < 0.85 < overall["high"] < 0.92


def test_suppressed_figures_are_given_only_when_they_are_asked_for() -> None:
    put("三人.csv", "q1,village\n" + "1,甲\n" * 3 + "1,乙\n2,乙\n3,乙\n" * 20)
    put("三人.yaml", "estimates: [{name: safe, kind: proportion, of: q1, codes: [1]}]\nby: village\n")
    many, three = cells(data="三人.csv", spec="三人.yaml")
    assert (many["category"], many["n"], many["suppressed"]) == ("乙", 60, None)
    hidden = dict.fromkeys(["value", "se", "low", "high", "deff", "n_eff", "df"])
    assert three == {
        "estimate": "safe",
        "by": "village",
        "category": "甲",
        "n": 3,
        **hidden,
        "suppressed": "private",
    }
    shown = cells("--unsuppressed", data="三人.csv", spec="三人.yaml")[1]
    assert (shown["value"], shown["suppressed"]) == (1.0, "private")


def test_a_pair_is_b_minus_a_and_hidden_where_either_is() -> None:
    put(
        "对比.yaml",
        Path("安全感.yaml").read_text("utf-8") + "compare: [{by: town, pairs: [[枣园镇, 柳河镇]]}]\n",
    )
    difference = cells(spec="对比.yaml")[-1]
    assert (difference["by"], difference["category"], difference["n"]) == ("town", ["枣园镇", "柳河镇"], 120)
    assert difference["value"] == pytest.approx(0.125)
    assert difference["se"] == pytest.approx((0.75 * 0.25 / 39 + 0.875 * 0.125 / 79) ** 0.5)
    assert (difference["deff"], difference["n_eff"], difference["df"]) == (None, None, 118)
    put("少.csv", "\n".join(Path("访问.csv").read_text("utf-8").splitlines()[:49]) + "\n")
    assert cells(data="少.csv", spec="对比.yaml")[-1] | {"n": 48} == {
        **dict.fromkeys(KEYS), "estimate": "safe", "by": "town", "category": ["枣园镇", "柳河镇"], "n": 48,
        "suppressed": "private",
    }  # fmt: skip


def test_the_weight_of_every_row_is_written_beside_its_number() -> None:
    put(
        "应答.csv",
        "id,people,disp,sex\n" + "".join(f"{at},600,{d},{at % 2}\n" for at, d in enumerate("IIIIRN")),
    )
    body = Path("应答.csv").read_text("utf-8").replace(",N,", ",UH,")
    put("应答.csv", body)
    put(
        "应答.yaml",
        "population: people\ndisposition: disp\nestimates: [{name: n, kind: total, of: people}]\n"
        "calibrate: {method: raking, margins: {sex: {0: 330, 1: 270}}}\n",
    )
    cells("--weights-out", "权重.csv", data="应答.csv", spec="应答.yaml")
    with Path("权重.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["row", "base", "unknown_eligibility", "nonresponse", "calibration", "weight"]
    numbers = [[float(value) for value in row.values()] for row in rows]
    # 100 each; known 5 of 6; responded 4 of 5; 2 of each sex weigh 300 before raking
    assert numbers == [
        pytest.approx([1, 100, 1.2, 1.25, 1.1, 165]),
        pytest.approx([2, 100, 1.2, 1.25, 0.9, 135]),
        pytest.approx([3, 100, 1.2, 1.25, 1.1, 165]),
        pytest.approx([4, 100, 1.2, 1.25, 0.9, 135]),
        pytest.approx([5, 100, 1.2, 0, 1, 0]),
        pytest.approx([6, 100, 0, 0, 1, 0]),
    ]


def test_codes_are_one_however_they_are_written() -> None:
    put("码.csv", "\ufeffq1,sex\r\n" + '1,"1.0"\r\n 1.0 ,1\r\n01,1\r\n,1\r\nNA,2\r\ndk,2\r\n' * 20)
    put(
        "码.yaml",
        "filter: {sex: [1.0]}\nestimates: [{name: p, kind: proportion, of: q1, codes: ['1']}]\nby: [sex]\n",
    )
    (cell,) = cells(data="码.csv", spec="码.yaml")
    assert (cell["category"], cell["n"], cell["value"]) == ("1", 60, pytest.approx(2 / 3))


def test_an_index_has_the_interval_of_its_scale() -> None:
    put("分.csv", "q,x\n" + "1,90\n2,70\n2,80\n3,60\n" * 20)

    def interval(recode: str, mean: str = "") -> tuple[float, float]:
        of = f"of: q, recode: {recode}" if recode else "of: x"
        put(
            "分.yaml",
            f"estimates: [{{name: i, kind: mean, {of}}}]\n"
            + (f"intervals: {{mean: {mean}}}\n" if mean else ""),
        )
        (cell,) = cells(data="分.csv", spec="分.yaml")
        return cell["low"], cell["high"]

    whole = of_index(75.0, 80, variance=1250 / 79 / 2 / 5, df=79)
    assert interval("", "logit_t") == pytest.approx(whole)
    assert interval("{1: 90, 2: 75, 3: 60}", "logit_t") != pytest.approx(whole)
    # an index that reaches 100 begins at 0, although nobody may give 0
    index = of_index(70.0, 80, variance=450 / 79, df=79)
    assert interval("{1: 100, 2: 70, 3: 40}") == pytest.approx(index)
    assert interval("{1: 5, 2: 3, 3: 1}") == pytest.approx(
        of_index(3.0, 80, variance=2 / 79, df=79, scale=(1, 5))
    )
    low, high = interval("")
    assert low + high == pytest.approx(150)  # without a recode: t


def test_yes_is_a_word_and_010_no_octal() -> None:
    put("词.csv", "heard,village\n" + "yes,010\nyes,8\nno,010\n" * 40)
    put(
        "词.yaml",
        "filter: {village: 010}\nestimates: [{name: heard, kind: proportion, of: heard, codes: yes}]\n",
    )
    (cell,) = cells(data="词.csv", spec="词.yaml")
    assert (cell["n"], cell["value"]) == (80, 0.5)


def test_parquet_is_read_as_well() -> None:
    pl.read_csv("访问.csv").write_parquet("访问.parquet")
    assert cells(data="访问.parquet") == cells()


def test_empty_data_say_so() -> None:
    put("空.csv", "town,people,q1\n")
    empty = {**dict.fromkeys(KEYS), "estimate": "safe", "n": 0, "suppressed": "empty"}
    assert cells(data="空.csv") == [{**empty, "by": "overall"}]
    put("过滤.yaml", Path("安全感.yaml").read_text("utf-8") + "filter: {sex: [9]}\n")
    done = minyi("访问.csv", "--spec", "过滤.yaml", "--json")
    assert [cell["suppressed"] for cell in json.loads(done.stdout)] == ["empty"] * 3
    assert done.stderr == "minyi estimate: 注意 note: filter: column sex has none of 9; it has 1, 2\n"


def test_a_table_for_readers() -> None:
    done = minyi("访问.csv", "--spec", "安全感.yaml")
    assert done.exit_code == 0
    lines = [line.rstrip() for line in done.stdout.splitlines() if line.strip()]
    assert [" ".join(line.split()) for line in lines] == [
        "指标 分组 估计 标准误 区间 说明",
        "estimate cell n value se interval deff n_eff df note",
        "─" * len(lines[2].strip()),
        "safe 全部 overall 120 0.85 0.0328 0.7727 – 0.909 1.01 118 118",
        "town: 枣园镇 80 0.875 0.0372 0.7814 – 0.9387 1.00 79 79",
        "town: 柳河镇 40 0.75 0.0693 0.5857 – 0.8744 1.00 39 39",
        "区间 intervals: 95%",
    ]


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ("estimates: [{name: a, kind: mean, of: q2}]", "访问.csv: there is no column q2; did you mean q1?"),
        (
            "estimates: [{name: a, kind: mean, of: town}]",
            "访问.csv:2: column town: '柳河镇' is no number; correct it, recode it, or name it under missing",
        ),
        (
            "estimates: [{name: a, kind: mean, of: q1, recode: {1: 100}}]",
            "访问.csv:2: column q1: '3' is neither in recode nor in missing; add it to one of them",
        ),
        (
            "estimates: [{name: a, kind: proportion, of: q1}]",
            "访问.csv:2: column q1: '3' is neither 0 nor 1; say under codes which codes count",
        ),
        (
            "estimates: [{name: a, kind: mean, of: sex}]\ncompare: [{by: sex, pairs: [[3, 1]]}]",
            "访问.csv: column sex has no category 3 to compare; there is 1, 2",
        ),
        (
            "population: sex\nestimates: [{name: a, kind: mean, of: sex}]",
            "访问.csv:2: column sex: 2, and elsewhere in stratum all 1; all rows of a stratum need the same",
        ),
        (
            "calibrate: {method: raking, margins: {sex: {1: 5}}}\nestimates: [{name: a, kind: mean, of: sex}]",
            "访问.csv:2: column sex: category 2 has no total under calibrate.margins.sex; add it",
        ),
        (
            "disposition: q1\nestimates: [{name: a, kind: mean, of: sex}]",
            "访问.csv:2: column q1: '3' is no disposition; write one of I, P, R, NC, O, UH, UO, NE",
        ),
        (
            "estimates: [{name: a, kind: median, of: sex}]",
            "s.yaml:1:29: estimates.0.kind: input should be 'proportion', 'mean', 'ratio' or 'total'; correct it "
            "(docs/estimation.md says what may stand here)",
        ),
        (
            "stratum: [town]\nestimates: [{name: a, kind: mean, of: sex}]",
            "s.yaml:1:10: stratum: there is no such key; correct its name, or take it out (docs/estimation.md lists the keys)",
        ),
        (
            "estimates: [{name: a, kind: mean, of: people}]\nintervals: {mean: logit_t}",
            "访问.csv:2: column people: '4000' lies beyond 0 to 100, the scale of logit_t; give a recode, or "
            "`intervals: {mean: t}`",
        ),
        (
            "estimates: [{name: a, kind: ratio, of: sex}]",
            "s.yaml:1:13: estimates.0: over belongs to a ratio, and it needs one; name the column of the denominator",
        ),
    ],
)
def test_what_cannot_be_computed_is_said_with_its_place(spec: str, why: str) -> None:
    put("s.yaml", spec + "\n")
    assert refusal(spec="s.yaml") == f"minyi estimate: {why}\n"


def test_what_weakens_the_weights_is_told_beside_the_figures() -> None:
    put(
        "弱.csv",
        "town,disp,sex,x\n" + "甲,I,1,1\n甲,R,1,\n甲,I,2,2\n" * 3 + "乙,R,1,\n乙,NC,2,\n甲,R,2,\n" * 2,
    )
    put(
        "弱.yaml",
        "strata: [town]\ndisposition: disp\nnonresponse_classes: [sex]\n"
        "calibrate: {method: linear, margins: {sex: {1: 5000, 2: 100}}}\n"
        "estimates: [{name: x, kind: proportion, of: x, codes: [3]}]\n",
    )
    done = minyi("弱.csv", "--spec", "弱.yaml", "--json")
    assert (done.exit_code, done.stderr) == (
        0,
        "minyi estimate: 注意 note: estimate x: column x has none of 3; it has 1, 2\n"
        "minyi estimate: 注意 note: nobody responded in stratum town=乙; nobody stands for it, so join it with a like one\n"
        "minyi estimate: 注意 note: nonresponse class sex=1: 3 respondents, factor 2.67; join it with a like class\n"
        "minyi estimate: 注意 note: nonresponse class sex=2: 3 respondents, factor 2.33; join it with a like class\n"
        "minyi estimate: 注意 note: margin sex, category 1: 3 respondents; join it with a like category\n"
        "minyi estimate: 注意 note: margin sex, category 2: 3 respondents; join it with a like category\n",
    )


def test_a_lonely_unit_is_named() -> None:
    put("独.csv", "town,x\n甲,1\n甲,2\n乙,3\n")
    put("独.yaml", "strata: [town]\nestimates: [{name: x, kind: mean, of: x}]\n")
    assert refusal("独.csv", "独.yaml") == (
        "minyi estimate: 独.csv: stratum town=乙: one first-stage unit alone tells nothing about its spread; join the "
        "stratum with a like one in the data, or say `lonely: adjust`\n"
    )
    put("独.yaml", Path("独.yaml").read_text("utf-8") + "lonely: adjust\n")
    (cell,) = cells("--unsuppressed", data="独.csv", spec="独.yaml")
    # deviations of 甲 from its own mean, of 乙 from the grand mean of influences, which is 0
    assert cell["se"] == pytest.approx(((1 / 3) ** 2 / 2 * 2 + (1 / 3) ** 2) ** 0.5)


def test_a_jackknife_that_cannot_be_weighted_says_where() -> None:
    put("刀.csv", "town,sex,x\n甲,1,1\n甲,2,2\n甲,1,3\n乙,1,2\n乙,1,5\n")
    put(
        "刀.yaml",
        "strata: [town]\nvariance: jkn\ncalibrate: {method: raking, margins: {sex: {1: 6, 2: 4}}}\n"
        "estimates: [{name: x, kind: mean, of: x}]\n",
    )
    assert refusal("刀.csv", "刀.yaml") == (
        "minyi estimate: 刀.csv: jackknife, one unit of stratum town=甲 left out: sex=2: nobody who could stand for its total "
        "of 4 responded; join it with a like category, in the data and in the margins\n"
    )


def test_a_missing_file_and_a_damaged_one() -> None:
    assert refusal("没有.csv") == "minyi estimate: 没有文件 there is no file 没有.csv\n"
    put("坏.yaml", "estimates: [\n")
    assert (
        refusal(spec="坏.yaml")
        == "minyi estimate: 坏.yaml:2:1: not YAML: did not find expected node content\n"
    )
    put("坏.csv", "town,people,q1\n甲,1,1,1\n")
    assert refusal("坏.csv") == (
        "minyi estimate: 坏.csv:2: more cells than there are headings; put quotes around a cell with a separator in it\n"
    )
