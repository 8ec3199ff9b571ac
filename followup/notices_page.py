"""The table in docs/notices.md, made from the policy.

`python -m followup.notices_page` writes it; `make reference` does so with the others.
"""

from __future__ import annotations

from pathlib import Path

from followup.notice_document import table

PAGE = Path("docs/notices.md")
BEGIN, END = "<!-- from followup/policies/notices.yaml -->\n", "\n<!-- end -->"


def with_table(page: str) -> str:
    """The page with the table as the policy has it now."""
    before, rest = page.split(BEGIN, 1)
    return before + BEGIN + table() + END + rest.split(END, 1)[1]


def main() -> None:
    """Write the page, from the root of a checkout."""
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
