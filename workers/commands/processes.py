"""The processes one by one, as containers run them: `minyi migrate`, `web`, `worker`, `twin`."""

from __future__ import annotations

import logging.config
from typing import Annotated, Any

import typer
import uvloop

from survey.clock import RealClock
from survey.settings import Settings, load_settings
from survey.store.migrate import Migration, migrate, migrations_of
from survey.store.pool import connection
from survey.twin.__main__ import main as twin_main
from workers.commands.running import plain_refusals, run
from workers.policy_rows import seed_policies
from workers.runtime import MIGRATIONS, database_url, redis_settings
from workers.standing import begin_polling
from workers.web import serve


def register(app: typer.Typer) -> None:
    """Put these commands under `app`."""
    app.command("migrate")(migrate_database)
    app.command("web")(web)
    app.command("worker")(worker)
    app.command(
        "twin",
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )(twin)


def migrate_database() -> None:
    """Bring the database to this program's schema (数据库升级); doing it again changes nothing."""
    applied = run("minyi migrate", _migrate(load_settings()))
    for migration in applied:
        typer.echo(f"applied {migration}")
    if not applied:
        typer.echo("The schema is up to date; nothing was changed.")


async def _migrate(settings: Settings) -> tuple[Migration, ...]:
    async with connection(database_url(settings), application_name="minyi migrate") as conn:
        applied = await migrate(conn, migrations_of(MIGRATIONS))
        await seed_policies(conn)
        await begin_polling(conn, RealClock().now())
        return applied


def web(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; the default is loopback alone.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Serve the carrier's webhooks and the page of the day (网页进程)."""
    settings = load_settings({"web_host": host, "web_port": port})
    run("minyi web", serve(settings), uvloop.run)


def worker() -> None:
    """Run the worker, the same as `arq workers.arq_settings.WorkerSettings` (工作进程)."""
    settings = load_settings()
    with plain_refusals("minyi worker"):
        database_url(settings)
        redis_settings(settings)
        run_arq()


def run_arq() -> None:
    """Runs until SIGTERM or Ctrl-C."""
    from arq.logs import default_log_config
    from arq.worker import run_worker

    from workers.arq_settings import WorkerSettings  # reads the settings when it is imported

    logging.config.dictConfig(default_log_config(verbose=False))
    settings: Any = WorkerSettings
    run_worker(settings)


def twin(ctx: typer.Context) -> None:
    """Run the carrier in a box: Twilio's wire with a town behind it (模拟运营商). `minyi twin --help` lists its flags."""
    raise typer.Exit(twin_main(ctx.args))
