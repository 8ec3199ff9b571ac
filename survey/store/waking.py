"""Work that falls due before anybody would look by themselves: its transaction tells the workers when it commits.

Telling is a courtesy. What is owed stands in the tables, and the sweep finds it within a second whether or not anybody heard.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

DUE_NOW = "minyi_due_now"
"""Where workers listen."""
SOON = timedelta(seconds=1)
"""Workers look at least so often: what is due later is seen in time, and costs no notice."""

TELL_DUE = """
SELECT pg_notify($1, '')"""


async def tell_workers(conn: Any, due: Iterable[datetime], now: datetime) -> None:
    """Wake the workers when this commits, if any of these moments is (almost) now."""
    if any(moment <= now + SOON for moment in due):
        await conn.execute(TELL_DUE, DUE_NOW)
