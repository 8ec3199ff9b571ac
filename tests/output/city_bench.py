"""A second county beside 遂澜县, and who looks: somebody of the county, somebody of the city."""

from __future__ import annotations

from report_week import answered
from small_day import SmallDay, at

from survey import counting
from tests.access.access_bench import GOOD, Browser, House

NEIGHBOUR = "991722"


async def signed_in(house: House, role: str) -> Browser:
    browser = house.browser()
    await house.settled("0102", "王督导", role)
    assert (await browser.sign_in("0102", GOOD)).status == 303
    return browser


async def of_the_city(house: House) -> Browser:
    """钱进, who looks after the city."""
    browser = house.browser()
    await house.settled("9001", "钱进", "city_admin:9917")
    telephone = await house.with_telephone("9001")
    await browser.sign_in("9001", GOOD)
    await browser.get("/sign-in/code")
    await browser.send("/sign-in/code", code=telephone.at(house.clock.now()))
    return browser


async def neighbour(day: SmallDay) -> None:
    """平岗县 with ninety answers of its own."""
    await day.put(
        "survey.area",
        None,
        code=NEIGHBOUR,
        parent_code="9917",
        level="county",
        name_zh="平岗县",
        name_en="Pinggang",
    )
    await day.put(
        "survey.area",
        None,
        code=f"{NEIGHBOUR}001",
        parent_code=NEIGHBOUR,
        level="township",
        name_zh="东镇",
        name_en="Dong",
    )
    await day.put(
        "survey.centre",
        None,
        code=NEIGHBOUR,
        area_code=NEIGHBOUR,
        name_zh="平岗县社情民意调查中心",
        short_zh="平岗",
        name_en="Pinggang Public Opinion Survey Centre",
    )
    day.campaigns["theirs"] = await day.put(
        "survey.campaign",
        centre_code=NEIGHBOUR,
        code="daily-voice",
        name_zh="平安调查",
        purpose="survey",
        questionnaire_id=day.questionnaires["perception"],
        modes=["voice"],
        seed=7,
        opens_at=at(8),
    )
    await answered(day, f"{NEIGHBOUR}001", ["1"] * 63 + ["3"] * 27, days=1, campaign="theirs")
    await day.conn.execute(
        "UPDATE survey.sample_unit SET centre_code = $1 WHERE campaign_id = $2",
        NEIGHBOUR,
        day.campaigns["theirs"],
    )
    await counting.refresh(day.conn)  # fmt: skip
