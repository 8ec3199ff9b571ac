"""Conversations as a person reads them: each mode once, word for word."""

from small_day import SmallDay

from survey.transcripts import as_said, read_conversations, spoken


async def told(day: SmallDay, name: str) -> list[str]:
    contact = day.contacts[name]
    conversation = (await read_conversations(day.conn, [contact]))[contact]
    return [
        f"{line.speaker}: {line.words}" + (f" → {line.kept_zh} / {line.kept_en}" if line.kept_zh else "")
        for line in conversation.lines
    ]


async def test_a_text_thread(small_day: SmallDay) -> None:
    assert await told(small_day, "in words") == [
        "centre: 【遂澜民调中心】平安建设调查(3题):您感觉当地安全吗?1安全2比较安全3不太安全4不安全。"
        "回数字,0人工,退订回T",
        "resident: 比较安全吧 → 比较安全 / fairly safe",
        "centre: 【遂澜民调中心】您对当地公安工作满意吗?1满意2基本满意3不满意4没打过交道",
        "resident: 还行",
        "centre: 【遂澜民调中心】没看懂,请只回一个数字。您对当地公安工作满意吗?"
        "1满意2基本满意3不满意4没打过交道8说不清",
        "resident: 满意 → 满意 / satisfied",
        "centre: 【遂澜民调中心】您的年龄段:1)18-29 2)30-44 3)45-59 4)60以上;性别:1)男 2)女。回两位数字,如31",
        "resident: 52岁 女 → 45-59、女 / 45-59, female",
        "centre: 【遂澜民调中心】谢谢您的参与。",
    ]


async def test_a_text_that_came_too_late_stands_at_the_end_of_its_thread(small_day: SmallDay) -> None:
    assert (await told(small_day, "late"))[1:] == [
        "resident: 比较安全",
        "centre: 【遂澜民调中心】谢谢您的回复。这次调查已经结束,您的短信会由工作人员阅读。",
    ]


async def test_a_call_that_was_hung_up(small_day: SmallDay) -> None:
    contact = small_day.contacts["midway"]
    conversation = (await read_conversations(small_day.conn, [contact]))[contact]
    resident = [(line.words, line.kept_zh) for line in conversation.lines if line.speaker == "resident"]
    assert resident == [("1", "是"), ("2", "比较安全"), ("1", "没有"), ("3", "不太安全")]
    assert conversation.lines[0].words.startswith("您好,这里是遂澜社情民意调查中心")
    assert conversation.head.hung_up


async def test_an_operator_s_choice_is_told_by_its_meaning(small_day: SmallDay) -> None:
    said = [line for line in await told(small_day, "operator") if line.startswith("resident")]
    assert said[1] == "resident:  → 不太安全 / not very safe"
    assert said[-2] == "resident: 夜里大货车超速 → 夜里大货车超速 / 夜里大货车超速"


async def test_a_number_in_a_text_is_masked(small_day: SmallDay) -> None:
    number = small_day.cases["noise"]
    lines = await told(small_day, f"{number}:1")
    masked = "还是吵到一点,打我电话〔号码〕"
    assert f"resident: {masked} → {masked} / {masked}" in lines


def test_what_an_operator_noted() -> None:
    assert as_said("operator", "choice:2 (比较安全吧)") == "比较安全吧"
    assert as_said("operator", "choice:2") == ""
    assert as_said("operator", "words:路灯不亮") == "路灯不亮"
    assert as_said("operator", "choice:declined") == "(婉拒)"
    assert as_said("voice", "2") == "2"


def test_what_a_reply_says() -> None:
    assert spoken('{"say": ["您好。", "您感觉安全吗?"], "digits": 1}') == "您好。 您感觉安全吗?"
    assert spoken('{"prompts": ["您的性别?"], "status": "open"}') == "您的性别?"
    assert spoken("【遂澜民调中心】谢谢。") == "【遂澜民调中心】谢谢。"
