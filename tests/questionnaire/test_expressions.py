"""What expressions come to: each row a source, and the value for Zhang Wei."""

from __future__ import annotations

import math

import pytest
from answering import ZHANG_WEI, Answering

from survey.questionnaire.expressions import FUNCTIONS, compile_expression

VALUES: list[tuple[str, str | float | bool]] = [
    # what a thing is
    ("'a'", "a"),
    ('"it\'s"', "it's"),
    ("''", ""),
    ("7", 7.0),
    ("007", 7.0),
    ("2.50", 2.5),
    (".5", 0.5),
    ("5.", 5.0),
    ("${Q1}", "3"),
    ("${ Q1 }", "3"),
    ("${nobody}", ""),
    ("${income}", ""),
    ("${household-size}", "4"),
    ("${q.7}", "yes"),
    (".", "17"),
    ("region", "north"),
    ("(((${Q1})))", "3"),
    ("\n ${Q1}\t=\u00a0'3' ", True),
    # equality: truth before number before text
    ("${Q1} = '3'", True),
    ("'3' = ${Q1}", True),
    ("${Q1} = 3", True),
    ("3.0 = ${Q1}", True),
    ("'3.0' = ${Q1}", False),
    ("${price} = 12.5", True),
    ("${price} = '12.5'", False),
    ("${Q1} = ${Q2}", False),
    ("${Q1} != '3'", False),
    ("${Q1} != 4", True),
    ("${nobody} = ''", True),
    ("${nobody} = 0", False),
    ("${nobody} != 0", True),
    ("${nobody} != '3'", True),
    ("${reasons} = '1'", False),
    ("true() = 'false'", True),
    ("true() = 2", True),
    ("false() = ${nobody}", True),
    ("true() = 'NaN'", True),
    ("number('') = number('')", False),
    ("number('') != number('')", True),
    ("1 = 1 = true()", True),
    ("if(${Q1} = 3, 'a', 1) = 'a'", True),
    ("if(${Q1} = 4, 'a', 1) = '1.0'", True),
    # order: by number
    ("${Q1} > 2", True),
    ("2 < ${Q1}", True),
    ("${Q1} >= 3", True),
    ("${Q1} <= 2.9", False),
    ("${Q1} < ${Q2}", False),
    ("'10' > '9'", True),
    ("'b' > 'a'", False),
    ("${nobody} < 1", False),
    ("${nobody} >= 1", False),
    ("true() > false()", True),
    ("${income} > 1000", False),
    (". >= 16 and . < 120", True),
    # and, or, not
    ("${Q1} = '3' or ${Q2} >= 9", True),
    ("${Q1} = '9' or ${Q2} >= 9 or ${name}", True),
    ("${Q1} = '3' and ${Q2} = '2' and ${nobody}", False),
    ("true() or false() and false()", True),
    ("(true() or false()) and false()", False),
    ("not(${nobody})", True),
    ("not(not('x'))", True),
    ("and = '' and or = '' or div = 1", True),  # three columns with unlucky names
    # arithmetic
    ("1 + 2 * 3 - 4", 3.0),
    ("10 - 3 - 2", 5.0),
    ("7 div 2", 3.5),
    ("7 mod 3", 1.0),
    ("-7 mod 3", -1.0),
    ("7 mod -3", 1.0),
    ("2 * 3 div 4 mod 5", 1.5),
    ("-${Q1} + 5", 2.0),
    ("5 -${Q1}", 2.0),
    ("5 --${Q1}", 8.0),
    ("--${Q1}", 3.0),
    ("-(1 + 2)", -3.0),
    ("${Q1} + ${Q2}", 5.0),
    ("${household-size} - 1", 3.0),
    ("population div 100", 12.0),
    ("${name} + 1", math.nan),
    ("1 div 0", math.inf),
    ("-1 div 0", -math.inf),
    ("0 div 0", math.nan),
    ("5 mod 0", math.nan),
    ("number('x') div 0", math.nan),
    ("true() + true()", 2.0),
    # codes
    ("selected(${reasons}, '1')", True),
    ("selected(${reasons}, '10')", True),
    ("selected(${reasons}, '0')", False),
    ("selected(${reasons}, '1 10')", False),
    ("selected(${reasons}, 10)", True),
    ("selected(${reasons}, ${Q1})", True),
    ("selected(${reasons}, ' 3 ')", True),
    ("selected(${nobody}, '')", False),
    ("selected(., '17')", True),
    ("selected-at(${reasons}, 0)", "1"),
    ("selected-at(${reasons}, 2)", "3"),
    ("selected-at(${reasons}, 3)", ""),
    ("selected-at(${reasons}, -1)", ""),
    ("selected-at(${reasons}, 'x')", ""),
    ("count-selected(${reasons})", 3.0),
    ("count-selected(${nobody})", 0.0),
    ("jr:choice-name(${Q1}, '${Q1}')", "不太满意"),
    ("jr:choice-name('9', '${Q1}')", "9"),
    ("concat(jr:choice-name(selected-at(${reasons}, 2), '${Q1}'), '!')", "不太满意!"),
    # replies
    ("replied(${Q1})", True),
    ("replied(${trust})", True),
    ("replied(${income})", False),
    ("replied(${vote})", False),
    ("replied(${nobody})", False),
    ("is-missing(${income}, 'refused')", True),
    ("is-missing(${income}, 'dk')", False),
    ("is-missing(${trust}, 'dk')", True),
    ("is-missing(${vote}, 'no_answer')", True),
    ("is-missing(${Q1}, 'dk')", False),
    # choosing
    ("if(${Q1} > 2, 'bad', 'good')", "bad"),
    ("if(${Q1} > 3, 1, 2)", 2.0),
    ("if(${nobody}, 1, 'none')", "none"),
    ("coalesce(${nobody}, ${Q1})", "3"),
    ("coalesce(${Q2}, ${Q1})", "2"),
    ("coalesce(${nobody}, 0) + 1", 1.0),
    ("coalesce(number(${nobody}), 5)", 5.0),
    ("coalesce(${nobody}, ${income}, 'none')", "none"),
    ("coalesce(${nobody}, '')", ""),
    ("boolean(${nobody})", False),
    ("boolean(0)", False),
    ("boolean('0')", True),
    ("boolean(number('x'))", False),
    ("boolean-from-string('TRUE')", True),
    ("boolean-from-string(1)", True),
    ("boolean-from-string('yes')", False),
    ("true()", True),
    ("false()", False),
    ("checklist(1, 2, ${Q1} = 3, ${Q2} = 2, ${Q2} = 9)", True),
    ("checklist(2, -1, ${Q1} = 3, ${Q2} = 2, ${Q2} = 9)", True),
    ("checklist(3, -1, ${Q1} = 3, ${Q2} = 2, ${Q2} = 9)", False),
    ("checklist(-1, 1, ${Q1} = 3, ${Q2} = 2)", False),
    ("weighted-checklist(2, 3, ${Q1} = 3, 2.5, ${Q2} = 9, 4)", True),
    ("weighted-checklist(3, 9, ${Q1} = 3, 2.5, ${Q2} = 9, 4)", False),
    # texts
    ("string(7)", "7"),
    ("string(-0.5)", "-0.5"),
    ("string(true())", "true"),
    ("string(0 div 0)", "NaN"),
    ("string(-1 div 0)", "-Infinity"),
    ("string(1 div 3)", "0.3333333333333333"),
    ("string(pow(10, 22))", "10000000000000000000000"),
    ("string(pow(10, -7))", "0.0000001"),
    ("string(0 * -1)", "0"),
    ("concat(${name}, ' ', 1 + 1, ' ', true())", "张伟 2 true"),
    ("concat('alone')", "alone"),
    ("join(', ', ${Q1}, ${Q2}, 'x')", "3, 2, x"),
    ("join(' ', ${Q1})", "3"),
    ("string-length(${name})", 2.0),
    ("string-length(12.50)", 4.0),
    ("normalize-space(${padded})", "a b"),
    ("contains(${email}, '@')", True),
    ("contains(${email}, '#')", False),
    ("starts-with(${email}, 'zhang')", True),
    ("ends-with(${email}, '.org')", True),
    ("ends-with(${email}, '.com')", False),
    ("substr('hello', 1)", "ello"),
    ("substr('hello', 1, 3)", "el"),
    ("substr('hello', -2)", "lo"),
    ("substr('hello', 0, -1)", "hell"),
    ("substr('hello', 3, 2)", ""),
    ("substr('hello', -99, 99)", "hello"),
    ("substr('hello', 'x', 2)", "he"),
    ("substring-before(${email}, '@')", "zhang.wei"),
    ("substring-before(${email}, '#')", ""),
    ("substring-before(${email}, '')", ""),
    ("substring-after(${email}, '@')", "example.org"),
    ("substring-after(${email}, '#')", ""),
    ("translate('bar', 'abr', 'AB')", "BA"),
    ("translate('aa', 'aa', 'xy')", "xx"),
    ("upper-case('abß')", "ABSS"),
    ("lower-case('AB')", "ab"),
    ("regex(${email}, '[a-z.]+@[a-z.]+')", True),
    ("regex(${email}, '[a-z.]+@')", False),
    ("regex(., '[0-9]{2}')", True),
    ("regex(${name}, '[\\u4e00-\\u9fa5]{2,4}')", True),
    ("regex(${name}, '\\p{Han}+')", True),
    ("regex('a\\b', 'a\\\\b')", True),
    # numbers
    ("number('12')", 12.0),
    ("number(' -1.5 ')", -1.5),
    ("number('1e3')", math.nan),
    ("number('+1')", math.nan),
    ("number('１')", math.nan),
    ("number('²')", math.nan),
    ("number('nan')", math.nan),
    ("number('1_000')", math.nan),
    ("number('')", math.nan),
    ("number(true())", 1.0),
    ("int(2.9)", 2.0),
    ("int(-2.9)", -2.0),
    ("int('x')", math.nan),
    ("int(1 div 0)", math.inf),
    ("round(2.5)", 3.0),
    ("round(-2.5)", -2.0),
    ("round(-2.6)", -3.0),
    ("round(0.49999999999999994)", 0.0),
    ("round(1.005, 2)", 1.01),
    ("round(-1.005, 2)", -1.0),
    ("round(1234.5, -2)", 1200.0),
    ("round(1.5, 99)", 1.5),
    ("round(1.5, -1000000000000)", 0.0),
    ("round(1.5, number(''))", 1.5),
    ("round(number(''), 2)", math.nan),
    ("abs(-3)", 3.0),
    ("min(3, ${Q2}, 5)", 2.0),
    ("max(3, ${Q2}, 5)", 5.0),
    ("max(${nobody}, ${Q2}, -1)", 2.0),
    ("min(${nobody})", math.nan),
    ("sum(${Q1}, ${Q2}, ${nobody}, 1)", 6.0),
    ("sum(${nobody})", 0.0),
    ("pow(2, 10)", 1024.0),
    ("pow(0, -1)", math.inf),
    ("pow(-8, 1 div 3)", math.nan),
    ("pow(10, 999)", math.inf),
    ("pow(-10, 999)", -math.inf),
    ("sqrt(16)", 4.0),
    ("sqrt(-1)", math.nan),
    ("exp(0)", 1.0),
    ("exp(9999)", math.inf),
    ("exp10(2)", 100.0),
    ("log(1)", 0.0),
    ("log(0)", -math.inf),
    ("log10(1000)", 3.0),
    ("log10(-1)", math.nan),
    ("round(pi(), 4)", 3.1416),
    # dates
    ("today()", "2026-03-05"),
    ("now()", "2026-03-05T09:30:00+08:00"),
    ("today() > '2026-03-04'", True),
    ("today() = '2026-03-05'", True),
    ("'2026-03-05' = '2026-03-05T00:00:00'", True),
    ("now() = '2026-03-05'", False),
    ("'2026-03-05T09:30' = now()", True),
    ("${seen_at} > now()", True),
    ("${moved_in} <= ${born}", False),
    ("${nobody} < today()", False),
    ("today() - '2026-03-01'", 4.0),
    ("int((today() - ${born}) div 365.25)", 35.0),
    ("date(today() + 7)", "2026-03-12"),
    ("date('2026-02-30')", ""),
    ("date(${seen_at})", "2026-03-05"),
    ("date(${nobody})", ""),
    ("date(true())", ""),
    ("date(0)", "1970-01-01"),
    ("date(pow(10, 99))", ""),
    ("date(0 div 0)", ""),
    ("date-time('2026-03-05')", "2026-03-05T00:00:00"),
    ("date-time(0.5)", "1970-01-01T12:00:00"),
    ("date-time('2026-03-05T10:20:30.400+02')", "2026-03-05T10:20:30.400"),
    ("number('1970-01-11')", 10.0),
    ("decimal-date-time('1970-01-02T06:00')", 1.25),
    ("decimal-date-time('2026')", math.nan),
    ("decimal-date-time(2.5)", 2.5),
    ("decimal-time('18:00')", 0.75),
    ("decimal-time('06:00:00.000+08:00')", 0.25),
    ("decimal-time('1970-01-02T06:00')", 0.25),
    ("decimal-time('25:00')", math.nan),
    ("decimal-time(2.5)", 0.5),
    ("decimal-time(1 div 0)", math.nan),
    ("format-date(${born}, '%e/%n/%y, %a')", "6/3/90, Tue"),
    ("format-date('2026-03-05', '%Y年%m月%d日')", "2026年03月05日"),
    ("format-date('2026-11-05', '%d %b')", "05 Nov"),
    ("format-date(${nobody}, '%Y')", ""),
    ("format-date(31, '%Y-%m-%d')", "1970-02-01"),
    ("format-date-time(${seen_at}, '%h:%M:%S.%3 (%H) 100%%')", "18:15:00.000 (18) 100%"),
]


