"""The parts of a questionnaire document, each with the keys that a team writes. docs/questionnaire.md explains them."""

from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from survey.questionnaire.answer import DK, REFUSED
from survey.questionnaire.expressions import Expression
from survey.questionnaire.wording import MODES, Lang, Mode, Wording

Kind: TypeAlias = Literal[
    "select_one",
    "select_multiple",
    "scale",
    "integer",
    "decimal",
    "date",
    "appointment",
    "text",
    "note",
    "calculate",
]
Ending: TypeAlias = Literal["screened_out", "wrong_person", "unanswered", "refused"]
Order: TypeAlias = Literal["fixed", "random", "rotated"]

SILENT: Final = frozenset({"note", "calculate"})
"""Kinds that ask nothing."""
CLOSED: Final = frozenset({"select_one", "select_multiple"})
NUMERIC: Final = frozenset({"integer", "decimal"})

NAME: Final = r"^[^\W\d][\w.\-]*$"
"""Names as XLSForm has them: a letter or _ first, then letters, digits, _ . -"""


class Part(BaseModel):
    """Everything in the document: cannot be changed, knows no other keys."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, use_attribute_docstrings=True
    )


class Option(Part):
    """One answer of a closed question."""

    code: str = Field(pattern=r"^\S{1,64}$")
    """What is stored; where it is one of 1 to 6 in all options, also the key that is pressed."""
    label: Wording
    """The answer in words."""
    short: Wording = {}
    """The label where 70 characters must hold everything; the same word in other cases."""
    also: dict[Lang, tuple[str, ...]] = {}
    """Other words by which residents mean this answer, in writing."""
    on_scale: bool = True
    """False: outside the scale ("never dealt with them"), and last in whichever direction it is read."""
    excludes_others: bool = False
    """"None of these": stands with no other answer."""
    between: tuple[int, int] | None = None
    """A number of years from … to … means this answer."""
    attributes: dict[str, str] = {}
    """Further columns of the choice, for a choice_filter."""


def told_options(fact: str) -> tuple[Option, ...]:
    """The options that stand in a fact as `code=label;code=label`; none where it is empty."""
    pairs = (pair.partition("=") for pair in fact.split(";") if pair)
    return tuple(Option(code=code.strip(), label={"zh": {"any": label.strip()}}) for code, _, label in pairs)


class Range(Part):
    """A scale from one whole number to another, with words for its two ends."""

    low: int = Field(ge=0, le=99)
    """The first number."""
    high: int = Field(ge=1, le=99)
    """The last number; up to 6 a single key is pressed."""
    low_label: Wording = {}
    """What the first number means."""
    high_label: Wording = {}
    """What the last number means."""


class Item(Part):
    """A question, a note that is said before the next question, or a value that is worked out."""

    id: str = Field(pattern=NAME, max_length=128)
    """Its name, by which expressions and `${…}` refer to it."""
    kind: Kind
    """What kind of answer is wanted; note says something and calculate works something out."""
    modes: tuple[Mode, ...] = MODES
    """In which modes it is asked."""
    block: str | None = None
    """The innermost block that it stands in."""
    prompt: Wording = {}
    """What is asked or said."""
    again: Wording = {}
    """The same question in other words, for the second time."""
    hint: Wording = {}
    """A line below the question, on pages and for operators."""
    audio: dict[Lang, str] = {}
    """File names of the recorded prompt, for the telephone; the words stay beside them."""
    choices: str | None = None
    """The list of options under `choices`."""
    choices_from: str | None = None
    """A fact `code=label;code=label…` that holds the options, such as the townships of this county."""
    choice_filter: Expression | None = None
    """Which options are offered: an expression over the columns of an option and what is known."""
    options_order: Order = "fixed"
    """Options in the order of the document, in a random one, or rotated, for each respondent."""
    two_directions: bool = False
    """Half of the respondents hear this scale from its other end."""
    other: bool = False
    """One more option, "other", followed by a question "which?" (`<id>_other`)."""
    several_in: tuple[Mode, ...] = MODES
    """Modes in which select_multiple takes several answers; elsewhere it takes one."""
    range: Range | None = None
    """The numbers of a scale."""
    missing: tuple[str, ...] = (DK, REFUSED)
    """Missing answers that are taken: dk (cannot say), refused, no_answer."""
    reads_dk: bool = True
    """Whether the machine reads out the key for "I can't say"; where it is not read out it still counts."""
    speech: bool = False
    """On the telephone the answer may be spoken as well as pressed."""
    record_s: int = Field(default=60, ge=5, le=600)
    """Seconds that an open answer may be recorded for."""
    relevant: Expression | None = None
    """Asked only if this holds."""
    constraint: Expression | None = None
    """What holds of every answer; `.` is the answer."""
    constraint_message: Wording = {}
    """What is said where it does not hold."""
    required: bool = False
    """A page does not go on without it; elsewhere every question is asked."""
    calculation: Expression | None = None
    """The expression whose value a calculate item has."""
    essential: bool = False
    """Without an answer to it the interview is not complete."""
    is_age: bool = False
    """The answer is the respondent's own age in years: a minor is thanked, and nothing is kept."""
    each_contact: bool = False
    """Asked anew whenever an interview goes on in another contact, such as who is speaking."""
    tells: str | None = None
    """The fact that this note tells; once the resident is known to have heard it, it counts as told."""

    @property
    def asks(self) -> bool:
        return self.kind not in SILENT


