"""Checking all chains of events and all seals, row by row, against what followup/casework/chain.py computes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import asyncpg

from followup.casework.chain import SealedDay, text_hash
from followup.casework.chain_walk import ChainWalk, Fault, SealWalk, seal_subject
from followup.refusals import UnknownCase
from followup.store import cases, chain, pay_events, seals
from followup.store.chain import ChainEnd, OtherRating, PolicyNow, StaleHead
from followup.store.seals import Seal

Progress = Callable[[int, int], None]
"""Told how many events have been looked at, and of how many."""


@dataclass(frozen=True)
class Located:
    """A fault, and the first seal over the event: the day on which it was last seen unaltered. None: not sealed yet."""

    fault: Fault
    sealed: Seal | None


@dataclass(frozen=True)
class Checked:
    """What was looked at, and what does not fit, by row; `seals`: the last of each centre, to be written down elsewhere."""

    events: int
    chains: int
    policy_events: int
    pay_events: int
    sanction_events: int
    sealed_days: int
    faults: tuple[Located, ...]
    seals: tuple[SealedDay, ...]

    @property
    def first(self) -> Located | None:
        """The first altered row; where none was altered, the first place at which something is missing or added."""
        return self.faults[0] if self.faults else None


async def check(
    conn: asyncpg.Connection,
    *,
    number: str | None = None,
    written_down: Sequence[str] = (),
    progress: Progress = lambda done, of: None,
) -> Checked:
    """Check every chain and seal, or, with `number`, that case's chain alone. Raises UnknownCase.

    `written_down`: hashes of seals, in hex, that were kept elsewhere; each has to be among the seals.

    All is read at one moment; memory does not grow with the number of events.
    """
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        case_id = None if number is None else await _case_id(conn, number)
        cases_walk, faults = await _walk_cases(conn, case_id, progress)
        faults += [fault for end in await chain.wrong_case_ends(conn, case_id) for fault in _end_faults(end)]
        faults += [_other_rating(one) for one in await chain.other_ratings(conn, case_id)]
        if case_id is not None:
            faults += [_stale(head) for head in await chain.stale_heads(conn, f"case:{number}")]
            return await _checked(conn, cases_walk, (0, 0, 0), SealWalk(), faults)
        policies_walk, found = await _walk_policies(conn)
        faults += found
        pay_walk, found = await _walk_pay(conn)
        faults += found
        sanctions_walk = ChainWalk("sanction_event")
        steps = [sanctions_walk.step(event) for event in await chain.sanction_events(conn)]
        faults += [fault for fault in steps if fault is not None]
        seal_walk, found = await _walk_seals(conn, written_down)
        broken = {fault.subject for fault in found}
        faults += [_stale(head, broken) for head in await chain.stale_heads(conn, None)] + found
        others = (policies_walk.events, pay_walk.events, sanctions_walk.events)
        return await _checked(conn, cases_walk, others, seal_walk, faults)


async def _case_id(conn: asyncpg.Connection, number: str) -> int:
    case = await cases.case_by_number(conn, number)
    if case is None:
        raise UnknownCase(number=number)
    return case.id


async def _walk_cases(
    conn: asyncpg.Connection, case_id: int | None, progress: Progress
) -> tuple[ChainWalk, list[Fault]]:
    walk, faults = ChainWalk("case_event"), []
    total = await chain.count_events(conn, case_id)
    async for events in chain.case_events(conn, case_id):
        faults += [fault for event in events if (fault := walk.step(event)) is not None]
        faults = sorted(faults, key=_rank)[:AT_MOST]
        progress(walk.events, total)
    return walk, faults


def _end_faults(end: ChainEnd) -> Iterable[Fault]:
    subject, row = f"case:{end.number}", end.last_id or 0

    def fault(kind: str, zh: str, en: str) -> Fault:
        return Fault("case_event", row, subject, end.last_seq or 0, kind, zh, en)

    if end.last_seq is None:
        yield fault("missing", "没有任何记录", "the case has no event at all")
        return
    if end.head_seq is None:
        yield fault("head", "没有链头", "its chain has no head")
    elif end.head_seq > end.last_seq:
        yield fault(
            "tail",
            f"末尾缺记录:链头在第 {end.head_seq} 条,现只到第 {end.last_seq} 条",
            f"its end is missing: the chain went up to event {end.head_seq}, and ends at {end.last_seq}",
        )
    elif not end.head_fits or (end.head_seq, end.head_hash) != (end.last_seq, end.last_hash):
        yield fault("head", "链头与最后一条不符", "the head of its chain is not its last event")
    if end.said_status != end.status:
        yield fault(
            "stands",
            f"事项状态为 {end.status},记录说是 {end.said_status}",
            f"the case stands at {end.status}, its events say {end.said_status}",
        )
    if end.said_round != end.round:
        yield fault(
            "stands",
            f"事项为第 {end.round} 轮,记录说是第 {end.said_round} 轮",
            f"the case is in round {end.round}, its events say {end.said_round}",
        )


def _other_rating(one: OtherRating) -> Fault:
    return Fault(
        "case_event",
        one.row,
        f"case:{one.number}",
        one.seq,
        "rating",
        f"第 {one.round} 轮回访的评价与记录不符",
        f"the rating of the callback of round {one.round} is not the one that this event proves",
    )


def _stale(head: StaleHead, broken_seals: Collection[str] = ()) -> Fault:
    """A chain that is not what was sealed; where the seal of that day is broken itself, the sealed head is what was altered."""
    by_seal = seal_subject(head.centre_code, head.day) in broken_seals
    return Fault(
        "sealed_head" if by_seal else _table(head.subject),
        head.row or 0,
        head.subject,
        head.seq,
        "sealed",
        f"与 {head.day} 的封存不符:第 {head.before + 1}-{head.seq} 条中有改动",
        f"it is not what was sealed on {head.day}: one of the events {head.before + 1}-{head.seq} was altered",
        head.before + 1,
    )


def _table(subject: str) -> str:
    kind = subject.partition(":")[0]
    return f"{kind}_event" if kind in ("policy", "pay", "sanction") else "case_event"


async def _walk_pay(conn: asyncpg.Connection) -> tuple[ChainWalk, list[Fault]]:
    walk = ChainWalk("pay_event")
    steps = [walk.step(event) for event in await pay_events.events(conn)]
    zh, en = "异议与记录不符", "an objection does not stand as its events say"
    unlike = [
        Fault("pay_event", one.row or 0, one.subject, one.seq or 0, "stands", zh, en)
        for one in await pay_events.unlike(conn)
    ]
    return walk, [fault for fault in (*steps, *unlike) if fault is not None]


async def _walk_policies(conn: asyncpg.Connection) -> tuple[ChainWalk, list[Fault]]:
    walk = ChainWalk("policy_event")
    steps = [walk.step(event) for event in await chain.policy_events(conn)]
    heads = [
        Fault(
            _table(head.subject),
            0,
            head.subject,
            head.seq,
            "tail",
            "链头没有对应的记录",
            "no event ends its chain",
        )
        for head in await chain.heads_alone(conn)
    ]
    bodies = [_policy_fault(policy) for policy in await chain.policies_now(conn)]
    return walk, [fault for fault in (*steps, *heads, *bodies) if fault is not None]


def _policy_fault(policy: PolicyNow) -> Fault | None:
    """What does not fit between a policy that stands and its event."""
    if policy.body is None:
        zh, en = f"第 {policy.version} 版已不在", f"version {policy.version} is gone"
    elif policy.event_id is None:
        zh, en = f"第 {policy.version} 版没有记录", f"version {policy.version} has no event"
    elif (text_hash(policy.body), policy.valid_from) != (policy.body_hash, policy.event_valid_from):
        zh, en = f"第 {policy.version} 版内容有改动", f"version {policy.version} is not what was put in force"
    else:
        return None
    subject = f"policy:{policy.key}:{policy.centre_code}"
    return Fault("policy_event", policy.event_id or 0, subject, policy.seq or 0, "stands", zh, en)


async def _walk_seals(conn: asyncpg.Connection, written_down: Sequence[str]) -> tuple[SealWalk, list[Fault]]:
    walk, faults = SealWalk(), []
    listed = await chain.sealed_days(conn)
    missing = {one.lower() for one in written_down} - {seal.hash.hex() for seal in listed}
    faults += [
        Fault(
            "sealed_day",
            0,
            f"seal:{one}",
            0,
            "written down",
            "没有这个封存",
            "no seal has this hash any more",
        )
        for one in sorted(missing)
    ]
    for seal in listed:
        heads = await chain.sealed_heads(conn, seal.centre_code, seal.day)
        fault = walk.step(seal, seal.computed(heads))
        faults += [] if fault is None else [fault]
    faults += [
        Fault(
            "sealed_day",
            0,
            seal_subject(centre, day),
            0,
            "missing",
            "该日封存缺失",
            "the seal of this day is missing",
        )
        for centre, day in await chain.days_without_seal(conn)
    ]
    return walk, faults


TABLES = ("case_event", "policy_event", "pay_event", "sanction_event", "sealed_head", "sealed_day")
AT_MOST = 10_000
"""Faults that are named; more are as many rows altered as nobody reads."""


def _rank(fault: Fault) -> tuple[int, bool, int, int]:
    """In the order of the tables; a row that was altered before what is missing around it; by its id."""
    return TABLES.index(fault.table), fault.kind != "content", fault.row, fault.seq


async def _checked(
    conn: asyncpg.Connection,
    walk: ChainWalk,
    others: tuple[int, int, int],
    seal_walk: SealWalk,
    faults: Sequence[Fault],
) -> Checked:
    ordered = sorted(faults, key=_rank)[:AT_MOST]
    over = await seals.seals_over(conn, [(one.subject, one.seq) for one in ordered])
    located = tuple(Located(fault, over.get(place)) for place, fault in enumerate(ordered))
    last = tuple(seal_walk.last.values())
    return Checked(walk.events, walk.chains, *others, seal_walk.days, located, last)
