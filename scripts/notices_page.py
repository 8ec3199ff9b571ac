"""Write the table of docs/notices.md anew, from the policy."""

from __future__ import annotations

import argparse
from pathlib import Path

from followup.notice_document import table

PAGE = Path(__file__).resolve().parents[1] / "docs/notices.md"
BEGIN, END = "<!-- from followup/policies/notices.yaml -->\n", "\n<!-- end -->"


def with_table(page: str) -> str:
    """The page with the table as the policy has it now."""
    before, rest = page.split(BEGIN, 1)
    return before + BEGIN + table() + END + rest.split(END, 1)[1]


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"written: {PAGE.name}")


if __name__ == "__main__":
    main()
