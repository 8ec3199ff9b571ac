"""Reserved words, whole or inside a reply, and what only looks like one."""

import pytest

from survey.dialogue.meaning import Acknowledged, AsksHelp, AsksPerson, Declined, Meaning, NotMe, Stop
from survey.dialogue.normalise import clauses, normalised
from survey.dialogue.reserved import reserved

STOP, ALL = Stop(everything=False), Stop(everything=True)


def closed(reply: str) -> Meaning | None:
    return reserved(reply, open_question=False, case=False)


@pytest.mark.parametrize(
    ("replies", "meaning"),
    [
        (
            "T|t|Ｔ|TD|ｔｄ|td。|回T|回复TD|T退订|退订|退訂|退定|退订!!|我要退订|请退订谢谢|取消|取消订阅|拒收",
            STOP,
        ),
        (
            "不要再发|不要发了|别再发了|请不要再发短信了|别给我发短信了|不要再给我打电话|别打了|别烦我|不要骚扰",
            STOP,
        ),
        (
            "STOP|ＳＴＯＰ|Stop.|stop please|unsubscribe|END|quit|Cancel|REVOKE|opt out|OPT-OUT|optout|remove me",
            STOP,
        ),
        (
            "Please stop texting me|stop sending me texts|no more texts|take me off your list|don't call me again",
            STOP,
        ),
        ("安全 T|1 td|不安全,退订|别再打电话了,烦死了", STOP),
        (
            "全部退订|不要再联系|请不要再联系我|以后别联系我了|STOPALL|stop all|don’t contact me|Never contact me again!",
            ALL,
        ),
        (
            "0|０|人工|转人工|转人工服务|投诉|我要投诉|真人|给我打电话吧|call me|I want to talk to a person|operator",
            AsksPerson(),
        ),
        (
            "?|？|??|帮助|什么意思|什么意思啊?|你们是谁|你是谁啊|核实|怎么核实|哪个单位|再说一遍|没听清|help|Who is this?|what",
            AsksHelp(),
        ),
        ("是不是骗子|你们怎么有我的号码|Is this a scam?|how did you get my number", AsksHelp()),
        ("好的|收到|谢谢|知道了|嗯|嗯嗯|好吧|OK|ok thanks|Thx|got it", Acknowledged()),
        ("没空|不参加|不感兴趣|我忙|没时间|不想答|not interested|I'm busy", Declined()),
    ],
)
def test_reserved_words(replies: str, meaning: Meaning) -> None:
    assert {reply: closed(reply) for reply in replies.split("|")} == dict.fromkeys(
        replies.split("|"), meaning
    )


@pytest.mark.parametrize(
    "reply",
    [
        "N",
        "no",
        "不退订",
        "I don t know",
        "it isn t safe",
        "T恤",
        "安全",
        "1",
        "。。。",
        "没人给我打电话",
        "他们没给我打电话",
        "they didn't call me",
        "nobody called me",
        "被诈骗了两次",
        "诈骗电话太多",
        "别再发生偷盗",
        "8",
        "",
    ],
)
def test_what_only_looks_like_one(reply: str) -> None:
    assert closed(reply) is None


def test_in_an_open_answer_only_a_whole_message_is_reserved() -> None:
    told = (
        "不要再发生抢劫就行",
        "转人工太慢",
        "诈骗电话太多,核实一下",
        "别再打电话推销",
        "T字路口很乱",
        "人工湖边没有灯",
    )
    assert [reserved(one, open_question=True, case=True) for one in told] == [None] * len(told)
    assert reserved("退订", open_question=True, case=True) == STOP
    assert reserved("0", open_question=True, case=True) == AsksPerson()


def test_not_me_is_said_in_case_threads_alone() -> None:
    said = ("不是我", "你打错了", "发错人了", "我没反映过", "换号了", "wrong number", "That's not me")
    assert [reserved(one, open_question=False, case=True) for one in said] == [NotMe()] * len(said)
    assert [reserved(one, open_question=False, case=False) for one in said] == [None] * len(said)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ＳＴＯＰ", "stop"),
        ("滿意", "满意"),
        ("我要殺", "我要杀"),
        ("Très Sûr", "tres sur"),
        ("don´t don’t don't", "dont dont dont"),
        ("٣ ③ ３", "3 3 3"),
        ("安\u200b全\ufeff", "安全"),
        ("İzmir", "i̇zmir"),
    ],
)
def test_writing_is_made_comparable_once_and_for_all(written: str, plain: str) -> None:
    assert normalised(written) == plain
    assert normalised(plain) == plain


def test_vowel_signs_are_parts_of_words_and_emoji_part_clauses() -> None:
    assert list(clauses(normalised("हाँ, ठीक है"))) == ["हाँ", "ठीक है"]
    assert list(clauses(normalised("安全👍很好 1️⃣"))) == ["安全", "很好", "1"]
