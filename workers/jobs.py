"""What a worker does when it is woken. Every job may run twice, and finds nothing to do the second time."""

import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from followup import (
    bridging,
    callbacks,
    cases,
    chain,
    explaining,
    forgetting,
    major,
    notifying,
    registering,
    revisiting,
    suspecting,
    urging,
)
from followup.open311.forwarding import forward_due
from followup.webhooks.delivering import deliver_due
from followup.webhooks.owing import owe
from survey import (
    appointing,
    counting,
    dialing,
    fielding,
    interviewing,
    linked_calls,
    linked_dialling,
    linked_operators,
    listening,
    masked_calls,
    microdata_exports,
    operating,
    recalling,
    releasing,
    telling,
)
from survey.channels.base import CarrierAway
from survey.dispatch_policy import dispatch_policy
from survey.store import campaigns, text_poll
from workers.microdata_folder import microdata_folder
from workers.morning_report import write_morning_reports
from workers.policy_files import DailyProgramme
from workers.runtime import Service

log = structlog.get_logger()

STANDING_SEED = 1
"""Of a standing campaign that is not there yet; the same as an import gives it."""


async def dial(service: Service) -> None:
    """Hand the carrier its next batch of calls and texts."""
    await dialing.dial_due(service.ground, service.line, lambda: service.taken("dial"))


async def dial_linked(service: Service) -> None:
    """Hand the carrier calls for operators who wait."""
    await linked_dialling.dial_linked(service.ground, service.line, lambda: service.taken("dial_linked"))


async def link_operators(service: Service) -> None:
    """Call operators who have gone on duty, and mind their lines."""
    await linked_operators.link(service.ground, service.line)


async def end_lines(service: Service) -> None:
    """End residents' lines whose attempt an operator has closed."""
    await linked_calls.end_lines(service.ground, service.line.carrier)


async def reconcile(service: Service) -> None:
    """Ask the carrier about attempts that got no answer."""
    await dialing.reconcile(service.ground, service.line)


async def check(service: Service) -> None:
    """Ask the carrier about calls whose end was not reported."""
    await dialing.check_silent(service.ground, service.line)


async def release_abandoned(service: Service) -> None:
    """Give people back to the queue whom an operator took and did not dial."""
    await operating.release_abandoned(service.ground)


async def expire(service: Service) -> None:
    """Close text threads whose waiting has ended."""
    await dialing.expire_threads(service.ground, service.line)


async def miss_appointments(service: Service) -> None:
    """Appointments that nobody kept for too long stand no longer."""
    await appointing.miss_appointments(service.ground)


async def close_waves(service: Service) -> None:
    """Give everybody in a wave that has ended their final code."""
    await fielding.close_waves(service.ground)


async def recall(service: Service) -> None:
    """Have back what still lies at the carrier when its window has closed."""
    await recalling.recall(service.ground, service.line.carrier)


async def campaigns_due(service: Service) -> None:
    """Open, feed and close planned campaigns whose moment has come."""
    await releasing.look_at_campaigns(service.ground)


async def poll_texts(service: Service) -> None:
    """Fetch texts to us whose webhook was lost on the way."""
    ground, now, policy = service.ground, service.ground.clock.now(), dispatch_policy()
    async with ground.pool.acquire() as conn:
        since = await text_poll.polled_until(conn) - timedelta(seconds=policy.poll_texts_back_s)
    try:
        listed = await service.line.carrier.inbound_texts_since(since)
    except CarrierAway as error:
        log.warning("carrier away; texts are listed later", why=str(error))
        async with ground.pool.acquire() as conn:
            await text_poll.polled(
                conn, await text_poll.polled_until(conn), now + timedelta(seconds=policy.poll_texts_every_s)
            )
        return
    async with ground.pool.acquire() as conn:
        lost = await text_poll.not_taken(conn, [text.sid for text in listed])
    for text in listed:
        if text.sid in lost:
            await interviewing.take_text(ground, text.number, text.sid, text.body, ground.real_now())
    async with ground.pool.acquire() as conn:
        await text_poll.polled(conn, now, _next_poll(await text_poll.soonest_contact(conn), now))


