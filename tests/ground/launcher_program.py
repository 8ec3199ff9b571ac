"""A program that runs the embedded servers until it is asked to stop, as `minyi up` does.

Arguments: data folder, purpose, and "durable" or "quick". Prints the addresses as one JSON line.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import cast

from survey.settings import load_settings
from workers.embedded import EmbeddedError, Purpose, embedded_services
from workers.supervise import asked_to_stop


async def main(data_dir: str, purpose: str, care: str) -> None:
    settings = load_settings({"data_dir": data_dir}, folder=Path("/"), use_launcher=False)
    async with (
        asked_to_stop() as asked,
        embedded_services(settings, purpose=cast(Purpose, purpose), durable=care == "durable") as services,
    ):
        addresses = {"database_url": services.database_url, "redis_url": services.redis_url}
        sys.stdout.write(json.dumps(addresses) + "\n")
        sys.stdout.flush()
        await asked.wait()


if __name__ == "__main__":
    try:
        asyncio.run(main(*sys.argv[1:]))
    except EmbeddedError as error:
        sys.exit(str(error))
