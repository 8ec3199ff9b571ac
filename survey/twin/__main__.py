"""`python -m survey.twin`: run the carrier in a box."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from .accounts import NUMBER, SEGMENTS_PER_SECOND, GivenAccount, given_account, given_number
from .api_messages import LONGEST_VALID_S as LONGEST_QUEUE_S
from .serve import Options, serve


def options_of(arguments: Sequence[str] | None = None) -> Options:
    """Flags, and for the two secrets the environment, which other users of the machine cannot read."""
    parser = argparse.ArgumentParser(
        prog="minyi twin", description="The carrier in a box: Twilio's wire and a town behind it."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; loopback alone without it")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--port-file", type=Path, help="where the port is written once it listens")
    parser.add_argument("--account-sid", help="the first account, its token in --auth-token")
    parser.add_argument("--auth-token", default=os.environ.get("MINYI_CARRIER_AUTH_TOKEN"))
    parser.add_argument(
        "--account", action="append", type=given_account, default=[], metavar="SID:TOKEN[@CALLS_PER_SECOND]",
        help="an account, again for each; the first one given, here or by --account-sid, is the one without a name;"
        " MINYI_TWIN_ACCOUNTS takes them too, with blanks between, where no other user sees the tokens",
    )  # fmt: skip
    parser.add_argument("--token", default=os.environ.get("MINYI_TWIN_TOKEN"), help="opens the control API")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", default="off", help="off, on, or a JSON object of shares")
    parser.add_argument(
        "--town", default="", metavar="JSON",
        help='what differs from the packaged town.yaml, such as \'{"rings_back": {"share": 0.1}}\'',
    )  # fmt: skip
    parser.add_argument("--clock", help="tcp://host:port of the shared clock; the wall clock without it")
    parser.add_argument("--calls-per-second", type=float, default=1.0)
    parser.add_argument("--inbound-url", help="where texts to our number go")
    parser.add_argument("--inbound-voice-url", help="where calls to our number are asked what to say")
    parser.add_argument("--inbound-status-url", help="where the end of such a call is told")
    parser.add_argument(
        "--number", action="append", type=given_number, default=[], metavar="[SID=]NUMBER[@SEGMENTS_PER_SECOND]",
        help=f"a number of ours, again for each; {NUMBER} without any; an account's first one sends texts that name none",
    )  # fmt: skip
    parser.add_argument(
        "--segments-per-second", type=float, default=SEGMENTS_PER_SECOND,
        help="how fast a number's texts leave the queue",
    )  # fmt: skip
    parser.add_argument(
        "--queue", nargs="?", type=float, const=LONGEST_QUEUE_S, metavar="SECONDS", dest="queue_s",
        help="let calls and texts that come too fast wait, at most so many seconds of them, instead of refusing them",
    )  # fmt: skip
    parser.add_argument(
        "--api-key", action="append", type=_api_key, default=_api_keys_in_environment(), metavar="SID:SECRET", dest="api_keys",
        help="a key that signs access tokens of browsers, again for each; MINYI_TWIN_API_KEYS takes them too, with blanks",
    )  # fmt: skip
    given = vars(parser.parse_args(arguments))
    given["api_keys"] = tuple(given["api_keys"])
    accounts = [*given.pop("account"), *_accounts_in_environment(parser)]
    if given["account_sid"] is None and accounts:
        first = accounts.pop(0)
        given["account_sid"], given["auth_token"] = first.sid, first.auth_token
        given["calls_per_second"] = first.calls_per_second or given["calls_per_second"]
    for name in ("account_sid", "auth_token", "token"):
        if not given[name]:
            parser.error(f"--{name.replace('_', '-')} is needed")
    options = Options(**given | {"number": NUMBER}, accounts=tuple(accounts), numbers=tuple(given["number"]))
    try:
        options.customers()
    except ValueError as error:
        parser.error(str(error))
    return options


def _api_key(text: str) -> tuple[str, str]:
    sid, _, secret = text.partition(":")
    if not sid.startswith("SK") or not secret:
        raise argparse.ArgumentTypeError("a key is given as SID:SECRET, the SID beginning with SK")
    return sid, secret


def _api_keys_in_environment() -> list[tuple[str, str]]:
    return [_api_key(text) for text in os.environ.get("MINYI_TWIN_API_KEYS", "").split()]


def _accounts_in_environment(parser: argparse.ArgumentParser) -> list[GivenAccount]:
    try:
        return [given_account(text) for text in os.environ.get("MINYI_TWIN_ACCOUNTS", "").split()]
    except ValueError as error:
        parser.error(f"MINYI_TWIN_ACCOUNTS: {error}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop; `arguments` are those of the command line unless given."""
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s")
    uvloop.run(serve(options_of(arguments)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
