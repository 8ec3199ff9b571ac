"""Links to the web form for texts about to be sent: none unless the campaign says so (settled.md §4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from survey.concluding import thread_end
from survey.ground import Ground
from survey.questionnaire.model import Questionnaire
from survey.store import form_links
from survey.store.due_units import DueUnit
from survey.store.form_links import NewLink

PATH = "/f"


async def lay_links(
    ground: Ground, conn: Any, groups: Sequence[Sequence[DueUnit]], contacts: Mapping[int, int]
) -> dict[int, str]:
    """{contact: URL} of the form, for each text contact whose campaign has links and whose questionnaire can be asked on a
    page. `contacts` by person. In the caller's transaction."""
    leads = [group[0] for group in groups if group[0].mode == "text"]
    if not leads or not ground.public_url:
        return {}
    campaigns = await form_links.linking(conn, {unit.campaign_id for unit in leads})
    now = ground.clock.now()
    links: list[NewLink] = []
    for unit in leads:
        if unit.campaign_id in campaigns and asks_on_pages(
            await ground.instruments.get(conn, unit.questionnaire_id)
        ):
            links.append(NewLink(_token(ground), contacts[unit.person_id], thread_end(unit.purpose, now)))
    if links:
        await form_links.insert(conn, links, now)
    return {link.contact_id: f"{ground.public_url.rstrip('/')}{PATH}/{link.token}" for link in links}


def _token(ground: Ground) -> str:
    """22 characters of two references, 132 random bits: whoever holds it can answer in the resident's place."""
    return (ground.tokens() + ground.tokens())[:22]


def asks_on_pages(questionnaire: Questionnaire) -> bool:
    """Whether the questionnaire has a question for the web."""
    return any("web" in item.modes for item in questionnaire.questions)
