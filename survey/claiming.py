"""From due units to attempts that may be dialled: guards, one contact per person, dialogues laid ready. No carrier here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from survey.concluding import SOFT_REFUSALS, codes_of, finish, ledger_period, thread_end
from survey.dialogue.engine import start
from survey.dialogue.notice import pre_notice
from survey.dialogue.state import State
from survey.dispatch_policy import dispatch_policy
from survey.field.attempt_policy import attempt_policy
from survey.field.calling_hours import Purpose, Window, day_part, local_day, next_open, window_at
from survey.field.dispositions import final_code
from survey.field.opt_outs import CLOSING
from survey.ground import Ground
from survey.linking import lay_links
from survey.local_time import start_of_day
from survey.moment_facts import moment_facts
from survey.questionnaire.segments import segments
from survey.questionnaire.wording import Lang
from survey.seating import hold_seats
from survey.sharing import Sharing
from survey.spending import affordable, book
from survey.store import (
    attempts,
    budgets,
    contacts,
    due_units,
    interviews,
    past_attempts,
    people,
    quotas,
    units,
)
from survey.store.attempts import NewAttempt
from survey.store.contacts import NewContact
from survey.store.due_units import Claiming, DueUnit
from survey.store.interviews import NewInterview
from survey.store.units import Change, Later

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Claimed:
    """An attempt committed as `dialing`. `body`: the text to send; '' for calls. `tokens`: what it takes of the pace, one for a
    call and one for each segment of a text. `caller`: our number that it is made from."""

    attempt_id: int
    ref: str
    contact_id: int
    person_id: int
    mode: str
    number_cipher: bytes
    body: str
    tokens: int
    lead: DueUnit
    caller: str | None


async def claim(
    ground: Ground,
    conn: Any,
    mode: str,
    *,
    limit: int,
    lease_real: datetime | None,
    operator: str | None = None,
    sharing: Sharing | None = None,
    not_of: Sequence[int] = (),
) -> list[Claimed]:
    """Take due units of `mode` into contact, at most `limit`, in turns and in the order they fell due; of them those whom
    `sharing` lets go, and nobody of the campaigns `not_of`. By mode operator without an `operator`: one is connected when they
    answer. Inside the caller's transaction."""
    now = ground.clock.now()
    kept = now - timedelta(hours=attempt_policy().appointment_hours)
    who = Claiming(operator, SOFT_REFUSALS, kept, closed=not_of)
    if sharing is not None:
        who = replace(who, turn=sharing.channel.turn, closed=[*sharing.closed, *not_of])
    due = await due_units.claim_due(conn, now, mode, limit, who)
    if not due:
        return []
    wanted = _one_part_each(await _wanted(conn, due, now))
    goes = await sharing.deal(conn, wanted) if sharing is not None else {}
    wanted = [unit for unit in wanted if sharing is None or unit.person_id in goes]
    wanted = await affordable(conn, await hold_seats(conn, wanted, now), now)
    by_part = attrgetter("part")
    people_due = [list(same) for _, same in groupby(sorted(wanted, key=by_part), key=by_part)]
    opened = await contacts.open_contacts(conn, [_contact(group[0], now) for group in people_due], now)
    groups = [group for group in people_due if group[0].person_id in opened]
    await _give_back_unused(conn, due, {unit.id for group in groups for unit in group})
    return await lay_ready(ground, conn, groups, opened, lease_real, operator, goes)


async def _give_back_unused(conn: Any, due: list[DueUnit], contacted: set[int]) -> None:
    """Seats of those who are not contacted after all: no money was left, or they came into another contact meanwhile."""
    unused = [unit.id for unit in due if unit.has_seats and unit.id not in contacted]
    if unused:
        await quotas.give_back(conn, unused)


def _one_part_each(due: list[DueUnit]) -> list[DueUnit]:
    """A contact is about one campaign, and about the person's own matters or those of somebody who named them: of a person due in
    several of these, the first comes now and the others stay due."""
    first: dict[int, tuple[int, int, bool]] = {}
    for unit in due:
        first.setdefault(unit.person_id, unit.part)
    return [unit for unit in due if unit.part == first[unit.person_id]]


def _contact(unit: DueUnit, now: datetime) -> NewContact:
    waits = "notice" if unit.is_notice else "seated" if unit.has_seats else unit.purpose
    expires = thread_end(waits, now) if unit.mode == "text" else None
    return NewContact(unit.person_id, unit.purpose, unit.mode, expires)


