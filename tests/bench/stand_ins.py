"""Programs that stand on the PATH in place of node and npm, and speak with the bench as those do."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from workers.bench.installing import PACKAGE, VERSION

Session = Sequence[tuple[str, str]]

NODE = """#!{python}
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "check":
        answer = {{"answers": {played}, "node": "99.0.0"}}
    elif {answers}:
        answer = {{"answers": {answers}, "sessions": 1, "seconds": 1.0}}
    else:
        sys.exit("Error: out of memory")
    print(json.dumps(answer), flush=True)
"""
BROKEN_NODE = """#!/bin/sh
echo "Error: Cannot find module 'node:module'" >&2
exit 1
"""


def stand_in(folder: Path, name: str, text: str) -> None:
    """An executable `name` in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)


def node_that_says(folder: Path, played: Sequence[Session], answers: int) -> None:
    """A node whose flow-runner stores these answers, and this many in each second; 0: it ends when measured."""
    stand_in(folder, "node", NODE.format(python=sys.executable, played=json.dumps(played), answers=answers))


def npm_that_fails(folder: Path, code: str) -> None:
    """An npm that ends as it does when it cannot reach what it installs from."""
    stand_in(folder, "npm", f"#!/bin/sh\necho 'npm error code {code}' >&2\nexit 1\n")


def npm_that_installs(folder: Path, version: str = VERSION) -> None:
    """An npm that leaves what `npm ci` leaves, and a note of how it was called."""
    script = f"""#!/bin/sh
/bin/echo "$@" > called
/bin/mkdir -p node_modules/{PACKAGE}
/bin/echo '{{"version": "{version}"}}' > node_modules/{PACKAGE}/package.json
/bin/echo '{{}}' > node_modules/.package-lock.json
"""
    stand_in(folder, "npm", script)


def installed(folder: Path, version: str = VERSION) -> Path:
    """A folder as an installation leaves it, without the code."""
    modules = folder / "node_modules"
    (modules / PACKAGE).mkdir(parents=True)
    body: Mapping[str, str] = {"version": version}
    (modules / PACKAGE / "package.json").write_text(json.dumps(body), encoding="utf-8")
    (modules / ".package-lock.json").write_text("{}", encoding="utf-8")
    return folder
