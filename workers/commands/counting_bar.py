"""A bar for work that is counted: on a terminal, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

DRAWN = 100
"""How often it is drawn at the most: drawing takes longer than what is counted."""


@contextmanager
def counting_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Gives what is told how many are done, and of how many."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, auto_refresh=False, disable=not console.is_terminal
    ) as bars:
        task = bars.add_task(what)

        def show(done: int, of: int) -> None:
            if done == of or done % (1 + of // DRAWN) == 0:
                bars.update(task, completed=done, total=of, refresh=True)

        yield show
