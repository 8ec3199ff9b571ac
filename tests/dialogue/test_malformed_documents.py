"""What a file that is no questionnaire is told: where, what is wrong, what to do. And hostile ones, which cost nothing."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
import yaml

from survey.questionnaire import MalformedQuestionnaire, from_json, from_yaml

DOCUMENT: Mapping[str, object] = {
    "code": "small",
    "version": 1,
    "title": {"zh": "小问卷"},
    "choices": {"yes_no": [{"code": "1", "label": {"zh": "好"}}, {"code": "2", "label": {"zh": "不好"}}]},
    "items": [{"id": "A1", "kind": "select_one", "choices": "yes_no", "prompt": {"zh": "好吗?"}}],
}
NAMED = "correct the name"
CORRECT = "correct it (docs/questionnaire.md says what may stand here)"


def with_(**changes: object) -> str:
    """The small document in YAML, one line to a key, with these keys changed or added at its end."""
    return "".join(
        f"{name}: {yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=100_000).strip()}\n"
        for name, value in {**DOCUMENT, **changes}.items()
    ).replace("\n...\n", "\n")


def item(**changes: object) -> dict[str, object]:
    """Its question, changed."""
    return {"id": "A1", "kind": "select_one", "choices": "yes_no", "prompt": {"zh": "好吗?"}, **changes}


def written(**keys: object) -> dict[str, object]:
    """A question in words."""
    return {"id": "A1", "kind": "text", "prompt": {"zh": "怎样?"}, **keys}


def told(body: str) -> str:
    with pytest.raises(MalformedQuestionnaire) as refused:
        from_yaml(body, name="small.yaml")
    return str(refused.value)


def test_the_document_that_is_changed_is_a_questionnaire() -> None:
    assert from_yaml(with_(), name="small.yaml").code == "small"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("a: [1", "small.yaml:2:1: not YAML: did not find expected ',' or ']'"),
        ("a: 1\n---\nb: 2\n", "small.yaml:2:1: not YAML: but found another document"),
        ("[]", "small.yaml:1:1: keys with their values must stand here; write them as `key: value`"),
        ("", "small.yaml: keys with their values must stand here; write them as `key: value`"),
        (
            "code: a\nversion: 1\ntitle: {zh: 甲}\ncode: b\nitems: []\n",
            "small.yaml:4:1: the key code stands twice; join the two, or rename one",
        ),
        (
            with_(colour="red"),
            "small.yaml:6:9: colour: there is no such key; correct its name, or take it out "
            "(docs/questionnaire.md lists the keys)",
        ),
        (
            with_(items=[item(relevent="true()")]),
            "small.yaml:5:84: items.0.relevent: there is no such key; correct its name, or take it out "
            "(docs/questionnaire.md lists the keys)",
        ),
        ("code: a\nversion: 1\nitems: []\n", "small.yaml:1:1: title: this key is missing; add it"),
        (
            with_(items=[item(id=7)]),
            "small.yaml:5:31: items.0.id: 7 is no text; put it in quotation marks",
        ),
        (
            with_(items=[item(modes=["fax"])]),
            "small.yaml:5:61: items.0.modes.0: Input should be 'voice', 'text', 'web' or 'operator'; "
            + CORRECT,
        ),
        (with_(format=3), "small.yaml:6:9: format: Input should be 2; " + CORRECT),
        (
            with_(partial="${A1} = "),
            "small.yaml:6:10: partial: the expression ends too soon (column 9); complete it: a value is missing "
            "at its end, or a )",
        ),
        (
            with_(partial="indexed-repeat(${A1}, 1)"),
            "small.yaml:6:10: partial: indexed-repeat() counts or picks the repetitions of a group, and a call "
            "asks every question once (column 1); do without it, or ask this form on a screen",
        ),
        (
            with_(added="2026-13-45"),
            "small.yaml: a value cannot be read: month must be in 1..12; correct it, or put it in quotation marks",
        ),
    ],
)
def test_a_fault_is_told_with_its_place_and_remedy(body: str, message: str) -> None:
    body = body.replace("'2026-13-45'", "2026-13-45")
    assert told(body) == message


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"partial": "${A9} = '1'"},
            f"partial names A9, which is no item, fact, calculation or score; {NAMED}",
        ),
        (
            {"flags": [{"flag": "bad", "when": "${gone} = '1'"}]},
            f"flag bad names gone, which is no item, fact, calculation or score; {NAMED}",
        ),
        (
            {"pages": [{"items": ["A1", "A7"], "modes": ["text"], "prompt": {"zh": "?"}}]},
            f"pages names A7, which is no item; {NAMED}",
        ),
        ({"order": {"text": ["A1", "B1"]}}, f"order names B1, which is no item; {NAMED}"),
        (
            {"appeal": {"words": "Q1", "consent": "A1", "agreed": "1"}},
            f"appeal names Q1, which is no item; {NAMED}",
        ),
        ({"scores": [{"id": "s", "points": {"B1": {}}}]}, f"scores names B1, which is no item; {NAMED}"),
        (
            {"choices": {}},
            "item A1: there are no choices yes_no; write them under `choices`",
        ),
        (
            {"choices": {"yes_no": []}},
            "item A1: the choices yes_no are empty; write at least one option",
        ),
        (
            {"choices": {"yes_no": [{"code": "1", "label": {"zh": "好"}}] * 2}},
            "choices yes_no: a code stands twice or is the name of a missing answer; give each its own",
        ),
        (
            {"choices": {"yes_no": [{"code": "dk", "label": {"zh": "好"}}]}},
            "choices yes_no: a code stands twice or is the name of a missing answer; give each its own",
        ),
        (
            {"items": [item(kind="text")]},
            "item A1 (text): closed questions, and only they, need choices or choices_from",
        ),
        (
            {"items": [{"id": "A1", "kind": "text"}]},
            "item A1: the prompt is missing; write what is asked",
        ),
        ({"items": [written(kind="scale")]}, "item A1 (scale): a scale, and only a scale, needs a range"),
        (
            {"items": [written(kind="scale", range={"low": 5, "high": 1})]},
            "item A1: the range must rise from low to high",
        ),
        (
            {"items": [written(other=True)]},
            "item A1: only a question with choices of its own can have `other`",
        ),
        (
            {"items": [item(missing=["gone"])]},
            "item A1: missing may hold only dk, no_answer, refused",
        ),
        ({"items": [item(), item()]}, "the id A1 stands twice in items; give one of them another"),
        (
            {"items": [item(other=True), written(id="A1_other")]},
            "the id A1_other stands twice in items; give one of them another",
        ),
        ({"items": [item(block="b")]}, f"an item's block names b, which is no block; {NAMED}"),
        (
            {"blocks": [{"id": "a", "block": "b"}, {"id": "b", "block": "a"}]},
            "block a stands inside itself; take `block` out of one of them",
        ),
        (
            {"items": [item(relevant="${B1} = '1'"), item(id="B1", relevant="${A1} = '1'")]},
            "A1 -> B1 -> A1 goes round in a circle; let none of them depend on what comes from it",
        ),
        (
            {
                "items": [item(block="b"), {"id": "c", "kind": "calculate", "calculation": "${A1} + 1"}],
                "blocks": [{"id": "b", "relevant": "${c} = 1"}],
            },
            "A1 -> c -> A1 goes round in a circle; let none of them depend on what comes from it",
        ),
        (
            {
                "items": [
                    {"id": f"c{n}", "kind": "calculate", "calculation": f"${{c{n + 1}}}" if n < 60 else "1"}
                    for n in range(61)
                ]
            },
            "calculation of c10 rests on a chain of over 50 calculations; work the value out in fewer steps",
        ),
    ],
)
def test_what_does_not_hang_together_is_refused(changes: dict[str, object], fault: str) -> None:
    assert told(with_(**changes)) == f"small.yaml:1:1: questionnaire small: {fault}"


def test_every_fault_of_a_document_is_told_at_once() -> None:
    body = with_(version="one", items=[item(kind="poem"), item(id="B 1")])
    assert [line.partition(": ")[0] for line in told(body).splitlines()] == [
        "small.yaml:2:10",
        "small.yaml:5:41",
        "small.yaml:5:91",
    ]


def test_a_stored_document_is_told_its_faults_too() -> None:
    with pytest.raises(MalformedQuestionnaire) as refused:
        from_json({**DOCUMENT, "format": 2, "colour": "red"})
    assert str(refused.value).startswith("stored questionnaire: colour: there is no such key; ")


# -- hostile ones: each is refused where it is read, long before it would cost anything

DEEP = 100_000
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in pairwise("abcdefghij")
)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            BOMB,
            "small.yaml:6:4: with its aliases written out this has over 1,000,000 values; "
            "write less, or without aliases of aliases",
        ),
        ("a: &a [*a]", "small.yaml:1:4: an alias inside what it stands for; write the value out"),
        ("[" * DEEP, "small.yaml:1:101: nested over 100 levels deep; write it flatter"),
        ("{a: " * DEEP, "small.yaml:1:401: nested over 100 levels deep; write it flatter"),
        ("- " * DEEP, "small.yaml:1:201: nested over 100 levels deep; write it flatter"),
        ("? " * DEEP, "small.yaml:1:201: nested over 100 levels deep; write it flatter"),
        ("#" * 9 * 2**20, "small.yaml: larger than 8 MiB; split the questionnaire"),
        (
            "a: !!python/object/apply:os.system ['true']",
            "small.yaml:1:4: not YAML: could not determine a constructor for the tag "
            "'tag:yaml.org,2002:python/object/apply:os.system'",
        ),
        (
            "a: " + "9" * 10_000,
            "small.yaml: a value cannot be read: Exceeds the limit (4300 digits) for integer string conversion: "
            "value has 10000 digits; use sys.set_int_max_str_digits() to increase the limit; correct it, or put it "
            "in quotation marks",
        ),
        (
            with_(partial="(" * DEEP + "1" + ")" * DEEP),
            "small.yaml:6:10: partial: an expression of 200001 characters is longer than the 4000 that are read; "
            "split it into calculations",
        ),
        (
            with_(partial="not(" * 90 + "1" + ")" * 90),
            "small.yaml:6:10: partial: more than 64 operations stand inside one another (column 101); "
            "move a part of it into a calculation of its own",
        ),
        (
            with_(items=[written(constraint=f"regex(., '{'a' * 600}')")]),
            "small.yaml:5:22: items.0.constraint: the pattern has 600 characters, and more than 500 are not read "
            "(column 1); check the length and the characters by conditions of their own",
        ),
        (
            with_(items=[written(constraint="regex(., '((a{1000}){1000}){1000}')")]),
            "small.yaml:5:22: items.0.constraint: the pattern is too large once its repetitions are written out "
            "(column 1); repeat less: \\p{L}+ for the letters, and string-length() for how many",
        ),
        (
            with_(items=[written(kind="scale", range={"low": 0, "high": 10**9})]),
            "small.yaml:5:66: items.0.range.high: Input should be less than or equal to 99; " + CORRECT,
        ),
    ],
    ids=lambda value: value[:40],
)
def test_a_hostile_document_is_refused(body: str, message: str) -> None:
    assert told(body) == message
