"""`python -m survey.twin`: run the carrier in a box."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from .serve import Options, serve


def options_of(arguments: Sequence[str] | None = None) -> Options:
    """Flags, and for the two secrets the environment, which other users of the machine cannot read."""
    parser = argparse.ArgumentParser(
        prog="minyi twin", description="The carrier in a box: Twilio's wire and a town behind it."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; loopback alone without it")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--port-file", type=Path, help="where the port is written once it listens")
    parser.add_argument("--account-sid", required=True)
    parser.add_argument("--auth-token", default=os.environ.get("MINYI_CARRIER_AUTH_TOKEN"))
    parser.add_argument("--token", default=os.environ.get("MINYI_TWIN_TOKEN"), help="opens the control API")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", default="off", help="off, on, or a JSON object of shares")
    parser.add_argument("--clock", help="tcp://host:port of the shared clock; the wall clock without it")
    parser.add_argument("--calls-per-second", type=float, default=1.0)
    parser.add_argument("--inbound-url", help="where texts to our number go")
    parser.add_argument("--inbound-voice-url", help="where calls to our number are asked what to say")
    parser.add_argument("--inbound-status-url", help="where the end of such a call is told")
    parser.add_argument(
        "--number", default="+8615400000000", help="our number, for texts that name no sender"
    )
    given = vars(parser.parse_args(arguments))
    for name in ("auth_token", "token"):
        if not given[name]:
            parser.error(f"--{name.replace('_', '-')} is needed")
    return Options(**given)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop; `arguments` are those of the command line unless given."""
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s")
    uvloop.run(serve(options_of(arguments)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
