"""Samples out of a list file: by size, again bit for bit, and what is no list to draw from."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from openpyxl import Workbook

from survey.sampling.list_draw import (
    Design,
    design_of,
    draw_units,
    lines_drawn,
    read_units,
    record_of,
    sample_file,
    summary,
)
from survey.sampling.refusals import ListError

VILLAGES = "村代码,村,户数\nv1,王庄村,100\nv2,李庄村,300\nv3,赵庄村,0\nv4,刘庄村,600\n".encode()
BY_HOUSEHOLDS = Design("sequential-poisson", 2, seed=7, size_column="户数", id_column="村代码")


def villages(n: int) -> bytes:
    rows = "".join(f"v{at},{10 + at % 50}\n" for at in range(n))
    return ("村代码,户数\n" + rows).encode()


def test_each_row_gets_its_probability_and_its_weight() -> None:
    units = read_units(VILLAGES, "村.csv")
    drawn = draw_units(units, BY_HOUSEHOLDS)
    assert drawn.chance.tolist() == [0.25, 0.75, 0.0, 1.0]  # the largest is certain, and the rest split anew
    assert sample_file(units, drawn).decode() == (
        "村代码,村,户数,入样概率,设计权重\nv2,李庄村,300,0.75,1.3333333333333333\nv4,刘庄村,600,1.0,1.0\n"
    )
    assert summary(units, BY_HOUSEHOLDS, drawn) == {
        "units": 4, "wanted": 2, "drawn": 2, "certain": 1, "least_probability": 0.75, "largest_probability": 1.0,
        "estimated_units": 1 / 0.75 + 1,
    }  # fmt: skip
    assert lines_drawn(units, drawn) == [
        {"line": 3, "probability": 0.75, "weight": 1 / 0.75},
        {"line": 5, "probability": 1.0, "weight": 1.0},
    ]


def test_the_record_draws_it_again_bit_for_bit() -> None:
    data = villages(500)
    units = read_units(data, "村.csv")
    for method in ("poisson", "sequential-poisson"):
        design = replace(BY_HOUSEHOLDS, method=method, n=60, start=0.3)  # type: ignore[arg-type]
        drawn = draw_units(units, design)
        made = sample_file(units, drawn)
        record = record_of(design, units, drawn, data, ("样本.csv", made), datetime(2026, 3, 9, tzinfo=UTC))
        read = type(record).model_validate_json(record.model_dump_json())
        assert read == record
        assert sample_file(units, draw_units(units, design_of(read))) == made
        other = draw_units(units, replace(design, seed=8))
        assert other.places.tolist() != drawn.places.tolist()


def test_a_unit_keeps_its_number_wherever_it_stands_in_the_list() -> None:
    data = villages(200)
    heading, *rows = data.decode().splitlines()
    turned = "\n".join([heading, *reversed(rows)]).encode()
    taken = []
    for one in (data, turned):
        units = read_units(one, "村.csv")
        drawn = draw_units(units, replace(BY_HOUSEHOLDS, n=20))
        taken.append({units.lines[place].cells[0] for place in drawn.places})
    assert taken[0] == taken[1]


@pytest.mark.parametrize("method", ["poisson", "sequential-poisson"])
def test_units_come_as_often_as_their_probability_says(method: str) -> None:
    units = read_units(villages(40), "村.csv")
    often, draws = np.zeros(40), 4000
    for seed in range(draws):
        design = replace(BY_HOUSEHOLDS, method=method, n=8, seed=seed)  # type: ignore[arg-type]
        drawn = draw_units(units, design)
        often[drawn.places] += 1
    chance = draw_units(units, replace(BY_HOUSEHOLDS, n=8)).chance
    error = np.sqrt(chance * (1 - chance) / draws)
    assert np.all(np.abs(often / draws - chance) < 5 * error + 0.005)  # Ohlsson's are very nearly as given


def test_all_alike_without_a_size() -> None:
    units = read_units(VILLAGES, "村.csv")
    drawn = draw_units(units, Design("sequential-poisson", 2, seed=1))
    assert drawn.chance.tolist() == [0.5] * 4
    assert len(drawn.places) == 2


def test_a_workbook_is_read_too() -> None:
    book = Workbook()
    for row in (("村代码", "户数"), ("v1", 3), ("v2", 5)):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    units = read_units(held.getvalue(), "村.xlsx")
    assert (units.headings, units.column("户数")) == (("村代码", "户数"), ["3", "5"])


@pytest.mark.parametrize(
    ("text", "design", "said"),
    [
        ("村,户数\n", {}, "村.csv: there is no row below the headings. Check that the file has rows."),
        (
            "村,户数\n王庄,三\n李庄,x\n",
            {"size_column": "户数"},
            "村.csv: line 2, 户数: this is no size, and 1 more lines. "
            "Write a plain number there, 0 or more; 0 is never drawn.",
        ),
        (
            "村,户数\n王庄,nan\n",
            {"size_column": "户数"},
            "村.csv: line 2, 户数: this is no size. Write a plain number there, 0 or more; 0 is never drawn.",
        ),
        (
            "村,户数\n王庄,1\n",
            {"size_column": "人口"},
            "村.csv: there is no column 人口. Name one of these columns: 村, 户数.",
        ),
        (
            "村,户数\n王庄,1\n李庄,2\n王庄,3\n",
            {"id_column": "村"},
            "村.csv: line 4, 村: this says the same as line 2, and a unit must be named once. "
            "Take out the double, or name a column with a different text on each line.",
        ),
        (
            "村,户数\n,1\n",
            {"id_column": "村"},
            "村.csv: line 2, 村: this is empty, and a unit must be named once. "
            "Take out the double, or name a column with a different text on each line.",
        ),
        (
            "村,户数\n王庄,1\n李庄,0\n",
            {"size_column": "户数", "n": 2},
            "村.csv: probabilities: 2 units are wanted, and 1 have a size above 0. Draw fewer, or check the sizes.",
        ),
        (
            "村,户数\n王庄,1,2\n",
            {},
            "村.csv: line 2 has 3 cells, and there are 2 headings. "
            "Take out the separator that is too many, or put the cell into quotes.",
        ),
        (
            "\n村,村\n王庄,1\n",
            {},
            '村.csv: line 2: the heading "村" stands twice, or is one that the sample gets. '
            "Give each column a heading of its own.",
        ),
    ],
)
def test_what_is_no_list_to_draw_from(text: str, design: dict[str, object], said: str) -> None:
    with pytest.raises(ListError) as no:
        draw_units(read_units(text.encode(), "村.csv"), replace(Design("poisson", 1, 1), **design))  # type: ignore[arg-type]
    assert str(no.value) == said


def test_columns_that_are_never_kept_are_refused_here_too() -> None:
    with pytest.raises(ListError, match="Such data is never kept here"):
        read_units("村,精神疾病等级\n王庄,3\n".encode(), "村.csv")
