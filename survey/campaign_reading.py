"""A campaign as it is written: read from YAML, each fault with its place, what is wrong and what to do, in both languages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import ValidationError

from survey.field.campaign_document import CampaignDocument, Unfit
from survey.field.fault import Fault
from survey.questionnaire import Questionnaire
from survey.questionnaire.lint import Finding
from survey.questionnaire.places import Place, Step, YamlDocument

MOST_FAULTS: Final = 20
KEYS: Final = "docs/campaign.md"


@dataclass(frozen=True)
class Told:
    """One fault for a reader: where it stands, what is wrong, what to do."""

    severity: Literal["error", "warning"]
    place: Place
    why: str
    remedy: str
    why_zh: str
    remedy_zh: str


class NoCampaign(ValueError):
    """A text that is no campaign; `faults` say why, each with its place."""

    def __init__(self, faults: Sequence[Told]) -> None:
        super().__init__("\n".join(f"{f.place}: {f.why}; {f.remedy}" for f in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Written:
    """A campaign's document, the questionnaire it names, and what the lint says of that."""

    document: CampaignDocument
    questionnaire: Questionnaire
    findings: tuple[Finding, ...]
    place: Callable[[Sequence[Step]], Place]

    def told(self, faults: Sequence[Fault]) -> list[Told]:
        """Faults of the check with their places, then errors of the questionnaire with theirs."""
        own = [Told(f.severity, self.place(f.path), f.why, f.remedy, f.why_zh, f.remedy_zh) for f in faults]
        return own + of_findings([one for one in self.findings if one.severity == "error"])


Found = tuple[Questionnaire, tuple[Finding, ...]]
Finder = Callable[[str, Place], Found]
"""The questionnaire that stands under a name, looked for at the place that names it. Raises NoCampaign."""


def read_campaign(body: str, name: str, find: Finder) -> Written:
    """`name` is that of the file in every place. Raises NoCampaign, and UnreadableYaml where it is no YAML at all."""
    yaml = YamlDocument(body, name)
    try:
        document = CampaignDocument.model_validate(yaml.value)
    except ValidationError as error:
        raise NoCampaign(_faults(error, yaml)) from error
    questionnaire, findings = find(document.questionnaire, yaml.place(("questionnaire",)))
    return Written(document, questionnaire, findings, yaml.place)


def of_findings(findings: Sequence[Finding]) -> list[Told]:
    """What the lint found in a questionnaire, as faults of the campaign that names it."""
    return [
        Told("error", one.place, f"{one.zh} / {one.message}", one.remedy, one.zh, one.remedy_zh)
        for one in findings
    ]


def _faults(error: ValidationError, yaml: YamlDocument) -> list[Told]:
    told = []
    for fault in error.errors(include_url=False)[:MOST_FAULTS]:
        path = tuple(fault["loc"])
        where = ".".join(str(step) for step in path)
        why, remedy = _said(fault["type"], fault["msg"])
        why_zh, remedy_zh = _said_zh(fault)
        told.append(
            Told(
                "error",
                yaml.place(path),
                f"{where or 'the document'}: {why}",
                remedy,
                f"{where or '整份文件'}:{why_zh}",
                remedy_zh,
            )
        )
    return told


def _said(kind: str, message: str) -> tuple[str, str]:
    if kind == "missing":
        return "this key is missing", f"add it ({KEYS} lists the keys)"
    if kind == "extra_forbidden":
        return "there is no such key", f"correct its name, or take it out ({KEYS} lists the keys)"
    if kind == "value_error":
        why, _, remedy = message.removeprefix("Value error, ").rpartition("; ")
        return why or message, remedy or "correct it"
    return message[:1].lower() + message[1:], f"correct it ({KEYS} says what may stand here)"


WRONG_ZH: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("缺这一项", f"补上({KEYS} 列出每一项)"),
    "extra_forbidden": ("没有这一项", f"改正名称,或去掉({KEYS} 列出每一项)"),
    "literal_error": ("只能写规定的几种", f"改正({KEYS} 说明可写什么)"),
    "string_pattern_mismatch": ("写法不对", f"改正({KEYS} 说明怎么写)"),
    "string_too_long": ("太长", "写短一些"),
    "string_too_short": ("不能空着", "补上"),
    "too_short": ("不能空着", "补上"),
    "too_long": ("项数太多", "减少几项"),
    "greater_than": ("数太小", "改大"),
    "greater_than_equal": ("数太小", "改大"),
    "less_than_equal": ("数太大", "改小"),
}


def _said_zh(fault: Any) -> tuple[str, str]:
    error = fault.get("ctx", {}).get("error")
    if isinstance(error, Unfit):
        why, _, remedy = error.zh.rpartition("。")
        return why, remedy
    return WRONG_ZH.get(fault["type"], ("内容不符合要求", f"改正({KEYS} 说明可写什么)"))
