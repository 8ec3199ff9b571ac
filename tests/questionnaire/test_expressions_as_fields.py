"""An expression as the rest of the program holds it: in a document, in a set, on the way to a worker."""

from __future__ import annotations

import copy
import pickle
import re
from pathlib import Path

import pytest
from answering import ZHANG_WEI
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from survey.questionnaire.expressions import FUNCTIONS, REFUSED, Expression, compile_expression


class Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    relevant: Expression | None = None
    constraints: tuple[Expression, ...] = ()


def test_a_document_holds_the_source() -> None:
    item = Item.model_validate(
        {"relevant": "${Q1} = '3'", "constraints": [". > 0", compile_expression(". < 9")]}
    )

    assert item.relevant is not None and item.relevant.holds(ZHANG_WEI)
    assert item.model_dump(mode="json") == {"relevant": "${Q1} = '3'", "constraints": [". > 0", ". < 9"]}
    assert item.model_dump() == {"relevant": "${Q1} = '3'", "constraints": (". > 0", ". < 9")}
    assert Item.model_validate_json(item.model_dump_json()) == item
    assert item.model_copy(deep=True) == item
    assert Item().model_dump(mode="json") == {"relevant": None, "constraints": []}


def test_a_malformed_one_is_an_error_of_the_document() -> None:
    with pytest.raises(ValidationError) as caught:
        Item.model_validate({"constraints": [". > 0", "uuid()"]})

    (error,) = caught.value.errors(include_url=False, include_context=False)
    assert error == {
        "type": "value_error",
        "loc": ("constraints", 1),
        "msg": "Value error, uuid() draws by chance, and an interview must be the same whenever it is played again "
        "(column 1); do without it, or ask this form on a screen",
        "input": "uuid()",
    }


@pytest.mark.parametrize("given", [3, True, ["${Q1}"]])
def test_what_is_no_text_is_an_error_of_the_document(given: object) -> None:
    with pytest.raises(ValidationError, match="an expression is a text; put it into quotes"):
        TypeAdapter(Expression).validate_python(given)


def test_its_json_schema_is_a_string() -> None:
    adapter = TypeAdapter(Expression)

    assert adapter.json_schema() == {"type": "string"} == adapter.json_schema(mode="serialization")


def test_two_of_the_same_source_are_equal() -> None:
    one, other = compile_expression("${Q1} = 1"), compile_expression("${Q1} = 1")

    assert one == other and len({one, other}) == 1
    assert one != compile_expression("${Q1}=1")
    assert copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one
    assert (str(one), repr(one)) == ("${Q1} = 1", "compile_expression('${Q1} = 1')")
    with pytest.raises(AttributeError):
        one.source = "true()"  # type: ignore[misc]


PAGE = (Path(__file__).parents[2] / "docs/expressions.md").read_text(encoding="utf-8")


def test_the_page_lists_every_function_and_no_other() -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \| (.+) \|$", PAGE.split("## Functions", 1)[1].split("\n## ", 1)[0], re.M
    )

    assert [f"{call}: {meaning}" for call, meaning in rows] == list(FUNCTIONS.values())
    assert [call.partition("(")[0] for call, _ in rows] == list(FUNCTIONS)


def test_the_page_lists_every_function_that_is_refused() -> None:
    section = PAGE.split("## Refused", 1)[1].split("\n## ", 1)[0]
    listed = {
        name: reason
        for names, reason in re.findall(r"^\| (`.+`) \| (.+) \|$", section, re.M)
        for name in re.findall(r"`([^`]+)\(\)`", names)
    }

    assert listed == dict(REFUSED)
