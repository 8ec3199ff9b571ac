"""From when a flagged case waits for a decision, whose it is, and when it goes to the next post (settled.md §3)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict

from followup.casework.working_time import WorkingTime
from survey.policies import packaged


class Post(BaseModel):
    """A post and the working hours after which a decision comes to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    post: str
    zh: str
    after_working_hours: float


@dataclass(frozen=True)
class Waiting:
    """Who decides now, and when the decision goes on; None with the last post, where it stays open."""

    post: str
    goes_on_at: datetime | None


@cache
def posts() -> tuple[Post, ...]:
    """The packaged policy, in order."""
    rows = packaged("followup.casework", "decision_clock").body["posts"]
    return tuple(Post.model_validate(row) for row in rows)


def verified_by(flagged_at: datetime) -> datetime:
    """Until when a flag by text may wait for its verification call; from then on the text alone is decided on."""
    hours = packaged("followup.casework", "decision_clock").body["verified_within_hours"]
    return flagged_at.astimezone(UTC) + timedelta(hours=hours)


def waiting(since: datetime, now: datetime, office: WorkingTime) -> Waiting:
    """Whose decision it is at `now`, if it waits `since` then."""
    arrivals = _arrivals(since, office)
    here = max(place for place, at in enumerate(arrivals) if at <= now or place == 0)
    return Waiting(posts()[here].post, arrivals[here + 1] if here + 1 < len(arrivals) else None)


def _arrivals(since: datetime, office: WorkingTime) -> list[datetime]:
    return [office.add(since.astimezone(UTC), timedelta(hours=post.after_working_hours)) for post in posts()]