class Block(Part):
    """Questions that belong together: one relevance for all, and perhaps an order of its own per respondent."""

    id: str = Field(pattern=NAME, max_length=128)
    """Its name."""
    title: Wording = {}
    """A heading."""
    block: str | None = None
    """The block around this one."""
    order: Order = "fixed"
    """Its questions and inner blocks in the order of the document, in a random one, or rotated."""
    relevant: Expression | None = None
    """Asked only if this holds, all of them."""


class Page(Part):
    """Questions asked in one message or on one page, worded together."""

    items: tuple[str, ...]
    """The questions."""
    modes: tuple[Mode, ...]
    """In which modes they are asked together."""
    prompt: Wording
    """How they are asked together."""


class Line(Part):
    """A sentence of a script, said when its condition holds."""

    say: Wording
    """The sentence."""
    when: Expression | None = None
    """Said only if this holds."""


class End(Part):
    """An answer after which nothing more is asked."""

    when: Expression
    """Looked at after each answer."""
    status: Ending
    """What the interview is then: screened_out, wrong_person, unanswered or refused."""
    reason: str
    """Kept with the interview."""
    goodbye: str
    """The script that is said; the document's own or one that every interview has."""


class Flag(Part):
    """What a reader of the interview must be told of at once."""

    flag: str = Field(pattern=NAME)
    """Its name."""
    when: Expression
    """Raised the first time that this holds."""


class Appeal(Part):
    """Where a resident names a problem and agrees that it is registered."""

    words: str
    """The question in which the problem is named."""
    consent: str
    """The question whether it is to be registered."""
    agreed: str
    """The code that says yes."""


class Score(Part):
    """A named rule for points, with a version: its value is `${id}` in scripts and expressions."""

    id: str = Field(pattern=NAME)
    """Its name."""
    version: int = 1
    """Of the rule; a changed rule has a new version."""
    title: Wording = {}
    """What it is called."""
    by: Literal["sum", "mean"] = "sum"
    """The sum of the points, or their mean over the questions answered."""
    points: dict[str, dict[str, float]]
    """Points by question and code; a question without a valid answer counts in neither sum nor mean."""


class Official(Part):
    """What an official statistical form must show: table number, authority, approval and validity."""

    table_no: str = ""
    """表号, the number of the table."""
    authority: str = ""
    """制定机关, who made it."""
    approval_no: str = ""
    """批准文号, under which number it was approved."""
    valid_until: str = ""
    """有效期至, until when."""


class Voice(Part):
    """What the telephone needs beside the words."""

    audio: tuple[Lang, ...] = ()
    """Languages in which recorded sentences are played; what has no recording is spoken by the carrier's voice."""


class Web(Part):
    """How the form looks on a page."""

    layout: Literal["one_per_page", "one_page"] = "one_per_page"
    """One question a page, or all that can be asked on one."""


class Limits(Part):
    """How often the same question is tried, and how long a dialogue may become at the very most."""

    not_understood: dict[Mode, int] = {}
    """By mode: how often a question may be misunderstood before a person takes over (voice 2, text 2, web 5, operator 5)."""
    silences: int = Field(default=2, ge=1, le=5)
    """How often nobody may answer on the telephone before it ends."""
    helps: int = Field(default=3, ge=0, le=10)
    """How often help may be asked for at one question."""
    reminders: int = Field(default=0, ge=0, le=1)
    """Texts that remind whoever has not replied yet."""
    steps: int | None = Field(default=None, ge=1)
    """Inputs after which a person takes over; None: room for every question and its repetitions."""
