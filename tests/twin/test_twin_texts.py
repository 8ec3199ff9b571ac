"""Texts there and back: receipts, replies in all their forms, never again, too late."""

from twin_service import Params, named

LI, ZHAO, QIAN = "+8615400000011", "+8615400000012", "+8615400000013"
SAFETY = (
    "【遂澜民调中心】平安建设调查(3题):您感觉当地安全吗?1安全2比较安全3不太安全4不安全。回数字,0人工,退订回T"
)
POLICE = "您对当地公安工作满意吗?1满意2基本满意3不满意4没打过交道"
PEOPLE = "您的年龄段:1)18-29 2)30-44 3)45-59 4)60以上;性别:1)男 2)女。回两位数字,如31"
AGAIN = "没看懂。" + SAFETY
EMPTY = "<Response/>"


def message(body: str) -> str:
    return f"<Response><Message>{body}</Message></Response>"


class Survey:
    """A survey of three texts, which takes whatever begins with a digit and asks again for anything else."""

    def __init__(self) -> None:
        self.step = 0

    def __call__(self, path: str, params: Params) -> str:
        body = params["Body"]
        if not body[0].isdigit():
            return message([AGAIN, POLICE, PEOPLE][self.step])
        self.step += 1
        return message([SAFETY, POLICE, PEOPLE, "谢谢您的参与。"][self.step])


def came_in(ledger):
    return [text for text in ledger["texts"] if text["direction"] == "in"]


async def test_a_survey_by_text_from_the_first_question_to_the_thanks(bench):
    bench.plant(
        LI,
        text_temper="digits",
        opinions={"safety": "比较安全", "police": "不满意", "age": "45-59", "sex": "女"},
    )
    bench.service.script = Survey()
    sent = await bench.text(LI, SAFETY, status_callback=f"{bench.service.url}/status")
    await bench.clock.run_out()

    receipts = [(p["MessageSid"], p["MessageStatus"]) for p in bench.service.at("/status")]
    assert receipts == [(sent.sid, "sent"), (sent.sid, "delivered")]
    ledger = await bench.ledger()
    answers = [text for text in came_in(ledger) if text["kind"] == "answer"]
    assert [tuple(text["meant"]) for text in answers] == [("比较安全",), ("不满意",), ("45-59", "女")]
    assert {(text["delivered"], text["requests"], text["slip"]) for text in answers} == {("yes", 1, False)}
    assert [text["body"] for text in ledger["texts"] if text["direction"] == "out"][-1] == "谢谢您的参与。"


async def test_replies_in_words_are_said_again_in_digits_when_asked_again(bench):
    bench.plant(LI, text_temper="words", opinions={"safety": "不太安全"})
    bench.service.script = lambda path, params: message(AGAIN) if not params["Body"].isdigit() else EMPTY
    await bench.text(LI, SAFETY)
    await bench.clock.run_out()
    first, second = came_in(await bench.ledger())
    assert first["kind"] == "words" and "安全" in first["body"] and not first["body"].isdigit()
    assert (second["kind"], second["body"], second["meant"]) == ("answer", "3", ["不太安全"])


async def test_a_contradictory_reply_is_a_slip_and_corrected(bench):
    bench.plant(LI, text_temper="contradictory", opinions={"safety": "安全"})
    bench.service.script = lambda path, params: message(AGAIN) if not params["Body"].isdigit() else EMPTY
    await bench.text(LI, SAFETY)
    await bench.clock.run_out()
    replies = named(came_in(await bench.ledger()), "body", "kind", "slip")
    assert replies == [("1不安全", "contradictory", True), ("1", "answer", False)]


async def test_whims_come_once_before_the_answer(bench):
    for temper, kind in (("nonsense", "nonsense"), ("thanks", "ack"), ("question", "help")):
        bench.plant(LI, text_temper=temper, opinions={"safety": "安全"})
        bench.carrier.resident(LI).replied_at = None
        bench.service.script = lambda path, params: message(AGAIN) if "1" not in params["Body"] else EMPTY
        await bench.text(LI, SAFETY)
        await bench.clock.run_out()
        last = came_in(await bench.ledger())[-2:]
        assert [text["kind"] for text in last] == [kind, "answer"], temper


async def test_stop_in_chinese_is_ours_to_honour_and_stop_in_english_is_the_carriers_too(bench):
    bench.service.script = lambda path, params: message("您已退订。")
    said = {}
    for i in range(60):
        number = f"+861540000{i:04d}"
        bench.plant(number, text_temper="stop")
        await bench.text(number, SAFETY)
        await bench.clock.run_out()
        said[number] = came_in(await bench.ledger())[-1]["body"]
    ledger = await bench.ledger()
    assert named(ledger["opt_outs"], "number", "said") == list(said.items())
    chinese = next(number for number, word in said.items() if word == "退订")
    english = next(number for number, word in said.items() if word == "STOP")
    assert (await bench.text(chinese, SAFETY)).status == "queued"
    assert (await bench.ledger())["after_opt_out"][-1]["number"] == chinese
    status, body, _ = await bench.raw(
        "POST", "Messages.json", data={"To": english, "From": "+8615400000000", "Body": SAFETY}
    )
    assert (status, body["code"]) == (400, 21610)
    confirmation = [t for t in ledger["texts"] if t["to"] == english and t["body"] == "您已退订。"]
    assert named(confirmation, "status", "error_code") == [("failed", 21610)]


