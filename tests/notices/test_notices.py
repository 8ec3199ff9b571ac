"""Notices arrive: which way they take, when, how often, and what stands where when they do not."""

from __future__ import annotations

import asyncio

import pytest
from notices_bench import (
    CENTRE,
    DEPUTY,
    LEADERS_PHONE,
    MAIL,
    OFFICE,
    PHONE,
    POLICE,
    SIGNED,
    WATER,
    Office,
    at,
    plain,
    title,
    words,
)

from followup import addresses, notices, notifying
from followup.refusals import AddressRefused, NobodyAcknowledges, NotARecipient, NotARole, UnknownNotice
from followup.reports.live import notice_tiles
from survey import telling
from survey.channels.base import Refused

URGE = words("urge_1")


async def test_an_urging_reaches_the_liaison_by_text(police: Office) -> None:
    await police.owe()
    await police.work()
    assert police.carrier.texts == [(PHONE, URGE)]
    assert await police.states() == ["sent"]
    await police.status_of_text("delivered")
    assert await police.states() == ["delivered"]
    assert police.post.mails == []


async def test_one_notice_per_cause_and_recipient(police: Office) -> None:
    assert await police.owe() is not None
    assert await police.owe() is None
    assert await police.owe(cause="urge:2") is not None
    await police.work()
    assert len(police.carrier.texts) == 1


@pytest.mark.parametrize("word", ["unreachable", "blocked", "expired"])
async def test_a_text_that_fails_leaves_the_mail(police: Office, word: str) -> None:
    await police.owe()
    await police.work()
    await police.status_of_text(word)
    assert await police.states() == ["sent"]
    assert [(mail["To"], mail["Subject"]) for mail in police.post.mails] == [
        (MAIL, f"{SIGNED}{title('urge_1')} {title('urge_1', 'en')}")
    ]


async def test_where_the_liaison_has_no_way_left_the_leader_is_told(police: Office) -> None:
    police.carrier.answers[PHONE] = Refused("unassigned", 21211)
    police.post.refused = {MAIL: "550 no such user"}
    await police.owe()
    for _ in range(3):
        await police.work()
    assert [number for number, _ in police.carrier.texts] == [PHONE, LEADERS_PHONE]


async def test_without_any_way_it_stands_on_the_supervisors_desk(office: Office) -> None:
    notice = await office.owe(WATER)
    await office.work()
    assert await office.states() == ["undelivered: no address"]
    async with office.ground.pool.acquire() as conn:
        (stuck,) = await notices.stuck(conn, CENTRE, office.clock.moment)
        assert (stuck.id, stuck.recipient, stuck.why) == (notice, WATER, "no address")


async def test_every_way_failed(police: Office) -> None:
    for number in (PHONE, LEADERS_PHONE):
        police.carrier.answers[number] = Refused("unassigned", 21211)
    police.post.refused = {MAIL: "550 no", "leader@police.example": "550 no"}
    await police.owe()
    for _ in range(5):
        await police.work()
    assert await police.states() == ["undelivered: every way failed"]
    assert (len(police.carrier.texts), police.post.mails) == (2, [])


async def test_a_new_address_brings_what_could_not_be_told(office: Office) -> None:
    await office.owe()
    await office.work()
    assert await office.states() == ["undelivered: no address"]
    await office.book(POLICE, "liaison", text=PHONE)
    await office.work()
    assert (office.carrier.texts, await office.states()) == ([(PHONE, URGE)], ["sent"])


@pytest.mark.parametrize(
    ("owed", "sent"),
    [
        ("9 11:59", "9 11:59"),
        ("9 12:00", "9 14:30"),
        ("9 18:00", "10 08:30"),
        ("13 20:00", "16 08:30"),
        ("14 10:00", "16 08:30"),
    ],
)
async def test_nobody_is_told_outside_office_hours(police: Office, owed: str, sent: str) -> None:
    police.clock.moment = at(owed)
    await police.owe()
    await police.work()
    if owed != sent:
        assert police.carrier.texts == []
        assert await police.rows("SELECT due_at FROM followup.notice") == [(at(sent),)]
        police.clock.moment = at(sent)
        await police.work()
    assert len(police.carrier.texts) == 1


