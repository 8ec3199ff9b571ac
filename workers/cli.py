"""The command line: `minyi --help`."""

import sys

import typer

from survey.settings import SettingsError
from workers.commands import (
    bench,
    case,
    demo,
    doctor,
    handover,
    importing,
    operator,
    processes,
    questionnaire,
    up,
)

app = typer.Typer(
    name="minyi",
    help="民意 Minyi: the operating system of a county's public-opinion survey centre.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its tracebacks print local variables, and those may hold secrets
)
app.command("demo")(demo.demo)
app.command("up")(up.up)
app.command("doctor")(doctor.doctor)
app.add_typer(importing.app, name="import")
app.command("operator")(operator.operator)
app.add_typer(handover.app, name="handover")
app.add_typer(case.app, name="case")
app.add_typer(questionnaire.app, name="questionnaire")
app.add_typer(bench.app, name="bench")
processes.register(app)


def main() -> None:
    """Entry point. A setting that is wrong is said in one sentence, not in a traceback."""
    try:
        app()
    except SettingsError as error:
        typer.secho(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
