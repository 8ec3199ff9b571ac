"""The functions of the subset, each in one line, and those that are refused, each with its reason.

docs/expressions.md lists the same; a test holds them equal.
"""

from collections.abc import Mapping
from typing import Final

FUNCTIONS: Final[Mapping[str, str]] = {
    "selected": "selected(codes, code): true if the code is one of the chosen ones, as a whole",
    "selected-at": "selected-at(codes, n): the chosen code number n, counted from 0; empty beyond the last",
    "count-selected": "count-selected(codes): how many codes were chosen",
    "jr:choice-name": "jr:choice-name(code, '${question}'): what this option is called, in the language of the interview",
    "replied": "replied(${question}): true if it was answered with something valid, or honestly with dk (Minyi's own)",
    "is-missing": "is-missing(${question}, 'dk'): true if it was answered by this missing code: dk, refused or "
    "no_answer (Minyi's own)",
    "if": "if(condition, then, otherwise): one of the two; the other is not computed",
    "coalesce": "coalesce(a, b, …): the first that is not empty, else the last",
    "not": "not(condition): true where the condition is false",
    "true": "true(): always true",
    "false": "false(): never true",
    "boolean": "boolean(x): true for a text that is not empty, and for a number that is neither 0 nor NaN",
    "boolean-from-string": "boolean-from-string(text): true for 'true' (in any case) and '1' alone",
    "checklist": "checklist(least, most, condition, …): true if at least and at most so many conditions hold; -1 is no bound",
    "weighted-checklist": "weighted-checklist(least, most, condition, weight, …): true if the weights that go with "
    "the conditions that hold come to at least and at most so much",
    "string": "string(x): as text; whole numbers without a point",
    "concat": "concat(a, b, …): the texts one after another",
    "join": "join(between, a, b, …): the texts one after another, with a text between each two",
    "string-length": "string-length(text): how many characters",
    "normalize-space": "normalize-space(text): without blanks at its ends, and with one blank where there were several",
    "contains": "contains(text, part): true if the part is somewhere in it",
    "starts-with": "starts-with(text, part): true if it begins so",
    "ends-with": "ends-with(text, part): true if it ends so",
    "substr": "substr(text, from, to): characters from `from`, counted from 0, up to but without `to`; a negative "
    "place counts from the end",
    "substring-before": "substring-before(text, part): what stands before the first such part; empty if there is none",
    "substring-after": "substring-after(text, part): what stands behind the first such part; empty if there is none",
    "translate": "translate(text, from, to): each character of `from` becomes the one at its place in `to`, or goes",
    "upper-case": "upper-case(text): in capitals",
    "lower-case": "lower-case(text): in small letters",
    "regex": "regex(text, 'pattern'): true if the whole text fits the pattern, which must be written out (RE2 syntax)",
    "number": "number(x): as number; NaN for what is none; days since 1 January 1970 for an ISO date",
    "int": "int(number): without its fraction",
    "round": "round(number, places): to so many decimal places, to a whole number without them; halves go up",
    "abs": "abs(number): without its sign",
    "min": "min(a, b, …): the smallest of those that are numbers; NaN if none is",
    "max": "max(a, b, …): the greatest of those that are numbers; NaN if none is",
    "sum": "sum(a, b, …): those that are numbers, together; 0 if none is",
    "pow": "pow(base, exponent): raised to a power",
    "sqrt": "sqrt(number): square root",
    "exp": "exp(number): e raised to it",
    "exp10": "exp10(number): 10 raised to it",
    "log": "log(number): natural logarithm",
    "log10": "log10(number): logarithm to the base 10",
    "pi": "pi(): 3.141592653589793",
    "today": "today(): the date of the interview",
    "now": "now(): the date and time of the interview",
    "date": "date(x): the ISO date of a date, a date-time, or of days since 1 January 1970; empty for anything else",
    "date-time": "date-time(x): the ISO date-time of the same",
    "decimal-date-time": "decimal-date-time(x): days since 1 January 1970, with the time as a fraction",
    "decimal-time": "decimal-time(time): the time of day as a fraction of the day",
    "format-date": "format-date(date, '%Y-%m-%d'): written in this form",
    "format-date-time": "format-date-time(date, '%d.%m. %H:%M'): written in this form",
}

