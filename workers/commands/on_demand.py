"""Commands that are imported when they are typed: what one of them needs, the others need not wait for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command


def on_demand(later: Mapping[str, str]) -> type[TyperGroup]:
    """A group whose own commands are followed by these. `later`: from the name to `module:attribute`, which is a command's
    function, a Typer with commands below it, or `register`, which puts them under the Typer that it is given."""

    class OnDemand(TyperGroup):
        def list_commands(self, ctx: Any) -> list[str]:
            return [*super().list_commands(ctx), *later]

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            if cmd_name in later and cmd_name not in self.commands:
                self.commands[cmd_name] = _imported(cmd_name, later[cmd_name])
            return self.commands.get(cmd_name)

    return OnDemand


def _imported(name: str, where: str) -> Any:
    module, _, attribute = where.partition(":")
    found = getattr(import_module(module), attribute)
    parent = typer.Typer(add_completion=False)
    parent.callback()(_group)
    if isinstance(found, typer.Typer):
        parent.add_typer(found, name=name)
    elif attribute == "register":
        found(parent)
    else:
        parent.command(name)(found)
    group: Any = get_command(parent)
    return group.commands[name]


def _group() -> None:
    """Keeps a single command below a name of its own."""