def _next_poll(soonest: datetime | None, now: datetime) -> datetime:
    """A "never again" whose webhook was lost must be known before anybody is contacted: shortly before the next one is due, and
    not oftener than the policy says."""
    policy = dispatch_policy()
    every, idle = timedelta(seconds=policy.poll_texts_every_s), timedelta(seconds=policy.poll_texts_idle_s)
    return now + idle if soonest is None else min(max(now + every, soonest - every), now + idle)


async def delete_recordings(service: Service) -> None:
    """Have the carrier delete recordings of which nothing may be kept."""
    await listening.delete_at_carrier(service.ground, service.line.carrier)


async def settle(service: Service) -> None:
    """Draw the verdict on finished callbacks, and register what residents asked to have registered."""
    ground = service.ground
    async with ground.pool.acquire() as conn:
        while True:
            taken = await callbacks.take_finished(
                conn, now=ground.clock.now(), real_now=ground.real_now, tokens=ground.tokens
            )
            if taken.rows == 0:
                return


async def tell_systems(service: Service) -> None:
    """Deliver to subscribers what has happened to cases."""
    ground = service.ground
    async with ground.pool.acquire() as conn:
        await owe(conn, now=ground.clock.now(), tokens=ground.tokens)
    await deliver_due(ground, service.guard, random.random, lambda: service.taken("tell_systems"))


async def join_lines(service: Service) -> None:
    """Call the lines of masked calls, and end those that are over."""
    await masked_calls.join_lines(service.ground, service.line, lambda: service.taken("join_lines"))


async def hear_masked_calls(service: Service) -> None:
    """What came of masked calls stands with their cases."""
    async with service.ground.pool.acquire() as conn:
        await bridging.hear(conn)


async def forward_cases(service: Service) -> None:
    """Send cases on to units' own systems, and follow them there."""
    ground = service.ground
    await forward_due(ground, service.guard, lambda: service.taken("forward_cases"))


async def escalate(service: Service) -> None:
    """Hand decisions that waited too long to the next post."""
    async with service.ground.pool.acquire() as conn:
        await callbacks.escalate_waiting(conn, service.ground.clock.now())
        await cases.escalate_objections(conn, service.ground.clock.now())


async def keep_promises(service: Service) -> None:
    """Call back about promises whose date has come."""
    ground = service.ground
    async with ground.pool.acquire() as conn:
        await cases.keep_promises(conn, now=ground.clock.now(), tokens=ground.tokens, seed=STANDING_SEED)


async def archive_quiet(service: Service) -> None:
    """Put away what has been quiet for 30 days since its end."""
    async with service.ground.pool.acquire() as conn:
        while await cases.archive_quiet(conn, now=service.ground.clock.now()):
            pass


async def forget_interviews(service: Service) -> None:
    """Forget which survey interviews became which cases, where that is due."""
    async with service.ground.pool.acquire() as conn:
        await registering.forget_interviews(conn, service.ground.clock.now())


async def forget_bodies(service: Service) -> None:
    """Forget bodies of texts that are older than they may be kept, where that is due."""
    ground = service.ground
    async with ground.pool.acquire() as conn:
        done = await forgetting.forget_bodies(conn, ground.vault, now=ground.clock.now())
    if done.bodies:
        log.info("bodies of texts forgotten", acts=done.acts, bodies=done.bodies)


async def seal_days(service: Service) -> None:
    """Seal the events of the days that are over."""
    async with service.ground.pool.acquire() as conn:
        for sealed in await chain.seal_days(conn, now=service.ground.clock.now()):
            log.info("day sealed", centre=sealed.centre_code, day=str(sealed.day), hash=sealed.hash.hex())


async def notify(service: Service) -> None:
    """Send notices on their way, and write down what became of those that are."""
    await notifying.deliver(service.ground, service.post)


async def tell(service: Service) -> None:
    """Hand the carrier its next texts that tell and ask nothing."""
    await telling.tell_due(service.ground, service.line)


