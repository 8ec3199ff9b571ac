"""The command line: `minyi --help`."""

import sys
from typing import Annotated

import typer
import uvloop

from survey.settings import SettingsError, load_settings
from survey.twin.__main__ import main as twin_main
from workers.commands import case, demo
from workers.web import serve

app = typer.Typer(
    name="minyi",
    help="民意 Minyi: the operating system of a county's public-opinion survey centre.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its tracebacks print local variables, and those may hold secrets
)
app.add_typer(case.app, name="case")
app.command("demo")(demo.demo)


@app.command()
def web(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; the default is loopback alone.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Serve the carrier's webhooks and the page of the day (网页进程)."""
    uvloop.run(serve(load_settings({"web_host": host, "web_port": port})))


def main() -> None:
    """Entry point. A setting that is wrong is said in one sentence, not in a traceback."""
    if len(sys.argv) > 1 and sys.argv[1] == "twin":
        sys.argv = [sys.argv[0], *sys.argv[2:]]
        sys.exit(twin_main())
    try:
        app()
    except SettingsError as error:
        typer.secho(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
