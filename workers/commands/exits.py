"""Exit codes of every `minyi` command, and how one says in a sentence why it does nothing.

0 all done; 1 done, but some rows refused or a fault found; 3 nothing done or kept; 2 is the command line's own.
"""

from __future__ import annotations

import typer

SOME_REFUSED = 1
NOTHING_DONE = 3


def refused(command: str, why: str) -> typer.Exit:
    """Say why nothing was done, and give the exit to raise. `command` is what was typed: "minyi up"."""
    typer.echo(f"{command}: {why}", err=True)
    return typer.Exit(NOTHING_DONE)