async def _wanted(conn: Any, due: list[DueUnit], now: datetime) -> list[DueUnit]:
    """Those who may be contacted now. The others get their end, or a later moment."""
    closed = await people.opt_outs(conn, [u.person_id for u in due])
    recent = await past_attempts.recent_of(conn, [u.person_id for u in due], now - ledger_period())
    tried = await past_attempts.for_purpose(
        conn, [(u.id, u.person_id, u.purpose) for u in due], now - ONE_DAY
    )
    cap = attempt_policy().any_kind.at_most
    may: list[DueUnit] = []
    later: list[Later] = []
    for unit in due:
        said = closed.get(unit.person_id, set())
        if unit.in_another:
            soon = now + timedelta(seconds=dispatch_policy().try_again_s)
            later.append(_later(unit, soon, "in another contact"))
        elif unit.unlinked_at is not None:
            await _end(conn, unit, "wrong_person", "unlinked", now)
        elif said & CLOSING[unit.purpose, unit.mode]:
            if (told := _told_by_call(unit, said, now)) is not None:
                later.append(told)
            else:
                await _end(conn, unit, "opted_out", "opted out", now)
        elif not _in_hours(unit, now):
            opens = _next_open(unit, now)
            later.append(_later(unit, opens, "outside the calling hours"))
        elif (room := _room_beside(unit, tried.get(unit.id, []), now)) > now:
            later.append(_later(unit, room, "just contacted about something else"))
        elif len(recent.get(unit.person_id, [])) >= cap:
            opens = recent[unit.person_id][-cap] + ledger_period()
            later.append(_later(unit, opens, "contacted often enough"))
        else:
            may.append(unit)
    await units.to_waiting(conn, later, now)
    return may


def may_still_be_contacted(unit: DueUnit, said: set[str], now: datetime) -> bool:
    """Whether a unit in contact could be claimed now as it was: between the claim and the call the person may have said "stop"
    (`said`: the scopes they closed), the window may have ended, the campaign been paused, the number found to be another's."""
    stands = unit.campaign_status == "running" and unit.unlinked_at is None
    return stands and not said & CLOSING[unit.purpose, unit.mode] and _in_hours(unit, now)


def _in_hours(unit: DueUnit, now: datetime) -> bool:
    return _window(unit, now) is not None


def _window(unit: DueUnit, now: datetime) -> Window | None:
    return window_at(now, unit.tz, "case" if unit.purpose == "case" else "survey", own=unit.own_hours)


def _next_open(unit: DueUnit, moment: datetime) -> datetime:
    return next_open(moment, unit.tz, "case" if unit.purpose == "case" else "survey", own=unit.own_hours)


def _room_beside(unit: DueUnit, tried: list[tuple[datetime, bool]], now: datetime) -> datetime:
    """The earliest moment at which the person's attempts for this purpose leave room: hours after those for other units (the
    retry rule minds this one's own), and so many a day over all."""
    purpose: Purpose = "case" if unit.purpose == "case" else "survey"
    caps = attempt_policy().purposes[purpose]
    earliest = max((at + timedelta(hours=caps.hours_apart) for at, own in tried if not own), default=now)
    if sum(local_day(at, unit.tz) == local_day(now, unit.tz) for at, _ in tried) >= caps.a_day:
        earliest = max(earliest, start_of_day(local_day(now, unit.tz) + ONE_DAY, unit.tz))
    return now if earliest <= now else _next_open(unit, earliest)


def _told_by_call(unit: DueUnit, said: set[str], now: datetime) -> Later | None:
    """A person who wants no text about cases is told by a call; one who wants nothing of the kind is not contacted: None."""
    if unit.purpose == "case" and unit.mode == "text" and not said & CLOSING["case", "voice"]:
        return _later(unit, _next_open(unit, now), "wants no texts", "voice")
    return None


async def _end(conn: Any, unit: DueUnit, found: str, why: str, now: datetime) -> None:
    """Nobody is contacted any more. What was `found` ends the unit's history, and outranks of it what it outranks: who refused
    is a refusal though the number has turned out to be another's."""
    tried = (await past_attempts.history(conn, [unit.id])).get(unit.id, [])
    code = final_code([*codes_of(tried), found])
    await finish(conn, unit, code, now, attempt_id=None, why=why, tried=tried, left="waiting")


def _later(unit: DueUnit, at: datetime, why: str, mode: str | None = None) -> Later:
    return Later(Change(unit.id, "waiting", "waiting", why, None, unit.disposition), at, mode or unit.mode)


async def lay_ready(
    ground: Ground,
    conn: Any,
    groups: list[list[DueUnit]],
    opened: dict[int, int],
    lease_real: datetime | None,
    operator: str | None,
    callers: Mapping[int, str | None] | None = None,
) -> list[Claimed]:
    """Attempts and dialogues for people whose contacts have just been opened, one group of units per person, all by one mode.
    `callers`: from which number of ours each is contacted."""
    if not groups:
        return []
    now = ground.clock.now()
    from_number = callers or {}
    made = [
        replace(
            _attempt(ground, group[0], opened[group[0].person_id], now, operator),
            caller=from_number.get(group[0].person_id),
        )
        for group in groups
    ]
    ids = await attempts.insert_attempts(conn, made, now, lease_real)
    dialogues: list[NewInterview] = []
    bodies: dict[str, str] = {}
    before = await interviews.begun(conn, [unit.id for group in groups for unit in group])
    links = await lay_links(ground, conn, groups, opened)
    for group, attempt in zip(groups, made, strict=True):
        link = links.get(attempt.contact_id, "")
        if group[0].is_notice:
            laid, body = await _announced(ground, conn, group, attempt)
        else:
            laid, body = await _dialogues(ground, conn, group, attempt.contact_id, before, link)
        dialogues += laid
        bodies[attempt.ref] = body
    await interviews.insert(conn, dialogues, now)
    in_attempt = {unit.id: ids[a.ref] for group, a in zip(groups, made, strict=True) for unit in group}
    await units.to_contact(conn, in_attempt, groups[0][0].mode, now)
    claimed = [
        Claimed(
            ids[a.ref],
            a.ref,
            a.contact_id,
            a.person_id,
            a.mode,
            group[0].number_cipher,
            bodies[a.ref],
            segments(bodies[a.ref]) if a.mode == "text" else 1,
            group[0],
            a.caller,
        )
        for group, a in zip(groups, made, strict=True)
    ]
    texts = [(one.contact_id, one.attempt_id, one.body, one.tokens) for one in claimed if one.mode == "text"]
    if texts:
        await interviews.sent_invitations(conn, texts, now)
    await _book(conn, claimed)
    return claimed


