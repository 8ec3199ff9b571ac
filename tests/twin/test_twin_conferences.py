"""Calls that are connected in a room: who joins, who leaves, what is said in it, and what of that the service hears."""

from typing import Any

import pytest
from twin_service import SAFETY, Params

from survey.twin.twiml import VOICE, TwimlError, parse

OPERATOR, WANG, LI = "+8615499000021", "+8615400000001", "+8615400000002"
SORRY = "非常抱歉,调查员的线路中断了。再见。"


def rooms(path: str, params: Params) -> str:
    """The operator waits in the room, and whoever comes into it hears a sentence should it end."""
    if path == "/operator":
        return (
            '<Response><Dial><Conference beep="false" endConferenceOnExit="true" statusCallback="/status/room"'
            ' statusCallbackEvent="start end join leave">room-1</Conference></Dial></Response>'
        )
    return (
        '<Response><Dial><Conference beep="onEnter" endConferenceOnExit="false">room-1</Conference></Dial>'
        f"<Say>{SORRY}</Say><Hangup/></Response>"
    )


async def both(bench: Any) -> tuple[str, str]:
    """The operator waits and 王芳 comes in; the ids of their calls."""
    bench.plant(OPERATOR, temper="patient", answers=["answered"])
    bench.plant(WANG, temper="patient", answers=["answered"], opinions={"safety": "比较安全"})
    bench.service.script = rooms
    operator = await bench.call(OPERATOR, url=f"{bench.service.url}/operator")
    await bench.clock.run(seconds=60)
    resident = await bench.call(WANG)
    await bench.clock.run(seconds=60)
    return operator.sid, resident.sid


def events(bench: Any) -> list[tuple[str, str | None, str]]:
    """What was reported of the room: event, call, number in the order."""
    return [
        (p["StatusCallbackEvent"], p.get("CallSid"), p["SequenceNumber"])
        for p in bench.service.at("/status/room")
    ]


async def test_the_operator_waits_and_the_room_begins_with_the_second(bench):
    operator, resident = await both(bench)
    assert events(bench) == [
        ("participant-join", operator, "1"),
        ("participant-join", resident, "2"),
        ("conference-start", None, "3"),
    ]
    first = bench.service.at("/status/room")[0]
    assert (first["FriendlyName"], first["Muted"], first["Hold"], first["EndConferenceOnExit"]) == (
        "room-1", "false", "false", "true",
    )  # fmt: skip
    assert {p["ConferenceSid"][:2] for p in bench.service.at("/status/room")} == {"CF"}
    assert not any(number in str(p) for p in bench.service.at("/status/room") for number in (OPERATOR, WANG))


async def test_what_the_operator_says_in_the_room_is_answered(bench):
    _, resident = await both(bench)
    said = await bench.control(f"desk/calls/{resident}/say", {"text": SAFETY})
    assert (said["meant"], said["hung_up"]) == ("比较安全", False)
    [call] = [row for row in (await bench.ledger())["calls"] if row["to"] == WANG]
    assert [row["said"] for row in call["spoken"]] == [SAFETY]


async def test_when_the_service_ends_the_residents_call_the_operator_waits_for_the_next(bench):
    operator, resident = await both(bench)
    await bench.twilio.calls(resident).update_async(status="completed")
    await bench.clock.run(seconds=30)
    bench.plant(LI, temper="patient", answers=["answered"])
    other = await bench.call(LI)
    await bench.clock.run(seconds=60)
    assert events(bench)[3:] == [
        ("participant-leave", resident, "4"),
        ("participant-join", other.sid, "5"),
    ]
    assert (await bench.twilio.calls(operator).fetch_async()).status == "in-progress"


async def test_a_resident_who_hangs_up_leaves_the_operator_in_the_room(bench):
    operator, resident = await both(bench)
    await bench.control(f"desk/calls/{resident}/hangup", {})
    await bench.clock.run(seconds=30)
    statuses = [(p["CallSid"], p["CallStatus"]) for p in bench.service.at("/status")]
    assert statuses[-1] == (resident, "completed")
    assert (await bench.twilio.calls(operator).fetch_async()).status == "in-progress"


async def test_when_the_operator_hangs_up_the_room_ends_and_the_resident_hears_why(bench):
    operator, resident = await both(bench)
    await bench.control(f"desk/calls/{operator}/hangup", {})
    await bench.clock.run_out()
    assert events(bench)[3:] == [
        ("participant-leave", operator, "4"),
        ("conference-end", None, "5"),
        ("participant-leave", resident, "6"),
    ]
    last = next(p for p in bench.service.at("/status/room") if p["StatusCallbackEvent"] == "conference-end")
    assert (last["CallSidEndingConference"], last["ReasonConferenceEnded"]) == (
        operator, "participant-with-end-conference-on-exit-left",
    )  # fmt: skip
    [call] = [row for row in (await bench.ledger())["calls"] if row["to"] == WANG]
    assert (call["said"], call["status"]) == ([SORRY], "completed")


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<Number>+8615400000001</Number>", "one <Conference> here"),
        ("", "one <Conference> here"),
        ("<Conference></Conference>", "<Conference> is empty"),
        ('<Conference beep="loud">r</Conference>', "beep='loud'"),
        ('<Conference record="record-from-start">r</Conference>', "'record'"),
        ('<Conference statusCallbackEvent="speaker">r</Conference>', "'speaker'"),
    ],
)
def test_what_is_not_played_is_said(inside, why):
    with pytest.raises(TwimlError, match=why):
        parse(f"<Response><Dial>{inside}</Dial></Response>", VOICE)
