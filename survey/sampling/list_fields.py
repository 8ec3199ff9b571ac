"""From one cell of a list to one value; what cannot be taken raises FieldRefused. Never called for blanks."""

import re
import unicodedata
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from survey.sampling.list_policy import list_policy
from survey.sampling.refusals import FieldRefused
from survey.sampling.refused_columns import holds_id_card

_MOBILE_INSIDE = re.compile(r"(?<!\d)(?:\+?86)?[\s-]?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
_YEAR = re.compile(r"((?:19|20)\d{2})(?:年?|[-/.年].*)")
_BAND = re.compile(r"(\d{1,3})(?:[-~至到\u2010-\u2015]+(\d{1,3}))?(以上|及以上|以下|\+)?")
_DAY = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
_TIME = r"(\d{1,2})[:时](\d{1,2})分?(?::?(\d{1,2})(?:\.\d+)?秒?)?"
_MOMENT = re.compile(rf"{_DAY}(?:[T ]*{_TIME})?")


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def words(text: str) -> str:
    """Free text as it stands, without personal numbers: those live in the vault and nowhere else."""
    if "\x00" in text:
        raise FieldRefused("a character that cannot be read stands in the text", "write the text again")
    if holds_id_card(text):
        raise FieldRefused("an ID-card number stands in the text", "take it out of the text")
    if _MOBILE_INSIDE.search(plain(text)):
        raise FieldRefused("a phone number stands in the text", "take it out of the text")
    return " ".join(text.split())


def birth_year(text: str, today: date) -> int:
    """The year of birth of an adult; of a whole date only the year is kept."""
    match = _YEAR.fullmatch(plain(text))
    if match is None:
        raise FieldRefused(f'"{plain(text)}" is not a year of birth', "write four digits, like 1987")
    _refuse_ages_out_of_range(today.year - int(match[1]))
    return int(match[1])


def age_band(text: str) -> str:
    """The code of the age band ("1" 18-29 … "4" 60 and over), from a band or from an age in years."""
    match = _BAND.fullmatch(plain(text).replace("岁", "").replace("周", "").replace(" ", ""))
    if match is None:
        raise FieldRefused(f'"{plain(text)}" is not an age band', f"write one of {_bands()}")
    first, last, open_end = int(match[1]), match[2], match[3]
    if last is None and open_end is None:
        _refuse_ages_out_of_range(first)
        return age_code(first)
    for band in list_policy().age_bands:
        if band.first == first and band.last == (int(last) if last else None) and open_end != "以下":
            return band.code
    raise FieldRefused(f'"{plain(text)}" is not one of our age bands', f"write one of {_bands()}")


def age_code(age: int) -> str:
    """The code of the band that an adult's age lies in."""
    return next(band.code for band in reversed(list_policy().age_bands) if age >= band.first)


def _bands() -> str:
    return "、".join(f"{b.first}-{b.last}" if b.last else f"{b.first}以上" for b in list_policy().age_bands)


def _refuse_ages_out_of_range(age: int) -> None:
    ages = list_policy().ages
    if age < ages.youngest:
        raise FieldRefused(f"under {ages.youngest}", "take minors off the list")
    if age > ages.oldest:
        raise FieldRefused(f"over {ages.oldest}", "check the year against its source")


def moment(text: str, tz: ZoneInfo, today: date) -> datetime:
    """A past moment in the area's time zone; midnight where only the date is given."""
    match = _MOMENT.fullmatch(plain(text))
    if match is None:
        raise FieldRefused(f'"{plain(text)}" is not a date', "write it like 2026-03-05 16:20")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        when = datetime.combine(date(year, month, day), time(hour, minute, second), tzinfo=tz)
    except ValueError:
        raise FieldRefused(f'"{plain(text)}" is in no calendar', "check it against its source") from None
    if when.date() > today:
        raise FieldRefused(f'"{plain(text)}" lies in the future', "check it against its source")
    return when


def yes_no(text: str) -> bool:
    word = plain(text).lower()
    if word in list_policy().yes_words:
        return True
    if word in list_policy().no_words:
        return False
    raise FieldRefused(f'"{plain(text)}" is neither yes nor no', "write 是 or 否")
