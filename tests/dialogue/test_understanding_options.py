"""Options that residents write: keys that are not codes, several at once, labels of any language."""

import pytest

from survey.dialogue.match import choose, choose_several, is_option
from survey.dialogue.meaning import Given, Unclear
from survey.dialogue.pages import read_page
from survey.dialogue.readers import Reader, reader
from survey.questionnaire import Answer, library, shipped
from survey.questionnaire.parts import Option

MISSING = ("dk", "refused")


def options(**labels: dict[str, str]) -> list[Option]:
    return [Option(code=code, label=label) for code, label in labels.items()]


def reads(*asked: Option) -> Reader:
    """A reader whose keys are the places in the list."""
    return reader(asked, MISSING, {str(place): option.code for place, option in enumerate(asked, 1)})


NAMES = ("东关", "西关", "南关", "北关", "城中", "河口", "石桥", "柳林", "青山", "白沙", "大湾", "小营")
TOWNS = reads(*options(**{f"t{place}": {"zh": name} for place, name in enumerate(NAMES, 1)}))
HARM = reader(library("perception").options("Q5"), MISSING, {key: key for key in "1234"})
ALONE = frozenset({"1"})


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("3", "t3"),
        ("12", "t12"),
        ("１２", "t12"),
        ("十二", "t12"),
        ("选11", "t11"),
        ("石桥", "t7"),
        ("我住柳林", None),
        ("1.2", None),
        ("1,2", None),
        ("13", None),
        ("3石桥", None),
        ("7石桥", "t7"),
        ("石桥吗", None),
    ],
)
def test_a_key_stands_for_its_option_whatever_the_code_is(reply: str, code: str | None) -> None:
    assert choose(TOWNS, reply) == code


def test_only_a_whole_message_is_an_option_before_all_else() -> None:
    assert [is_option(TOWNS, reply) for reply in ("12", "石桥", "石桥 谢谢", "不知道")] == [
        "t12",
        "t7",
        "t7",
        "dk",
    ]
    assert [is_option(TOWNS, reply) for reply in ("1,2", "1.2", "石桥?", "石桥,柳林", "都行")] == [None] * 5


@pytest.mark.parametrize(
    ("reply", "codes"),
    [
        ("2", "2"),
        ("2,3", "2 3"),
        ("3,2", "2 3"),
        ("2、3", "2 3"),
        ("2和3", "2 3"),
        ("2 3", "2 3"),
        ("２３", "2 3"),
        ("234", "2 3 4"),
        ("2;3;4", "2 3 4"),
        ("2.被偷 3.被骗", "2 3"),
        ("二和三", "2 3"),
        ("被偷和被骗", "2 3"),
        ("被偷、被骗、被打", "2 3 4"),
        ("被偷被骗", "2 3"),
        ("我被偷过也被骗过", "2 3"),
        ("被偷,去年冬天", "2"),
        ("stolen and cheated", "2 3"),
        ("theft, fraud", "2 3"),
        ("2 and 3", "2 3"),
        ("都没有", "1"),
        ("没有", "1"),
        ("不知道", "dk"),
        ("不想说", "refused"),
        ("1,2", None),
        ("没有,被偷", None),
        ("没有被偷", None),
        ("没被偷,被骗过", None),
        ("不知道,被偷", None),
        ("1被偷", None),
        ("2被骗", None),
        ("22", None),
        ("25", None),
        ("2-4", None),
        ("2到4", None),
        ("被偷或者被骗", None),
        ("被偷?", None),
        ("被偷,没人管", None),
        ("8", None),
        ("有", None),
        ("全部", None),
        ("", None),
    ],
)
def test_several_options_in_one_reply(reply: str, codes: str | None) -> None:
    chosen = choose_several(HARM, reply, ALONE)
    assert chosen == (None if codes is None else tuple(codes.split()))


