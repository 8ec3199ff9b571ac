"""One run of each job at a time in a process, until it has taken what was due.

A job that works off a long list would otherwise be begun again by every wake-up. Each run holds a connection: a handful of them,
and everybody else in the process waits for one.
"""

from collections import Counter
from collections.abc import Callable


class Turns:
    """Who is at work. `told`: hears that a job has taken or done what was due, and may be begun again."""

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self._taking: set[str] = set()
        self._has_taken: Counter[str] = Counter()

    def begin(self, job: str) -> bool:
        """Whether to begin. False: another run is taking; when it has taken, it is looked again whether anything is due."""
        if job in self._taking:
            return False
        self._taking.add(job)
        return True

    def taken(self, job: str) -> None:
        """The run that takes has taken all that was due, and works on it; the next may begin."""
        if job in self._taking:
            self._taking.remove(job)
            self._has_taken[job] += 1
        self._told(job)

    def end(self, job: str) -> None:
        """A run that began is over, whether or not it said that it had taken."""
        if self._has_taken[job]:
            self._has_taken[job] -= 1
        else:
            self._taking.discard(job)
        self._told(job)
