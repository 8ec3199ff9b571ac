"""summary.json: every count of the day under a name that does not change, and the sums that must hold."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Final

import asyncpg

from followup.casework.lifecycle import CLOSED
from followup.reading import Circle, Identity, circle
from followup.reports.promises import promised_cases
from survey.reporting import DispositionTable, FieldFigures, read_field_figures
from survey.statistics.proportions import Estimate
from workers.demo_output.facts import DemoFacts

ENDINGS: Final = CLOSED
"""Each ending of settled.md §3 but `promised`, which is none yet, and those of rejection and withdrawal;
one that no case had is printed as 0.
"""


@dataclass(frozen=True)
class Summary:
    """All figures of a demo. `identities` are computed, never assumed."""

    facts: DemoFacts
    field: FieldFigures
    circle: Circle
    promised: int
    """Imported cases that stand at a promise; they are neither closed nor just open."""

    @cached_property
    def identities(self) -> tuple[Identity, ...]:
        """The sums of settled.md §3 and §6."""
        rounds, appeals = self.circle.rounds, self.circle.appeals
        return (
            _sums("sample", self.field.survey),
            _sums("callback sample", self.field.callbacks),
            *self.circle.identities,
            Identity("appeals", appeals.cases, (*appeals.endings.items(), ("open", appeals.open))),
            Identity("reached without its result told", rounds.reached_untold, (("none may be", 0),)),
        )

    @property
    def holds(self) -> bool:
        """Every identity holds and the ledger agrees."""
        return self.facts.agreement.agrees and all(identity.holds for identity in self.identities)

    def to_dict(self) -> dict[str, Any]:
        """The content of summary.json."""
        return {
            **self._run(),
            **self._field(),
            **self._circle(),
            "safety_rate": {**_estimate(self.field.safety.together), "planted": self.facts.planted_safe},
            "safety_rate_by_mode": {
                mode: _estimate(rate) for mode, rate in self.field.safety.by_mode.items()
            },
            "identities": [{"text": str(identity), "holds": identity.holds} for identity in self.identities],
        }

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"

    def _run(self) -> dict[str, Any]:
        facts = self.facts
        return {
            "seed": facts.seed,
            "day": facts.day.isoformat(),
            "ended_at": facts.ended_at.isoformat(),
            "centre": facts.centre_code,
            "faults": facts.faults,
            "seconds": round(facts.seconds, 1),
            "city": asdict(facts.city),
            "differences": facts.agreement.differences,
            "intent_mismatches": facts.agreement.intent_mismatches,
            "disagreements": list(facts.agreement.found),
            "restarts": list(facts.restarts),
            "planted_results": [asdict(result) for result in facts.planted_results],
        }

    def _field(self) -> dict[str, Any]:
        field = self.field
        return {
            "sample": field.survey.sample,
            "attempts": field.calls,
            "attempts_by_mode": {m: field.attempts_in(m) for m in ("voice", "text", "operator")},
            "text_conversations": field.texts.conversations,
            "texts_out": field.texts.texts_out,
            "text_segments_out": field.texts.segments_out,
            "texts_in": field.texts.texts_in,
            "completed_interviews": field.completes(purpose="survey"),
            "completes_by_mode": {
                mode: {purpose: field.completes(mode=mode, purpose=purpose) for purpose in ("survey", "case")}
                for mode in ("voice", "text", "web", "operator")
            },
            "operator_interviews": field.completes(mode="operator"),
            "dispositions": {line.code: line.units for line in field.survey.lines},
            "callback_dispositions": {line.code: line.units for line in field.callbacks.lines},
            "aapor_rates": asdict(field.survey.rates),
            "opt_outs": field.opted_out_persons,
            "asked_again": field.effect("asked_again"),
            "word_replies": field.answers_in_words,
            "too_late": field.effect("too_late"),
            "hung_up_midway": field.hung_up_midway,
        }

    def _circle(self) -> dict[str, Any]:
        rounds, imported, appeals = self.circle.rounds, self.circle.imported, self.circle.appeals
        return {
            "appeals_registered": appeals.cases,
            "cases_imported": imported.cases,
            "results_received": rounds.results_received,
            "not_suitable": rounds.not_suitable,
            "callbacks_due": rounds.due,
            "callbacks_reached": rounds.reached,
            "callbacks_unreached": rounds.unreached,
            "callbacks_unrated": rounds.unrated,
            "callbacks_waiting": rounds.waiting,
            "flagged": rounds.flagged,
            "redispatched": rounds.redispatched,
            "rejected": rounds.rejected,
            "waiting": rounds.undecided,
            "second_callbacks": rounds.second_callbacks,
            "third_rounds": self.circle.all_cases.third_rounds,
            "told_results": rounds.told,
            **_endings(imported.endings),
            "promised": self.promised,
            "open": imported.open - self.promised,
            "appeal_endings": {**_endings(appeals.endings), "open": appeals.open},
            "flag_p95_s": self.circle.flag_p95_s,
            "flags_timed": len(self.circle.flag_seconds),
        }


async def read_summary(conn: asyncpg.Connection, facts: DemoFacts, tz: str) -> Summary:
    """Count everything as it stands."""
    return Summary(
        facts,
        await read_field_figures(conn, facts.centre_code, tz),
        await circle(conn, facts.centre_code),
        await promised_cases(conn, facts.centre_code, "import"),
    )


def _sums(name: str, table: DispositionTable) -> Identity:
    return Identity(name, table.sample, tuple((line.code, line.units) for line in table.lines))


def _endings(counts: Mapping[str, int]) -> dict[str, int]:
    """Endings that the list does not know are printed all the same: a sum must not lose them."""
    return {ending: counts.get(ending, 0) for ending in (*ENDINGS, *sorted(counts.keys() - set(ENDINGS)))}


def _estimate(rate: Estimate) -> dict[str, Any]:
    return {
        "estimate": rate.estimate,
        "low": rate.low,
        "high": rate.high,
        "n": rate.n,
        "missing": rate.missing,
    }
