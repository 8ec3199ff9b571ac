"""Whatever is written, the lint says what is wrong and never breaks."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lint_conditions import ASKED, CONDITIONS

from survey.questionnaire.lint import lint, lint_yaml, render, to_json
from survey.questionnaire.places import Place

NAMES = st.sampled_from(["Q1", "Q2", "Q3", "mode", "fact", "C", "_"])
WORDS = st.text(st.sampled_from("满意不和吗?。abc \n${}Q1难道~"), max_size=30)
WORDING = st.dictionaries(
    st.sampled_from(["zh", "en", "fr"]),
    WORDS | st.dictionaries(st.sampled_from(["any", "voice", "text", "web", "operator"]), WORDS, max_size=3),
    max_size=2,
)
MODES = st.lists(st.sampled_from(["voice", "text", "web", "operator"]), max_size=4, unique=True)
OPTIONS = st.lists(
    st.fixed_dictionaries(
        {"code": st.sampled_from(["1", "2", "3", "0", "9", "x", "10"]), "label": WORDING},
        optional={"short": WORDING, "on_scale": st.booleans(), "between": st.just([1, 9])},
    ),
    max_size=8,
)
ITEMS = st.fixed_dictionaries(
    {
        "id": NAMES,
        "kind": st.sampled_from(["select_one", "select_multiple", "integer", "text", "note", "scale"]),
        "prompt": WORDING,
    },
    optional={
        "modes": MODES,
        "relevant": CONDITIONS,
        "constraint": CONDITIONS,
        "choice_filter": CONDITIONS,
        "block": st.just("b"),
        "other": st.booleans(),
        "essential": st.booleans(),
        "two_directions": st.booleans(),
        "again": WORDING,
        "audio": st.just({"zh": "a.wav"}),
    },
)
DOCUMENTS = st.fixed_dictionaries(
    {"code": st.just("any"), "version": st.just(1), "title": WORDING, "items": st.lists(ITEMS, max_size=4)},
    optional={
        "languages": st.lists(st.sampled_from(["zh", "en", "fr"]), max_size=2),
        "choices": st.fixed_dictionaries({"c": OPTIONS}),
        "blocks": st.just([{"id": "b", "order": "random"}]),
        "may_know": st.lists(NAMES, max_size=2),
        "minutes": st.dictionaries(st.sampled_from(["voice", "text"]), st.floats(0, 5), max_size=2),
        "scripts": st.dictionaries(
            st.sampled_from(["opening", "closing", "press", "none"]),
            st.lists(st.fixed_dictionaries({"say": WORDING}), max_size=2),
            max_size=2,
        ),
        "order": st.dictionaries(st.sampled_from(["voice", "text"]), st.lists(NAMES, max_size=3), max_size=1),
        "pages": st.lists(
            st.fixed_dictionaries({"items": st.lists(NAMES, max_size=2), "modes": MODES, "prompt": WORDING}),
            max_size=1,
        ),
        "ends": st.lists(
            st.fixed_dictionaries(
                {
                    "when": CONDITIONS,
                    "status": st.just("refused"),
                    "reason": st.just("r"),
                    "goodbye": st.just("later"),
                }
            ),
            max_size=1,
        ),
        "complete": CONDITIONS,
        "official": st.just({}),
    },
)


def mended(document: dict[str, Any]) -> dict[str, Any]:
    """The same with what would be malformed anyway made good, so that the rules behind have something to look at."""
    items = {}
    for item in document["items"]:
        closed = item["kind"].startswith("select")
        kept = {key: value for key, value in item.items() if closed or key not in ("choice_filter", "other")}
        kept |= {"choices": "c"} if closed else {}
        kept |= {"range": {"low": 0, "high": 10}} if item["kind"] == "scale" else {}
        items[item["id"]] = kept | {"prompt": item["prompt"] or {"zh": "问?"}}
    facts = ["fact", *(name for name in ("Q1", "Q2", "Q3") if name not in items)]
    options = {option["code"]: option for option in document.get("choices", {}).get("c", ())}
    one = {"code": "1", "label": {"zh": "一"}}
    return {
        **document,
        "title": document["title"] or {"zh": "题"},
        "items": list(items.values()),
        "may_know": facts,
        "choices": {"c": list(options.values()) or [one]},
        "blocks": [{"id": "b", "order": "random"}],
        "order": {
            mode: [n for n in names if n in items] for mode, names in document.get("order", {}).items()
        },
        "pages": [page for page in document.get("pages", ()) if set(page["items"]) <= items.keys()],
    }


@given(st.one_of(DOCUMENTS, DOCUMENTS.map(mended)))
@settings(max_examples=150, deadline=None)
def test_no_document_breaks_the_lint(document: dict[str, Any]) -> None:
    body = json.dumps(document, ensure_ascii=False)

    found = lint_yaml(body, "any.yaml")

    assert render(found).count("any.yaml") >= len(found)
    assert len(json.loads(to_json(found))) == len(found)


@given(st.text(st.sampled_from("code: items[]{}&a*'\"\n -|>0é满"), max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_text_breaks_the_lint(body: str) -> None:
    lint_yaml(body, "any.yaml")


def test_findings_of_a_document_without_places_still_have_paths() -> None:
    """A questionnaire that came from elsewhere than a file."""
    found = lint(ASKED, lambda path: Place("stored"))

    assert {(str(one.place), one.rule, one.path) for one in found} == {
        ("stored", "no-opening", "scripts"),
        ("stored", "never-complete", "items"),
    }
