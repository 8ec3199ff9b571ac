"""What residents with such matters most often said was missing: told to a unit before it reports a result.

No resident's words are shown: they are sorted into the topics of policy `often_missing`, and a topic that fewer residents
named than the policy says is not spoken of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import asyncpg
from pydantic import BaseModel, ConfigDict

from followup.store import complaints
from followup.store.cases import CaseRow
from followup.store.complaints import Complaint
from survey.policies import packaged

GROUP = 2  # so many digits of a category make matters alike


class Topic(BaseModel):
    """One thing that can be missing: the words by which it is heard, and the reasons of a verdict that say it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    topic: str
    zh: str
    en: str
    words: tuple[str, ...]
    reasons: tuple[str, ...] = ()


class Policy(BaseModel):
    """The body of policy `often_missing`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    at_least: int
    most: int
    days: int
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class Missing:
    """A topic that `residents` of `of` dissatisfied ones named. `unit`: the unit whose own results these were; None: any's."""

    topic: str
    zh: str
    en: str
    residents: int
    of: int
    unit: str | None

    def __str__(self) -> str:
        return f"{self.zh}({self.residents}/{self.of})"


@cache
def policy() -> Policy:
    """The packaged policy."""
    return Policy.model_validate(packaged("followup.policies", "often_missing").body)


async def often_missing(
    conn: asyncpg.Connection, case: CaseRow, *, unit: str | None = None, now: datetime
) -> list[Missing]:
    """What was named most often in matters of this case's kind, the most frequent first; of this unit's own results where
    enough residents named something there, otherwise of everybody's in the centre.
    """
    since = now - timedelta(days=policy().days)
    said = await complaints.of_category(conn, case.centre_code, case.category[:GROUP], since, case.id)
    own = _counted([one for one in said if one.unit_code == unit], unit) if unit else []
    return own or _counted(said, None)


def _counted(said: Sequence[Complaint], unit: str | None) -> list[Missing]:
    named = Counter(topic.topic for one in said if (topic := topic_of(one)) is not None)
    rules = policy()
    known = {topic.topic: topic for topic in rules.topics}
    enough = [(topic, n) for topic, n in named.most_common() if n >= rules.at_least]
    return [
        Missing(topic, known[topic].zh, known[topic].en, n, len(said), unit)
        for topic, n in enough[: rules.most]
    ]


def topic_of(said: Complaint) -> Topic | None:
    """The first topic whose word stands in the resident's reason; without one, the first that the verdict names."""
    topics = policy().topics
    words = said.words or ""
    heard = next((topic for topic in topics if any(word in words for word in topic.words)), None)
    return heard or next((topic for topic in topics if set(topic.reasons) & set(said.reasons)), None)
