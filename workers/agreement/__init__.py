"""Whether the carrier's ledger and the database tell the same story, and whether the database keeps the
promises made.

`compare` holds the two against each other row by row; `promises` asks the database alone, by SQL.
"""

from workers.agreement.compare import compare
from workers.agreement.findings import Agreement, Difference, IntentMismatch, kinds
from workers.agreement.ledger import Ledger
from workers.agreement.promises import Breach, broken_promises
from workers.agreement.render import render

__all__ = [
    "Agreement",
    "Breach",
    "Difference",
    "IntentMismatch",
    "Ledger",
    "broken_promises",
    "compare",
    "kinds",
    "render",
]
