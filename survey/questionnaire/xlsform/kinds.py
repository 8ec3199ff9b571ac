"""What an XLSForm type is asked as, read off pyxform's own table of types and their aliases."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import PurePath
from typing import Any, Final

from pyxform import aliases, constants
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT
from pyxform.validators.pyxform.pyxform_reference import has_pyxform_reference
from pyxform.xls2json import RE_BEGIN_CONTROL, RE_END_CONTROL, RE_OSM, RE_SELECT

from survey.questionnaire.parts import Kind


@dataclass(frozen=True, slots=True)
class Understood:
    """`kind`: what it is asked as, None if it is not asked; `feature`: of FEATURES, where it is not simply carried.
    `begins`, `ends`: group, repeat or loop. `setting`: a row that stands for a setting."""

    kind: Kind | None = None
    feature: str = ""
    constraint: str = ""
    hint: str = ""
    choices: str = ""
    begins: str = ""
    ends: str = ""
    fact: bool = False
    setting: bool = False


_BY_BIND: Final[Mapping[str, Kind]] = {
    "string": "text",
    "int": "integer",
    "decimal": "decimal",
    "date": "date",
    "dateTime": "appointment",
}
_UNASKED_BINDS: Final = frozenset({"geopoint", "geotrace", "geoshape", "barcode", "time"})
_UPLOADS: Final = {"image/*": "image", "video/*": "video", "application/*": "file", "osm/*": "osm"}

FOREIGN: Final[Mapping[str, str]] = {
    "include": "include",
    "caseid": "metadata",
    "comments": "metadata",
    "text audit": "metadata",
    "audio audit": "metadata",
    "speed violations count": "metadata",
    "speed violations list": "metadata",
    "speed violations audit": "metadata",
    "calculate_here": "calculate_here",
    "text_audit": "metadata",
    "audio_audit": "metadata",
    "note_in_place": "note_in_place",
}
"""Types of other tools, which pyxform lets through."""
_FOREIGN_BEGINNINGS: Final = (
    "sensor_statistic",
    "sensor_stream",
    "text audit",
    "audio audit",
    "speed violations",
)
UNREADABLE: Final[Mapping[str, str]] = {
    "begin_kobomatrix": "a matrix of Kobo's is no XLSForm until Kobo has deployed it",
    "begin_score": "a rating matrix of Kobo's is no XLSForm until Kobo has deployed it",
    "begin_rank": "a ranking of Kobo's is no XLSForm until Kobo has deployed it",
}
"""Types whose rows belong together in a way that neither pyxform nor we know."""


@cache
def understand(written: str) -> Understood | None:
    """`written`: the cell, cleaned. None if there is no such type."""
    name = aliases._type_alias_map.get(written, written)
    if name in aliases.settings_header:
        return Understood(setting=True)
    if (control := RE_END_CONTROL.search(name)) is not None:
        return Understood(ends=aliases.control[control["type"]])
    if (control := RE_BEGIN_CONTROL.search(name)) is not None:
        return Understood(begins=aliases.control[control["type"]])
    if (select := RE_SELECT.search(name)) is not None:
        return _select(select["select_command"], select["list_name"])
    if RE_OSM.search(name) is not None:
        return Understood(feature="osm")
    if name in QUESTION_TYPE_DICT:
        return _plain(name, QUESTION_TYPE_DICT[name])
    if name in FOREIGN or name.startswith(_FOREIGN_BEGINNINGS):
        return Understood(feature=FOREIGN.get(name, "metadata"))
    return None


def _select(command: str, choices: str) -> Understood:
    kind = aliases.select[command]
    if kind == constants.SELECT_ONE_EXTERNAL:
        return Understood(feature="select_one_external")
    if (
        command in aliases.select_from_file
        or PurePath(choices).suffix in constants.EXTERNAL_INSTANCE_EXTENSIONS
    ):
        return Understood(feature="select from a file")
    if has_pyxform_reference(choices):
        return Understood(feature="choices from answers")
    if kind == constants.RANK:
        return Understood(feature="rank")
    return Understood("select_one" if kind == constants.SELECT_ONE else "select_multiple", choices=choices)


def _plain(name: str, entry: Mapping[str, Any]) -> Understood | None:
    control, bind = entry.get("control", {}), entry.get("bind", {})
    tag, form = control.get("tag", ""), bind.get("type", "")
    if "jr:preload" in bind or name == "audit":
        return Understood(feature="metadata")
    if not entry:
        return Understood(feature="external data")
    if tag == "":
        return Understood(fact=True) if name == "hidden" else Understood("calculate")
    if tag == "action" or name == "background-geopoint":
        return Understood(feature="background")
    if tag == "trigger":
        return Understood("select_one", "acknowledge")
    if tag == "upload":
        media = control["mediatype"]
        return Understood("text", "audio") if media == "audio/*" else Understood(feature=_UPLOADS[media])
    if tag == "range":
        return Understood("scale")
    if tag != "input":  # a select or rank without its list
        return None
    if form in _UNASKED_BINDS:
        return Understood(feature=form)
    if bind.get("readonly"):
        return Understood("note")
    return Understood(_BY_BIND[form], constraint=bind.get("constraint", ""), hint=entry.get("hint", ""))


_SELECTS: Final = ("select_one LIST", "select_multiple LIST")


def nearest(written: str) -> str:
    """A type that may be meant; "" if none is near."""
    if "select" in written.lower():
        return get_close_matches(written.lower()[:60], _SELECTS, n=1, cutoff=0)[0]
    known = [*QUESTION_TYPE_DICT, "begin group", "end group"]
    by_lower = {one.lower(): one for one in known}
    found = get_close_matches(written.lower()[:60], by_lower, n=1, cutoff=0.75)
    if not found and " " in written:
        found = get_close_matches(f"{written.split(' ')[0][:60]} LIST", _SELECTS, n=1, cutoff=0.75)
        return found[0] if found else ""
    return str(by_lower[found[0]]) if found else ""
