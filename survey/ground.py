"""What every door stands on: the database, the vault, the clock, the instruments, and where references come from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from survey.clock import Clock
from survey.ids import Tokens, new_ref
from survey.questionnaire.loader import from_json
from survey.questionnaire.model import Questionnaire
from survey.store import campaigns
from survey.vault import Vault


def real_time() -> datetime:
    """Real time, for leases and for measuring ourselves; never for business (settled.md §7)."""
    return datetime.now(UTC)


class Instruments:
    """Frozen questionnaires by id, compiled once per process."""

    def __init__(self) -> None:
        self._by_id: dict[int, Questionnaire] = {}

    async def get(self, conn: Any, questionnaire_id: int) -> Questionnaire:
        """The questionnaire that an interview pinned."""
        if questionnaire_id not in self._by_id:
            self._by_id = {i: from_json(body) for i, body in (await campaigns.questionnaires(conn)).items()}
        return self._by_id[questionnaire_id]


@dataclass(frozen=True)
class Ground:
    """Passed to the doors by whoever composes the process."""

    pool: Any
    vault: Vault
    clock: Clock
    instruments: Instruments = field(default_factory=Instruments)
    tokens: Tokens = new_ref
    real_now: Callable[[], datetime] = real_time
    public_url: str = ""
    """Where residents reach the web process; "" where they do not, and then no text carries a link."""
