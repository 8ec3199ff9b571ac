"""Why a move of a case is not possible although the table has it. The docstring of each exception is its message."""

from __future__ import annotations

from followup.casework.guards import Rule
from followup.refusals import CaseRefusal


class SignWindowOver(CaseRefusal):
    """Case {number}, round {round}: the time to sign ended {due_at}; {event} is for that time only. Sign it."""


class ReturnedBefore(CaseRefusal):
    """Case {number}: {unit} has returned it once, which is all a unit may. It must sign now."""


class LeadReturnedIt(CaseRefusal):
    """Case {number}, round {round}: {unit} has returned it, and that was allowed. Name another lead."""


class JointlyDecided(CaseRefusal):
    """Case {number}, round {round}: office and coordination have decided together who handles it. It must be signed."""


class OnlyJointly(CaseRefusal):
    """Case {number}, round {round}: this is the second dispute about who handles it. Only a joint decision of the
    supervision office and 综治办 ends it (`minyi case decide-jointly`)."""


class NotYetJointly(CaseRefusal):
    """Case {number}, round {round}: this is the first return of this round, so the supervision office decides alone:
    allow-return or deny-return."""


class NoExtensionInLaterRounds(CaseRefusal):
    """Case {number} is in round {round}: only the first round can be extended. It stays due {due_at}."""


class NoExtensionForClass(CaseRefusal):
    """Case {number}: cases of its class are not extended here. Bring it to the weekly meeting."""


class ExtendedBefore(CaseRefusal):
    """Case {number} was extended once already, which is all there is. It stays due {due_at}."""


class TooLateToExtend(CaseRefusal):
    """Case {number} was due {due_at}: an extension is asked for before that. Report what there is, or promise a date."""


class ExtensionTooLong(CaseRefusal):
    """Case {number}: {days} working days are more than the {granted} that its class may be extended by."""


class PartsOpen(CaseRefusal):
    """Case {number}, round {round}: the parts of {units} are open. Wait for them, or say why you report without."""


class PlanMissing(CaseRefusal):
    """Case {number}, round {round}: from the third round on, and for a complex case, the unit names its leader and
    plan (一案一策) before it goes on: `minyi case plan`."""


class NotAnOpinion(CaseRefusal):
    """Case {number} is a {kind}: only opinions and suggestions are adopted or not. Approve the result instead."""


class PromiseNotAhead(CaseRefusal):
    """Case {number}: {until} is no date to promise: it must lie ahead, at most {days} days. Give another one."""


class PromiseNotDue(CaseRefusal):
    """Case {number} is promised for {due_at}, which has not come. It is called back by itself then."""


class ObjectionTooLate(CaseRefusal):
    """Case {number} ended {closed_at}; objections are taken for {days} days. Register it anew instead."""


class HasALead(CaseRefusal):
    """Case {number}, round {round} has a lead: confirm the objection, and it goes out to that unit again."""


BROKEN_RULES: dict[Rule, type[CaseRefusal]] = {
    Rule.SIGN_WINDOW_OVER: SignWindowOver,
    Rule.RETURNED_BEFORE: ReturnedBefore,
    Rule.LEAD_RETURNED_IT: LeadReturnedIt,
    Rule.JOINTLY_DECIDED: JointlyDecided,
    Rule.ONLY_JOINTLY: OnlyJointly,
    Rule.NOT_YET_JOINTLY: NotYetJointly,
    Rule.NO_EXTENSION_IN_LATER_ROUNDS: NoExtensionInLaterRounds,
    Rule.NO_EXTENSION_FOR_CLASS: NoExtensionForClass,
    Rule.EXTENDED_BEFORE: ExtendedBefore,
    Rule.TOO_LATE_TO_EXTEND: TooLateToExtend,
    Rule.EXTENSION_TOO_LONG: ExtensionTooLong,
    Rule.PARTS_OPEN: PartsOpen,
    Rule.PLAN_MISSING: PlanMissing,
    Rule.NOT_AN_OPINION: NotAnOpinion,
    Rule.PROMISE_NOT_AHEAD: PromiseNotAhead,
    Rule.OBJECTION_TOO_LATE: ObjectionTooLate,
    Rule.HAS_A_LEAD: HasALead,
    Rule.NOT_DUE_YET: PromiseNotDue,
}


class UnknownOffice(CaseRefusal):
    """Case {number}: there is no supervision office {office}. It is party (党委督查室) or government (政府督查室)."""


class AnotherOffice(CaseRefusal):
    """Case {number} lies with the {office} office, not with the {given} one. That office dispatches it."""


class SameLead(CaseRefusal):
    """Case {number}, round {round}: {unit} leads it already. Name another unit."""


class TwoLeads(CaseRefusal):
    """Case {number}: two units were chosen to lead it. Choose one."""


class NotAnAssistant(CaseRefusal):
    """Case {number}, round {round}: {by} assists in nothing here, or has filed its part. See `minyi case show {number}`."""


class UnknownSuggestion(CaseRefusal):
    """Case {number}: a return names another unit of centre {centre} that the case belongs to, and not {unit}."""


class ActionsMissing(CaseRefusal):
    """Case {number}: a result says what was done and when. Give the actions in words."""


class ContactImpossible(CaseRefusal):
    """Case {number}: {at} is no moment of contact in round {round}: it lies after the report, or before the round
    was dispatched. Correct the date."""


class NoBridgedCall(CaseRefusal):
    """Case {number}, round {round}: there is no masked call of this unit that lasted long enough. Ask the
    centre for one, or say how else the unit spoke with the resident."""


class ResultStands(CaseRefusal):
    """Case {number}, round {round} has a result that was not returned. There is one result a round."""


class AskedForTimeBefore(CaseRefusal):
    """Case {number}: more time was asked for already. The supervision office decides on that first."""


class NoTimeAskedFor(CaseRefusal):
    """Case {number}: no request for more time waits. It was decided, or there was none."""


class UnknownProof(CaseRefusal):
    """Case {number}: {proof} is no proof of a withdrawal. It is recording or text, with its reference."""


class UnknownChannel(CaseRefusal):
    """Case {number}: {channel} is no way to object. Choose from query_code, text, phone, visit."""


class NothingToCheck(CaseRefusal):
    """Case {number} has no withdrawal that waits to be asked about."""


class UnknownOutcome(CaseRefusal):
    """Case {number}: {outcome} is no outcome here. Choose from {known}."""


class MeetingWaitsForNothing(CaseRefusal):
    """Case {number}: no flag and no objection waits for the meeting. See `minyi case show {number}`."""


class NotQuietYet(CaseRefusal):
    """Case {number} cannot be put away yet: its quiet days end {ends}. It is put away by itself then."""


class UnknownQueryCode(CaseRefusal):
    """There is no case under that query code. Look at the text that named it, or say the case number."""


class NotToThisUnit(CaseRefusal):
    """Case {number} never goes to {unit} ({why}): it is about that unit or its officials. Name another one."""
