"""DOOR. Lists, samples and campaigns: who may be asked, who is drawn, who is put in for a callback."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from survey.concluding import codes_of, ledger_period, mode_of, plan_for
from survey.dispatch_policy import dispatch_policy
from survey.field.attempts import Stop, next_step
from survey.field.calling_hours import day_slots, is_contact_day
from survey.field.dispositions import final_code
from survey.field.own_hours import own_hours
from survey.frames import draw_from_list
from survey.ground import Ground
from survey.questionnaire.loader import library
from survey.sampling.random_digit_list import frame_facts
from survey.store import campaigns, frame_draw, interviews, past_attempts, quotas, units
from survey.store.campaigns import NewCampaign
from survey.store.frame_draw import Taken
from survey.store.units import Change, NewUnit


async def end_waiting(conn: Any, ended: Sequence[int], why: str, now: datetime) -> int:
    """Whoever waits in these campaigns gets the final code of what was tried, also those never tried. How many."""
    waiting = await units.waiting_of(conn, ended) if ended else []
    await quotas.gate(conn, ended)
    past = await past_attempts.history(conn, [unit for unit, _ in waiting])
    for unit, _ in waiting:
        code = final_code(codes_of(past.get(unit, [])))
        await units.to_done(conn, Change(unit, "waiting", "done", why, None, code), now)
    return len(waiting)


# -- callbacks ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A campaign about cases that stands as long as its centre; people are put in one by one. `modes` in their order;
    `instrument`: the shipped questionnaire that it asks, always in its latest version."""

    code: str
    name_zh: str
    modes: tuple[str, ...]
    instrument: str = "callback"


SATISFACTION = Standing("callback", "办结事项回访", ("text", "voice"))
VERIFICATION = Standing("verification", "短信标记事项核实", ("operator",))


async def standing_campaign(
    conn: Any, centre_code: str, *, now: datetime, seed: int, standing: Standing = SATISFACTION
) -> int:
    """A standing campaign of the centre, opened when it is first asked for; it asks by the latest version."""
    instrument = library(standing.instrument)
    pinned = await campaigns.freeze(
        conn, instrument.code, instrument.version, instrument.sha256, json.loads(instrument.to_json()), now
    )
    campaign, opened = await campaigns.open_campaign(
        conn,
        NewCampaign(
            centre_code, standing.code, standing.name_zh, "case", pinned, standing.modes, seed, now, None, {}
        ),
    )
    if not opened:
        await campaigns.ask_anew(conn, campaign, pinned, now)
    return campaign


async def put_in(
    conn: Any,
    *,
    campaign_id: int,
    person_id: int,
    area_code: str,
    external_key: str,
    facts: Mapping[str, str],
    earliest: datetime,
    ref: str,
    prn: float,
    modes: Sequence[str] | None = None,
    hours: Mapping[str, Any] | None = None,
    not_by: str | None = None,
) -> str | None:
    """A person into a standing campaign, once per external key. First contact falls due in the next open window.

    `modes`, `hours`: what is safe for them alone, whatever the campaign does (as a campaign's row holds them). `not_by`: the
    operator who must not ask them. Returns the unit's reference, or None when the key was there already.
    """
    setting = await units.setting(conn, campaign_id, person_id, area_code)
    plan = plan_for(list(modes or setting.modes), setting.birth_year, setting.landline, earliest)
    recent = await past_attempts.recent_of(conn, [person_id], earliest - ledger_period())
    own = own_hours(hours)
    others = recent.get(person_id, [])
    first = next_step("case", plan, [], earliest, setting.tz, None, prn=prn, others=others, own=own)
    assert not isinstance(
        first, Stop
    )  # an empty history in a campaign without an end always has a first step
    unit = NewUnit(
        ref,
        person_id,
        area_code,
        external_key,
        prn,
        1.0,
        dict(facts),
        first.mode,
        first.at,
        not_by=not_by,
        modes=modes,
        hours=dict(hours) if hours else None,
    )
    released = await units.release(conn, setting.centre_code, campaign_id, earliest, [unit])
    return ref if released else None


LOCK_WAITING = """
SELECT u.id, c.purpose FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id
WHERE u.ref = $1 AND u.status = 'waiting' FOR UPDATE OF u"""


async def withdraw(conn: Any, ref: str, *, now: datetime) -> bool:
    """Nobody need be asked through this unit any more: if it waits, it is done with the code it has, and says so in the outbox.

    False where it is done, or in a contact, which is left to go on.
    """
    unit = await conn.fetchrow(LOCK_WAITING, ref)
    if unit is None:
        return False
    tried = (await past_attempts.history(conn, [unit["id"]])).get(unit["id"], [])
    code = final_code(codes_of(tried))
    await units.to_done(conn, Change(unit["id"], "waiting", "done", "withdrawn", None, code), now)
    spoken = tried[-1].interview_id if tried else None
    await interviews.announce(conn, "unit_finished", unit["id"], spoken, unit["purpose"], now, None)
    return True


