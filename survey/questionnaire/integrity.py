"""What would make an interview fail halfway: each fault with its place and remedy. A document with one is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from survey.questionnaire.answer import MISSING
from survey.questionnaire.parts import CLOSED, SILENT, Item

if TYPE_CHECKING:
    from survey.questionnaire.expressions import Expression
    from survey.questionnaire.model import Questionnaire

ALWAYS_KNOWN = frozenset(
    {"mode", "lang", "now", "follows", "link", "staffed_again", "hotline", "last_attempt"}
)
"""Facts that every dialogue may have: its mode and language, the local time, that it follows another, the address of
its page, when somebody is on duty again, the help line of the centre, that nobody is tried again after it."""


EXPRESSIONS = ("relevant", "constraint", "choice_filter", "calculation")
MOST_BLOCKS_DEEP = 20
"""Every question looks at the conditions of all blocks around it."""
MOST_CALCULATIONS_DEEP = 50
"""Calculations that rest on calculations: each takes a few levels of Python's stack."""


def faults(q: Questionnaire) -> Iterator[str]:
    """Faults in the order of the document."""
    yield from _twice("items", (item.id for item in q.flow))
    yield from _twice("blocks", (block.id for block in q.blocks))
    yield from _twice("scores", (score.id for score in q.scores))
    items, names = set(q.by_id), known_names(q)
    yield from _unknown(items, "order", (one for order in q.order.values() for one in order), "item")
    yield from _unknown(items, "pages", (one for page in q.pages for one in page.items), "item")
    yield from _unknown(items, "scores", (one for score in q.scores for one in score.points), "item")
    if q.appeal is not None:
        yield from _unknown(items, "appeal", (q.appeal.words, q.appeal.consent), "item")
    yield from _block_faults(q)
    for place, expression in expressions(q):
        yield from _unknown(names, place, sorted(expression.names), "item, fact, calculation or score")
    for item in q.items:
        yield from _item_faults(q, item)
    for name, options in q.choices.items():
        codes = [option.code for option in options]
        if len(set(codes)) != len(codes) or MISSING & set(codes):
            yield f"choices {name}: a code stands twice or is the name of a missing answer; give each its own"
    yield from _circles(q)


def known_names(q: Questionnaire) -> frozenset[str]:
    """Everything that an expression or a wording may name."""
    facts = {fact for needed in q.facts.values() for fact in needed}
    told = {item.choices_from for item in q.items if item.choices_from is not None}
    return frozenset({*q.by_id, *q.scores_by_id, *facts, *q.may_know, *told}) | ALWAYS_KNOWN


def expressions(q: Questionnaire) -> Iterator[tuple[str, Expression]]:
    """Every expression of the document with the place where it stands."""
    for item in q.items:
        for key in EXPRESSIONS:
            expression = getattr(item, key)
            if expression is not None:
                yield f"{key} of {item.id}", expression
    yield from ((f"relevant of block {b.id}", b.relevant) for b in q.blocks if b.relevant is not None)
    yield from ((f"ends.{place}", end.when) for place, end in enumerate(q.ends))
    yield from ((f"flag {flag.flag}", flag.when) for flag in q.flags)
    if q.complete is not None:
        yield "complete", q.complete
    if q.partial is not None:
        yield "partial", q.partial
    for name, lines in q.scripts.items():
        yield from ((f"script {name}", line.when) for line in lines if line.when is not None)


def expression_characters(document: object) -> int:
    """How long the expressions of the items and blocks of a document are, before anything is known of it but that it is
    YAML or JSON."""
    if not isinstance(document, Mapping):
        return 0
    rows = [row for key in ("items", "blocks") for row in _rows(document.get(key))]
    return sum(len(value) for row in rows for key in EXPRESSIONS if isinstance(value := row.get(key), str))


def _rows(listed: object) -> list[Mapping[str, object]]:
    return [row for row in listed if isinstance(row, Mapping)] if isinstance(listed, list | tuple) else []


def _twice(place: str, ids: Iterable[str]) -> Iterator[str]:
    for one, times in Counter(ids).items():
        if times > 1:
            yield f"the id {one} stands twice in {place}; give one of them another"


def _unknown(known: Iterable[str], place: str, used: Iterable[str], what: str) -> Iterator[str]:
    yield from (
        f"{place} names {one}, which is no {what}; correct the name" for one in used if one not in known
    )