async def test_a_major_report_goes_at_any_hour_and_alone(police: Office) -> None:
    police.clock.moment = at("14 03:10")
    await police.owe(template="major_report", cause="major:1", urgent=True, report="0012")
    await police.owe(template="major_report", cause="major:2", urgent=True, report="0013")
    await police.work()
    assert police.carrier.texts == [
        (LEADERS_PHONE, words("major_report", report="0012")),
        (LEADERS_PHONE, words("major_report", report="0013")),
    ]
    assert await police.rows("SELECT receipt_by FROM followup.notice ORDER BY id") == [(at("14 03:40"),)] * 2


async def test_several_causes_of_one_moment_are_one_text(police: Office) -> None:
    for n in range(5):
        await police.owe(cause=f"urge:{n}")
    await police.owe(template="dispatched", cause="d", sign_by="3月9日12:00")
    await police.owe(OFFICE, cause="urge:1")
    await police.work()
    assert police.carrier.texts == [
        (PHONE, f"{SIGNED}6项通知:{title('urge_1')}、{title('dispatched')}。请登录系统或查收邮件。")
    ]
    assert await police.states() == ["sent"] * 6 + ["undelivered: no address"]
    await police.status_of_text("unreachable")
    (mail,) = police.post.mails
    assert mail["Subject"] == "【遂澜民调中心】6项通知 6 notices"
    assert plain(mail).count(f"{title('urge_1')}\n991721-20260302-00037-4号事项") == 5


async def test_a_notice_whose_words_cannot_be_made_is_not_lost(police: Office) -> None:
    await police.owe(template="no_such_template", cause="a")
    await police.owe(template="dispatched", cause="b", without=("sign_by",))
    await police.owe("unit:nobody", cause="c")
    await police.owe(DEPUTY, cause="d")
    await police.work()
    assert await police.states() == [
        "undelivered: policy notices has no template no_such_template",
        "undelivered: fact sign_by missing",
        "undelivered: nobody is called unit:nobody",
        "undelivered: no address",
    ]


async def test_two_workers_at_once_send_one_message(police: Office) -> None:
    for n in range(8):
        await police.owe(cause=f"urge:{n}")
        await police.owe(template="urge_2", cause=f"late:{n}")
    await asyncio.gather(*(notifying.deliver(police.ground, police.postman) for _ in range(4)))
    await asyncio.gather(*(telling.tell_due(police.ground, police.line) for _ in range(4)))
    assert (len(police.carrier.texts), len(police.post.mails)) == (1, 1)
    assert await police.rows("SELECT channel, count(*) FROM followup.notice_message GROUP BY 1 ORDER BY 1") == [
        ("mail", 1), ("text", 1),
    ]  # fmt: skip


async def test_the_receipt(police: Office, wang_fangs_case: int) -> None:
    """The first stands; it is an event of the case."""
    notice = await police.owe(template="urge_2", case_id=wang_fangs_case)
    assert notice is not None
    await police.work()
    police.clock.moment = at("9 10:30")
    async with police.ground.pool.acquire() as conn:
        first = await notices.acknowledge(conn, notice, by="联络员-01", now=at("9 10:30"))
        again = await notices.acknowledge(conn, notice, by="局长", now=at("9 11:30"), how="call")
        assert first == again
        standing = await notices.standing(conn, "urge:1", POLICE)
    assert standing is not None
    assert (standing.acknowledged_by, standing.acknowledged_at) == ("联络员-01", at("9 10:30"))
    told = await police.rows("SELECT event, actor, to_status, detail FROM followup.case_event ORDER BY id")
    common = {"notice": notice, "template": "urge_2", "recipient": POLICE}
    assert told == [
        ("notice", "system", "in_progress", {**common, "channel": "mail"}),
        ("notice_receipt", "联络员-01", "in_progress", {**common, "how": "desk"}),
    ]


