"""How the API says no: problem details (RFC 9457) in Chinese and English, with field, reason and remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from followup.refusals import CaseRefusal
from survey.masking import without_numbers
from survey.policies import packaged_data

MEDIA_TYPE: Final = "application/problem+json"
MOST_FAULTS: Final = 50


@dataclass(frozen=True)
class Kind:
    """One row of the catalogue."""

    name: str
    status: int
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


@cache
def kinds() -> Mapping[str, Kind]:
    """The catalogue, by name."""
    rows = packaged_data("followup.api", "problems")["problems"]
    return {name: Kind(name, **row) for name, row in rows.items()}


@cache
def _of_refusals() -> Mapping[str, str]:
    return dict(packaged_data("followup.api", "problems")["refusals"])


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str = Field(description="字段,如 person.phone;以点分级 Which field, with dots between levels.")
    reason: str = Field(description="原因 What is wrong with it. Never repeats what was sent.")
    remedy: str = Field(description="办法 What to do about it.")


class ProblemOut(BaseModel):
    """问题说明(RFC 9457) What is wrong, where, and what to do about it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str = Field(description="urn:minyi:problem: 加代码 and the code of the problem.")
    title: str
    title_zh: str
    status: int
    detail: str
    remedy: str
    remedy_zh: str
    instance: str = Field(
        description="urn:minyi:request: 加请求编号,也在 X-Request-Id 头 and the id of the request."
    )
    errors: list[Fault]


@dataclass
class Problem(Exception):
    """Raised anywhere below a handler; becomes the answer."""

    kind: str
    detail: str = ""
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return kinds()[self.kind].status

    def body(self, request_id: str) -> dict[str, Any]:
        """The document, as it goes out."""
        kind = kinds()[self.kind]
        return ProblemOut(
            type=f"urn:minyi:problem:{kind.name}",
            title=kind.en,
            title_zh=kind.zh,
            status=kind.status,
            detail=self.detail or kind.en,
            remedy=kind.remedy_en,
            remedy_zh=kind.remedy_zh,
            instance=f"urn:minyi:request:{request_id}",
            errors=list(self.faults),
        ).model_dump()


def of_refusal(refusal: CaseRefusal) -> Problem:
    """What a door's refusal is over HTTP. Its sentence names reason and remedy; a number that slipped into it is masked."""
    kind = _of_refusals().get(type(refusal).__name__, "conflict")
    return Problem(kind, without_numbers(str(refusal)) if kind != "unknown_case" else "")


def of_validation(error: ValidationError) -> Problem:
    """Which fields are not as the document says. What was sent is not repeated: it may hold a number."""
    faults = [
        Fault(
            field=".".join(str(part) for part in one["loc"]) or "body",
            reason=_reason(one["type"], one["msg"]),
            remedy="see this field in /api/v1/openapi.json",
        )
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return Problem("malformed", f"{len(faults)} of the fields cannot be read.", faults[:MOST_FAULTS])


def impossible(name: str, reason: str, remedy: str) -> Problem:
    """One field is well formed, and still cannot be taken."""
    return Problem("not_possible", f"{name}: {reason}", [Fault(field=name, reason=reason, remedy=remedy)])


def _reason(kind: str, message: str) -> str:
    return "missing" if kind == "missing" else message
