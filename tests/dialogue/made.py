"""Questionnaires that nobody wrote: strategies for documents with every kind of question.

Choices come from a short list, since compiling the words of a choice costs more than a whole interview.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from hypothesis import assume
from hypothesis import strategies as st

from survey.questionnaire import Questionnaire, from_json
from survey.questionnaire.lint import lint
from survey.questionnaire.places import Place
from survey.questionnaire.wording import MODES

Document = dict[str, Any]


def _options(*labels: str, codes: Sequence[str] = "123456", **more: Mapping[str, Any]) -> list[Document]:
    return [
        {"code": code, "label": {"zh": zh, "en": en}, **more.get(f"of_{code}", {})}
        for code, (zh, en) in zip(codes, (label.split("/") for label in labels), strict=False)
    ]


CHOICES: Final[Mapping[str, list[Document]]] = {
    "safety": _options(
        "安全/safe", "比较安全/fairly safe", "不太安全/not very safe", "不安全/unsafe", of_4={"on_scale": False}
    ),
    "yes_no": _options("有的/yes", "没有/no"),
    "harm": _options("都没有/none", "被偷/theft", "被骗/fraud", of_1={"excludes_others": True}),
    "age": _options(
        "18-29/18-29", "30-59/30-59", "60以上/60 or older",
        of_1={"between": [18, 29]}, of_2={"between": [30, 59]}, of_3={"between": [60, 120]},
    ),
    "colours": _options("红色/red", "绿色/green", "蓝色/blue", codes=("red", "green", "blue")),
    "fruit": _options(
        "苹果/apple", "梨子/pear", "桃子/peach", "葡萄/grape", codes=("11", "22", "33", "44"),
        of_11={"attributes": {"of": "red"}}, of_22={"attributes": {"of": "green"}},
        of_33={"attributes": {"of": "red"}}, of_44={"attributes": {"of": "blue"}},
    ),
}  # fmt: skip
CODES: Final = {name: [option["code"] for option in options] for name, options in CHOICES.items()}
PROMPT: Final = {"zh": "这一题怎么样?", "en": "And this one?"}
KINDS: Final = (
    ["select_one"] * 4
    + ["select_multiple", "scale", "integer", "decimal", "date", "appointment", "text", "text", "note"]
    + ["calculate"]
)
missing = st.sampled_from([["dk", "refused"], ["dk"], ["refused", "no_answer"], []])
everywhere = st.just(list(MODES))
modes = st.one_of(everywhere, everywhere, st.lists(st.sampled_from(MODES), min_size=1, unique=True))


@st.composite
def _item(draw: st.DrawFn, place: int, before: Sequence[Document], lively: bool) -> Document:
    kind = draw(st.sampled_from(KINDS))
    item: Document = {"id": f"Q{place}", "kind": kind}
    if kind == "calculate":
        return {**item, "calculation": draw(_calculation(before))}
    item |= {"prompt": draw(_prompt(before)), "modes": draw(modes) if lively else list(MODES)}
    if before and lively and draw(st.integers(0, 2)) == 0:
        item["relevant"] = draw(_condition(before))
    if kind == "note":
        return {**item, "tells": "result"} if draw(st.integers(0, 3)) == 0 else item
    if lively:
        item["missing"] = draw(missing)
        item["essential"] = draw(st.integers(0, 3)) == 0
        item["required"] = draw(st.integers(0, 3)) == 0
        item["each_contact"] = draw(st.integers(0, 7)) == 0
        item["speech"] = draw(st.integers(0, 3)) == 0
    return item | draw(_details(kind, before, lively))


@st.composite
def _prompt(draw: st.DrawFn, before: Sequence[Document]) -> Document:
    """Perhaps with the answer to an earlier question in it."""
    asked = [one["id"] for one in before if one["kind"] not in ("note", "date", "text")]
    if not asked or draw(st.integers(0, 2)):
        return PROMPT
    return {lang: f"${{{draw(st.sampled_from(asked))}}} {words}" for lang, words in PROMPT.items()}


@st.composite
def _details(draw: st.DrawFn, kind: str, before: Sequence[Document], lively: bool) -> Document:
    """What only this kind of question has."""
    if kind in ("select_one", "select_multiple"):
        return draw(_closed(kind, before, lively))
    if kind == "scale":
        low = draw(st.integers(0, 1))
        return {"range": {"low": low, "high": low + draw(st.integers(2, 9))}}
    if kind in ("integer", "decimal") and draw(st.booleans()):
        low = draw(st.integers(0, 30))
        return {
            "constraint": f". >= {low} and . <= {low + draw(st.integers(0, 60))}",
            "is_age": kind == "integer" and lively and draw(st.integers(0, 3)) == 0,
        }
    if kind == "text" and lively and draw(st.booleans()):
        return {"constraint": "string-length(.) < 40"}
    return {}


@st.composite
def _closed(draw: st.DrawFn, kind: str, before: Sequence[Document], lively: bool) -> Document:
    if lively and kind == "select_one" and draw(st.integers(0, 7)) == 0:
        return {"choices_from": "townships", "modes": ["web", "operator"]}
    name = draw(st.sampled_from(sorted(CHOICES)))
    own: Document = {
        "choices": name,
        "options_order": draw(st.sampled_from(["fixed", "fixed", "random", "rotated"])),
        "two_directions": draw(st.booleans()),
        "other": draw(st.integers(0, 4)) == 0,
    }
    if kind == "select_multiple" and lively:
        own["several_in"] = draw(st.sampled_from([list(MODES), ["web", "operator"]]))
    colours = [one["id"] for one in before if one.get("choices") == "colours" and one["kind"] == "select_one"]
    if name == "fruit" and lively and draw(st.booleans()):
        wanted = f"${{{colours[0]}}}" if colours else "'red'"
        return {**own, "choice_filter": f"of = {wanted}", "other": False}
    return own


@st.composite
def _condition(draw: st.DrawFn, before: Sequence[Document]) -> str:
    """Something about an earlier question."""
    asked = [one for one in before if one["kind"] not in ("note", "calculate")]
    if not asked:
        return "true()"
    item = draw(st.sampled_from(asked))
    name = f"${{{item['id']}}}"
    tests = [f"replied({name})", f"not({name} = '')", f"{name} != '1'"]
    if "choices" in item:
        code = draw(st.sampled_from(CODES[item["choices"]]))
        tests += [f"{name} = '{code}'", f"selected({name}, '{code}')", f"{name} != '{code}'"]
    if item["kind"] in ("integer", "decimal", "scale"):
        tests.append(f"{name} >= {draw(st.integers(0, 30))}")
    return draw(st.sampled_from(tests))


@st.composite
def _calculation(draw: st.DrawFn, before: Sequence[Document]) -> str:
    named = [f"${{{one['id']}}}" for one in before if one["kind"] not in ("note", "text")]
    if not named:
        return "1 + 1"
    one = draw(st.sampled_from(named))
    return draw(st.sampled_from([f"{one} + 1", f"count-selected({one})", f"if({one} = '1', 'a', 'b')"]))


@st.composite
def documents(draw: st.DrawFn, lively: bool = True) -> Document:
    """A document as JSON. Without `lively` nothing depends on anything: every question is asked in every mode."""
    items: list[Document] = []
    for place in range(draw(st.integers(2, 7))):
        items.append(draw(_item(place, items, lively)))
    body: Document = {
        "format": 2,
        "code": "made",
        "version": 1,
        "title": {"zh": "编的", "en": "made"},
        "purpose": draw(st.sampled_from(["survey", "case"])),
        "facts": {mode: ["signature", "result"] for mode in MODES},
        "choices": CHOICES,
        "items": items,
        "blocks": draw(_blocks(items)),
        "pages": draw(_pages(items)),
        "web": {"layout": draw(st.sampled_from(["one_per_page", "one_page"]))},
    }
    return body | (draw(_rules(items)) if lively else {"limits": {"steps": 200}})


@st.composite
def _blocks(draw: st.DrawFn, items: list[Document]) -> list[Document]:
    """Perhaps one block over a run of items, and one inside it."""
    wanted: bool = draw(st.booleans())
    if len(items) < 3 or not wanted:
        return []
    start = draw(st.integers(0, len(items) - 2))
    stop = draw(st.integers(start + 2, len(items)))
    orders = st.sampled_from(["fixed", "random", "rotated"])
    blocks: list[Document] = [{"id": "outer", "order": draw(orders)}]
    inner = draw(st.integers(start, stop - 1))
    nested = draw(st.booleans())
    if nested:
        blocks.append({"id": "inner", "block": "outer", "order": draw(orders)})
    for place in range(start, stop):
        items[place]["block"] = "inner" if nested and place >= inner else "outer"
    return blocks


@st.composite
def _pages(draw: st.DrawFn, items: Sequence[Document]) -> list[Document]:
    """Perhaps two questions that stand next to each other in one message, and some on one page."""
    pages: list[Document] = []
    pairs = [[one["id"], other["id"]] for one, other in pairwise(items) if _digit(one) and _digit(other)]
    if pairs and draw(st.booleans()):
        pages.append({"items": draw(st.sampled_from(pairs)), "modes": ["text"], "prompt": PROMPT})
    if len(items) > 1 and draw(st.booleans()):
        ids = [item["id"] for item in items if item["kind"] != "calculate"]
        pages += [{"items": ids[:3], "modes": ["web"], "prompt": PROMPT}] if len(ids) > 1 else []
    return pages


def _digit(item: Document) -> bool:
    """Always asked, and answered by one digit: it can share a text with another."""
    asked = item["kind"] == "select_one" and "relevant" not in item and "choice_filter" not in item
    return asked and "text" in item["modes"]


@st.composite
def _rules(draw: st.DrawFn, items: Sequence[Document]) -> Document:
    closed = [item for item in items if "choices" in item]
    rules: Document = {"limits": draw(_limits())}
    if draw(st.booleans()):
        rules["partial"] = draw(_condition(items))
    if draw(st.integers(0, 3)) == 0:
        rules["complete"] = draw(_condition(items))
    if draw(st.booleans()):
        rules["flags"] = [{"flag": "seen", "when": draw(_condition(items))}]
    if closed and draw(st.integers(0, 3)) == 0:
        item = draw(st.sampled_from(closed))
        code = draw(st.sampled_from(CODES[item["choices"]]))
        status = draw(st.sampled_from(["screened_out", "refused", "wrong_person", "unanswered"]))
        when = f"selected(${{{item['id']}}}, '{code}')"
        rules["ends"] = [{"when": when, "status": status, "reason": "said_so", "goodbye": "declined"}]
    if closed and draw(st.booleans()):
        points = {item["id"]: dict.fromkeys(CODES[item["choices"]], 1.5) for item in closed}
        rules["scores"] = [{"id": "points", "by": draw(st.sampled_from(["sum", "mean"])), "points": points}]
        rules["scripts"] = {"closing": [{"say": {"zh": "得${points}分。", "en": "${points} points."}}]}
    return rules


def _limits() -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries(
        {
            "silences": st.integers(1, 3),
            "helps": st.integers(0, 3),
            "reminders": st.integers(0, 1),
            "not_understood": st.dictionaries(st.sampled_from(MODES), st.integers(1, 5)),
        },
        optional={"steps": st.integers(3, 40)},
    )


@st.composite
def questionnaires(draw: st.DrawFn, lively: bool = True) -> Questionnaire:
    """One that the lint has no error to tell of."""
    q = from_json(draw(documents(lively)))
    assume(not [one for one in lint(q, _nowhere) if one.severity == "error"])
    return q


def _nowhere(path: Sequence[object]) -> Place:
    return Place("made")