def _block_faults(q: Questionnaire) -> Iterator[str]:
    blocks = q.blocks_by_id
    yield from _unknown(blocks, "an item's block", (i.block for i in q.items if i.block is not None), "block")
    yield from _unknown(
        blocks, "a block's block", (b.block for b in q.blocks if b.block is not None), "block"
    )
    for block in q.blocks:
        seen, name = {block.id}, block.block
        while name is not None and name in blocks:
            if name in seen:
                yield f"block {block.id} stands inside itself; take `block` out of one of them"
                return
            seen.add(name)
            if len(seen) > MOST_BLOCKS_DEEP:
                yield f"block {block.id} stands more than {MOST_BLOCKS_DEEP} blocks deep; use fewer levels"
                return
            name = blocks[name].block


def _item_faults(q: Questionnaire, item: Item) -> Iterator[str]:
    closed = item.kind in CLOSED
    if closed != (item.choices is not None or item.choices_from is not None):
        yield f"item {item.id} ({item.kind}): closed questions, and only they, need choices or choices_from"
    if item.choices is not None and item.choices not in q.choices:
        yield f"item {item.id}: there are no choices {item.choices}; write them under `choices`"
    if item.choices is not None and item.choices in q.choices and not q.choices[item.choices]:
        yield f"item {item.id}: the choices {item.choices} are empty; write at least one option"
    if (item.kind == "scale") != (item.range is not None):
        yield f"item {item.id} ({item.kind}): a scale, and only a scale, needs a range"
    if item.range is not None and item.range.low >= item.range.high:
        yield f"item {item.id}: the range must rise from low to high"
    if (item.kind == "calculate") != (item.calculation is not None):
        yield f"item {item.id} ({item.kind}): calculate, and only calculate, needs a calculation"
    if item.other and (not closed or item.choices is None):
        yield f"item {item.id}: only a question with choices of its own can have `other`"
    if item.kind not in SILENT and not item.prompt:
        yield f"item {item.id}: the prompt is missing; write what is asked"
    if not set(item.missing) <= MISSING:
        yield f"item {item.id}: missing may hold only {', '.join(sorted(MISSING))}"


def in_order(q: Questionnaire, name: str) -> list[str]:
    """What is worked out for `name`, each after what it rests on. The document has no circles."""
    done: dict[str, None] = {}
    stack = [(name, False)]
    while stack:
        one, ready = stack.pop()
        if one in done or (one not in q.calculations and one not in q.scores_by_id):
            continue
        if ready:
            done[one] = None
            continue
        stack.append((one, True))
        stack.extend((inner, False) for inner in sorted(_rests_directly(q, one)))
    return list(done)


def _rests_directly(q: Questionnaire, name: str) -> set[str]:
    """What a calculation's value and relevance, or a score's questions, name."""
    if name in q.scores_by_id:
        return set(q.scores_by_id[name].points)
    parts = (q.calculations[name], *q.relevance(q.by_id[name]))
    return {one for expression in parts for one in expression.names}


def _cut(names: list[str]) -> str:
    """The names in a row; of a long row its two ends."""
    return " -> ".join(names if len(names) <= 8 else [*names[:4], "…", *names[-3:]])


def _circles(q: Questionnaire) -> Iterator[str]:
    """A question that is asked only if its own answer says so, a value worked out from itself, or from a longer chain of
    values than anybody can follow."""
    needs: Mapping[str, set[str]] = {
        item.id: {
            name
            for expression in (
                *(q.relevance(item) if item.block is None or item.block in q.blocks_by_id else ()),
                *((item.calculation,) if item.calculation is not None else ()),
            )
            for name in expression.names
            if name in q.by_id
        }
        for item in q.flow
    }
    depth: dict[str, int] = {}
    done: set[str] = set()
    for start in needs:
        path: dict[str, None] = {}
        stack = []
        if start not in done:
            stack.append((start, iter(sorted(needs[start]))))
            path[start] = None
        while stack:
            name, following = stack[-1]
            one = next(following, None)
            if one is None:
                done.add(name)
                path.pop(name)
                stack.pop()
                calculated = name in q.calculations
                depth[name] = calculated * (1 + max((depth[inner] for inner in needs[name]), default=0))
                if depth[name] > MOST_CALCULATIONS_DEEP:
                    yield (
                        f"calculation of {name} rests on a chain of over {MOST_CALCULATIONS_DEEP} calculations; "
                        "work the value out in fewer steps"
                    )
                    return
            elif one in path:
                walked = list(path)
                circle = _cut([*walked[walked.index(one) :], one])
                yield f"{circle} goes round in a circle; let none of them depend on what comes from it"
                return
            elif one not in done:
                stack.append((one, iter(sorted(needs[one]))))
                path[one] = None
