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


class NotAnAccount(CaseRefusal):
    """Case {number}: {by} has no account that may decide on it (cases.decide: supervisor, director). `minyi user list` shows
    the accounts."""


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


class AlreadyProposed(CaseRefusal):
    """Case {number}: a rejection is proposed already. A second person signs it, or it is sent back first."""


class NothingProposed(CaseRefusal):
    """Case {number}: no rejection waits for a second signature. It was signed, sent back, or the case was decided otherwise."""


class NoLead(CaseRefusal):
    """Case {number} has no lead in round {round} to go back to. Dispatch it by hand instead."""


class AppealIncomplete(CaseRefusal):
    """The appeal lacks {fields}. Ask for that and register it again."""


class AppealWrong(CaseRefusal):
    """The appeal cannot be registered as it stands: {problems}. Correct that and register it again."""


class FormOfAnother(CaseRefusal):
    """This form was sent at another desk. Open it anew at your own."""


class ExternalNumberKnown(CaseRefusal):
    """Centre {centre} has a case with the other system's number {external} already. Look that one up instead."""


class RepeatsItself(CaseRefusal):
    """Case {number} cannot repeat {of}: that is itself, a later part of itself, or another centre's. Name another one."""


class RepeatsAlready(CaseRefusal):
    """Case {number} points at an earlier case already. `minyi case show {number}` names it."""


class RefusalIncomplete(CaseRefusal):
    """Case {number}: not accepting it needs {fields}. Tell the resident first, then write down what was said."""


class UnknownRefusalGround(CaseRefusal):
    """Case {number}: {ground} is no ground for not accepting an appeal. Grounds are {known}."""


class NotTold(CaseRefusal):
    """Case {number}: the resident cannot have been told at {told_at}, before the appeal came in or later than now. Correct it."""


class ReviewerIsSurveyor(CaseRefusal):
    """Case {number}: {reviewer} took the appeal in or refuses it, and cannot be the reviewer as well. Name another person."""


class OnlySupervisor(CaseRefusal):
    """Case {number}: "{event}" is a supervisor's decision, and {by} is none. Hand it to the supervisor."""


class OwnDecision(CaseRefusal):
    """Case {number}: {by} was one of the two who did not accept it. Another supervisor looks at it again."""


class NoDirectAnswer(CaseRefusal):
    """Case {number}: a matter of kind {kind} is not answered by the centre itself. Accept it, so that a unit handles it."""


class AnswerIncomplete(CaseRefusal):
    """Case {number}: the answer needs {fields}. Add that and answer again."""


class UnknownNotice(CaseRefusal):
    """没有通知 {notice}。There is no notice {notice}. `minyi notice list --all` shows them."""


class NobodyAcknowledges(CaseRefusal):
    """通知 {notice}:请写明签收人。Notice {notice}: say who knows of it, with a name or a staff number."""


class UnknownWayOfReceipt(CaseRefusal):
    """通知 {notice}:签收方式没有 {how}。Notice {notice}: {how} is no way of knowing of it. Choose from {known}."""


class NotARecipient(CaseRefusal):
    """没有 {holder}。{holder} is nobody of centre {centre}: unit:CODE with one of its units, office:party:{centre},
    office:government:{centre} or post:NAME:{centre}."""


class NotARole(CaseRefusal):
    """{holder} 没有角色 {role}。{holder} has no {role}. A unit has liaison and leader, offices and posts have duty."""


class AddressRefused(CaseRefusal):
    """地址不能用:{why}。The address cannot be used: {why}. What was typed is not kept."""


class NotForTheseEyes(CaseRefusal):
    """Case {number} is not for you to read ({reason}). Ask the office that handles it."""


class NotItsCase(CaseRefusal):
    """Case {number} is not with {unit} in round {round}. Only its lead and its assisting units speak with the resident."""


class NobodyToAsk(CaseRefusal):
    """Case {number} is anonymous: nobody can be asked or rung. Work with what was said; its query code tells the result."""


class UseTheRelay(CaseRefusal):
    """Case {number}: the resident stays unknown to units, so there is no call. Ask through the centre."""


class RelayElsewhere(CaseRefusal):
    """Case {number}, question {serial}: it does not wait for {step}. Look at where it stands first."""


class BridgeNotUsable(CaseRefusal):
    """This call between unit and resident {why}. Ask for another one; each can be used once, and soon."""


class CallGoesOn(CaseRefusal):
    """A masked call of unit {unit} is under way; its telephone rings for one at a time. Wait until that is over."""


class NoUnitTelephone(CaseRefusal):
    """No mobile number of unit {unit} is known, so it cannot be connected. Set it: `minyi notice address unit:{unit}`."""


class TextReadBefore(CaseRefusal):
    """There is no unread text {text} in the inbox. Somebody has read it before you; look for its case."""


class UnknownLink(CaseRefusal):
    """没有这个链接。There is no such link. Open it from the message itself, or ask the centre for a new one."""


class LinkExpired(CaseRefusal):
    """链接已于{at}失效。The link expired at {at}. 请向民调中心索取新链接。Ask the centre for a new one; nothing was changed."""


class LinkOver(CaseRefusal):
    """{number}号事项第{round}轮已结束。Round {round} of case {number} is over, and this link was for it.
    Ask the centre for a new one."""


class LinkDuration(CaseRefusal):
    """链接有效期 {hours} 小时不行。A link cannot last {hours} hours. Choose more than 0 and at most {most}."""


class CallFirst(CaseRefusal):
    """Case {number}: the resident said so by {mode} and was promised a call. Decide when that call is over, or after {until}."""


class UnknownRejection(CaseRefusal):
    """Case {number}: {ground} is no ground on which a complaint is rejected. Grounds are {known}."""


class UnknownWay(CaseRefusal):
    """Case {number}: {how} is no way in which a resident is told. Ways are {known}."""


class NothingToExplain(CaseRefusal):
    """Case {number} has no explanation that a resident could be told. It is signed with `minyi case reject`."""


class NoSuspicion(CaseRefusal):
    """Case {number} has no closing that waits for a decision on its contact. See `minyi case show {number}`."""


class NotTheClosingUnit(CaseRefusal):
    """Case {number}: {by} did not report this result, {unit} did. Only that unit answers for it."""


class StillAsked(CaseRefusal):
    """Case {number}: the unit may answer until {until}. Decide when it has, or after that."""


class UnknownFinding(CaseRefusal):
    """Case {number}: {finding} is no finding on a closing. Findings are {known}."""


class NothingRecurred(CaseRefusal):
    """Case {number} has no second callback that waits for a decision. See `minyi case show {number}`."""


class UnknownFollowUp(CaseRefusal):
    """Case {number}: {decision} is nothing to do about a dispute that has recurred. Known: {known}."""


class NotAskedFor(CaseRefusal):
    """Case {number}: the resident did not want it sent out again. Note it, or ask them first and register what they say."""
