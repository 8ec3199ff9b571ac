"""Phone numbers: from how people write them to E.164, and whether we may ring them."""

import re
import unicodedata
from typing import Literal

import phonenumbers

from survey.sampling.refusals import FieldRefused

NumberPlan = Literal["real", "fictional"]

# 154 belongs to no network, so a number of the fictional plan can never ring anywhere.
FICTIONAL = re.compile(r"\+86154[0-9]{8}")

# Mainland mobiles that need no look into the library: a subset of its rule, proved so by a test.
PLAIN_MOBILE = re.compile(r"\+861(?:[38][0-9]|5[0-35-9]|6[25-7]|7[235-8])[0-9]{8}")

_MARKS = re.compile(r"[\s\-\u2010-\u2015\u2212_.\u00b7()\[\]'’`\u200b-\u200f\u2060\ufeff]+")
_SPREADSHEET_TAIL = re.compile(r"(\d{11,})\.0+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)
_SEVERAL = re.compile(r"[/、,;|或和]|\d{11}\s+\d{11}")
_PARTING = re.compile(r"[/、,;|或和]|(?<=\d{11})\s+(?=\+?\d{11})")
_EXTENSION = re.compile(r"转|分机|ext|#|x\d", re.IGNORECASE)

_MOBILE = re.compile(r"0?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"0(10\d{8}|2\d{9}|[3-9]\d{9,10})")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_SERVICE = re.compile(r"1[12]\d|1[12]\d{3}|9[56]\d{3,6}|400\d{7}|0?800\d{7}|106\d{5,}")


def canonical(text: str, *, dialling_code: str | None = None) -> str:
    """The number in E.164, e.g. "+8615400000001", from any way of writing one number.

    `dialling_code` ("0396") completes landlines written without it. Raises FieldRefused, without the digits.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    _refuse_other_than_one_number(plain)
    digits = _MARKS.sub("", _SPREADSHEET_TAIL.sub(r"\1", plain))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+") and not digits.startswith("+86"):
        return _international(digits)
    return "+86" + _national(_without_country_code(digits), dialling_code)


def parted(text: str) -> list[str]:
    """The numbers that stand in one cell, parted as people part them: / 、 , ; | or 或 和, or a blank between two mobiles. A cell
    with one number comes back as it is."""
    plain = unicodedata.normalize("NFKC", text).strip()
    parts = [part.strip() for part in _PARTING.split(plain)]
    return [part for part in parts if part] or [plain]


def _refuse_other_than_one_number(plain: str) -> None:
    if _SCIENTIFIC.fullmatch(plain):
        raise FieldRefused(
            "a spreadsheet has rounded this number (written like 1.5E+10), so its digits are lost",
            "format the column as text and fill it in again",
        )
    if _SEVERAL.search(plain):
        raise FieldRefused("more than one number in one field", "keep one number here")
    if _EXTENSION.search(plain):
        raise FieldRefused("a number with an extension cannot be rung by machine", "give a direct number")


def _without_country_code(digits: str) -> str:
    """As it is dialled inside the country: mobiles as they are, landlines behind their 0."""
    if not digits.startswith("+"):
        # 86 without a plus in front of a mobile: thirteen digits, which no national number has
        return digits[2:] if re.fullmatch(r"861[3-9]\d{9}", digits) else digits
    national = digits.removeprefix("+86")
    return national if national.startswith("0") or _MOBILE.fullmatch(national) else "0" + national


def _international(digits: str) -> str:
    if not re.fullmatch(r"\+[1-9]\d{6,14}", digits):
        raise FieldRefused(
            "not an international number", "write + with the country code, then 7 to 15 digits in all"
        )
    return digits


def _national(digits: str, dialling_code: str | None) -> str:
    if mobile := _MOBILE.fullmatch(digits):
        return mobile[1]
    if landline := _LANDLINE.fullmatch(digits):
        return landline[1]
    if _SERVICE.fullmatch(digits):
        raise FieldRefused("a service number, not a resident's", "give the resident's own number")
    if _LOCAL.fullmatch(digits):
        if dialling_code is None:
            raise FieldRefused("a landline without its dialling code", "write the dialling code in front")
        return dialling_code.lstrip("0") + digits
    raise FieldRefused(_what_is_wrong(digits), "check the number against its source")


def _what_is_wrong(digits: str) -> str:
    if not digits:
        return "no digits in this number"
    if not digits.isdecimal():
        return "this number has characters other than digits"
    if len(digits) == 11:
        return "11 digits, but no mainland mobile or landline begins like this"
    return f"this number has {len(digits)} digits; a mobile has 11, a landline 10 to 12"


def dialable(number: str, plan: NumberPlan) -> bool:
    """Whether an E.164 number may be rung or texted.

    "real": valid by libphonenumber, and never the fictional prefix. "fictional": that prefix alone,
    so that no demo and no test can ever ring a person.
    """
    fictional = FICTIONAL.fullmatch(number) is not None
    if plan == "fictional":
        return fictional
    return not fictional and (PLAIN_MOBILE.fullmatch(number) is not None or _valid(number))


def _valid(number: str) -> bool:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    as_e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return as_e164 == number and phonenumbers.is_valid_number(parsed)


def is_landline(number: str) -> bool:
    """Whether an E.164 number of mainland China is a fixed line, which cannot be texted."""
    return (number.startswith("+86") and not number.startswith("+861")) or number.startswith("+8610")


def to_dial(text: str, plan: NumberPlan, *, dialling_code: str | None = None) -> str:
    """`canonical`, refused unless it is `dialable` under the plan. Raises FieldRefused."""
    number = canonical(text, dialling_code=dialling_code)
    if dialable(number, plan):
        return number
    if plan == "fictional":
        raise FieldRefused(
            "the fictional number plan rings 154 numbers only",
            "set number_plan to real for real residents, or use a seeded list",
        )
    if FICTIONAL.fullmatch(number):
        raise FieldRefused(
            "154 is the fictional prefix, which no phone has", "check the number against its source"
        )
    raise FieldRefused("no phone can have this number", "check the number against its source")
