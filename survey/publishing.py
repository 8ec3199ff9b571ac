"""DOOR. What becomes of a campaign after the field: its interviews audited, its results published, the whole put away."""

from datetime import datetime
from typing import Any

from survey.campaigning import CampaignRefused, locked, move_campaign
from survey.field.audit_policy import audit_policy
from survey.field.auditing import Audit, Method, Verdict, audit_of, why_not_published
from survey.field.campaign_document import CampaignDocument
from survey.ground import Ground
from survey.store import audits
from survey.store.audits import NewItem
from survey.store.campaign_life import Planned


async def begin_audit(ground: Ground, centre: str, code: str, *, by: str) -> Planned:
    """closed -> auditing: no interview is open any more."""
    return await move_campaign(ground, centre, code, "audit", by, "audit begun", _nothing_open)


async def publish(ground: Ground, centre: str, code: str, *, by: str) -> Planned:
    """auditing -> published: enough was looked at, few enough were wrong, and another person says so."""

    async def guard(
        conn: Any, campaign: Planned, document: CampaignDocument, now: datetime
    ) -> tuple[str, str] | None:
        lacks = why_not_published(await _audit(conn, campaign), audit_policy())
        if lacks is not None:
            return lacks, f"复核还不够:{lacks}"
        if by in await audits.auditors(conn, campaign.id):
            return (
                f"{by} had a hand in its audit; another person publishes it (the director)",
                f"{by} 参加过复核,须由另一人(主任)发布。",
            )
        return None

    return await move_campaign(ground, centre, code, "publish", by, "published", guard)


async def archive(ground: Ground, centre: str, code: str, *, by: str, why: str) -> Planned:
    """published -> archived."""
    return await move_campaign(ground, centre, code, "archive", by, why)


async def audit(ground: Ground, centre: str, code: str) -> Audit:
    """How far the audit is, and which interviews it wants looked at. Raises CampaignRefused."""
    async with ground.pool.acquire() as conn, conn.transaction():
        return await _audit(conn, await _in_audit(conn, centre, code))


async def judge(
    ground: Ground, centre: str, code: str, ref: str, *, verdict: Verdict, method: Method, by: str, why: str
) -> Audit:
    """A person has looked at an interview. How far the audit is with it. Raises CampaignRefused."""
    async with ground.pool.acquire() as conn, conn.transaction():
        campaign = await _in_audit(conn, centre, code)
        held = await audits.held(conn, campaign.id, ref)
        if held is None:
            raise CampaignRefused(
                f"{code} has no finished interview {ref}; `minyi campaign to-check {code}` shows those to look at",
                f"{code} 没有已完成的访问 {ref}。",
            )
        if by == held.operator:
            raise CampaignRefused(
                f"{by} held interview {ref}; somebody else must look at it",
                f"访问 {ref} 是 {by} 做的,须由别人复核。",
            )
        await audits.add(conn, NewItem(held.id, method, verdict, by, why), ground.clock.now())
        return await _audit(conn, campaign)


async def _nothing_open(
    conn: Any, campaign: Planned, document: CampaignDocument, now: datetime
) -> tuple[str, str] | None:
    if await audits.has_open(conn, campaign.id):
        return (
            "an interview of it is still open; try again when it is over (`minyi campaign status`)",
            "还有访问没有结束。谈完再复核。",
        )
    return None


async def _audit(conn: Any, campaign: Planned) -> Audit:
    return audit_of(await audits.finished(conn, campaign.id), campaign.seed, audit_policy())


async def _in_audit(conn: Any, centre: str, code: str) -> Planned:
    campaign = await locked(conn, centre, code)
    if campaign.status != "auditing":
        raise CampaignRefused(
            f"{code} is {campaign.status}, and only what is in its audit is looked at; `minyi campaign audit {code}` begins it",
            f"{code} 不在复核中。",
        )
    return campaign
