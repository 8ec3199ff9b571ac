"""What is refused: by name, with its place and what to do instead."""

from __future__ import annotations

import pytest

from survey.questionnaire.expressions import REFUSED, ExpressionError, compile_expression


def refusal(source: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(source)
    return caught.value


def test_the_whole_sentence() -> None:
    assert str(refusal("${Q1} = pulldata('fruits', 'name', 'key', 'mango')")) == (
        "pulldata() looks into a table or another form, which the interview does not carry with it (column 9); "
        "do without it, or ask this form on a screen"
    )
    assert str(refusal("${Q1} =")) == (
        "the expression ends too soon (column 8); complete it: a value is missing at its end, or a )"
    )
    assert str(refusal("")) == (
        "the expression is empty; write a condition such as ${Q1} = '3', or leave the cell out"
    )


@pytest.mark.parametrize("name", REFUSED)
def test_each_refused_function_is_refused_by_name(name: str) -> None:
    error = refusal(f"1 + {name} (.)")

    assert (error.feature, error.column) == (name, 5)
    assert error.reason.startswith(f"{name}() ")


@pytest.mark.parametrize(
    ("source", "feature", "column"),
    [
        # XPath beyond the subset
        ("instance('towns')/root/item[name = ${town}]/label", "instance", 1),
        ("/data/household/age", "/", 1),
        ("${a} + //age", "//", 8),
        ("../age > 3", "..", 1),
        ("position(..)", "position", 1),
        ("${household}[1]", "[", 13),
        ("${household}/age", "/", 13),
        ("@id", "@", 1),
        ("child::age", "::", 6),
        ("${a} | ${b}", "|", 6),
        ("count(*)", "count", 1),
        ("sum(*)", "*", 5),
        ("$a + 1", "$", 1),
        ("current()/.", "current", 1),
        ("${last-saved#Q1}", "last-saved#", 1),
        # functions that are none
        ("1 + frobnicate(2)", "frobnicate", 5),
        ("TRUE()", "TRUE", 1),
        ("ex:plugin(1)", "ex:plugin", 1),
        # arguments
        ("selected(${Q1})", "selected", 1),
        ("1 + selected-at(${Q1}, 1, 2)", "selected-at", 5),
        ("today(1)", "today", 1),
        ("round(1, 2, 3)", "round", 1),
        ("coalesce(1)", "coalesce", 1),
        ("weighted-checklist(1, 2, 3, 4, 5)", "weighted-checklist", 1),
        ("replied('Q1')", "replied", 1),
        ("is-missing(${Q1}, 'unsure')", "is-missing", 1),
        ("is-missing(${Q1}, ${Q2})", "is-missing", 1),
        ("jr:choice-name(${Q1}, ${Q1})", "jr:choice-name", 1),
        ("jr:choice-name('${Q1}', 'x')", "jr:choice-name", 1),
        ("format-date(today(), '%Q')", "format-date", 1),
        ("format-date(today(), '100%')", "format-date", 1),
        ("format-date(today(), ${Q1})", "format-date", 1),
        # references inside a text
        ("concat('Dear ${name}')", "${…} in a text", 8),
        ("concat('${name}')", "${…} in a text", 1),
        ("'${name}' = 'x'", "${…} in a text", 1),
        # signs of other languages
        ("${a} == 1", "==", 6),
        ("${a} <> 1", "<>", 6),
        ("${a} && ${b}", "&&", 6),
        ("${a} || ${b}", "||", 6),
        ("!${a}", "!", 1),
        ("${a} ≥ 1", "≥", 6),
        ("${a} = ‘x’", "‘", 8),
        ("selected（${a}, '1')", "（", 9),
        ("${a} AND ${b}", "AND", 6),
        ("${a} Or (${b})", "Or", 6),
        # patterns
        ("regex(., '(?=a)b')", "lookahead", 1),
        ("regex(., '(?!a)b')", "lookahead", 1),
        ("regex(., '(?<=a)b')", "lookbehind", 1),
        ("regex(., '(?<!a)b')", "lookbehind", 1),
        ("regex(., '(a)\\1')", "backreference", 1),
        ("regex(., '(?>a)')", "atomic group", 1),
        ("regex(., '(a)\\k<x>')", "backreference", 1),
        ("regex(., 'a++')", "possessive quantifier", 1),
        ("regex(., 'a{2}+')", "possessive quantifier", 1),
        ("regex(., '(?(1)a|b)')", "conditional group", 1),
        ("regex(., '\\p{L}+(')", "regex", 1),
        ("regex(., '[a-z&&[^b]]')", "class intersection", 1),
        ("true() and regex(., ${Q1})", "regex", 12),
        ("regex(., '[')", "regex", 1),
        ("regex(., '((a{100}){100}){100}')", "regex", 1),
        ("regex(., '\\p{L}{500}')", "regex", 1),
        ("regex(., '\ud800')", "regex", 1),
        (f"regex(., '{'a' * 501}')", "regex", 1),
        # no sentence of the language
        ("${Q1} 3", None, 7),
        ("${Q1} = = 3", None, 9),
        ("(1 + 2", None, 7),
        ("1 + 2)", None, 6),
        ("= 3", None, 1),
        ("selected(${a},)", None, 15),
        ("1.5.2", None, 4),
        ("5a", None, 2),
        ("'open", None, 1),
        ("${}", None, 1),
        ("${1a}", None, 1),
        ("${a", None, 1),
        ("a # b", None, 3),
        ("   ", None, None),
    ],
)
def test_it_is_refused(source: str, feature: str | None, column: int | None) -> None:
    error = refusal(source)

    assert (error.feature, error.column) == (feature, column), str(error)
    assert str(error) == f"{error.reason}{f' (column {column})' if column else ''}; {error.remedy}"


@pytest.mark.parametrize(
    ("source", "remedy"),
    [
        ("upper(.)", "write upper-case()"),
        ("True()", "write true()"),
        ("length(.)", "write string-length()"),
        ("${a} == 1", "write ="),
        ("${a} AND ${b}", "write `and`"),
        ("selected(.)", "write selected(codes, code)"),
        ("regex(., '\\p{L}{500}')", "repeat less: \\p{L}+ for the letters, and string-length() for how many"),
        ("concat('Dear ${name}')", "write concat('…', ${name}, '…')"),
    ],
)
def test_it_says_what_was_meant(source: str, remedy: str) -> None:
    assert refusal(source).remedy == remedy


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("1" * 4_001, "an expression of 4001 characters is longer than the 4000 that are read"),
        ("1+" * 500 + "1", "an expression of more than 1000 words and signs is not read"),
        ("(" * 4_000, "an expression of more than 1000 words and signs is not read"),
        ("not(" * 65 + "." + ")" * 65, "more than 64 operations stand inside one another"),
        ("-(" * 65 + "." + ")" * 65, "more than 64 operations stand inside one another"),
        (" = ".join("." * 70), "more than 64 operations stand inside one another"),
    ],
)
def test_a_hostile_one_is_refused(source: str, reason: str) -> None:
    assert refusal(source).reason == reason


def test_the_deepest_and_longest_that_are_taken() -> None:
    assert compile_expression("not(" * 64 + "." + ")" * 64).source.count("not") == 64
    assert compile_expression("(" * 400 + "." + ")" * 400).uses_own
    assert compile_expression("1+" * 499 + "1").functions == frozenset()


def test_an_error_survives_being_sent_elsewhere() -> None:
    error = refusal("1 + uuid()")
    again = type(error)(*error.__reduce__()[1])

    assert (str(again), again.feature, again.column) == (str(error), "uuid", 5)
