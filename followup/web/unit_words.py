"""The words of the desks of units and supervision offices for what is stored as a code, and for what could not be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from followup.move_refusals import (
    AskedForTimeBefore,
    ContactImpossible,
    ExtendedBefore,
    ExtensionTooLong,
    JointlyDecided,
    LeadReturnedIt,
    NoExtensionForClass,
    NoExtensionInLaterRounds,
    NotAnAssistant,
    NoTimeAskedFor,
    NotToThisUnit,
    OnlyJointly,
    PartsOpen,
    PlanMissing,
    ResultStands,
    ReturnedBefore,
    SameLead,
    SignWindowOver,
    TooLateToExtend,
    TwoLeads,
    UnknownSuggestion,
)
from followup.pictures import NotAPicture, PictureTooLarge
from followup.refusals import (
    CallGoesOn,
    CaseRefusal,
    NobodyToAsk,
    NoSuspicion,
    NotForTheseEyes,
    NotItsCase,
    NotPossibleNow,
    NotTheLead,
    NoUnitTelephone,
    ReasonMissing,
    SomebodyWasFirst,
    UnknownCase,
    UnknownUnit,
    UseTheRelay,
    WordsWithNumbers,
)
from followup.showing import TooManyPictures
from followup.time_refusals import HeldByMajor

Both = tuple[str, str]
REFUSED: Final[Mapping[type[CaseRefusal], Both]] = {
    SomebodyWasFirst: ("刚才有人先办了,请再看一遍。", "Somebody was first a moment ago; look again."),
    NotPossibleNow: ("这件事项已不在这一步。", "This case is not at that step any more."),
    UnknownCase: ("没有这个编号,或不归您办。", "There is no such case, or it is not yours."),
    NotForTheseEyes: (
        "这件事项不由您看(回避)。",
        "This case is not for you to read: a conflict of interest.",
    ),
    NotTheLead: ("这件事项不由您单位牵头。", "Your unit does not lead this case."),
    ReasonMissing: ("请写清楚,不能空着。", "Say it in words; it cannot be empty."),
    WordsWithNumbers: (
        "结果会告诉群众,请不要写电话或证件号码。",
        "The resident is told the result: no telephone or identity number.",
    ),
    SignWindowOver: ("签收时限已过,不能再退单或改派,请签收。", "The time to sign is over: sign it."),
    ReturnedBefore: ("每个单位只能退一次,请签收。", "A unit returns a case once only: sign it."),
    JointlyDecided: ("已联合裁定,必须签收。", "It was decided jointly: it must be signed."),
    UnknownSuggestion: ("请选应由哪个单位办理。", "Choose the unit that it belongs to."),
    ContactImpossible: (
        "联系时间不对:不能晚于现在,也不能早于登记。",
        "The moment of contact cannot be later than now, or before the case came in.",
    ),
    PartsOpen: (
        "还有必须先报的协办情况;不等就写明理由。",
        "A part that must be filed first is open; say why you report without it.",
    ),
    PlanMissing: ("先定领导和方案(一案一策)。", "Name the leader and the plan first."),
    ResultStands: ("这一轮已经报过结果。", "This round has its result already."),
    NotAnAssistant: ("协办情况已报,或不由您单位协办。", "The part is filed already, or is not yours."),
    AskedForTimeBefore: ("已申请过,等督查室审批。", "It was asked for already and waits for the office."),
    NoTimeAskedFor: ("没有等待审批的延期申请。", "No request for more time waits."),
    NoExtensionInLaterRounds: ("再次交办的事项不能延期。", "Later rounds are not extended."),
    NoExtensionForClass: ("这类事项不能延期。", "Cases of this class are not extended."),
    ExtendedBefore: ("已延期过一次,不再延期。", "It was extended once, which is all there is."),
    TooLateToExtend: ("时限已过,不能再申请延期。", "It is overdue: more time cannot be asked for."),
    ExtensionTooLong: ("超过可以延长的天数。", "That is more than may be granted."),
    CallGoesOn: ("正在接通另一个电话,请稍后。", "A call is under way; wait until it is over."),
    NoUnitTelephone: (
        "没有登记你单位联络员的手机,请找中心登记。",
        "No telephone of your unit is known; ask the centre to enter it.",
    ),
    NobodyToAsk: ("没有可联系的群众。", "There is nobody to reach."),
    UseTheRelay: ("保密事项请由中心转问。", "A confidential case: ask through the centre."),
    NoSuspicion: ("没有等待说明的办结。", "No closing waits for your word."),
    NotAPicture: (
        "这不是JPEG或PNG照片,或已损坏,请重拍。",
        "No JPEG or PNG picture, or damaged: take it again.",
    ),
    PictureTooLarge: ("照片太大,请缩小再发。", "The picture is too large: make it smaller."),
    TooManyPictures: ("这一轮的照片已够多,不能再加。", "This round has all the pictures that it may have."),
    NotItsCase: ("这一轮不由您单位办理。", "This round is not your unit's."),
    UnknownUnit: ("请选本县的承办单位。", "Choose a unit of this county."),
    NotToThisUnit: (
        "不能交给这个单位:反映的正是它或其工作人员。",
        "Never to this unit: the matter is about it or its officials.",
    ),
    LeadReturnedIt: ("这个单位刚退过单,请换一个。", "This unit has just returned it: name another."),
    TwoLeads: ("选了两个牵头单位,请只选一个。", "Two units were chosen to lead; choose one."),
    SameLead: ("已经由这个单位牵头。", "This unit leads it already."),
    OnlyJointly: (
        "第二次退单,须与综治办联合裁定:minyi case decide-jointly。",
        "The second dispute: decided jointly with 综治办 (minyi case decide-jointly).",
    ),
    HeldByMajor: ("重大信息处置中,暂不交办。", "Held as a major incident: not dispatched now."),
}


def refusal(no: CaseRefusal) -> Both:
    """Why it was not done, in words for a page."""
    known = next((words for kind, words in REFUSED.items() if isinstance(no, kind)), None)
    return known or (str(no), str(no))
