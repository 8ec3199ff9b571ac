"""The same answers in DuckDB, and the same figures out of it. DuckDB is no part of what is installed: whoever wants the
comparison installs it beside."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from survey.indicator_reading import Ground
from survey.statistics.indicator_estimates import CodeCounts

PACKAGE: Final = "duckdb"

ROWS = """
SELECT (a.at AT TIME ZONE s.tz)::date AS day, u.area_code AS area, a.question_id AS question, a.code, u.base_weight AS weight
FROM survey.answer a JOIN survey.interview i ON i.id = a.interview_id JOIN survey.sample_unit u ON u.id = i.unit_id
JOIN survey.area s ON s.code = u.area_code"""
"""Nothing is corrected yet when they are copied: every answer stands."""

LOAD: Final = """
CREATE TABLE answer AS SELECT * FROM read_csv('{file}', header = false,
    columns = {{'day': 'DATE', 'area': 'VARCHAR', 'question': 'VARCHAR', 'code': 'VARCHAR', 'weight': 'DOUBLE'}})"""

COUNTS: Final = """
SELECT day, area, question, code, count(*) AS n, sum(weight) AS w, sum(weight * weight) AS w2 FROM answer
WHERE day BETWEEN ? AND ? AND list_contains(?, question) GROUP BY day, area, question, code"""

TOP_TWO: Final = """
SELECT day, area, count(*) AS n, sum(weight) AS w, sum(weight) FILTER (code IN ('1', '2')) AS hits, sum(weight * weight) AS w2,
       sum(weight * weight) FILTER (code IN ('1', '2')) AS hits2
FROM answer WHERE question = 'Q1' AND code IN ('1', '2', '3', '4') AND day BETWEEN ? AND ? GROUP BY day, area"""


class NotInstalled(RuntimeError):
    """There is no DuckDB here; the message says how to get it."""


class Duck:
    """The answers in a file of DuckDB's own, read by all its threads."""

    def __init__(self, folder: Path) -> None:
        """Raises NotInstalled."""
        try:
            duckdb: Any = import_module(PACKAGE)
        except ModuleNotFoundError:
            raise NotInstalled(
                f"{PACKAGE} is not installed, so there is nothing to compare with. To compare: pip install {PACKAGE}, then "
                "run this again."
            ) from None
        self.version: str = duckdb.__version__
        self._conn: Any = duckdb.connect(str(folder / "answers.duckdb"))

    async def load(self, conn: Any, folder: Path) -> None:
        """Every answer, from Postgres."""
        file = folder / "answers.csv"
        await conn.copy_from_query(ROWS, output=file, format="csv")
        self._conn.execute(LOAD.format(file=file))
        file.unlink()

    def top_two(self, ground: Ground) -> dict[str, Any]:
        """The weighted share of the two best answers to Q1 by day and area, in sums: the least that a report needs."""
        frame = ground.frame
        found: dict[str, Any] = self._conn.execute(TOP_TWO, [frame.first, frame.last]).fetchnumpy()
        return found

    def counts(self, ground: Ground) -> dict[str, CodeCounts]:
        """What our counts hold, for the same cells."""
        frame = ground.frame
        wanted = sorted({one.question for one in ground.policy.of_codes(ground.definitions)})
        rows = self._conn.execute(COUNTS, [frame.first, frame.last, wanted]).fetchnumpy()
        first = np.datetime64(frame.first, "D")
        offsets = (rows["day"].astype("datetime64[D]") - first).astype(np.int64)
        spans = np.array([frame.span_place(day) for day in frame.days])[offsets]
        cells = spans * frame.areas_a_span + np.array(frame.area_places(rows["area"]))
        found = {}
        for question in wanted:
            own = rows["question"] == question
            if own.any():
                codes, code = np.unique(rows["code"][own].astype(str), return_inverse=True)
                found[f"perception.{question}"] = CodeCounts(
                    codes.tolist(),
                    cells[own],
                    code,
                    rows["n"][own].astype(np.float64),
                    rows["w"][own],
                    rows["w2"][own],
                )
        return found

    def close(self) -> None:
        self._conn.close()
