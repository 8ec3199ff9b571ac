"""`minyi sample`: how large a sample must be and how it is split, samples that are files, and whether one can be drawn again.

Exit codes: 0 done; 1 the sample is another one than was drawn; 3 refused, nothing done; 2 is the command line's own.
"""

from __future__ import annotations

import typer

from workers.commands.on_demand import on_demand

SIZES, FILES = "workers.commands.sample_allocate:register", "workers.commands.sample_draw:register"
COMMANDS = {
    "plan": "workers.commands.sample_plan:plan",
    "size": SIZES,
    "allocate": SIZES,
    "draw": FILES,
    "rdd": FILES,
    "audit": "workers.commands.sample_audit:audit",
}

app = typer.Typer(
    cls=on_demand(COMMANDS),
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""抽样:算样本量,分到各层;从名单按规模抽样;造随机号名单;把抽过的样本原样重抽一遍核对。

    Samples: how large one must be for a precision, and how it is split; one drawn from a list by size, or made of random digits;
    and drawing one again to see that it is the one that was drawn.""",
    epilog="退出码 exit codes: 0 办成 done; 1 样本对不上 not the sample that was drawn; 3 没有办 refused.",
)


@app.callback()
def _sample() -> None:
    """Keeps the group: its commands are imported when they are typed."""
