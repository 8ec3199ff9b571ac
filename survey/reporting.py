"""What the field did, as typed tables that pages, files and the command line share. Reads only.

Counts come from `store.reports`, rates and intervals from `statistics`; a share is in [0, 1], or None
where nothing was asked.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import asyncpg
import numpy as np

from survey.field.dispositions import disposition, dispositions
from survey.fielding import VERIFICATION
from survey.statistics.indicator_definitions import shipped_indicators
from survey.statistics.indicator_estimates import CodeCounts
from survey.statistics.indicator_table import Cell, IndicatorResult, make_table
from survey.statistics.outcome_rates import OutcomeRates, count_groups, outcome_rates
from survey.statistics.proportions import MISSING, Estimate
from survey.store.reports import field_counts
from survey.store.reports.field_counts import (
    AttemptCount,
    CodeCount,
    DispositionCount,
    EffectCount,
    HourCount,
    InterviewCount,
    OptOutCount,
    TextTotals,
)

MIDWAY = ("partial", "broken_off")
CALL_MODES = ("voice", "operator")


@dataclass(frozen=True)
class DispositionLine:
    """One row of the table: our code, the AAPOR number and group beside it, and how many units ended
    there.
    """

    code: str
    aapor: str
    group: str
    zh: str
    en: str
    units: int


@dataclass(frozen=True)
class DispositionTable:
    """Final codes of a set of released units, in the order of the AAPOR groups. `sample` is counted apart:
    the lines must sum to it."""

    sample: int
    lines: tuple[DispositionLine, ...]
    rates: OutcomeRates


@dataclass(frozen=True)
class CampaignTable:
    """The dispositions of one campaign."""

    code: str
    name_zh: str
    purpose: str
    modes: tuple[str, ...]
    table: DispositionTable


@dataclass(frozen=True)
class SafetyRates:
    """安全感 over all modes together and apart (weight 1)."""

    together: Estimate
    by_mode: Mapping[str, Estimate]


@dataclass(frozen=True)
class FieldFigures:
    """Everything the field did up to now."""

    survey: DispositionTable
    callbacks: DispositionTable
    campaigns: tuple[CampaignTable, ...]
    safety: SafetyRates
    attempts: tuple[AttemptCount, ...]
    interviews: tuple[InterviewCount, ...]
    effects: tuple[EffectCount, ...]
    texts: TextTotals
    opt_outs: tuple[OptOutCount, ...]
    opted_out_persons: int
    hours: tuple[HourCount, ...]

    @property
    def calls(self) -> int:
        """Dialled calls, by machine and by operators."""
        return sum(row.attempts for row in self.attempts if row.mode in CALL_MODES)

    def attempts_in(self, mode: str) -> int:
        return sum(row.attempts for row in self.attempts if row.mode == mode)

    def completes(self, *, mode: str | None = None, purpose: str | None = None) -> int:
        """Dialogues that were answered to the end."""
        return self._interviews(("complete",), mode, purpose)

    @property
    def hung_up_midway(self) -> int:
        """Calls by machine in which the resident was gone before the end of a dialogue that had begun."""
        return self._interviews(MIDWAY, "voice", None)

    def effect(self, name: str) -> int:
        """Inputs over all channels that had this effect."""
        return sum(row.inputs for row in self.effects if row.effect == name)

    @property
    def answers_in_words(self) -> int:
        """Texts that were kept as an answer and were not just digits."""
        return sum(row.in_words for row in self.effects)

    def _interviews(self, statuses: Sequence[str], mode: str | None, purpose: str | None) -> int:
        return sum(
            row.interviews
            for row in self.interviews
            if row.status in statuses and mode in (None, row.mode) and purpose in (None, row.purpose)
        )


async def read_field_figures(conn: asyncpg.Connection, centre_code: str, tz: str) -> FieldFigures:
    """All figures of one moment. Dispositions and answers are the centre's own; inputs, texts and opt-outs
    are everybody's.
    """
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        counts = await field_counts.dispositions(conn, centre_code)
        return FieldFigures(
            survey=await _table_of(conn, centre_code, counts, "survey"),
            callbacks=await _table_of(conn, centre_code, counts, "case"),
            campaigns=_campaign_tables(counts),
            safety=safety_rates(await field_counts.codes(conn, centre_code)),
            attempts=tuple(await field_counts.attempts(conn)),
            interviews=tuple(await field_counts.interviews(conn)),
            effects=tuple(await field_counts.effects(conn)),
            texts=await field_counts.text_totals(conn),
            opt_outs=tuple(await field_counts.opt_outs(conn)),
            opted_out_persons=await field_counts.opted_out_persons(conn),
            hours=tuple(await field_counts.hours(conn, tz)),
        )


async def _table_of(
    conn: asyncpg.Connection, centre_code: str, counts: Sequence[DispositionCount], purpose: str
) -> DispositionTable:
    """One purpose without the verification calls, which are no sample: they stand among the campaigns alone."""
    sample = await field_counts.sample_size(conn, centre_code, purpose, (VERIFICATION.code,))
    own = [row for row in counts if row.purpose == purpose and row.campaign_code != VERIFICATION.code]
    return disposition_table(own, sample)


def disposition_table(counts: Sequence[DispositionCount], sample: int) -> DispositionTable:
    """The table of these counts with its AAPOR rates. Raises UnknownDisposition for a code outside the
    table.
    """
    units: Counter[str] = Counter()
    for row in counts:
        units[disposition(row.disposition).code] += row.units
    lines = [
        DispositionLine(d.code, d.aapor, d.group, d.zh, d.en, units[d.code])
        for d in dispositions().values()
        if units[d.code]
    ]
    rates = outcome_rates(count_groups(list(units), [float(n) for n in units.values()]))
    return DispositionTable(sample, tuple(lines), rates)


def _campaign_tables(counts: Sequence[DispositionCount]) -> tuple[CampaignTable, ...]:
    tables = []
    for code in sorted({row.campaign_code for row in counts}):
        own = [row for row in counts if row.campaign_code == code]
        table = disposition_table(own, sum(row.units for row in own))
        tables.append(CampaignTable(code, own[0].name_zh, own[0].purpose, own[0].modes, table))
    return tuple(tables)


def safety_rates(codes: Iterable[CodeCount]) -> SafetyRates:
    """Indicator `safety_rate` of the perception surveys, every answer with weight 1, by the one way in which indicators are
    computed: no rate of so few people that it could point to them, and none from which such a one follows."""
    of = "perception.Q1"
    rows = [
        row for row in codes if row.purpose == "survey" and f"{row.questionnaire}.{row.question_id}" == of
    ]
    modes = sorted({row.mode for row in rows})
    answers = np.array([float(row.answers) for row in rows])
    counts = CodeCounts(
        [row.code for row in rows],
        np.array([modes.index(row.mode) for row in rows], np.int64),
        np.arange(len(rows)),
        answers,
        answers,
        answers,
    )
    policy, cells = shipped_indicators(), [Cell(area=mode) for mode in modes]
    (rate,) = policy.named(["safety_rate"])
    table = make_table(policy, [rate], cells, {of: counts}, groups=[np.arange(len(modes))])
    by_mode = {
        mode: _estimate(
            table.result(rate, place, unsuppressed=True), [row for row in rows if row.mode == mode]
        )
        for place, mode in enumerate(modes)
    }
    return SafetyRates(_estimate(table.result(rate, len(modes), unsuppressed=True), rows), by_mode)


def _estimate(rate: IndicatorResult, rows: Sequence[CodeCount]) -> Estimate:
    missing = sum(row.answers for row in rows if row.code in MISSING)
    n = sum(row.answers for row in rows) - missing
    return Estimate(rate.value, rate.low, rate.high, n, missing)
