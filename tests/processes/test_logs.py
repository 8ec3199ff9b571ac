"""What a process of ours logs does not stand among what it prints."""

from __future__ import annotations

from pathlib import Path

import pytest
import structlog

from survey.settings import Settings
from workers.runtime import open_ground


async def test_a_command_logs_to_standard_error(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_ground(Settings(database_url=database, data_dir=tmp_path), "tests"):
        structlog.get_logger().warning("carrier away; texts are listed later")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "carrier away; texts are listed later" in printed.err