_REPEATS = "counts or picks the repetitions of a group, and a call asks every question once"
_TABLES = "looks into a table or another form, which the interview does not carry with it"
_CHANCE = "draws by chance, and an interview must be the same whenever it is played again"
_PLACES = "reckons with places on a map, which nobody can say into a telephone"
_DEVICE = "reads the telephone or the app that shows the form, and there is none"
_ANGLES = "reckons with angles, which no question of a survey gives"
_CODES = "encodes or checks bytes, which are no answers"
_TREE = "looks at the form as a tree of XML, and the document is none"

REFUSED: Final[Mapping[str, str]] = {
    "position": _REPEATS,
    "count": _REPEATS,
    "count-non-empty": _REPEATS,
    "indexed-repeat": _REPEATS,
    "last": _REPEATS,
    "index": _REPEATS,
    "rank-index": _REPEATS,
    "rank-value": _REPEATS,
    "sum-if": _REPEATS,
    "count-if": _REPEATS,
    "min-if": _REPEATS,
    "max-if": _REPEATS,
    "join-if": _REPEATS,
    "repeat": _REPEATS,
    "pulldata": _TABLES,
    "instance": _TABLES,
    "search": _TABLES,
    "choice-label": _TABLES,
    "random": _CHANCE,
    "randomize": _CHANCE,
    "uuid": _CHANCE,
    "once": "keeps what it once drew or read, and here everything is computed again from the answers",
    "area": _PLACES,
    "distance": _PLACES,
    "geofence": _PLACES,
    "enclosed-area": _PLACES,
    "intersects": _PLACES,
    "sin": _ANGLES,
    "cos": _ANGLES,
    "tan": _ANGLES,
    "asin": _ANGLES,
    "acos": _ANGLES,
    "atan": _ANGLES,
    "atan2": _ANGLES,
    "digest": _CODES,
    "base64-decode": _CODES,
    "extract-signed": _CODES,
    "hash": _CODES,
    "version": _DEVICE,
    "property": _DEVICE,
    "device-info": _DEVICE,
    "username": _DEVICE,
    "phone-call-log": _DEVICE,
    "phone-call-duration": _DEVICE,
    "jr:itext": _DEVICE,
    "current": _TREE,
    "id": _TREE,
    "lang": _TREE,
    "name": _TREE,
    "local-name": _TREE,
    "namespace-uri": _TREE,
    "text": _TREE,
    "node": _TREE,
    "substring": "is counted from 1 in XPath and from 0 in some apps, while substr() is counted from 0 in all",
    "ceiling": "is none of XLSForm's functions, while int() and round() are",
    "floor": "is none of XLSForm's functions, while int() and round() are",
}

OWN_NAMES: Final[Mapping[str, str]] = {
    "upper": "upper-case",
    "lower": "lower-case",
    "len": "string-length",
    "length": "string-length",
    "choice-name": "jr:choice-name",
    "iif": "if",
    "trim": "normalize-space",
    "is-selected": "selected",
    "matches": "regex",
    "format-datetime": "format-date-time",
    "datetime": "date-time",
}
"""Names by which other languages and apps call a function of the subset."""

FOREIGN_SIGNS: Final[Mapping[str, str]] = {
    "==": "=",
    "<>": "!=",
    "=<": "<=",
    "=>": ">=",
    "&&": "and",
    "||": "or",
    "!": "not(…) or !=",
    "&": "concat(…) or `and`",
    "%": "mod",
    "^": "pow(…)",
    ";": ",",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
    "×": "*",
    "÷": "div",
    "−": "-",
    "–": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "（": "(",
    "）": ")",
    "，": ",",
    "＝": "=",
    "．": ".",
    "＜": "<",
    "＞": ">",
    "＋": "+",
    "－": "-",
}
"""Signs of other languages, and of a Chinese keyboard, and what XLSForm writes instead."""

_PATH = ("a path through the form is not followed", "write ${name} for the answer to a question")
REFUSED_SIGNS: Final[Mapping[str, tuple[str, str]]] = {
    "/": _PATH,
    "//": _PATH,
    "..": _PATH,
    "::": ("an axis of XPath is not followed", "write ${name} for the answer to a question"),
    "@": ("an attribute of XML is not read", "write ${name} for the answer to a question"),
    "[": (
        "a [predicate] picks among repetitions, and a call asks every question once",
        "use choice_filter or if()",
    ),
    "]": (
        "a [predicate] picks among repetitions, and a call asks every question once",
        "use choice_filter or if()",
    ),
    "|": ("| joins sets of nodes, and there are none", "write `or` between two conditions"),
    "*": ("* alone stands for any element of a form", "write ${name}, or put a number on both sides of *"),
}
"""Sign -> reason and remedy."""
