"""An opt-out missed, moved, invented or disregarded is found and called by its name."""

from __future__ import annotations

from datetime import timedelta

from agreement_day import Day

from workers.agreement import Agreement, Difference


def kinds_of(agreement: Agreement) -> list[str]:
    return [difference.kind for difference in agreement.differences]


async def test_a_missed_opt_out_by_key(day: Day) -> None:
    await day.conn.execute("DELETE FROM survey.opt_out WHERE person_id = $1", day.world.people["孙丽"][0])

    assert (await day.compared()).differences == (
        Difference("opt_out_missed", "“9” in CA3", "all or survey", "no opt-out"),
    )


async def test_a_missed_opt_out_by_text(day: Day) -> None:
    await day.conn.execute("DELETE FROM survey.opt_out WHERE person_id = $1", day.world.people["陈静"][0])

    assert (await day.compared()).differences == (
        Difference("opt_out_missed", "“退订” in SM31", "all or survey", "no opt-out"),
    )


async def test_an_opt_out_with_too_small_a_reach(day: Day) -> None:
    await day.conn.execute(
        "UPDATE survey.opt_out SET scope = 'case_text' WHERE person_id = $1", day.world.people["陈静"][0]
    )

    assert (await day.compared()).differences == (
        Difference("opt_out_missed", "“退订” in SM31", "all or survey", "only scope case_text"),
    )


async def test_an_opt_out_that_counts_only_from_later_on(day: Day) -> None:
    await day.conn.execute(
        "UPDATE survey.opt_out SET said_at = said_at + interval '1 hour' WHERE person_id = $1",
        day.world.people["陈静"][0],
    )

    assert kinds_of(await day.compared()) == ["opt_out_at_another_time"]


async def test_an_opt_out_whose_key_never_arrived_is_nobodys_fault(day: Day) -> None:
    day.sun_call.keys[0].delivered = "no"
    await day.conn.execute("DELETE FROM survey.opt_out WHERE person_id = $1", day.world.people["孙丽"][0])
    await day.conn.execute("DELETE FROM survey.input WHERE call_sid = 'CA3' AND step = 1")

    assert (await day.compared()).differences == ()


async def test_an_opt_out_nobody_said(day: Day) -> None:
    await day.conn.execute(
        "INSERT INTO survey.opt_out (person_id, scope, said_at, said_in) VALUES ($1, 'all', $2, 'voice')",
        day.world.people["赵伟"][0],
        day.zhao.at,
    )

    assert (await day.compared()).differences == (
        Difference("opt_out_nobody_said", "opt-out from voice", "nothing said", "scope all"),
    )


async def test_a_contact_after_an_opt_out(day: Day) -> None:
    at = day.chen.at + timedelta(hours=1)
    await day.world.talk("陈静", "voice", ref="a-chen-2", at=at, sid="CA7", word="busy", disposition="busy")
    day.world.call("陈静", "CA7", "busy", at, rang=0)

    assert (await day.compared()).differences == (
        Difference(
            "contact_after_opt_out",
            "voice attempt a-chen-2 for survey",
            "none after 2026-03-09T01:34:00+00:00 (survey)",
            "begun 2026-03-09T02:30:00+00:00",
        ),
    )


async def test_a_missed_opt_out_excuses_no_contact(day: Day) -> None:
    await day.conn.execute("DELETE FROM survey.opt_out WHERE person_id = $1", day.world.people["陈静"][0])
    at = day.chen.at + timedelta(hours=1)
    await day.world.talk("陈静", "voice", ref="a-chen-2", at=at, sid="CA7", word="busy", disposition="busy")
    day.world.call("陈静", "CA7", "busy", at, rang=0)

    assert kinds_of(await day.compared()) == ["opt_out_missed", "contact_after_opt_out"]


async def test_a_case_result_goes_on_after_an_opt_out_of_surveys(day: Day) -> None:
    at = day.chen.at + timedelta(hours=1)
    await day.world.talk(
        "陈静",
        "voice",
        ref="a-chen-2",
        at=at,
        sid="CA7",
        word="busy",
        disposition="busy",
        instrument="callback",
    )
    day.world.call("陈静", "CA7", "busy", at, rang=0)

    assert (await day.compared()).agrees


async def test_an_opt_out_said_at_the_desk_is_written_down_before_the_conversation_ends(day: Day) -> None:
    day.world.book.opt_out(day.world.people["刘洋"][1], day.liu.at, "以后不要再给我打电话了。", "DK1")

    assert kinds_of(await day.compared()) == ["opt_out_missed"]

    await day.world.put(
        "survey.opt_out",
        person_id=day.world.people["刘洋"][0],
        scope="all",
        said_at=day.liu.at + timedelta(minutes=4),
        said_in="operator",
    )

    assert (await day.compared()).agrees


async def test_an_opt_out_that_counts_before_anything_was_said(day: Day) -> None:
    await day.conn.execute(
        "UPDATE survey.opt_out SET said_at = said_at - interval '1 hour' WHERE person_id = $1",
        day.world.people["陈静"][0],
    )

    assert "opt_out_at_another_time" in kinds_of(await day.compared())
