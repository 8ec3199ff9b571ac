"""Regular expressions by RE2: none makes it slow, and the size of each is bounded."""

import re
from collections.abc import Callable
from typing import Final

import re2

from survey.questionnaire.expressions.errors import ExpressionError
from survey.questionnaire.expressions.limits import MAX_PATTERN, MAX_PATTERN_MEMORY

_OUTSIDE: Final = {
    "(?=": "lookahead",
    "(?!": "lookahead",
    "(?<=": "lookbehind",
    "(?<!": "lookbehind",
    "(?>": "atomic group",
    "(?(": "conditional group",
    "(?P": "backreference",
    "\\k": "backreference",
    **{f"\\{number}": "backreference" for number in range(1, 10)},
    **{f"{repetition}+": "possessive quantifier" for repetition in "*+?}"},
}
"""What other engines know and RE2, which is never slow, does not: the end of RE2's complaint, and its name."""
_SHOWN: Final = 60
"""Characters of RE2's own words that an error repeats."""
_INTERSECTION: Final = re.compile(r"\[[^\]]*&&")
_CODE_POINT: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|.)", re.DOTALL)


def _options() -> "re2.Options":
    options = re2.Options()
    options.max_mem = MAX_PATTERN_MEMORY
    options.log_errors = False
    return options


def fits(pattern: str) -> Callable[[str], bool]:
    """Whether a whole text fits the pattern. Raises ExpressionError (without a column)."""
    if len(pattern) > MAX_PATTERN:
        raise ExpressionError(
            f"the pattern has {len(pattern)} characters, and more than {MAX_PATTERN} are not read",
            "check the length and the characters by conditions of their own",
            feature="regex",
        )
    if _INTERSECTION.search(re.sub(r"\\.", "", pattern)):
        raise ExpressionError(
            "the pattern has a class intersection (&&), which RE2 takes for two signs",
            "write two regex() joined by `and`",
            feature="class intersection",
        )
    try:
        compiled = re2.compile(_CODE_POINT.sub(_code_point, pattern), _options())
    except re2.error as error:
        raise _refused(_said(error)) from None
    except UnicodeEncodeError:
        raise _refused("half a character") from None
    match = compiled.fullmatch

    def fit(text: str) -> bool:
        try:
            return match(text) is not None
        except UnicodeEncodeError:  # half a character, which no pattern names
            return False

    return fit


def _code_point(escape: re.Match[str]) -> str:
    """`\\u4e00`, as Java and JavaScript write a character, in RE2's words; any other escape as it is."""
    digits = escape[1] or escape[2]
    return f"\\x{{{digits}}}" if digits else escape[0]


def _said(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def _refused(said: str) -> ExpressionError:
    feature = next((name for sign, name in _OUTSIDE.items() if said.endswith(sign)), None)
    if feature is not None:
        return ExpressionError(
            f"the pattern has a {feature}, which cannot be matched in bounded time",
            "write several regex() joined by `and` and `or`",
            feature=feature,
        )
    if "too large" in said or "repetition size" in said:
        return ExpressionError(
            "the pattern is too large once its repetitions are written out",
            "repeat less: \\p{L}+ for the letters, and string-length() for how many",
            feature="regex",
        )
    return ExpressionError(
        f"the pattern cannot be read ({said[:_SHOWN]})", "correct it (RE2 syntax)", feature="regex"
    )
