"""What comes in and goes out over the API. No name and no number of a resident ever goes out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from followup.api.fields import Block, Clock, Code, Cursor, GroupSize, Line, Moment, Summary
from followup.api.operations import Sent, Told
from followup.api.policy import api_policy

Page = Annotated[
    int, Field(ge=1, le=api_policy().largest_page, description="每页最多几行 At most so many rows.")
]


class Person(Sent):
    """诉求人;号码密封保存,从不返回 Who raises it; sealed, never given out again."""

    phone: Line = Field(description="电话号码 Number, as people write it.", examples=["15400000001"])
    name: Line | None = None


class Contact(Sent):
    """怎样联系才安全 How this person may be contacted."""

    no_texts: bool = Field(default=False, description="不发短信 No texts.")
    not_before: Clock | None = None
    not_after: Clock | None = None


class NewCase(Sent):
    """一件新诉求 An appeal to be registered."""

    content: Block = Field(
        description="诉求内容 What it is about.", examples=["柳河镇王庄村口路灯不亮已两周"]
    )
    title: Line | None = None
    category: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = Field(
        default=None,
        description="类别代码;不填则按内容初分 Code of the category; guessed from the words if not given.",
    )
    area_code: Annotated[str, Field(pattern=r"^[0-9]{6,15}$")] = Field(
        description="区划代码(县、乡镇、村) Code of county, township or village.", examples=["991721100200"]
    )
    place: Line = Field(description="具体地点 Where exactly.", examples=["王庄村口"])
    occurred_at: Moment | None = None
    urgency: Literal["normal", "urgent"] = "normal"
    sudden: bool = Field(default=False, description="突发事件,直送乡镇 Sudden: straight to the township.")
    anonymity: Literal["named", "confidential", "anonymous"] = "named"
    criticised_unit: Code | None = Field(
        default=None,
        description="被反映的单位;该单位看不到此事项 Whose official is criticised; that unit never sees the case.",
    )
    group_size: GroupSize = 1
    external_number: Line | None = Field(
        default=None,
        description="来件平台的编号;同一编号只登记一次 Your number; the same is registered once.",
    )
    consent: Literal[True] = Field(
        description="本人同意登记并转办 The person agreed to have it registered and passed on."
    )
    person: Person | None = Field(default=None, description="匿名时不填 Left out only if anonymous.")
    contact: Contact | None = None


class RegisteredCase(Told):
    """已登记 Registered."""

    number: str
    short_number: str
    query_code: str = Field(description="查询码,告知诉求人 To be given to the person.")


class CaseOut(Told):
    """一件事项,不含个人信息 A case without personal data."""

    number: str
    external_number: str | None
    source: str
    status: str = Field(description="状态,见 followup/casework/transitions.csv")
    open: bool
    ending: str | None
    round: int
    category: str
    duty_no: int
    kind: str
    area_code: str
    urgency: str
    sudden: bool
    anonymity: str
    content: str | None = Field(
        description="诉求内容,已去除号码;保密、匿名事项不给 null where the reporter is hidden."
    )
    lead: str | None = Field(description="本轮牵头单位 Lead unit of this round.")
    assists: list[str]
    received_at: str
    due_at: str | None
    closed_at: str | None


class ChangedCases(Told):
    """自上次以来有变动的事项 Cases that changed since the cursor."""

    cases: list[CaseOut]
    next: str = Field(description="下一页的起点;没有变动时不变 Where to go on; the same if nothing changed.")


class Since(Sent):
    """从哪里接着读 Where to go on reading."""

    since: Cursor = "0"
    limit: Page = api_policy().page


class Moved(Told):
    """办理后的状态 Where the case is now."""

    number: str
    status: str
    round: int
    due_at: str | None
    returned: str | None = Field(
        description="立即退回的原因 Why a result came straight back; null otherwise."
    )


class Nothing(Sent):
    """空对象 An empty object."""


class NewReturn(Sent):
    """退单 Why it is no matter of this unit, and whose it is."""

    reason: Line
    suggested_unit: Code


class SpokeWith(Sent):
    """何时、怎样联系过诉求人 When and how the unit spoke with the person."""

    at: Moment
    way: Literal["visit", "phone", "bridged", "text", "meeting"]


class NewResult(Sent):
    """办理结果 What was done. The summary is told to the resident: plain words, no personal data."""

    summary: Summary = Field(description="告知群众的结果 What the resident will be told.")
    contact: SpokeWith | None = Field(
        default=None,
        description="联系诉求人的情况;没有则自动退回补充 Without it the result comes straight back.",
    )
    tried: Annotated[list[Moment], Field(max_length=20)] = Field(
        default=[], description="联系未果的时间 When the unit tried in vain."
    )
    actions: Block = Field(description="办理过程,供中心审核 What was done, for the centre.")
    evidence: Annotated[list[Line], Field(max_length=20)] = Field(
        default=[], description="佐证材料编号 Where the evidence is filed."
    )
    parts_overridden: Line | None = Field(
        default=None,
        description="协办未完成而先反馈的理由 Why it is reported although parts of other units are open.",
    )


class CallbackOut(Told):
    """一次回访的结论 The verdict of one callback."""

    number: str
    external_number: str | None
    round: int
    unit: str | None = Field(description="该轮牵头单位 Lead of that round.")
    verdict: str
    counted_as: str | None
    flagged: bool
    reasons: list[str]
    mode: str | None
    settled_at: str
    decision: str | None


class Callbacks(Told):
    """回访结论 Verdicts since the cursor."""

    callbacks: list[CallbackOut]
    next: str


class ClosedCase(Sent):
    """一件已办结事项,字段同导入表格 A closed case; the fields of the list that can be imported."""

    external_number: Line
    name: Line
    number: Line = Field(description="电话号码 Telephone number.", examples=["15400000001"])
    content: Block
    category: Line
    township: Line
    village: Line | None = None
    unit: Line = Field(description="承办单位名称或代码 Name or code of the unit.")
    closed_at: Line = Field(examples=["2026-03-06 16:20"])
    result_summary: Summary
    claimed_contact: bool


class NewImport(Sent):
    """一批已办结事项 Closed cases to be called back."""

    reason: Line = Field(description="为什么导入 Why they are brought.")
    ground: Line = Field(description="法定依据 On what legal ground.")
    cases: Annotated[list[ClosedCase], Field(min_length=1, max_length=api_policy().rows_an_import)]


class RefusedRow(Told):
    """没有收下的一行 A row that was not kept."""

    row: int = Field(description="第几行,从 1 起 Which one, from 1.")
    field: str
    reason: str
    remedy: str


class KeptRow(Told):
    """收下的一行 A row that was kept."""

    external_number: str
    number: str


class Imported(Told):
    """导入结果 What became of the batch."""

    batch: int
    kept: list[KeptRow]
    refused: list[RefusedRow]


class ExportedCase(Told):
    """导入事项的回访结果 What became of a case that was brought."""

    external_number: str
    number: str
    status: str
    ending: str | None
    round: int
    result_told: str | None
    verdict: str | None
    counted_as: str | None
    called_back_at: str | None
    dispatched_again: bool


class Exported(Told):
    """导入事项的变动 Changes of brought cases."""

    cases: list[ExportedCase]
    next: str
