"""Why the clocks, major reports, levels and accountability say no. The docstring of each exception is its message."""

from __future__ import annotations

from followup.refusals import CaseRefusal


class NoReasonForDay(CaseRefusal):
    """{day}: a day that goes against the calendar needs a reason, such as the notice that says so. Give one."""


class HeldByMajor(CaseRefusal):
    """Case {number} belongs to major report {report}, which is open: it is not dispatched. End the report first."""


class UnknownMajor(CaseRefusal):
    """There is no major report {number}. `minyi major list` shows the numbers."""


class UnknownMajorClass(CaseRefusal):
    """There is no class {name} of major reports. Choose from {known}."""


class MajorFactsMissing(CaseRefusal):
    """A major report needs {missing}. Say what is known, and that the rest is not known yet."""


class MajorOpenAlready(CaseRefusal):
    """Case {number} has an open major report, {report}. Add what is new there: `minyi major follow {report}`."""


class MajorClosed(CaseRefusal):
    """Major report {number} is closed ({state}). Raise a new one if something has happened again."""


class NotAcknowledged(CaseRefusal):
    """Major report {number}: nobody has acknowledged it yet, so it cannot end. `minyi major ack {number}` first."""


class LevelNotTold(CaseRefusal):
    """Major report {number}: level {level} has not been told, so it cannot acknowledge. Told so far: {told}."""


class AlreadyAcknowledged(CaseRefusal):
    """Major report {number}: {by} acknowledged level {level} before. Nothing is left to do."""


class NobodyNamed(CaseRefusal):
    """Major report {number}: say who does this, with --by."""


class UnknownBasis(CaseRefusal):
    """Case {number}: {basis} is no ground of accountability. Grounds are {known}."""


class UnknownLevel(CaseRefusal):
    """Case {number}: {level} is no level of accountability. Levels are {known}."""


class NobodyAccountable(CaseRefusal):
    """Case {number}: an accountability record names at least one person. Name who answers."""


class SameApprover(CaseRefusal):
    """Case {number}: an accountability record is filed by one person and approved by another, not by {by} alone."""


class FalseClosingNotDecided(CaseRefusal):
    """Case {number}: no decision has called a closing of it false. Until then that is no ground of accountability."""


class TopLevel(CaseRefusal):
    """Case {number} is handled by the county's departments already; there is no level above them."""


class NotHigher(CaseRefusal):
    """Case {number} is handled at level {level} ({name}). A case is raised to a higher one."""
