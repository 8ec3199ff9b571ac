"""What is missing or misconfigured on this machine, and how to mend it. Looks only; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from survey.settings import Settings
from workers import doctor_machine as machine
from workers import doctor_network as network
from workers.finding import Finding

__all__ = ["Finding", "examine"]


async def examine(
    settings: Settings, packages: Sequence[str] = ("survey", "followup")
) -> tuple[Finding, ...]:
    """All that the program needs, in the order in which one would mend it. Never raises for what it finds."""
    return (
        machine.python(),
        machine.servers(settings),
        machine.data_folder(settings),
        machine.key(settings),
        await network.web_port(settings),
        await network.database(settings, packages),
        await network.kept_texts(settings, packages),
        await network.queue(settings),
        await network.carrier(settings),
        network.browser_lines(settings),
        network.numbers(settings),
        machine.browser(),
        machine.chinese_font(),
    )
