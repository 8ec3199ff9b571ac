"""The operator's own telephone, and the rest of the control API."""

from twin_service import named

SUN, WU = "+8615400000071", "+8615400000072"
SAFETY = "在目前的社会治安环境下,您感觉安全吗?\n安全、比较安全、不太安全,还是不安全?"
OPEN = "还有什么治安方面的问题或建议?"


async def dial(bench, to: str, reference: str = "a1"):
    return await bench.control("desk/calls", {"to": to, "reference": reference})


async def say(bench, call, text: str):
    return await bench.control(f"desk/calls/{call['id']}/say", {"text": text})


async def test_a_talk_at_the_desk_and_its_ledger(bench):
    bench.plant(
        SUN, temper="patient", answers=["answered"], opinions={"safety": "不安全"}, problem="路灯不亮。"
    )
    call = await dial(bench, SUN)
    assert call["outcome"] == "answered" and 5 <= call["after_s"] <= 25
    opening = await say(bench, call, "您好,我是遂澜社情民意调查中心的调查员,工号1021。")
    assert (opening["kind"], opening["meant"], opening["hung_up"]) == ("listens", None, False)
    answer = await say(bench, call, SAFETY)
    assert "不安全" in answer["heard"] and answer["meant"] == "不安全" and answer["takes_s"] >= 7
    assert (await say(bench, call, OPEN))["heard"] == "路灯不亮。"
    await bench.control(f"desk/calls/{call['id']}/hangup", {})
    assert await say(bench, call, "喂?") == (404, "no such call is going on at the desk")
    [entry] = (await bench.ledger())["calls"]
    assert (entry["id"], entry["kind"], entry["reference"], entry["status"]) == (
        call["id"],
        "desk",
        "a1",
        "completed",
    )
    assert named(entry["spoken"], "meant", "kind") == [
        (None, "listens"),
        ("不安全", "answer"),
        (None, "open"),
    ]
    assert "sid" not in entry


async def test_who_refuses_a_machine_refuses_a_person_too(bench):
    bench.plant(SUN, temper="refuses", answers=["answered"])
    call = await dial(bench, SUN)
    refusal = await say(bench, call, "您好。")
    assert (refusal["kind"], refusal["hung_up"], refusal["meant"]) == ("refusal", True, None)


async def test_never_again_said_to_a_person_is_an_opt_out(bench):
    bench.plant(SUN, temper="never_again", answers=["answered"])
    call = await dial(bench, SUN)
    said = await say(bench, call, "您好。")
    [row] = (await bench.ledger())["opt_outs"]
    assert (row["number"], row["said"], row["via"]) == (SUN, said["heard"], call["id"])


async def test_outcomes_of_dialling_by_hand(bench):
    outcomes = []
    for outcome in ("busy", "no_answer", "off", "rejected", "machine"):
        bench.plant(WU, answers=[outcome])
        call = await dial(bench, WU)
        outcomes.append((call["outcome"], call["after_s"]))
    assert [name for name, _ in outcomes] == ["busy", "no_answer", "off", "rejected", "machine"]
    assert outcomes[1][1] == 45
    assert named((await bench.ledger())["calls"], "status")[:2] == [("busy",), ("no-answer",)]


async def test_the_desk_and_the_machine_share_the_count_of_calls(bench):
    bench.plant(WU, answers=["busy", "answered"])
    assert (await dial(bench, WU))["outcome"] == "busy"
    assert (await dial(bench, WU))["outcome"] == "answered"


async def test_truth_is_of_people_alone(bench):
    bench.plant(SUN, opinions={"safety": "安全"})
    bench.plant(WU, opinions={"safety": "不安全"})
    bench.plant("+8615400000073", line="unassigned")
    assert await bench.control("truth", {"numbers": [SUN, WU, "+8615400000073"]}) == {"safe": 0.5, "n": 2}


async def test_the_control_api_wants_its_token_and_good_bodies(bench):
    assert (await bench.control("ledger", token="wrong"))[0] == 401
    assert await bench.control("health", token="") == {"status": "ok"}
    status, why = await bench.control("residents", [{"number": "+13051416799"}])
    assert (status, why) == (400, "a number is not of the town: it must be +86154 and eight digits")
    status, why = await bench.control("residents", [{"number": SUN, "mood": "sunny"}])
    assert (status, why) == (400, "unknown trait 'mood' of a planted resident")
    status, why = await bench.control("matters", [{"number": SUN, "matter": "0037", "round": 1}])
    assert (status, why) == (400, "worked_on of a matter is missing or no bool")
