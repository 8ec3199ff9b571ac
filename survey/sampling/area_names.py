"""From the name of a place, as a list writes it, to its area code."""

import difflib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from survey.sampling.list_policy import list_policy
from survey.sampling.refusals import FieldRefused

_COUNTY, _TOWNSHIP, _VILLAGE = 6, 9, 12  # digits of an area code at each level


def plain_name(text: str) -> str:
    """Full width made plain, blanks taken out."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def nearest(name: str, known: Iterable[str]) -> str:
    """The remedy for an unknown name: the known names most like it."""
    like = difflib.get_close_matches(
        name, sorted(set(known)), n=list_policy().limits.nearest_names, cutoff=0.4
    )
    return (
        "nearest known names: " + "、".join(like) if like else "no known name is like it; check the spelling"
    )


class AreaNames:
    """Looks up townships and villages by name or code. `names` is code -> Chinese name."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._counties = {name: code for code, name in names.items() if len(code) == _COUNTY}
        self._townships: dict[str, list[str]] = defaultdict(list)
        self._villages: dict[str, dict[str, str]] = defaultdict(dict)
        for code, name in names.items():
            if len(code) == _TOWNSHIP:
                self._townships[name].append(code)
            elif len(code) == _VILLAGE:
                self._villages[code[:_TOWNSHIP]][name] = code

    def resolve(self, township: str, village: str = "") -> str:
        """The code of the village, or of the township where no village is given.

        The county may stand in front, the village behind (遂澜县柳河镇王庄村). Raises FieldRefused.
        """
        code, rest = self._township(plain_name(township))
        wanted = plain_name(village) or rest
        if not wanted:
            return code
        return self._village(code, wanted, field="village" if plain_name(village) else "township")

    def _township(self, text: str) -> tuple[str, str]:
        if text.isdecimal() and text[:_TOWNSHIP] in self._names and len(text) in (_TOWNSHIP, _VILLAGE):
            return text[:_TOWNSHIP], text if len(text) == _VILLAGE else ""
        county, local = self._without_county(text)
        if county and not local:
            raise FieldRefused(f'"{text}" is a county', "write the township or street", "township")
        for end in range(len(local), 0, -1):
            codes = [code for code in self._townships.get(local[:end], ()) if code.startswith(county)]
            if len(codes) == 1:
                return codes[0], local[end:]
            if codes:
                raise self._ambiguous(local[:end], codes)
        raise FieldRefused(f'unknown township "{text}"', nearest(local, self._townships), "township")

    def _without_county(self, text: str) -> tuple[str, str]:
        for name, code in self._counties.items():
            if text.startswith(name):
                return code, text.removeprefix(name)
        return "", text

    def _ambiguous(self, name: str, codes: list[str]) -> FieldRefused:
        counties = " and ".join(self._names.get(code[:_COUNTY], code[:_COUNTY]) for code in codes)
        return FieldRefused(f'"{name}" is a township of {counties}', "write the county in front", "township")

    def _village(self, township: str, text: str, field: str) -> str:
        villages = self._villages[township]
        if text in self._names and text.startswith(township):
            return text
        if text in villages:
            return villages[text]
        where = self._names[township]
        raise FieldRefused(f'unknown village "{text}" in {where}', nearest(text, villages), field)


class UnitNames:
    """Looks up responsible units by name, with or without the county in front, or by code."""

    def __init__(self, units: Mapping[str, str], counties: Iterable[str]) -> None:
        self._codes = set(units)
        self._by_name = {plain_name(name): code for code, name in units.items()}
        # 遂澜县公安局 is also written 公安局 and 县公安局
        for county in counties:
            for prefix in (county, county[:-1]):
                for code, name in units.items():
                    short = plain_name(name).removeprefix(prefix)
                    if short != plain_name(name):
                        self._by_name.setdefault(short, code)

    def resolve(self, text: str) -> str:
        """The unit's code. Raises FieldRefused."""
        name = plain_name(text)
        if name in self._codes:
            return name
        if name in self._by_name:
            return self._by_name[name]
        raise FieldRefused(f'unknown unit "{name}"', nearest(name, self._by_name), "unit")
