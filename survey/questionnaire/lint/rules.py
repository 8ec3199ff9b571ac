"""The table of rules, in rules.yaml: how grave each is, what it says in two languages, and what to do.

docs/lint.md says the same for readers; a test holds the two equal.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from pydantic import BaseModel, ConfigDict, TypeAdapter

from survey.policies import packaged_data
from survey.questionnaire.lint.finding import Finding, Found, Severity, by_place
from survey.questionnaire.places import Place, Step


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Said(_Table):
    """A sentence in English and in Chinese, with {places} for what was found."""

    en: str
    zh: str


class Rule(_Table):
    """`says`: the sentences by which it is told, by name; `what` and `why`: for docs/lint.md."""

    severity: Severity
    what: str
    why: str
    says: dict[str, Said]
    remedy: Said


@cache
def rules() -> Mapping[str, Rule]:
    """By id, in the order of the documentation."""
    table = TypeAdapter(dict[str, Rule])
    return table.validate_python(packaged_data("survey.questionnaire.lint", "rules"))


def told(seen: Iterable[Found], place: Callable[[Sequence[Step]], Place]) -> tuple[Finding, ...]:
    """What was seen as findings, in the order of the file; each once."""
    findings = {_told(one, place) for one in seen}
    return tuple(sorted(findings, key=by_place))


def _told(one: Found, place: Callable[[Sequence[Step]], Place]) -> Finding:
    rule = rules()[one.rule]
    said = rule.says[one.says]
    return Finding(
        rule=one.rule,
        severity=rule.severity,
        place=place(one.path),
        path=".".join(map(str, one.path)),
        message=said.en.format_map(one.values),
        remedy=rule.remedy.en.format_map(one.values),
        zh=said.zh.format_map(one.values),
        remedy_zh=rule.remedy.zh.format_map(one.values),
    )
