"""What notices say: both languages, one text part each, every fact known."""

from __future__ import annotations

import pytest

from followup.notice_templates import (
    CannotSay,
    Template,
    digest_text,
    filled,
    notice_policy,
    signed,
    text_of,
    title_of,
)
from survey.questionnaire.segments import segments

SIGNATURE = "遂澜民调中心"
TEMPLATES = notice_policy().templates
LONG = {"explanation"}
"""Texts that hold what a person wrote for the resident: as many parts as it takes (settled.md §1)."""


@pytest.mark.parametrize("key", TEMPLATES)
def test_a_text_is_one_part(key: str) -> None:
    """In Chinese, which all but a few residents are told in; English signed in Chinese holds 61 characters, and takes two."""
    template = TEMPLATES[key]
    facts = {**template.example, "centre": "遂澜县社情民意调查中心", "query_code": "K7Q2M9XA"}
    parts = {lang: segments(signed(text_of(template, facts, lang), SIGNATURE)) for lang in ("zh", "en")}
    assert key in LONG or parts["zh"] == 1
    assert key in LONG or template.to != "resident" or parts["en"] <= 2


def test_a_digest_is_one_part_whatever_it_holds() -> None:
    """The three longest titles, and more of them than anybody gets at once."""
    titles = sorted((title_of(t, t.example, "zh") for t in TEMPLATES.values()), key=len)[-4:] * 30
    assert segments(signed(digest_text(titles[::-1], "zh"), SIGNATURE)) == 1


def test_a_digest() -> None:
    assert (
        digest_text(["催办提醒", "催办提醒", "交办通知"], "zh")
        == "3项通知:催办提醒、交办通知。请登录系统或查收邮件。"
    )
    assert digest_text(["A", "B", "C", "D"], "en") == "4 notices: A; B; C and more. See your desk or mail."


def test_what_is_missing_is_named() -> None:
    with pytest.raises(CannotSay, match="fact due, short missing"):
        filled("{short}号事项将于{due}到期", {"number": "1"})


def test_a_template_names_each_of_its_facts() -> None:
    whole = TEMPLATES["urge_1"].model_dump()
    known = dict(whole["example"])
    del known["due"]
    with pytest.raises(ValueError, match="no example of due"):
        Template.model_validate({**whole, "example": known})
