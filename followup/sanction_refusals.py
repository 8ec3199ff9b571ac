"""Why sanctions on townships and villages are refused. The docstring of each exception is its message."""

from __future__ import annotations

from followup.refusals import CaseRefusal


class NoSuchPlace(CaseRefusal):
    """{area} is no township or village of centre {centre}. Give its code of nine or twelve digits, as 991721100."""


class UnknownSanction(CaseRefusal):
    """{kind} is no sanction. Choose from {known}."""


class NobodyConcerned(CaseRefusal):
    """Name whom the sanction on {area} concerns (--concerns), so that none of them decides on it."""


class DecidedByThoseConcerned(CaseRefusal):
    """{by} is one of those whom the sanction on {area} concerns, or of its own units. Somebody else decides."""


class SanctionReasonMissing(CaseRefusal):
    """A sanction on {area} needs what happened, a reason and who decides, each in words. It stands in the summary."""


class NumberInSanction(CaseRefusal):
    """The sanction on {area} would be printed with a phone or identity number in it. Take the number out."""


class EndsBeforeItBegins(CaseRefusal):
    """The sanction on {area} would end on {to}, before it begins on {first}. Give a later day, or none: until lifted."""


class UnknownSanctionNumber(CaseRefusal):
    """Centre {centre} has no sanction {number}. `minyi star list` shows the numbers."""


class LiftedAlready(CaseRefusal):
    """Sanction {number} is lifted already, from {day} on. What is wrong now needs a new one."""


class LiftedBeforeItBegan(CaseRefusal):
    """Sanction {number} began on {first}; it cannot be lifted from {day} on. Give that day or a later one."""