async def test_who_does_not_acknowledge_in_time_stands_on_the_supervisors_desk(police: Office) -> None:
    """Seven working hours from Monday ten o'clock are Tuesday ten o'clock."""
    await police.owe(template="urge_2")
    await police.owe(cause="no receipt is asked")
    await police.work()
    async with police.ground.pool.acquire() as conn:
        assert await notices.stuck(conn, CENTRE, at("10 10:00")) == []
        (late,) = await notices.stuck(conn, CENTRE, at("10 10:01"))
    assert (late.template, late.status) == ("urge_2", "sent")


async def test_receipts_that_are_none(police: Office) -> None:
    notice = await police.owe()
    assert notice is not None
    async with police.ground.pool.acquire() as conn:
        with pytest.raises(NobodyAcknowledges):
            await notices.acknowledge(conn, notice, by=" ", now=police.clock.moment)
        with pytest.raises(UnknownNotice, match="There is no notice 4711"):
            await notices.acknowledge(conn, 4711, by="联络员-01", now=police.clock.moment)


async def test_what_was_acknowledged_meanwhile_is_not_sent(police: Office) -> None:
    """Read at the desk before the office hours began."""
    police.clock.moment = at("9 08:00")
    notice = await police.owe()
    await police.work()
    assert notice is not None
    async with police.ground.pool.acquire() as conn:
        await notices.acknowledge(conn, notice, by="联络员-01", now=police.clock.moment)
    police.clock.moment = at("9 08:30")
    await police.work()
    assert police.carrier.texts == []


async def test_addresses_are_sealed_and_replaced(police: Office) -> None:
    await police.book(POLICE, "liaison", text="+8615400000999")
    async with police.ground.pool.acquire() as conn:
        shown = [(one.role, one.channel, one.shown) for one in await addresses.book(conn, "991721")]
    assert shown == [
        ("leader", "mail", "l…@police.example"),
        ("leader", "text", "…0902"),
        ("liaison", "mail", "l…@police.example"),
        ("liaison", "text", "…0999"),
    ]
    assert await police.rows("SELECT count(*), count(cipher) FROM survey.staff_address") == [(5, 4)]
    stored = str(await police.rows("SELECT * FROM survey.staff_address"))
    assert "15400000999" not in stored and "police.example" not in stored


@pytest.mark.parametrize(
    ("holder", "role", "value", "refusal"),
    [
        ("unit:991722-police", "liaison", PHONE, NotARecipient),
        ("office:party:991722", "duty", PHONE, NotARecipient),
        ("resident:0037", "duty", PHONE, NotARecipient),
        (POLICE, "duty", PHONE, NotARole),
        (OFFICE, "liaison", PHONE, NotARole),
        (POLICE, "liaison", "+8613812345678", AddressRefused),
    ],
)
async def test_addresses_that_are_not_kept(
    office: Office, holder: str, role: str, value: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal) as no:
        await office.book(holder, role, text=value)  # type: ignore[arg-type]
    assert value not in str(no.value)
    assert await office.rows("SELECT count(*) FROM survey.staff_address") == [(0,)]


async def test_each_centre_sees_its_own_and_what_names_nobody(office: Office) -> None:
    """Another centre's supervisor is not shown ours; a recipient that is nobody's is shown to all."""
    await office.run(
        "INSERT INTO survey.centre VALUES ('991722', $1, '青石县民调中心', '青石', 'Qingshi')", CENTRE
    )
    for n, recipient in enumerate((WATER, OFFICE, "post:director:991722", "unit:nobody")):
        await office.owe(recipient, cause=f"c{n}")
    await office.work()
    async with office.ground.pool.acquire() as conn:
        ours = [one.recipient for one in await notices.stuck(conn, CENTRE, office.clock.moment)]
        theirs = [one.recipient for one in await notices.stuck(conn, "991722", office.clock.moment)]
        (tile,) = await notice_tiles(CENTRE)(conn, office.clock.moment)
    assert ours == [WATER, OFFICE, "unit:nobody"]
    assert theirs == ["post:director:991722", "unit:nobody"]
    assert (tile.zh, tile.count, tile.tone) == ("通知未送达", 3, "bad")


async def test_there_is_no_tile_where_everything_arrived(police: Office) -> None:
    await police.owe()
    await police.work()
    async with police.ground.pool.acquire() as conn:
        assert await notice_tiles(CENTRE)(conn, police.clock.moment) == ()
