"""Reading and hearing prompts as a resident does: what is asked, which words go with which key, which
case is meant."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from .town import packaged

RESERVED_KEYS = frozenset("0789*#")

_SENTENCE = re.compile(r"[^。!?;\n]+[。!?;\n]?")
_PRESS_ZH = re.compile(r"([^,。;:?!、\s“”\"()]+?)请?按\s*(\d|\*|#|星号键?|米字键|井号键?)")
_PRESS_FIRST = re.compile(
    r"press\s+(?P<key>\d|\*|#|star|hash|pound)\s+(?:for|if|to say|to|when)\s+(?P<label>[^,.;:?!]+)",
    re.IGNORECASE,
)
_PRESS_LAST = re.compile(
    r"(?:(?:for|to)\s+)?(?P<label>[^,.;:?!]+?),?\s+press\s+(?P<key>\d|\*|#|star|hash|pound)\b", re.IGNORECASE
)
_KEY_WORDS = {
    "星号键": "*",
    "星号": "*",
    "米字键": "*",
    "star": "*",
    "井号键": "#",
    "井号": "#",
    "hash": "#",
    "pound": "#",
}
_ALONE = re.compile(r"(?<![\d\-—–~至到/第(])(\d)(?![\d/题])")
_LABEL_END = re.compile(r"[。;?!,\n(]|回数字|回复|请回|reply", re.IGNORECASE)
_CASE = re.compile(
    r"(?<!\d)(\d{4})(?=号(?:事项|诉求|问题|件)?)|(?:case|no\.?|number)\s*#?(\d{4})\b", re.IGNORECASE
)
_CHINESE = re.compile(r"[一-鿿]")
_TAIL = 30
_LONGEST_LABEL = 40
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_TENS = re.compile(r"([一二三四五六七八九])?十([一二三四五六七八九])?")
_ASKS = re.compile(
    r"\?|吗|请您?(?:直接|简单)?(?:回|说|写|发|讲|告诉)|please (?:say|tell|write)|tell us|in your own words",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Option:
    """A key or digit, the words beside it, and where in the prompt they stand."""

    key: str
    label: str
    starts: int = 0
    ends: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked (a topic of hearing.yaml, or None when not understood), and the answers offered."""

    topic: str | None
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A prompt as understood; `reserved` are the offers beside the answers: unsure, unwilling, person,
    again, never."""

    text: str
    lang: str
    questions: tuple[Question, ...]
    reserved: dict[str, str]
    case: str | None = None

    @property
    def asks(self) -> bool:
        return bool(self.questions)


def language(text: str) -> str:
    """zh or en, by the end of the prompt: names and results in it may be of another language."""
    return "zh" if _CHINESE.search(text[-_TAIL:]) else "en"


def chinese_characters(text: str) -> int:
    return len(_CHINESE.findall(text))


def hear_voice(text: str) -> Heard:
    """A spoken prompt: "安全请按1,比较安全请按2" or "press 1 for safe"."""
    text = unicodedata.normalize("NFKC", text)
    offers = _spoken_options(text)
    answers, reserved = _apart(offers)
    start = min((option.starts for option in answers), default=len(text))
    topic = _topic_of(text[:start], text)
    asked = (Question(topic, answers),) if answers or topic is not None else ()
    return Heard(text, language(text), asked, reserved, _case(text))


def hear_text(text: str) -> Heard:
    """A text message: "您感觉当地安全吗?1安全2比较安全3不太安全4不安全", or two such lists in one."""
    text = unicodedata.normalize("NFKC", text)
    questions: list[Question] = []
    last = 0
    marks = _written_marks(text)
    for group in _groups(marks, text):
        answers, _ = _apart(group)
        topic = _topic_of(text[last : group[0].starts], text)
        if questions and text[last : group[0].starts].count("?") and questions[-1].topic == topic:
            questions.pop()  # a list before the question was part of what is told, not of what is asked
        questions.append(Question(topic, answers))
        last = group[-1].ends
    if not questions:
        questions = _plain_questions(text)
    return Heard(text, language(text), tuple(questions), _apart(marks)[1], _case(text))


def hear_speech(text: str) -> Heard:
    """What a person says on the telephone: the question, and perhaps the answers in words."""
    text = unicodedata.normalize("NFKC", text)
    return Heard(text, language(text), tuple(_plain_questions(text)), {}, _case(text))


def normal(label: str) -> str:
    """A label for comparison: lower case, spelled-out numbers as digits, no spaces or joining words."""
    text = _TENS.sub(_as_digits, label.lower().strip()).translate(_NUMERALS)
    text = re.sub(r"(?<=\d)\s*(?:岁)?\s*(?:到|至|—|–|~|-|to)\s*(?=\d)", "-", text)
    return re.sub(r"[\s'’‘。.,、:]|^(?:i\s+am|are|you)\b|周岁|岁", "", text)


# -- options ------------------------------------


def _spoken_options(text: str) -> list[Option]:
    found = [Option(_key(m[2]), m[1], m.start(), m.end()) for m in _PRESS_ZH.finditer(text)]
    pattern = _PRESS_FIRST if _PRESS_FIRST.search(text) else _PRESS_LAST
    for m in pattern.finditer(text):
        found.append(Option(_key(m["key"]), m["label"].strip(), m.start("label"), m.end()))
    return sorted(found, key=lambda option: option.ends)


def _key(word: str) -> str:
    return _KEY_WORDS.get(word.lower(), word)


def _written_marks(text: str) -> list[Option]:
    """Every digit that stands alone, with the words behind it."""
    found = []
    marks = list(_ALONE.finditer(text))
    for i, mark in enumerate(marks):
        stop = marks[i + 1].start() if i + 1 < len(marks) else len(text)
        label = _LABEL_END.split(text[mark.end() : stop].lstrip(" .、:=)"), maxsplit=1)[0].strip()
        if label and len(label) <= _LONGEST_LABEL:
            ends = text.index(label, mark.end()) + len(label)
            found.append(Option(mark[1], label.rstrip("、,. "), mark.start(), ends))
    return found


def _groups(marks: list[Option], text: str) -> Iterator[list[Option]]:
    """Runs of digits, in either direction; a repeated digit or a new sentence begins the next run."""
    run: list[Option] = []
    for mark in marks:
        broken = run and re.search(r"[。!?]", text[run[-1].ends : mark.starts])
        if broken or any(option.key == mark.key for option in run):
            yield from _closed(run)
            run = []
        run.append(mark)
    yield from _closed(run)


def _closed(run: list[Option]) -> Iterator[list[Option]]:
    """The run when it is a list of answers: 1 to n without a gap, and perhaps reserved
    digits."""
    keys = sorted(option.key for option in run if option.key in "123456")
    if len(keys) >= 2 and keys == [str(n) for n in range(1, len(keys) + 1)]:
        yield run


def _apart(offers: list[Option]) -> tuple[tuple[Option, ...], dict[str, str]]:
    """The answers, and the reserved offers by what they are for."""
    answers, reserved = [], {}
    for option in offers:
        purpose = next((name for name, words in _reserved() if words.search(option.label)), None)
        if option.key in RESERVED_KEYS and purpose is not None:
            reserved[purpose] = option.key
        elif option.key not in RESERVED_KEYS:
            answers.append(option)
    return tuple(answers), reserved


# -- topics ------------------------------------


def _topic_of(before: str, whole: str) -> str | None:
    """The topic of the last sentence before the options that has one; else of the whole prompt."""
    for sentence in reversed(_SENTENCE.findall(before)):
        if (topic := _topic(sentence)) is not None:
            return topic
    return _topic(whole) if before != whole else None


def _plain_questions(text: str) -> list[Question]:
    """The last sentence that asks something without listing digits, if there is one."""
    for sentence in reversed(_SENTENCE.findall(text)):
        if _ASKS.search(sentence) and (topic := _topic(sentence)) is not None:
            return [Question(topic)]
    return []


def _topic(sentence: str) -> str | None:
    return next((topic for topic, words in _topics() if words.search(sentence)), None)


@cache
def _topics() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lines = packaged("hearing.yaml")["topics"]
    return tuple((topic, re.compile(f"{zh}|{en}", re.IGNORECASE)) for topic, zh, en in lines)


@cache
def _reserved() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = packaged("hearing.yaml")["reserved"]
    return tuple((purpose, re.compile(words, re.IGNORECASE)) for purpose, words in table.items())


def _case(text: str) -> str | None:
    found = [a or b for a, b in _CASE.findall(text)]
    return found[-1] if found else None


def _as_digits(match: re.Match[str]) -> str:
    tens = (match[1] or "一").translate(_NUMERALS)
    return tens + (match[2] or "零").translate(_NUMERALS)