# -- perception -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Programme:
    """How many people a centre asks about perception on one day, by mode. `links`: texts lead to the form on the web."""

    voice: int
    text: int
    operator: int
    links: bool = False

    @property
    def size(self) -> int:
        return self.voice + self.text + self.operator


async def build_day(ground: Ground, centre_code: str, day: date, programme: Programme, seed: int) -> int:
    """The day's perception campaigns and their samples, drawn before the shift; once a day. How many people were drawn."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        if not await campaigns.claim_duty(conn, centre_code, "daily_list", day, now):
            return 0
        if not is_contact_day(day, "survey") or programme.size == 0:
            return 0
        found = await draw_from_list(
            conn,
            centre_code,
            size=programme.size,
            rested_since=now - timedelta(days=dispatch_policy().rest_days),
            at=now,
            key_id=ground.vault.key_id,
        )
        assert found is not None  # only where whole replicates are wanted can a list be too short
        drawn, record = found
        known = await frame_draw.details(conn, centre_code, [one.person_id for one in drawn])
        design = record.model_dump(mode="json")
        modes = _assign([known[one.person_id].birth_year for one in drawn], programme, day.year)
        for mode in ("voice", "text", "operator"):
            mine = [
                (one, record.base_weight(one.stratum), frame_facts(known[one.person_id].attributes))
                for one, m in zip(drawn, modes, strict=True)
                if m == mode
            ]
            links = programme.links and mode == "text"
            await _release(ground, conn, centre_code, day, mode, mine, design, seed, links=links)
        return len(drawn)


def _assign(born: Sequence[int | None], programme: Programme, year: int) -> list[str]:
    """A mode for each person drawn, spread evenly over strata: never a text for people of 60 and over. `born`: years."""
    left = {"voice": programme.voice, "text": programme.text, "operator": programme.operator}
    modes: list[str] = []
    for birth_year in born:
        old = birth_year is not None and year - birth_year >= dispatch_policy().voice_first_age
        open_modes = [m for m in left if left[m] > 0 and not (old and m == "text")] or ["voice"]
        mode = max(open_modes, key=lambda m: (left[m] / max(1, getattr(programme, m)), m))
        left[mode] -= 1
        modes.append(mode)
    return modes


async def _release(
    ground: Ground,
    conn: Any,
    centre_code: str,
    day: date,
    mode: str,
    people_drawn: list[tuple[Taken, float, dict[str, str]]],
    design: dict[str, object],
    seed: int,
    *,
    links: bool,
) -> None:
    now = ground.clock.now()
    campaign, tz, ends = await _open_perception(
        ground, conn, centre_code, day, mode, design, seed, links=links
    )
    new: list[NewUnit] = []
    for row, weight, facts in people_drawn:
        first = next_step("survey", (mode_of(mode),), [], now, tz, ends, prn=_spread(row.prn, mode))
        if isinstance(first, Stop):
            continue
        key = f"person:{row.person_id}"
        new.append(
            NewUnit(
                ground.tokens(),
                row.person_id,
                row.area_code,
                key,
                row.prn,
                weight,
                facts,
                first.mode,
                first.at,
            )
        )
    await units.release(conn, centre_code, campaign, now, new)


async def _open_perception(
    ground: Ground,
    conn: Any,
    centre_code: str,
    day: date,
    mode: str,
    design: dict[str, object],
    seed: int,
    *,
    links: bool,
) -> tuple[int, str, datetime]:
    instrument = library("perception")
    now = ground.clock.now()
    pinned = await campaigns.freeze(
        conn, instrument.code, instrument.version, instrument.sha256, json.loads(instrument.to_json()), now
    )
    tz = await campaigns.time_zone(conn, centre_code)
    ends = day_slots(day, tz, "survey")[-1].closes  # the wave is the day: it ends with the last window
    name = {"voice": "语音", "text": "短信", "operator": "人工"}[mode]
    campaign, _ = await campaigns.open_campaign(
        conn,
        NewCampaign(
            centre_code,
            f"perception-{day:%Y%m%d}-{mode}",
            f"平安建设日常调查 {day:%Y-%m-%d} {name}",
            "survey",
            pinned,
            (mode,),
            seed,
            now,
            ends,
            design,
            links=links,
        ),
    )
    return campaign, tz, ends


def _spread(prn: float, mode: str) -> float:
    """A person's place in the day; another one per mode, so that the modes of one draw do not ring in step."""
    return (prn + {"voice": 0.0, "text": 1 / 3, "operator": 2 / 3}[mode]) % 1.0


async def close_waves(ground: Ground) -> int:
    """Waves that have ended: whoever is still waiting gets the code they have, also those never tried. How many."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        ended = await campaigns.close_ended_waves(conn, now)
        return await end_waiting(conn, ended, "wave over", now)
