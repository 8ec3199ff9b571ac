"""What is wrong with a quota by answers, before anybody is asked: each interview that counts must have told its cell. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.field.campaign_document import CampaignDocument
from survey.field.fault import Fault


@dataclass(frozen=True)
class Question:
    """A question as a quota sees it. `codes`: what may be its one answer, missing answers too; none where its answers are no
    such codes. `modes`: those it is asked in. `of_everybody`: no condition keeps it from being asked; `needed`: without an
    answer to it no interview is complete."""

    codes: Sequence[str]
    modes: Sequence[str]
    of_everybody: bool
    needed: bool


def quotas_by_answers(document: CampaignDocument, questions: Mapping[str, Question]) -> Iterator[Fault]:
    """Faults of the quotas that go by answers."""
    for at, quota in enumerate(document.quotas):
        for cell_at, cell in enumerate(quota.cells):
            for name, codes in cell.when.answers.items():
                path = ("quotas", at, "cells", cell_at, "when", "answers", name)
                why = _unfit(name, codes, questions, document.asks_by)
                if why is not None:
                    yield Fault("error", path, *why)
    if document.partials_count and any(quota.by_answers for quota in document.quotas):
        yield Fault(
            "error", ("partials_count",), "a partial interview may lack the answer that a quota goes by",
            "write `partials_count: false`", "半成品可能缺配额所依据的答案", "写 `partials_count: false`",
        )  # fmt: skip


def _unfit(
    name: str, codes: Sequence[str], questions: Mapping[str, Question], modes: Sequence[str]
) -> tuple[str, str, str, str] | None:
    """Why a quota cannot go by this question, and the remedy; both in Chinese after that."""
    question = questions.get(name)
    if question is None or not question.codes:
        known = ", ".join(one for one, its in questions.items() if its.codes) or "none"
        what = "no question" if question is None else "no question of one answer out of several"
        return (
            f"the questionnaire has {what} {name!r}",
            f"use one of these: {known}",
            f"问卷没有单选题 {name}",
            f"用其中一题:{known}",
        )
    if unknown := [code for code in codes if code not in question.codes]:
        listed = ", ".join(question.codes)
        return (
            f"{', '.join(unknown)} is no answer to {name}",
            f"use one of these: {listed}",
            f"{'、'.join(unknown)} 不是 {name} 的选项",
            f"用其中的:{listed}",
        )
    if without := [mode for mode in modes if mode not in question.modes]:
        return (
            f"{name} is not asked in mode {without[0]}",
            "ask it in every mode of the campaign, or take that mode out",
            f"{without[0]} 方式不问 {name}",
            "每种方式都问这一题,或去掉那种方式",
        )
    if not question.of_everybody:
        return (
            f"{name} is not asked of everybody, so some would have no cell",
            "take its condition out",
            f"{name} 不是人人都问,有的人归不进任何一格",
            "去掉它的条件",
        )
    if not question.needed:
        return (
            f"an interview can be complete without {name}, and would have no cell",
            "make it `essential: true`",
            f"不答 {name} 也算完成,那样就归不进任何一格",
            "把它设为 `essential: true`",
        )
    return None
