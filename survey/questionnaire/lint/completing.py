"""Whether an interview can become complete, and calculations that go too deep to be worked out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from survey.questionnaire.expressions import Expression
from survey.questionnaire.expressions.limits import MAX_DEPTH
from survey.questionnaire.lint.finding import Found, found
from survey.questionnaire.lint.solving import Solver
from survey.questionnaire.lint.view import View

FRAMES_LEFT: Final = 600
"""Of Python's 1,000 frames, those that calculations of calculations may use. A bound of the machine, no policy."""
FRAMES_A_STEP: Final = 4
FRAMES_AN_OPERATION: Final = 3


def complete(view: View, solver: Solver) -> Iterator[Found]:
    """In every mode by itself: most interviews end in the mode in which they began."""
    if view.q.complete is not None:
        asked = {mode: view.position[mode].keys() for mode in view.modes}
        without = {mode: frozenset(view.q.by_id.keys() - ids) for mode, ids in asked.items()}
        never = [m for m in view.modes if not solver.can_hold((view.q.complete,), (m,), without[m])]
        if never:
            yield found("never-complete", ("complete",), "condition", modes=", ".join(never))
        return
    for one in view.q.essential:
        if lacking := [mode for mode in view.modes if one not in view.position[mode]]:
            path = view.path(view.q.by_id[one], "modes")
            yield found("never-complete", path, "mode", modes=", ".join(lacking), id=one)
    if view.modes and not view.q.essential:
        yield found("never-complete", ("items",), "nothing")


def deep(view: View) -> Iterator[Found]:
    """From the answers upwards, so that each calculation is looked at once however long the chain is."""
    frames: dict[str, int] = {}
    for start in view.q.calculations:
        stack = [start]
        while stack:
            name = stack[-1]
            needs = [one for one in view.q.calculations[name].names if one in view.q.calculations]
            if waiting := [one for one in needs if one not in frames]:
                stack.extend(waiting)
                continue
            stack.pop()
            if name not in frames:
                frames[name] = _frames(view, view.q.calculations[name]) + max(
                    (frames[one] for one in needs), default=0
                )
                if frames[name] > FRAMES_LEFT >= max((frames[one] for one in needs), default=0):
                    yield found("deep-calculation", view.path(view.q.by_id[name], "calculation"), id=name)


def _frames(view: View, expression: Expression) -> int:
    """Frames that its evaluation takes by itself, at the most."""
    tokens = view.tokens(expression) or ()
    depth = deepest = 0
    for token in tokens:
        depth += (token.type == "_OPEN") - (token.type == "_CLOSE")
        deepest = max(deepest, depth)
    signs = {token.type for token in tokens} & {"_OR", "_AND", "EQUALITY", "ORDER", "SUM", "MINUS", "PRODUCT"}
    return FRAMES_A_STEP + FRAMES_AN_OPERATION * min(MAX_DEPTH, deepest + len(signs))
