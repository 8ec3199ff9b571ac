"""Whatever is written: it compiles or is refused, and what compiles never raises, whatever was answered."""

from __future__ import annotations

from answering import Answering
from hypothesis import example, given
from hypothesis import strategies as st

from survey.questionnaire.expressions import FUNCTIONS, ExpressionError, compile_expression

WORDS = [
    *(f"{name}(" for name in FUNCTIONS),
    *["(", ")", ",", " or ", " and ", " = ", " != ", " < ", " >= ", " + ", " - ", " * ", " div ", " mod "],
    *["${a}", "${b}", "'${a}'", ".", "region", "1", "0", "-2.5", "''", "'x'", "'%Y'", "'2026-03-05'", "'a+'"],
    *["[", "/", "@", "$", "${", "'", '"', "é", "\ud800", "\n", "pulldata(", "..", "::", "&&"],
]
VALUES = st.one_of(
    st.text(),
    st.sampled_from(
        ["", "3", "-1", "1e5", "9" * 400, "2026-03-05", "2026-13-99", "9999-12-31T23:59", "0001-01-01"]
    ),
    st.integers().map(str),
    st.floats().map(str),
)
KNOWN = st.builds(
    Answering,
    answers=st.fixed_dictionaries({"a": VALUES, "b": VALUES}),
    missed=st.fixed_dictionaries({"a": st.sampled_from(["", "dk", "refused"])}),
    option=st.fixed_dictionaries({"region": VALUES}),
    now=st.sampled_from(["", "2026-03-05T09:30:00+08:00", "nonsense"]),
)


def evaluated(source: str, known: Answering, own: str) -> None:
    try:
        expression = compile_expression(source)
    except ExpressionError as error:
        assert error.column is None or 1 <= error.column <= len(source) + 1
        return
    value = expression.value(known, own)
    assert isinstance(value, str | float | bool)
    assert isinstance(expression.text(known, own), str)
    assert isinstance(expression.holds(known, own), bool)
    assert expression.value(known, own) == value or value != value


@given(st.text(), KNOWN, VALUES)
def test_any_text(source: str, known: Answering, own: str) -> None:
    evaluated(source, known, own)


@given(st.lists(st.sampled_from(WORDS), max_size=40).map("".join), KNOWN, VALUES)
def test_any_words_of_the_language(source: str, known: Answering, own: str) -> None:
    evaluated(source, known, own)


def calls(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"])
    return st.one_of(
        st.builds("({} {} {})".format, parts, signs, parts),
        st.builds("-{}".format, parts),
        st.builds(
            lambda name, given: f"{name}({', '.join(given)})",
            st.sampled_from(sorted(FUNCTIONS)),
            st.lists(parts, max_size=4),
        ),
    )


OPERANDS = st.sampled_from(
    [
        "${a}",
        "${b}",
        ".",
        "region",
        "0",
        "1",
        "2.5",
        "1000000",
        "''",
        "'x'",
        "'%Y-%H'",
        "'2026-03-05'",
        "'[a-z]+'",
    ]
)


@given(st.recursive(OPERANDS, calls), KNOWN, VALUES)
@example("round(${a}, ${b})", Answering({"a": "1.7", "b": "-307"}), "")
@example("date(${a} + ${b})", Answering({"a": "9999-12-31", "b": "1"}), "")
@example("int(${a} * ${a})", Answering({"a": "9" * 300}), "")
@example("substr(${a}, ${b} div 0)", Answering({"a": "text", "b": "-1"}), "")
@example("selected-at(${a}, 1 div 0)", Answering({"a": "1 2"}), "")
@example("translate(${a}, ${a}, '')", Answering({"a": "\ud800"}), "")
@example("regex(${a}, '[a-z]+')", Answering({"a": "\ud800"}), "")
@example("string(${a} * 1.5)", Answering({"a": "9" * 308}), "")
def test_any_well_formed_expression(source: str, known: Answering, own: str) -> None:
    evaluated(source, known, own)


@given(VALUES, VALUES)
def test_at_most_one_of_less_equal_more(one: str, other: str) -> None:
    known = Answering({"a": one, "b": other})
    holding = [sign for sign in "<=>" if compile_expression(f"${{a}} {sign} number(${{b}})").holds(known)]

    assert len(holding) <= 1


@given(VALUES, VALUES)
def test_unequal_is_not_equal(one: str, other: str) -> None:
    known = Answering({"a": one, "b": other})

    for side in ("${b}", "number(${b})", "boolean(${b})", "if(${b}, ${b}, 0)"):
        equal = compile_expression(f"${{a}} = {side}").holds(known)
        assert compile_expression(f"${{a}} != {side}").holds(known) is not equal
