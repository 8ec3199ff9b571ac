"""Where microdata lie that the worker writes."""

from __future__ import annotations

from pathlib import Path


def microdata_folder(data_dir: Path) -> Path:
    """Below the data folder, for its owner alone."""
    folder = data_dir / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder
