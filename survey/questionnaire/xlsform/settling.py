"""What can be asked in the end: a question that needs one that is not asked is not asked either.

Never is a question asked under a weaker condition than the author wrote.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from survey.questionnaire.expressions import Expression
from survey.questionnaire.xlsform.drafts import BlockDraft, Draft, Part
from survey.questionnaire.xlsform.dropped import Dropped
from survey.questionnaire.xlsform.listing import dropped
from survey.questionnaire.xlsform.naming import RESERVED

_MISSING: Final = re.compile(r"""['"]\s*(dk|refused|no_answer)\s*['"]""")


@dataclass(frozen=True, slots=True)
class Settled:
    items: Sequence[Draft]
    blocks: Sequence[BlockDraft]
    facts: Sequence[str]
    dropped: Sequence[Dropped]


def settle(parts: Iterable[Draft | BlockDraft | Dropped], missing: Mapping[str, frozenset[str]]) -> Settled:
    """`missing`: by list, the missing answers that it named as choices of its own."""
    everything = list(parts)
    told = [part for part in everything if isinstance(part, Dropped)]
    questions = [part for part in everything if isinstance(part, Draft)]
    blocks = {part.id: part for part in everything if isinstance(part, BlockDraft)}
    _refuse_missing_codes([*questions, *blocks.values()], questions, missing)
    _drop_what_depends(questions, blocks)
    gone = {
        name
        for name, block in blocks.items()
        if block.why_not or any(blocks[one].why_not for one in block.inside)
    }
    kept = [part for part in questions if not part.why_not and not set(part.inside) & gone]
    _free_names(kept)
    known = {part.id for part in kept}
    used = {name for part in kept if not part.fact for name in part.inside}
    for block in blocks.values():
        if block.id in used:
            told += [*block.told(), *_without_gaps(block, known)]
        elif block.id not in gone:
            told.append(replace(dropped("empty group", block.place), name=block.name))
        elif not any(one in gone for one in block.inside):
            told += block.told()
    for part in questions:
        if not set(part.inside) & gone:
            told += [*part.told(), *_without_gaps(part, known)]
    return Settled(
        [part for part in kept if not part.fact],
        [block for block in blocks.values() if block.id in used],
        [part.id for part in kept if part.fact],
        told,
    )


def _free_names(kept: Sequence[Draft]) -> None:
    """A question is called by its own name again, where the other one of this name is not asked."""
    ids = {part.id for part in kept}
    needed = {need.name for part in kept for need in part.needs}
    for part in kept:
        if part.name and part.id not in needed and part.name not in ids | RESERVED:
            ids.add(part.name)
            part.id = part.name
            part.lost = [one for one in part.lost if one.effect != "renamed"]


def _drop_what_depends(questions: Sequence[Draft], blocks: Mapping[str, BlockDraft]) -> None:
    inside: dict[str, list[Draft]] = defaultdict(list)
    users: dict[str, list[Part]] = defaultdict(list)
    for part in (*questions, *blocks.values()):
        for need in part.needs:
            users[need.name].append(part)
    for draft in questions:
        for name in draft.inside:
            inside[name].append(draft)
    given = {draft.id for draft in questions}
    lost = [draft.id for draft in questions if draft.why_not]
    lost += [one.id for block in blocks.values() if block.why_not for one in inside[block.id]]
    lost += [name for name in users if name not in given]
    seen: set[str] = set()
    while lost:
        name = lost.pop()
        if name in seen:
            continue
        seen.add(name)
        for part in users[name]:
            if part.why_not:
                continue
            part.why_not.append(_depending(part, name))
            lost += [part.id] if isinstance(part, Draft) else [one.id for one in inside[part.id]]


def _depending(part: Part, name: str) -> Dropped:
    place = next(need.place for need in part.needs if need.name == name)
    question = isinstance(part, Draft)
    key = "depends on what is not asked" if question else "group that depends on what is not asked"
    return dropped(key, place, why=f"${{{name}}} is not asked")


def _without_gaps(part: Part, known: set[str]) -> Iterator[Dropped]:
    """Texts beside a question that would say what is not asked are left out."""
    for wish in part.wishes if not part.why_not else ():
        if wish.names - known and part.fields.pop(wish.field, None) is not None:
            yield replace(dropped(wish.feature, wish.place), name=part.name)


def _refuse_missing_codes(
    parts: Sequence[Part], questions: Sequence[Draft], missing: Mapping[str, frozenset[str]]
) -> None:
    """A condition never sees a missing answer, so one that asks for it would never hold."""
    lists = {draft.id: draft.fields.get("choices") for draft in questions}
    with_codes = {
        name for name, choices in lists.items() if isinstance(choices, str) and missing.get(choices)
    }
    for part in parts if with_codes else ():
        for field in ("relevant", "constraint", "calculation", "choice_filter"):
            expression = part.fields.get(field)
            if isinstance(expression, Expression) and _asks_for_missing(part, expression, with_codes):
                key = "expression" if isinstance(part, Draft) else "condition of a group"
                why = "it asks for a choice that is a missing answer here, and a condition never sees one"
                remedy = "rename the choice, or use is-missing() in the document"
                part.why_not.append(
                    dropped(
                        key, part.places[(field,)], feature="missing answer as choice", why=why, remedy=remedy
                    )
                )


def _asks_for_missing(part: Part, expression: Expression, with_codes: set[str]) -> bool:
    names = expression.names | ({part.id} if expression.uses_own else frozenset())
    return bool(names & with_codes) and _MISSING.search(expression.source) is not None