def test_figures_that_run_together_are_keys_only_where_that_can_be_read_in_one_way() -> None:
    assert choose_several(TOWNS, "12", frozenset()) == ("t12",)
    assert choose_several(TOWNS, "13", frozenset()) == ("t1", "t3")
    assert choose_several(TOWNS, "112", frozenset()) is None
    assert choose_several(TOWNS, "123", frozenset()) is None
    assert choose_several(TOWNS, "9" * 400, frozenset()) is None


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("oui", "yes"),
        ("Oui !", "yes"),
        ("plutôt non", "rather_no"),
        ("plutot non", "rather_no"),
        ("PLUTÔT NON!", "rather_no"),
        ("ouistiti", None),
        ("не безопасно", "no"),
        ("безопасно", "yes"),
        ("небезопасный", None),
        ("ปลอดภัย", "yes"),
        ("ไม่ปลอดภัย", "no"),
        ("آمن", "yes"),
        ("हाँ", "yes"),
        ("हाँ जी", None),
        ("はい", "yes"),
        ("はい。", "yes"),
        ("其他", "other"),
        ("其他(请说明)", "other"),
        ("c++ (very) [bad]", "no"),
        ("٣", "rather_no"),
        ("!!!", None),
        ("18-29", None),
    ],
)
def test_labels_of_any_language(reply: str, code: str | None) -> None:
    yes = {
        "fr": "oui",
        "ru": "безопасно",
        "th": "ปลอดภัย",
        "ar": "آمن",
        "hi": "हाँ",
        "ja": "はい",
        "de": "18-29",
    }
    no = {
        "fr": "non",
        "ru": "не безопасно",
        "th": "ไม่ปลอดภัย",
        "en": "c++ (very) [bad]",
        "ja": "!!!",
        "de": "",
    }
    asked = options(
        yes=yes, no=no, rather_no={"fr": "plutôt non"}, other={"zh": "其他(请说明)", "en": "${name}"}
    )
    assert choose(reads(*asked), reply) == code


def test_a_figure_inside_another_is_no_label() -> None:
    asked = reads(*options(often={"zh": "3次以上", "en": "3 or more"}, seldom={"zh": "1到2次", "en": "once"}))
    assert [choose(asked, reply) for reply in ("3次以上", "是3次以上吧", "3 or more")] == ["often"] * 3
    assert [choose(asked, reply) for reply in ("13次以上", "是13次以上吧", "13 or more")] == [None] * 3


def test_keys_of_two_questions_in_one_message() -> None:
    q = library("perception")
    age = [option.model_copy(update={"code": f"age{option.code}"}) for option in q.options("Q10_age")]
    sex = options(m={"zh": "男"}, f={"zh": "女"})
    page = [q.by_id["Q10_age"], q.by_id["Q10_sex"]]
    for reply, codes in {
        "42": ("age4", "f"),
        "4女": ("age4", "f"),
        "女 65岁": ("age4", "f"),
        "40男": ("age2", "m"),
    }.items():
        answers = {"Q10_age": Answer(codes[0]), "Q10_sex": Answer(codes[1])}
        assert read_page(page, [reads(*age), reads(*sex)], reply) == Given(answers)
    for reply in ("99 男女", "24女男", "42男", ""):
        assert isinstance(read_page(page, [reads(*age), reads(*sex)], reply), Unclear)


def test_an_option_that_sounds_like_a_question_is_none() -> None:
    asked = reads(*options(hang_up={"zh": "马上挂断"}, listen={"zh": "再听听怎么说"}))
    assert choose(asked, "再听听怎么说") == "listen"
    assert [choose(asked, reply) for reply in ("再听听怎么说?", "怎么说", "马上挂断吗")] == [None] * 3


def test_a_word_that_stands_for_two_options_stands_for_none() -> None:
    asked = reads(*options(a={"es": "no", "zh": "好"}, b={"cs": "no", "zh": "坏"}))
    assert [choose(asked, reply) for reply in ("no", "好", "坏")] == [None, "a", "b"]


@pytest.mark.parametrize("code", shipped())
def test_every_label_of_a_shipped_instrument_is_understood(code: str) -> None:
    q = library(code)
    for item in q.questions:
        listed = q.options(item.id)
        asked = reader(listed, item.missing, {})
        for option in listed:
            words = [
                w for styles in option.label.values() for w in styles.values() if any(map(str.isalpha, w))
            ]
            assert [choose(asked, word) for word in words] == [option.code] * len(words)