async def check_told(service: Service) -> None:
    """Ask the carrier about such texts of which nobody knows what became of them."""
    await telling.reconcile(service.ground, service.line)


async def colours(service: Service) -> None:
    """Look at the clocks of cases: keep the history of their colours, urge whoever is late."""
    ground = service.ground
    async with ground.pool.acquire() as conn:
        while (await urging.look_due(conn, ground.clock.now())).cases:
            pass


async def climb(service: Service) -> None:
    """Tell the next levels of major reports that nobody acknowledged in time."""
    async with service.ground.pool.acquire() as conn:
        await major.climb_due(conn, service.ground.clock.now())


async def mind_suspicions(service: Service) -> None:
    """Remind units that are to answer for a closing in doubt, and note those that let their day pass."""
    async with service.ground.pool.acquire() as conn:
        await suspecting.mind(conn, service.ground.clock.now())


async def hear_explained(service: Service) -> None:
    """Explanations that have arrived count as told."""
    async with service.ground.pool.acquire() as conn:
        await explaining.hear(conn)


async def revisit(service: Service) -> None:
    """Put in residents whose settled dispute is to be asked about again."""
    ground = service.ground
    async with ground.pool.acquire() as conn:
        await revisiting.ask_due(conn, ground.clock.now(), tokens=ground.tokens)


async def roll_up(service: Service) -> None:
    """Count again the days on which answers were given, corrected, deleted or found void."""
    async with service.ground.pool.acquire() as conn:
        await counting.refresh(conn)


async def write_microdata(service: Service) -> None:
    """Write the exports of microdata that are owed."""
    folder = microdata_folder(service.settings.data_dir)
    try:
        while await microdata_exports.write_next(service.ground, folder):
            pass
    except microdata_exports.NoExport as no:
        log.warning("microdata not exported", why=str(no))


async def daily(service: Service) -> None:
    """Build today's lists of every centre whose hour has come."""
    ground, now = service.ground, service.ground.clock.now()
    async with ground.pool.acquire() as conn:
        waiting = await campaigns.daily_rounds(conn, now)
    for centre_code, tz, body in waiting:
        today = now.astimezone(ZoneInfo(tz)).date()
        programme = _programme(body) if body else NOTHING
        drawn = await fielding.build_day(ground, centre_code, today, programme, body["seed"] if body else 0)
        log.info("day's list", centre=centre_code, day=str(today), people=drawn)
        async with ground.pool.acquire() as conn:
            await campaigns.next_daily_round(conn, centre_code, list_moment(now + timedelta(days=1), tz))


NOTHING = fielding.Programme(0, 0, 0)


def _programme(body: Mapping[str, Any]) -> fielding.Programme:
    """The row of policy `daily_programme` that is in force. Texts carry no links unless it says so."""
    row = DailyProgramme.model_validate(body)
    return fielding.Programme(row.voice, row.text, row.operator, links=row.links)


async def report(service: Service) -> None:
    """Issue and write what reports are owed, each once."""
    files = await write_morning_reports(service.ground, service.settings.data_dir)
    if files:
        log.info("reports written", files=len(files))


def list_moment(day: datetime, tz: str) -> datetime:
    """When the list of this local day is built."""
    local = day.astimezone(ZoneInfo(tz))
    return datetime.combine(local.date(), dispatch_policy().list_at, ZoneInfo(tz))


JOBS: dict[str, Callable[[Service], Awaitable[None]]] = {
    job.__name__: job
    for job in (
        dial,
        dial_linked,
        link_operators,
        end_lines,
        reconcile,
        check,
        release_abandoned,
        expire,
        miss_appointments,
        close_waves,
        recall,
        campaigns_due,
        poll_texts,
        delete_recordings,
        settle,
        tell_systems,
        forward_cases,
        join_lines,
        hear_masked_calls,
        escalate,
        keep_promises,
        archive_quiet,
        forget_interviews,
        forget_bodies,
        seal_days,
        notify,
        tell,
        check_told,
        colours,
        climb,
        mind_suspicions,
        hear_explained,
        revisit,
        roll_up,
        write_microdata,
        daily,
        report,
    )
}
