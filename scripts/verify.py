"""Verify a database, as `minyi verify` does.

It looks at the database of a running `minyi up` or demo of this folder, or at DATABASE_URL:

  python -m scripts.verify
"""

import typer

from workers.commands.verify import verify

app = typer.Typer(add_completion=False, rich_markup_mode=None)
app.command()(verify)

if __name__ == "__main__":
    app(prog_name="python -m scripts.verify")