@pytest.mark.parametrize(("source", "expected"), VALUES, ids=[source for source, _ in VALUES])
def test_an_expression_comes_to(source: str, expected: str | float | bool) -> None:
    value = compile_expression(source).value(ZHANG_WEI, own="17")

    assert type(value) is type(expected)
    assert value == expected or (value != value and expected != expected)


def test_every_function_of_the_list_is_tried_above() -> None:
    tried = {name for source, _ in VALUES for name in compile_expression(source).functions}

    assert tried == set(FUNCTIONS)


@pytest.mark.parametrize(
    ("source", "text", "holds"),
    [
        ("${Q1}", "3", True),
        ("${nobody}", "", False),
        ("'false'", "false", True),
        ("2 * 3", "6", True),
        ("${Q2} * 1.25", "2.5", True),
        ("${Q1} - 3", "0", False),
        ("${name} * 2", "NaN", False),
        ("${Q1} = 3", "true", True),
        ("${Q1} = 4", "false", False),
        ("if(${Q1} = 3, 1.0, 'x')", "1", True),
        ("if(${Q1} = 4, 'x', ${Q2} = 2)", "true", True),
        ("if(${Q1} = 3, 0, 'x')", "0", False),
    ],
)
def test_as_text_and_as_condition(source: str, text: str, holds: bool) -> None:
    expression = compile_expression(source)

    assert (expression.text(ZHANG_WEI), expression.holds(ZHANG_WEI)) == (text, holds)


