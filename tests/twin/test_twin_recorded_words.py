"""What residents say into a recording: their own words, an answer, nothing, or what must be said."""

from test_twin_recordings import LAMPS, REPORTS, WANG, a_call, asked, speaker
from twin_service import OPEN, REASON, SAFETY, gather, goodbye, named, record


async def test_who_has_nothing_to_say_keeps_silent_or_says_so_or_presses_the_key(bench):
    """The key alone may leave noise, or nothing, and then nobody hears of the key either."""
    bench.service.script = asked(more=REPORTS)
    ways = set()
    for i in range(40):
        bench.plant(
            WANG[:-4] + f"{i:04d}", temper="patient", answers=["answered"], opinions={"safety": "安全"}
        )
        await bench.call(WANG[:-4] + f"{i:04d}")
    await bench.clock.run_out()
    for call in (await bench.ledger())["calls"]:
        [told] = call["recordings"]
        if told["meant"] in (None, "没有", "没什么"):
            ways.add((told["kind"], told["words"], told["digits"], told["sid"] is not None))
    assert ways == {
        ("silence", None, "", False),
        ("nothing", None, "#", True),
        ("nothing", None, "", False),
        ("open", "没有", "#", True),
        ("open", "没什么", "#", True),
    }
    short = [
        params for params in bench.service.at("/transcript") if params["TranscriptionStatus"] == "failed"
    ]
    assert short and {params["TranscriptionText"] for params in short} == {""}


async def test_the_reason_follows_the_case(bench):
    speaker(bench)
    told = {"number": WANG, "matter": "0037", "round": 1, "worked_on": False, "contacted": False}
    await bench.control("matters", [told])
    bench.service.script = asked("您反映的0037号事项,未解决。" + REASON)
    [entry] = (await a_call(bench))["recordings"]
    assert entry["kind"] == "open" and entry["words"] in bench.carrier.town.reasons


async def test_a_closed_question_is_answered_in_words(bench):
    speaker(bench, opinions={"police": "不满意"})
    bench.service.script = asked("您对当地公安工作满意吗?请在提示音后说。")
    [entry] = (await a_call(bench))["recordings"]
    assert (entry["kind"], entry["meant"], entry["ended_by"]) == ("words", "不满意", "silence")
    assert "不满意" in entry["words"]


async def test_a_question_that_nobody_understands_is_met_with_silence_and_listed(bench):
    speaker(bench)
    bench.service.script = asked("您最喜欢的颜色?请在提示音后说。")
    assert named((await a_call(bench))["recordings"], "sid", "kind") == [(None, "silence")]
    [row] = (await bench.control("errors"))["puzzled"]
    assert row["prompt"] == "您最喜欢的颜色?请在提示音后说。"


async def test_a_voicemail_is_not_spoken_into(bench):
    bench.plant(WANG, answers=["machine"])
    bench.service.script = asked()
    entry = await a_call(bench)
    assert named(entry["recordings"], "sid", "ended_by") == [(None, "silence")]


async def test_distress_is_told_before_anything_else(bench):
    speaker(bench, distress=True, slips=True, record_ends="waits")
    bench.service.script = asked(more=REPORTS)
    [entry] = (await a_call(bench))["recordings"]
    assert (entry["kind"], entry["meant"]) == ("distress", None)
    assert entry["words"] in bench.carrier.town.distress["zh"]
    assert entry["transcript"]["text"] == entry["words"]


async def test_a_minor_who_presses_keys_says_so_at_the_first_recording(bench):
    speaker(bench, minor="我才15岁，大人不在家", opinions={"safety": "安全"})
    documents = [gather(SAFETY, "/voice/1"), record(OPEN, "/voice/2"), record(OPEN, "/voice/3"), goodbye()]
    bench.service.script = lambda path, params: documents[int(path[-1])]
    entry = await a_call(bench)
    assert named(entry["recordings"], "kind", "words") == [("minor", "我才15岁，大人不在家"), ("open", LAMPS)]


async def test_whoever_takes_longer_to_begin_than_the_line_waits_is_not_recorded(bench):
    speaker(bench)
    bench.service.script = lambda path, params: (
        record(OPEN, "/voice/1").replace('timeout="4"', 'timeout="1"') if path == "/voice/0" else goodbye()
    )
    assert named((await a_call(bench))["recordings"], "sid", "kind", "words") == [(None, "silence", None)]


async def test_untrimmed_even_a_key_alone_leaves_a_recording(bench):
    bench.service.script = asked(more='trim="do-not-trim"')
    for i in range(40):
        bench.plant(
            WANG[:-4] + f"{i:04d}", temper="patient", answers=["answered"], opinions={"safety": "安全"}
        )
        await bench.call(WANG[:-4] + f"{i:04d}")
    await bench.clock.run_out()
    told = [one for call in (await bench.ledger())["calls"] for one in call["recordings"]]
    assert {one["sid"] is not None for one in told if one["kind"] == "nothing"} == {True}