async def _book(conn: Any, claimed: list[Claimed]) -> None:
    """What these contacts may cost, in the budgets of their campaigns and beside each attempt."""
    lengths = {one.lead.id: one.tokens for one in claimed if one.mode == "text"}
    money = await book(conn, [one.lead for one in claimed], lengths)
    costs = [(one.attempt_id, money[one.lead.id]) for one in claimed if money.get(one.lead.id)]
    if costs:
        await budgets.book_attempts(conn, costs)


def _attempt(
    ground: Ground, unit: DueUnit, contact_id: int, now: datetime, operator: str | None
) -> NewAttempt:
    policy = dispatch_policy()
    linked = unit.mode == "operator" and operator is None
    hold_s = policy.check_call_after_s if linked else policy.desk_hold_s
    waits = {"voice": policy.check_call_after_s, "operator": hold_s}.get(unit.mode)
    check = now + timedelta(seconds=waits) if waits is not None else None
    day, part = local_day(now, unit.tz), day_part(now, unit.tz)
    window = _window(unit, now)
    recall = window.closes if window is not None and (unit.mode != "operator" or linked) else None
    return NewAttempt(
        ground.tokens(),
        contact_id,
        unit.person_id,
        unit.id,
        unit.purpose,
        unit.mode,
        operator,
        check,
        day,
        part,
        recall,
        linked=linked,
    )


async def _dialogues(
    ground: Ground,
    conn: Any,
    group: list[DueUnit],
    contact_id: int,
    before: Mapping[int, tuple[int, str]],
    link: str,
) -> tuple[list[NewInterview], str]:
    """One dialogue per unit of the person; in text the first begins with the invitation itself. `before`: the last
    dialogue held with a unit, and its state; the new one goes on from it. `link`: to the form on the web, "" for none."""
    laid, body = [], ""
    for position, unit in enumerate(group):
        state = None
        continues, begun_state = before.get(unit.id, (None, None))
        if unit.mode == "text" and position == 0:
            questionnaire = await ground.instruments.get(conn, unit.questionnaire_id)
            begun, turn = start(
                questionnaire,
                mode="text",
                lang=lang_of(unit.lang),
                seed=seed_of(unit.seed, unit.prn),
                facts={
                    **facts_of(unit),
                    **moment_facts(ground.clock.now(), unit.tz, unit.purpose, unit.lang, unit.own_hours),
                    **({"link": link} if link else {}),
                },
                begun=State.from_json(begun_state) if begun_state is not None else None,
            )
            state, body = begun.to_json(), "".join(turn.prompts)
        laid.append(
            NewInterview(
                ground.tokens(),
                contact_id,
                unit.id,
                position,
                unit.questionnaire_id,
                unit.mode,
                unit.lang,
                state,
                "open" if state else "waiting",
                continues,
            )
        )
    return laid, body


async def _announced(
    ground: Ground, conn: Any, group: list[DueUnit], attempt: NewAttempt
) -> tuple[list[NewInterview], str]:
    """The text that announces a call, and for each unit a dialogue that never begins: nothing is asked."""
    unit = group[0]
    questionnaire = await ground.instruments.get(conn, unit.questionnaire_id)
    body = pre_notice(
        questionnaire, lang=lang_of(unit.lang), facts=facts_of(unit), number=attempt.caller or ""
    )
    laid = [
        NewInterview(
            ground.tokens(),
            attempt.contact_id,
            one.id,
            position,
            one.questionnaire_id,
            one.mode,
            one.lang,
            None,
            "waiting",
        )
        for position, one in enumerate(group)
    ]
    return laid, body


def facts_of(unit: DueUnit) -> dict[str, str]:
    """What the prompts may say of the centre and the unit."""
    return {**interviews.facts_of_centre(unit.centre_zh, unit.centre_en, unit.lang), **unit.facts}


def seed_of(campaign_seed: int, prn: float) -> int:
    """The seed of one respondent's random orders: fixed for the person in the campaign, whenever the dialogue is held."""
    return (campaign_seed * 1_000_003 + int(prn * 2**53)) % 2**53


def lang_of(word: str) -> Lang:
    """zh or en; anything else is asked in Chinese."""
    return "en" if word == "en" else "zh"