def test_the_other_side_of_an_if_is_not_computed() -> None:
    asked: list[str] = []

    class Listening(Answering):
        def text(self, name: str) -> str:
            asked.append(name)
            return "1"

    compile_expression("if(${a} = 1, ${b}, ${c})").value(Listening())

    assert asked == ["a", "b"]


def test_what_an_expression_refers_to() -> None:
    expression = compile_expression(
        "region = ${area} and selected(., '1') and jr:choice-name(${Q1}, '${Q2}') != 'kind'"
    )

    assert expression.names == {"area", "Q1", "Q2"}
    assert expression.attributes == {"region"}
    assert expression.uses_own
    assert expression.functions == {"selected", "jr:choice-name"}
    assert not compile_expression("${Q1} = 1.5").uses_own


def test_nothing_is_known_of_the_time() -> None:
    at_no_time = Answering()

    assert compile_expression("today()").value(at_no_time) == ""
    assert not compile_expression("today() > '2020-01-01'").holds(at_no_time)


def test_a_text_that_doubles_itself_stays_small() -> None:
    doubled = compile_expression("concat(${text}, ${text})")
    joined = compile_expression("join('-', ${text}, ${text})")
    text = "x"
    for _ in range(40):
        text = doubled.text(Answering({"text": text}))

    assert len(text) == 16_384
    assert len(joined.text(Answering({"text": text}))) == 16_384


def test_a_chain_as_long_as_is_read_is_evaluated() -> None:
    ones = compile_expression(" + ".join(["1"] * 400))
    either = compile_expression(" or ".join([f"${{Q{n}}} = 1" for n in range(200)]))

    assert ones.value(ZHANG_WEI) == 400.0
    assert either.holds(Answering({"Q199": "1"}))


def test_half_a_character_fits_no_pattern() -> None:
    assert not compile_expression("regex(., '.*')").holds(ZHANG_WEI, own="\ud800")
