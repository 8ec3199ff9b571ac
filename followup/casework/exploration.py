"""All states of a case that can be reached in so many steps, and what is wrong in them.

Two people and the clock act on one case. Whatever one of them can do in a state, the other may have read the same
state a moment before and do theirs right after: every such pair is tried in every state.
`python -m followup.casework.exploration` prints how many states and pairs there are, and what is wrong.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from followup.casework.abstract_case import AbstractCase, Act, Effect, acts, effect, refusal
from followup.casework.lifecycle import CLOSED, HELD, OPEN, Event, Transition, transitions
from followup.casework.limits import limits
from followup.casework.states import states

DEPTH = 30
LAST_ROUND = 4
"""No further rounds are explored: the one after the meeting's is like it."""
ENDS = (*CLOSED, "answered", "not_accepted", "archived")
WAITS_FOR_DECISION = ("redispatch_review", "adjudication")
HANDLED = ("dispatched", "return_review", "in_progress", "result_review", "promised", "callback_pending")


@dataclass(frozen=True)
class Rules:
    """What is explored. The parts can be spoilt one by one, to see that it is found. `guarded`: a move is written only
    where the case still is where it was read.
    """

    table: Sequence[Transition] = field(default_factory=transitions)
    clocks: frozenset[str] = field(default_factory=lambda: frozenset(states().waiting))
    effect: Effect = effect
    refusal: Callable[[AbstractCase, Act], object] = refusal
    guarded: bool = True

    @cached_property
    def rows(self) -> Mapping[tuple[str | None, bool], Sequence[Transition]]:
        """The rows that stand in a state, before the last round and in it."""
        found: dict[tuple[str | None, bool], list[Transition]] = defaultdict(list)
        for row in self.table:
            for state in row.from_states or (None,):
                for last in (False, True):
                    if row.rounds == "any" or (row.rounds == "the last") == last:
                        found[state, last].append(row)
        return found

    def possible(self, case: AbstractCase) -> Iterator[tuple[Act, str]]:
        """Everything that somebody can do in it now, and where it leads."""
        for row in self.rows.get((case.state, case.round >= limits().max_rounds), ()):
            for act in acts(case, row.event):
                if self.refusal(case, act) is None:
                    yield act, row.to

    def do(self, case: AbstractCase, act: Act, to: str) -> AbstractCase:
        """The case after it, with the clock of where it leads."""
        return replace(self.effect(case, act, to), clock=to in self.clocks)


@dataclass(frozen=True)
class Explored:
    """What came of it. `pairs`: acts of two people at once, `refused`: those whose second came too late. `unfinished`:
    cases at the edge that nobody went on from. `wrong`: sentences, with how many cases each holds for.
    """

    cases: int
    depth: int
    unfinished: int
    pairs: int
    refused: int
    wrong: Mapping[str, int]
    reached: frozenset[str]

    def __str__(self) -> str:
        found = "; ".join(f"{what} ({count})" for what, count in sorted(self.wrong.items())) or "nothing"
        return (
            f"{self.cases} cases to depth {self.depth}, {self.unfinished} of them at the edge; "
            f"{self.pairs} pairs of acts at once, {self.refused} of them came second; wrong: {found}"
        )


def explore(rules: Rules | None = None, depth: int = DEPTH) -> Explored:
    """Breadth first from the beginning of every case."""
    rules = rules or Rules()
    seen = {AbstractCase(opinion=opinion): 0 for opinion in (False, True)}
    queue, wrong, pairs, refused = deque(seen), defaultdict[str, int](int), 0, 0
    back: dict[AbstractCase, set[AbstractCase]] = defaultdict(set)
    edge: set[AbstractCase] = set()
    while queue:
        case = queue.popleft()
        for fault in faults(case):
            wrong[fault] += 1
        if seen[case] == depth or case.round > LAST_ROUND:
            edge.add(case)
            continue
        can = list(rules.possible(case))
        after = [(act, rules.do(case, act, to)) for act, to in can]
        for act, then in after:
            if act.event is not Event.WITHDRAW and then != case:
                back[then].add(case)
        reached = [then for _, then in after]
        for _, first in after:
            second = [] if _moved(case, first) and rules.guarded else can
            pairs += len(can)
            refused += len(can) - len(second)
            if not rules.guarded:
                reached += [rules.do(first, act, to) for act, to in second]
        if case.state and not case.late:
            reached.append(replace(case, late=True))
            back[reached[-1]].add(case)
        for then in reached:
            if then not in seen:
                seen[then] = seen[case] + 1
                queue.append(then)
    for stuck in _stuck(set(seen), back, edge):
        wrong[f"no way out of {stuck.state} but to withdraw"] += 1
    states_seen = frozenset(case.state for case in seen if case.state)
    return Explored(len(seen), max(seen.values()), len(edge), pairs, refused, dict(wrong), states_seen)


def _moved(before: AbstractCase, after: AbstractCase) -> bool:
    """Whether the case has left the state and round in which somebody read it."""
    return (before.state, before.round) != (after.state, after.round)


def faults(case: AbstractCase) -> Iterator[str]:
    """What must never be so, as sentences."""
    if len(case.leads) > 1:
        yield "two leads"
    if case.state in HANDLED and not case.leads:
        yield f"{case.state} without a lead"
    if case.state in (*OPEN, *HELD) and not case.clock:
        yield f"no clock runs in {case.state}"
    if case.state in CLOSED and case.callback not in ("settled", "unsuitable") and not case.reason:
        yield f"{case.state} without a callback or a stated reason"
    if case.first != case.published:
        yield "a published rating was changed by a later call"
    open_now = 1 if case.state in WAITS_FOR_DECISION else 0
    if case.raised - case.decided != open_now:
        yield "a dissatisfied answer without exactly one decision"
    if case.state in WAITS_FOR_DECISION and not case.clock:
        yield "a decision without a running clock"


def _stuck(
    cases: set[AbstractCase],
    back: Mapping[AbstractCase, set[AbstractCase]],
    unknown: set[AbstractCase],
) -> set[AbstractCase]:
    """Cases from which no end can be reached unless the resident withdraws; what was not gone on from counts as an end."""
    out = {case for case in cases if case.state in ENDS or case.state is None} | unknown
    queue = deque(out)
    while queue:
        for before in back.get(queue.popleft(), ()):
            if before not in out:
                out.add(before)
                queue.append(before)
    return cases - out


def main() -> int:
    """Explore to the depth that is given, and say what was found."""
    depth = int(sys.argv[1]) if len(sys.argv) > 1 else DEPTH
    began = time.perf_counter()
    found = explore(depth=depth)
    sys.stdout.write(f"{found}\n{time.perf_counter() - began:.1f} s\n")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
