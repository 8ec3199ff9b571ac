"""How large an expression may be, so that a hostile form is refused at once instead of being worked on.

These are bounds of the machine and no policy of a centre: nobody has a reason to want them otherwise.
"""

from typing import Final

MAX_LENGTH: Final = 4_000
"""Characters of one expression. A cell of a spreadsheet holds 32,767, and nobody can read even this many."""

MAX_TOKENS: Final = 1_000
"""Words and signs of one expression: parsing that many takes up to ten milliseconds."""

MAX_DEPTH: Final = 64
"""Operations inside one another. Each costs at most three of Python's 1,000 frames when it is evaluated."""

MAX_PATTERN: Final = 500
"""Characters of a regular expression."""

MAX_PATTERN_MEMORY: Final = 256 * 1024
"""Bytes for a compiled regular expression: about 9,000 steps, while `[0-9]{11}` takes some twenty."""

MAX_TEXT: Final = 16_384
"""Characters that concat() and join() give; what goes beyond is cut. Calculations that double one another
would otherwise fill the memory within forty questions."""

KEPT: Final = 2_048
"""Compiled expressions that are kept: more than the forms in use at a centre have together, and with the greatest
pattern in each still no more than some 300 MB."""
