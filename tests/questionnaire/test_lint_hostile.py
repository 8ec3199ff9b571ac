"""What is meant to cost hours is refused at once; what is merely large is read to its end."""

import json

import pytest

from survey.questionnaire.lint import lint_yaml

HEAD = "code: hostile\nversion: 1\ntitle: {zh: 问卷}\n"


def question(question_id: str, **keys: object) -> str:
    body = {"id": question_id, "kind": "integer", "prompt": {"zh": "几个?"}, **keys}
    return f"  - {json.dumps(body, ensure_ascii=False)}\n"


def circle(length: int) -> str:
    return "".join(question(f"Q{n}", relevant=f"${{Q{(n + 1) % length}}} = 1") for n in range(length))


ALIASES = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{chr(ord(name) - 1)}'] * 10)}]\n" for name in "bcdefghij"
)

HOSTILE = {
    "a billion values by aliases": (HEAD + ALIASES + "items: []\n", "over 1,000,000 values"),
    "an alias inside itself": (HEAD + "items: &a [*a]\n", "an alias inside what it stands for"),
    "a thousand conditions in a circle": (HEAD + "items:\n" + circle(1000), "goes round in a circle"),
    "a condition on itself": (HEAD + "items:\n" + circle(1), "Q0 -> Q0 goes round in a circle"),
    "a pattern with repetitions of repetitions": (
        HEAD
        + "items:\n"
        + question("Q1", kind="text", constraint="regex(., '((a{0,1000}){0,1000}){0,1000}')"),
        "the pattern",
    ),
    "a huge pattern": (
        HEAD + "items:\n" + question("Q1", kind="text", constraint=f"regex(., '{'(a|b)+' * 600}')"),
        "the pattern has 3600 characters",
    ),
    "a huge expression": (HEAD + "items:\n" + question("Q1", relevant="1 + " * 5000 + "1"), "is longer than"),
    "brackets in brackets": (
        HEAD + "items:\n" + question("Q1", relevant="(" * 900 + "1" + ")" * 900),
        "words and signs",
    ),
    "more than eight megabytes": (HEAD + "x: " + "a" * 9_000_000, "larger than 8 MiB"),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused(body: tuple[str, str]) -> None:
    found = lint_yaml(body[0], "hostile.yaml")

    assert [one.rule for one in found] == ["malformed"]
    assert body[1] in found[0].message
    assert found[0].place.file == "hostile.yaml"


def test_calculations_of_deep_calculations_are_refused() -> None:
    deep = "".join(
        question(f"C{n}", kind="calculate", calculation=f"{'abs(' * 60}{before}{')' * 60}")
        for n, before in enumerate(["${Q1}", "${C0}", "${C1}", "${C2}", "${C3}"])
    )

    found = lint_yaml(f"{HEAD}items:\n{question('Q1', essential=True)}{deep}", "hostile.yaml")

    assert [(str(one.place), one.message) for one in found if one.rule == "deep-calculation"] == [
        ("hostile.yaml:9:79", "too many calculations stand behind C3, one inside the other")
    ]


@pytest.mark.parametrize(
    "prompt", ["和与吗" * 50_000 + "?", "和" * 150_000, "${" * 75_000, "satisfied with a and " * 7_000 + "?"]
)
def test_a_huge_prompt_is_read_in_one_go(prompt: str) -> None:
    body = f"{HEAD}items:\n{question('Q1', prompt={'zh': prompt}, essential=True)}"

    assert {one.rule for one in lint_yaml(body, "hostile.yaml")} >= {"text-too-long", "voice-too-long"}


def test_conditions_that_cannot_all_be_tried_are_taken_to_be_possible() -> None:
    """Six answers of five codes each, held against one another: too many combinations."""
    choices = "choices:\n  five: [{}]\n".format(
        ", ".join(f'{{code: "{n}", label: {{zh: 第{n}}}}}' for n in range(1, 6))
    )
    asked = "".join(question(f"Q{n}", kind="select_one", choices="five", essential=True) for n in range(6))
    impossible = " and ".join(f"${{Q{n}}} < ${{Q{(n + 1) % 6}}}" for n in range(6))
    body = f"{HEAD}{choices}items:\n{asked}" + "".join(
        question(f"R{n}", relevant=f"{impossible} and {n} = {n}") for n in range(300)
    )

    assert "unreachable" not in {one.rule for one in lint_yaml(body, "hostile.yaml")}


def large(questions: int) -> str:
    """A form in two languages, with choices, conditions on what was asked before, constraints, and blocks."""
    choices = "".join(
        f'  c{n}: [{{code: "1", label: {{zh: 满意, en: satisfied}}}}, {{code: "2", label: {{zh: 不满意, en: not satisfied}}}}]\n'
        for n in range(100)
    )
    blocks = "".join(f"  - {{id: b{n}, order: {'random' if n % 10 == 0 else 'fixed'}}}\n" for n in range(100))
    items = "".join(_item(n, questions) for n in range(questions))
    opening = '{say: {zh: {any: "您好。", text: ""}, en: {any: Hello., text: ""}}}'
    return (
        "code: large\nversion: 1\ntitle: {zh: 大问卷, en: A large form}\n"
        f"choices:\n{choices}blocks:\n{blocks}items:\n{items}scripts: {{opening: [{opening}]}}\n"
    )


def _item(n: int, of: int) -> str:
    closed = n % 5 > 0
    keys: dict[str, object] = {
        "kind": "select_one" if closed else "integer",
        "block": f"b{n * 100 // of}",
        "essential": n == 0,
        "prompt": {
            "zh": {"any": f"您对第{n}项满意吗?", "text": f"第{n}项?"},
            "en": {"any": f"Are you satisfied with number {n}?", "text": f"{n}?"},
        },
    }
    keys |= {"choices": f"c{n % 100}"} if closed else {"constraint": f". >= 0 and . <= {n + 10}"}
    if n > 1:
        keys["relevant"] = f"${{Q{n - 1}}} != '1' and (${{Q{n - 2}}} >= 2 or ${{mode}} = 'web')"
    return question(f"Q{n}", **keys)


def test_a_form_of_five_thousand_questions_is_read_to_its_end() -> None:
    body = large(5_000).replace('"Q4999"', '"Q4999", "required": true, "modes": []', 1)

    found = lint_yaml(body, "large.yaml")

    assert [(str(one.place), one.rule, one.message) for one in found if one.severity == "error"] == [
        ("large.yaml:5206:48", "unreachable", "Q4999 is never asked: it has no modes")
    ]
