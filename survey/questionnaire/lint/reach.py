"""Questions that nobody is ever asked, or only out of their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.questionnaire.expressions import Expression
from survey.questionnaire.lint.finding import Found, Path, found
from survey.questionnaire.lint.names import unknown_codes
from survey.questionnaire.lint.solving import Solver
from survey.questionnaire.lint.view import View
from survey.questionnaire.parts import Item
from survey.questionnaire.wording import Mode


def unreachable(view: View, solver: Solver) -> Iterator[Found]:
    """Blocks first: what stands in a block that is never reached is not told one by one."""
    closed = set(_dead_blocks(view, solver))
    for place, block in enumerate(view.q.blocks):
        if block.id in closed and block.relevant is not None:
            yield found("unreachable", ("blocks", place, "relevant"), "block", id=block.id)
    for item in view.q.flow:
        if view.is_written(item) and item.kind != "calculate" and not _around(view, item) & closed:
            yield from _item(view, solver, item)


def _dead_blocks(view: View, solver: Solver) -> Iterator[str]:
    for block in view.q.blocks:
        if block.relevant is not None and not solver.can_hold((block.relevant,), view.modes or ("",)):
            yield block.id


def _around(view: View, item: Item) -> set[str]:
    found: set[str] = set()
    name = item.block
    while name is not None:
        found.add(name)
        name = view.q.blocks_by_id[name].block
    return found


def _item(view: View, solver: Solver, item: Item) -> Iterator[Found]:
    if not item.modes:
        yield found("unreachable", view.path(item, "modes"), "no_mode", id=item.id)
        return
    conditions = view.q.relevance(item)
    if not conditions:
        return
    path = view.path(item, "relevant" if item.relevant is not None else "block")
    if not solver.can_hold(conditions, item.modes):
        yield _never(view, path, item, conditions)
        return
    asked = [mode for mode in item.modes if item.id in view.position[mode]]
    closed = [
        mode for mode in asked if not solver.can_hold(conditions, (mode,), _unasked(view, mode, conditions))
    ]
    if closed:
        yield _in_modes(view, path, item, closed, conditions)
        return
    early = [
        mode
        for mode in asked
        if not solver.can_hold(conditions, (mode,), _later(view, mode, item, conditions))
    ]
    if early and early == asked:
        names = {one for mode in early for one in _later(view, mode, item, conditions)}
        names -= {one for mode in early for one in _unasked(view, mode, conditions)}
        yield found("depends-on-later", path, id=item.id, names=", ".join(sorted(names)))


def _never(view: View, path: Path, item: Item, conditions: Sequence[Expression]) -> Found:
    wrong = next((one for condition in conditions for one in unknown_codes(view, condition)), None)
    if wrong is None:
        return found("unreachable", path, id=item.id)
    return found("unreachable", path, "code", id=item.id, name=wrong[0], code=wrong[1])


def _in_modes(
    view: View, path: Path, item: Item, modes: Sequence[Mode], conditions: Sequence[Expression]
) -> Found:
    names = sorted({one for mode in modes for one in _unasked(view, mode, conditions)})
    says = "unasked" if names else "plain"
    return found(
        "unreachable-in-mode", path, says, id=item.id, modes=", ".join(modes), names=", ".join(names)
    )


def _unasked(view: View, mode: Mode, conditions: Sequence[Expression]) -> frozenset[str]:
    """Questions of the conditions that this mode does not ask."""
    return frozenset(one for one in _questions(view, conditions) if one not in view.position[mode])


def _later(view: View, mode: Mode, item: Item, conditions: Sequence[Expression]) -> frozenset[str]:
    """Questions of the conditions that have no answer yet when it is the item's turn."""
    position = view.position[mode]
    return frozenset(
        one
        for one in _questions(view, conditions)
        if one not in position or (position[one] > position[item.id] and not view.shuffled(one, item.id))
    )


def _questions(view: View, conditions: Sequence[Expression]) -> set[str]:
    names = {one for condition in conditions for one in condition.names}
    return {one for one in names if one in view.q.by_id and view.q.by_id[one].asks}


def left_out(view: View) -> Iterator[Found]:
    """Items of a mode that its own order forgets."""
    for mode, order in view.q.order.items():
        ordered = set(order)
        missing = [
            item.id for item in view.q.flow if ordered and mode in item.modes and item.id not in ordered
        ]
        asked = [one for one in missing if view.q.by_id[one].kind != "calculate"]
        if asked:
            yield found("left-out-of-order", ("order", mode), mode=mode, names=", ".join(asked))


def constraints(view: View, solver: Solver) -> Iterator[Found]:
    """Constraints that no answer can meet, and filters that leave no option."""
    for item in view.q.items:
        constraint = (item.constraint,) if item.constraint is not None and item.asks else ()
        if not solver.can_hold(constraint, item.modes or ("",), own=item if constraint else None):
            yield found("constraint-never", view.path(item, "constraint"), id=item.id)
        if item.choice_filter is not None and item.choices is not None:
            options = view.q.options(item.id)
            if not any(solver.can_hold((item.choice_filter,), item.modes, option=one) for one in options):
                yield found("no-options", view.path(item, "choice_filter"), id=item.id)
