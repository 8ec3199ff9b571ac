"""The words of notices: policy `notices`, typed, and a template filled with facts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from survey.policies import packaged

Channel = Literal["text", "mail"]
Role = Literal["liaison", "leader", "duty", "resident"]
GIVEN = frozenset({"centre", "number", "short", "query_code"})
"""Facts that a notice has without being told them (the last three with a case)."""


class CannotSay(Exception):
    """The words of a notice cannot be made; the message says what is missing."""


class Words(BaseModel):
    """The same in Chinese and English."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    zh: str
    en: str

    def in_(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en


class Letter(BaseModel):
    """Paragraphs of a mail, in Chinese and English."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    zh: tuple[str, ...]
    en: tuple[str, ...]


class Template(BaseModel):
    """One kind of notice; notices.yaml says what each field means."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    to: Role
    channels: tuple[Channel, ...]
    receipt_hours: float | None = None
    title: Words
    text: Words
    letter: Letter
    example: dict[str, str]

    @model_validator(mode="after")
    def _every_fact_has_an_example(self) -> Template:
        asked = {name for words in self._all_words() for name in facts_in(words)}
        if missing := sorted(asked - set(self.example) - {"centre", "query_code"}):
            raise ValueError(f"notices: no example of {', '.join(missing)}")
        if "mail" in self.channels and not self.letter.zh:
            raise ValueError("notices: a template that goes by mail needs a letter")
        return self

    def _all_words(self) -> tuple[str, ...]:
        return (self.title.zh, self.title.en, self.text.zh, self.text.en, *self.letter.zh, *self.letter.en)


class MailPolicy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    again_minutes: tuple[int, ...]
    lease_s: int
    timeout_s: int
    at_once: int


class Digest(BaseModel):
    """How several notices are said in one message."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    named: int
    title: Words
    text: Words
    between: Words
    more: Words


class NoticePolicy(BaseModel):
    """The body of policy `notices`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    mail: MailPolicy
    digest: Digest
    templates: dict[str, Template]

    def template(self, key: str) -> Template:
        """Raises CannotSay."""
        if key not in self.templates:
            raise CannotSay(f"policy notices has no template {key}")
        return self.templates[key]


@cache
def notice_policy() -> NoticePolicy:
    """The packaged policy."""
    return NoticePolicy.model_validate(packaged("followup.policies", "notices").body)


def facts_in(words: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def filled(words: str, facts: Mapping[str, str]) -> str:
    """`words` with its facts. Raises CannotSay, naming what is missing."""
    if missing := sorted(facts_in(words) - facts.keys()):
        raise CannotSay(f"fact {', '.join(missing)} missing")
    return words.format_map(facts)


def text_of(template: Template, facts: Mapping[str, str], lang: str) -> str:
    """The body of a text, without the signature."""
    return filled(template.text.in_(lang), facts)


def title_of(template: Template, facts: Mapping[str, str], lang: str) -> str:
    return filled(template.title.in_(lang), facts)


def letter_of(template: Template, facts: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paragraphs in Chinese and in English."""
    return (
        tuple(filled(one, facts) for one in template.letter.zh),
        tuple(filled(one, facts) for one in template.letter.en),
    )


def digest_text(titles: list[str], lang: str) -> str:
    """One text for several notices: how many, and the first titles; a title that comes twice is named once."""
    digest = notice_policy().digest
    different = list(dict.fromkeys(titles))
    named = digest.between.in_(lang).join(different[: digest.named])
    more = digest.more.in_(lang) if len(different) > digest.named else ""
    return digest.text.in_(lang).format(n=len(titles), titles=named + more)


def digest_title(n: int, lang: str) -> str:
    return notice_policy().digest.title.in_(lang).format(n=n)


def signed(body: str, signature: str) -> str:
    """As every text of the centre begins: with its registered signature."""
    return f"【{signature}】{body}"
