"""The command line: `minyi --help`."""

import sys

import typer

from survey.settings import SettingsError
from workers.commands.on_demand import on_demand

PROCESSES = "workers.commands.processes:register"
COMMANDS = {
    "demo": "workers.commands.demo:demo",
    "up": "workers.commands.up:up",
    "doctor": "workers.commands.doctor:doctor",
    "operator": "workers.commands.operator:operator",
    "migrate": PROCESSES,
    "web": PROCESSES,
    "worker": PROCESSES,
    "twin": PROCESSES,
    "import": "workers.commands.importing:app",
    "handover": "workers.commands.handover:app",
    "inbox": "workers.commands.inbox:app",
    "appointment": "workers.commands.appointment:app",
    "campaign": "workers.commands.campaign:app",
    "rehearse": "workers.commands.rehearse:rehearse_campaign",
    "rates": "workers.commands.rates:rates",
    "ranks": "workers.commands.ranks:ranks",
    "alerts": "workers.commands.alerts:alerts",
    "coverage": "workers.commands.coverage:coverage",
    "sample": "workers.commands.sample:app",
    "estimate": "workers.commands.estimate:estimate",
    "indicators": "workers.commands.indicators:app",
    "microdata": "workers.commands.microdata:app",
    "rollup": "workers.commands.rollup:app",
    "pace": "workers.commands.pace:app",
    "parked": "workers.commands.parked:app",
    "case": "workers.commands.case:app",
    "accountability": "workers.commands.accountability:app",
    "calendar": "workers.commands.calendar:app",
    "policy": "workers.commands.policy:app",
    "major": "workers.commands.major:app",
    "verify": "workers.commands.verify:verify",
    "user": "workers.commands.user:app",
    "unit": "workers.commands.unit:app",
    "notice": "workers.commands.notice:app",
    "api": "workers.commands.api:app",
    "report": "workers.commands.report:app",
    "pay": "workers.commands.pay:app",
    "centre": "workers.commands.centre:app",
    "star": "workers.commands.star:app",
    "questionnaire": "workers.commands.questionnaire:app",
    "bench": "workers.commands.bench:app",
    "chaos": "workers.commands.chaos:chaos",
    "simulate": "workers.commands.simulate:app",
}

app = typer.Typer(
    name="minyi",
    cls=on_demand(COMMANDS),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its tracebacks print local variables, and those may hold secrets
)


@app.callback()
def minyi() -> None:
    """民意 Minyi: the operating system of a county's public-opinion survey centre."""


def main() -> None:
    """Entry point. A setting that is wrong is said in one sentence, not in a traceback."""
    try:
        app()
    except SettingsError as error:
        typer.secho(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
