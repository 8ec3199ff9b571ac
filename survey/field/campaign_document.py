"""A campaign as a team writes it down: one YAML file, checked key by key (docs/campaign.md lists them)."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    StringConstraints,
    model_validator,
)

from survey.field.own_hours import OwnHours, Weekday, own_hours, written

Kind = Literal["wave", "poll"]
Mode = Literal["voice", "text", "operator"]
PRE_NOTICE: Final = "pre_notice"
Step = Literal["pre_notice", "voice", "text", "operator"]

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
AreaCode = Annotated[str, StringConstraints(pattern=r"^\d{2,15}$")]


Hours = Annotated[
    str,
    StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$", strip_whitespace=True),
]


class Unfit(ValueError):
    """What no document may say: in English with its remedy after the last semicolon, in Chinese after the last 。"""

    def __init__(self, said: str, zh: str) -> None:
        super().__init__(said)
        self.zh = zh


def _in_order(windows: tuple[str, ...]) -> tuple[str, ...]:
    edges = [edge for window in windows for edge in written(window)]
    if any(first >= then for first, then in pairwise(edges)):
        raise Unfit(
            "the windows of a day must be in order and must not overlap; write them from morning to night",
            "一天里的时段要从早到晚、互不重叠。按从早到晚的次序写",
        )
    return windows


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Name(_Part):
    """What the campaign is called."""

    zh: Label = Field(description="Chinese name, shown to staff.")
    en: Label = Field(description="English name.")


class Sample(_Part):
    """Who is drawn, and how."""

    size: PositiveInt = Field(
        description="People drawn. Not all need be released: see docs/campaign.md, Release."
    )
    replicate: PositiveInt = Field(
        default=50, description="People in a replicate, each a smaller sample of the same kind."
    )
    cooling_off_days: int = Field(
        default=180, ge=0, description="Whoever was in a survey sample in so many days before is not drawn."
    )
    areas: tuple[AreaCode, ...] = Field(
        default=(),
        description="Only people of these areas: codes, or their beginnings. Empty: the whole list.",
    )


class Targets(_Part):
    """How many interviews are wanted. A target is never overshot in a poll; a wave works whole replicates to their end."""

    total: PositiveInt | None = Field(default=None, description="Over the whole campaign.")
    daily: PositiveInt | None = Field(default=None, description="On one local day, at the most.")


class CellWhen(_Part):
    """Who belongs to a cell: by what the list says of them, or by what they answer. All that is given must hold."""

    areas: tuple[AreaCode, ...] = Field(default=(), description="Area codes, or their beginnings.")
    ages: tuple[int, int] | None = Field(default=None, description="From and to, in completed years.")
    attributes: Mapping[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Columns of the list, each with the values that count."
    )
    answers: Mapping[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Questions, each with the codes that count, in quotation marks; with none of the others beside it.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> "CellWhen":
        listed = bool(self.areas or self.ages or self.attributes)
        if not listed and not self.answers:
            raise Unfit(
                "a cell must say who belongs to it: areas, ages, attributes or answers",
                "一格要说明哪些人归它。写 areas、ages、attributes 或 answers",
            )
        if listed and self.answers:
            raise Unfit(
                "a cell goes by the list or by answers, not by both; make two quotas of it, one of each kind",
                "一格要么按名单分,要么按回答分,不能两样都用。分成两个配额",
            )
        if self.ages and self.ages[0] > self.ages[1]:
            raise Unfit(
                f"ages run from {self.ages[0]} down to {self.ages[1]}; write the lower one first",
                f"年龄从 {self.ages[0]} 到 {self.ages[1]} 是倒着的。先写小的",
            )
        return self


class CellRow(_Part):
    """One cell of a quota, with its seats."""

    name: Label = Field(description="As it stands in every table.")
    target: int = Field(ge=0, description="Seats; 0 means that nobody of the cell is asked.")
    when: CellWhen = Field(description="Who belongs to it.")


class QuotaRow(_Part):
    """A division of the people into cells; the first that fits counts, and who fits none is not asked."""

    name: Label = Field(description="Not `total` or `day`: those are made from `targets`.")
    cells: tuple[CellRow, ...] = Field(min_length=1, description="Their seats sum to the total target.")

    @property
    def seats(self) -> int:
        return sum(cell.target for cell in self.cells)

    @property
    def by_answers(self) -> bool:
        return any(cell.when.answers for cell in self.cells)

    @model_validator(mode="after")
    def _of_one_kind(self) -> "QuotaRow":
        asked = {frozenset(cell.when.answers) for cell in self.cells}
        if len(asked) > 1:
            raise Unfit(
                "the cells of a quota go by the same questions, or all of them by the list; make two quotas of it",
                "一个配额的各格要按同样的题目分,或都按名单分。分成两个配额",
            )
        return self

    @model_validator(mode="after")
    def _names_once(self) -> "QuotaRow":
        names = [cell.name for cell in self.cells]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise Unfit(
                f"two cells are called {', '.join(twice)}; give each a name of its own",
                f"有两格都叫“{'、'.join(twice)}”。各取一个名字",
            )
        return self


class Budget(_Part):
    """What may be used; whichever is reached first pauses the campaign. Empty: no limit."""

    calls: PositiveInt | None = Field(default=None, description="Calls dialled.")
    segments: PositiveInt | None = Field(default=None, description="Segments of text messages sent.")
    money: float | None = Field(
        default=None, gt=0, description="In the currency of policy `tariff`; a call is booked at its longest."
    )


RESERVED_QUOTAS: Final = ("total", "day")


class CampaignDocument(_Part):
    """A campaign: a wave of the official perception survey, or a special poll (专项民意调查)."""

    code: Code = Field(description="Short name, unique in the centre: small letters, digits, hyphens.")
    name: Name = Field(description="What staff call it, in two languages.")
    kind: Kind = Field(
        description="`wave`: whole replicates, calibration, no quotas. `poll`: may have quotas."
    )
    questionnaire: Sentence = Field(
        description="The code of a shipped questionnaire, or a file beside this one (YAML or XLSForm)."
    )
    opens: date = Field(description="First local day.")
    closes: date = Field(description="Last local day; the campaign ends with its last calling hour.")
    modes: tuple[Step, ...] = Field(
        min_length=1,
        max_length=3,
        description="In the order they are tried. `pre_notice`, which stands first, is a text that announces the call after it.",
    )
    mode_delays: Mapping[Mode, float] = Field(
        default_factory=dict,
        description="Hours between the last attempt by another mode and the first by this one: `{voice: 48}`. At least as many as"
        " are kept anyway: 24 after a text, 4 after a call. Whoever asked to be called is not made to wait.",
    )
    machine_detection: Literal["none", "before", "beside"] | None = Field(
        default=None,
        description="Whether the carrier finds out if a machine answers: before the first word, or beside it. Else by policy.",
    )
    convert_refusals: bool = Field(
        default=True,
        description="Who says no softly is asked once more: a week later, by an operator to whom they have not said it.",
    )
    hours: Annotated[tuple[Hours, ...], AfterValidator(_in_order)] = Field(
        default=(),
        description='When its people may be contacted, in their own time: `["17:00-20:00"]`. Only what lies in the windows of'
        " policy `calling_hours` counts; empty: all of those.",
    )
    weekdays: tuple[Weekday, ...] = Field(
        default=(), description="On which days of the week; empty: on every day on which people are asked."
    )
    operator_dialling: Literal["by_hand", "progressive", "predictive"] = Field(
        default="by_hand",
        description="How operators come to their calls: they dial, or whoever answers is connected to one who waits."
        " `predictive` dials more people than there are operators, within a cap.",
    )
    weight: float = Field(
        default=1.0,
        gt=0,
        le=1000,
        description="How often it has its turn beside other campaigns: 2 is twice as often as 1.",
    )
    sample: Sample = Field(description="Who is drawn.")
    targets: Targets = Field(default_factory=Targets, description="How many interviews are wanted.")
    quotas: tuple[QuotaRow, ...] = Field(default=(), description="Polls only.")
    partials_count: bool = Field(default=False, description="A partial interview fills a seat, too.")
    budget: Budget = Field(default_factory=Budget, description="What it may use.")
    links: bool = Field(default=False, description="Texts carry a link to the form on the web.")
    interval: Literal["design_based", "none"] | None = Field(
        default=None,
        description="How sure its results may say they are. With quotas: none (labelled 配额样本); otherwise design_based.",
    )
    calibration: tuple[Literal["township", "sex", "age"], ...] = Field(
        default=(), description="Margins to which a wave is weighted."
    )
    scoring: Sentence | None = Field(
        default=None,
        description="How the result will be computed, written down before the first call; needed for approval.",
    )
    notice: Sentence | None = Field(
        default=None,
        description="What residents are told of their data: who asks, why, how long it is kept; needed for approval.",
    )

    @model_validator(mode="after")
    def _in_itself(self) -> "CampaignDocument":
        if self.closes < self.opens:
            raise Unfit(
                f"closes ({self.closes}) lies before opens ({self.opens}); exchange them",
                f"结束日 {self.closes} 早于开始日 {self.opens}。对调一下",
            )
        if len(set(self.modes)) < len(self.modes):
            raise Unfit(
                "modes names a mode twice; each stands once, and the last is repeated by itself",
                "modes 里同一方式写了两次。每种写一次,最后一种会自行重复",
            )
        if PRE_NOTICE in self.modes[1:] or (
            self.modes[0] == PRE_NOTICE and (len(self.modes) == 1 or "text" in self.modes)
        ):
            raise Unfit(
                "pre_notice announces a call; write it first in modes, before voice or operator, and no text beside it",
                "pre_notice 是预告电话的短信。写在 modes 最前,后面接 voice 或 operator,不再写 text",
            )
        beside = sorted(set(self.mode_delays) - set(self.modes[1:]))
        if beside or any(hours < 0 for hours in self.mode_delays.values()):
            raise Unfit(
                "mode_delays holds hours, 0 or more, for modes that follow another one in modes; correct it",
                "mode_delays 是 modes 里排在后面的方式等多少小时,不小于 0。请改正",
            )
        names = [quota.name for quota in self.quotas]
        for name in names:
            if name in RESERVED_QUOTAS:
                raise Unfit(
                    f"a quota cannot be called {name!r}: that one is made from targets; rename it",
                    f"配额不能叫“{name}”,那是由 targets 生成的。换个名字",
                )
            if names.count(name) > 1:
                raise Unfit(
                    f"two quotas are called {name!r}; give each a name of its own",
                    f"有两个配额都叫“{name}”。各取一个名字",
                )
        return self

    @property
    def pre_notice(self) -> bool:
        """A text announces the call."""
        return self.modes[0] == PRE_NOTICE

    @property
    def asks_by(self) -> tuple[Mode, ...]:
        """The modes in which questions are asked."""
        return tuple(mode for mode in self.modes if mode != PRE_NOTICE)

    @property
    def contacts_by(self) -> tuple[Mode, ...]:
        """The modes of its contacts, in their order."""
        return tuple("text" if mode == PRE_NOTICE else mode for mode in self.modes)

    @property
    def stored_hours(self) -> dict[str, list[str]] | None:
        """Its own calling hours as its row holds them; None: it has none."""
        if not (self.hours or self.weekdays):
            return None
        return {"windows": list(self.hours), "weekdays": list(self.weekdays)}

    @property
    def own_hours(self) -> OwnHours | None:
        return own_hours(self.stored_hours)

    @property
    def says_interval(self) -> Literal["design_based", "none"]:
        """What it says, or what follows from its design."""
        return self.interval or ("none" if self.quotas else "design_based")

    @property
    def label_zh(self) -> str | None:
        """What must stand beside every figure of it."""
        return "配额样本" if self.quotas else None
