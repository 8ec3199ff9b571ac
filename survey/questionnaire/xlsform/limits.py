"""How large a form may be, so that a hostile file is refused at once instead of being worked on.

These are bounds of the machine and no policy of a centre: nobody has a reason to want them otherwise.
"""

from typing import Final

MOST_BYTES: Final = 8 * 2**20
"""Of the file as it lies there. A form of 5,000 questions in two languages takes less than one MiB."""

MOST_UNPACKED: Final = 32 * 2**20
"""Bytes of the tables of a workbook when they are unpacked."""

MOST_RATIO: Final = 100
"""How many times smaller a large table may be packed; those of real forms reach thirty."""

RATIO_FROM: Final = 2**20
"""Smaller tables may be packed as tightly as they like."""

MOST_ROWS: Final = 20_000
"""Rows of one sheet."""

MOST_COLUMNS: Final = 400
"""Columns of one sheet."""

MOST_TEXTS: Final = 100_000
"""Different texts in a workbook."""

MOST_CHARACTERS: Final = 12_000_000
"""Characters of all cells together."""

MOST_NESTED: Final = 30
"""Groups inside one another."""

MOST_REPETITIONS: Final = 1_000
"""Of one question, over all repeats around it."""