async def test_too_late_means_after_more_than_three_days(bench):
    bench.plant(LI, text_temper="late", opinions={"safety": "安全"})
    bench.service.script = lambda path, params: EMPTY
    await bench.text(LI, SAFETY)
    await bench.clock.run(hours=72)
    assert bench.service.at("/text") == []
    await bench.clock.run(hours=25)
    [late] = came_in(await bench.ledger())
    assert (late["kind"], late["meant"]) == ("late", ["安全"])


async def test_who_feels_unsafe_names_a_problem_and_wants_it_registered(bench):
    bench.plant(
        LI, text_temper="digits", opinions={"safety": "不安全", "register": "要"}, problem="路灯不亮。"
    )
    asked = [
        "还有什么治安方面的问题或建议?请用一句话回复。",
        "要不要我们登记这个问题,转有关部门办理?1要2不要",
    ]
    bench.service.script = lambda path, params: message(asked.pop(0)) if asked else EMPTY
    await bench.text(LI, SAFETY)
    await bench.clock.run_out()
    replies = [(text["kind"], text["meant"]) for text in came_in(await bench.ledger())]
    assert replies == [("answer", ["不安全"]), ("open", ["路灯不亮。"]), ("answer", ["要"])]


async def test_a_callback_follows_what_was_last_told_about_the_case(bench):
    for number, worked_on in ((LI, True), (ZHAO, False)):
        told = {
            "number": number,
            "matter": "0037",
            "round": 1,
            "worked_on": worked_on,
            "contacted": worked_on,
        }
        await bench.control("matters", [told])
        bench.plant(number, text_temper="digits")
    bench.service.script = lambda path, params: EMPTY
    text = "您反映的0037号事项:3月5日已更换路灯2盏。解决了吗?1已解决2部分3未解决。回数字,0人工,退订回T"
    solved = {}
    for number in (LI, ZHAO):
        await bench.text(number, text)
        await bench.clock.run_out()
        solved[number] = came_in(await bench.ledger())[-1]["meant"]
    assert solved == {LI: ["已解决"], ZHAO: ["未解决"]}


async def test_a_newer_question_overtakes_the_reply_to_an_older_one(bench):
    bench.plant(LI, text_temper="digits", opinions={"police": "满意"})
    bench.service.script = lambda path, params: EMPTY
    await bench.text(LI, SAFETY)
    await bench.clock.run(seconds=20)
    await bench.text(LI, POLICE)
    await bench.clock.run_out()
    assert [text["meant"] for text in came_in(await bench.ledger())] == [["满意"]]


async def test_texts_to_dead_lines_are_undelivered(bench):
    bench.plant(QIAN, line="unassigned")
    sent = await bench.text(QIAN, SAFETY, status_callback=f"{bench.service.url}/status")
    await bench.clock.run_out()
    fetched = await bench.twilio.messages(sent.sid).fetch_async()
    assert (fetched.status, fetched.error_code) == ("undelivered", 30005)
    assert bench.service.at("/status")[-1]["ErrorCode"] == "30005"


async def test_a_text_whose_answer_is_no_twiml_is_an_error_of_its_own(bench):
    bench.plant(LI, text_temper="digits")
    bench.service.script = lambda path, params: "<Response><Say>no</Say></Response>"
    await bench.text(LI, SAFETY)
    await bench.clock.run_out()
    [error] = (await bench.control("errors"))["errors"]
    assert error["code"] == 12200 and error["message"].endswith(
        "<Say> is outside the subset played here: Message"
    )


async def test_distress_and_youth_are_written_once_and_then_the_answer(bench):
    bench.plant(
        LI,
        text_temper="words",
        distress="我男人天天打我，我不想活了",
        minor=True,
        opinions={"safety": "不安全"},
    )
    bench.service.script = lambda path, params: EMPTY if "不安全" in params["Body"] else message(SAFETY)
    await bench.text(LI, SAFETY)
    await bench.clock.run_out()
    first, second, third = named(came_in(await bench.ledger()), "kind", "body", "meant")
    assert first == ("distress", "我男人天天打我，我不想活了", None)
    assert second[0] == "minor" and second[1] in bench.carrier.town.minor["zh"]
    assert third[2] == ["不安全"]


async def test_who_ignores_texts_ignores_them_in_distress_too(bench):
    bench.plant(LI, text_temper="ignores", distress=True)
    bench.service.script = lambda path, params: EMPTY
    await bench.text(LI, SAFETY)
    await bench.clock.run_out()
    assert came_in(await bench.ledger()) == []
