"""How the doors say no. The docstring of each exception is its message."""

from __future__ import annotations

import inspect


class CaseRefusal(Exception):
    """The case cannot do this."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(" ".join((inspect.getdoc(type(self)) or "").format(**facts).split()))


class UnknownCase(CaseRefusal):
    """There is no case {number}. `minyi case list` shows the numbers."""


class NotPossibleNow(CaseRefusal):
    """Case {number} is {status} in round {round}: "{event}" is not possible. Possible now: {allowed}."""


class SomebodyWasFirst(CaseRefusal):
    """Case {number} was {status} in round {round} a moment ago and has moved on. Look at it again first."""


class ReasonMissing(CaseRefusal):
    """Case {number}: "{event}" needs a reason in words. Give one that the resident could be told."""


class SecondSignerMissing(CaseRefusal):
    """Case {number}: "{event}" needs the signature of a second person beside {by}. Name another one."""


class UnknownUnit(CaseRefusal):
    """Case {number}: {units} is no responsible unit of centre {centre}. Choose from that centre's units."""


class UnknownCategory(CaseRefusal):
    """Case {number}: there is no category {category}. Choose from {known}."""


class UnknownGround(CaseRefusal):
    """Case {number}: {ground} is no ground for leaving out a callback. Grounds are {known}."""


class NotTheLead(CaseRefusal):
    """Case {number}, round {round}: {by} does not lead it, {lead} does. Only the lead signs and reports."""


class WordsWithNumbers(CaseRefusal):
    """Case {number}: a result is told to the resident, so no phone or identity number. Take it out."""


class NoResult(CaseRefusal):
    """Case {number} has no result in round {round} that waits to be accepted. The lead reports it first."""


class UnknownCentre(CaseRefusal):
    """There is no centre {centre} in this database. Seed the areas and centres, or check the code."""


class ImportedBefore(CaseRefusal):
    """{file} was imported into centre {centre} before, byte for byte. Nothing is left to do."""


class ImportClash(CaseRefusal):
    """Line {line}, case {external}: another import brings it right now; nothing was kept. Import again."""


class AlreadyDecided(CaseRefusal):
    """Case {number}: round {round} has no flag that waits for a decision. See `minyi case show {number}`."""


class NoLead(CaseRefusal):
    """Case {number} has no lead in round {round} to go back to. Dispatch it by hand instead."""
