"""Whether two forms are the same as pyxform reads both, after the listed features are removed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from pyxform import aliases, constants
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from survey.questionnaire.xlsform.dropped import Dropped
from survey.questionnaire.xlsform.languages import UNNAMED
from survey.questionnaire.xlsform.opening import open_book
from survey.questionnaire.xlsform.pyxforms_reading import ROW, Node, as_pyxform_reads
from survey.questionnaire.xlsform.reading import code_of_file
from survey.questionnaire.xlsform.removing import Remover, without

_WORDS: Final = (constants.LABEL, constants.HINT, "guidance_hint")
GENERATED: Final = "of pyxform"
"""The language of the words that pyxform itself adds, such as "Specify other." """
_READ_FROM_ELSEWHERE: Final = frozenset({constants.CHOICES, constants.LIST_NAME_U, ROW, "_dynamic_default"})
"""What pyxform repeats in a question: its choices stand in the form, defaults in their own key."""


def equivalent(a: bytes, a_name: str, b: bytes, b_name: str, dropped: Iterable[Dropped]) -> list[str]:
    """The differences, none if the forms are equivalent. `dropped`: of form `a`. Raises FormRefused if a form is not
    read even then."""
    remover = Remover(open_book(a, a_name))
    first = remover.take_out(dropped)
    first, second = without(first, remover.removed), without(open_book(b, b_name), remover.removed)
    code = code_of_file(a_name)
    one, other = as_pyxform_reads(first, code), as_pyxform_reads(second, code)
    ignored = {key[-1] for sheet, _, key in remover.removed.cells if sheet == "settings"}
    if "id_string" in ignored and one["title"] == one["id_string"]:
        ignored.add("title")  # a form without title is called by its id
    left, right = plainly(one, ignored), plainly(other, ignored)
    if "default_language" not in left or "default_language" not in right:
        left["default_language"] = right["default_language"] = ""
    return list(_differences("form", left, right))


def plainly(form: Node, ignored: Iterable[str] = ()) -> Node:
    """What a form means: aliases, defaults and several ways of writing the same thing made one.

    A form without version is version 1; a text without language is in the default one, and a form in which there is
    no such text needs no default language; what is hidden stands nowhere; choices that no question has mean nothing.
    """
    default = str(form.get("default_language") or UNNAMED)
    passed = {"children", "choices", "type", "name", "sms_keyword", "default_language", *ignored}
    hidden: list[str] = []
    plain: Node = {"version": "1", **{key: value for key, value in form.items() if key not in passed}}
    if "version" in passed:
        del plain["version"]
    plain["children"] = [
        _node(node, default, hidden) for node in form["children"] if not _hidden(node, hidden)
    ]
    plain["hidden"] = sorted(hidden)
    used = set(_lists(plain["children"]))
    plain["choices"] = {
        name: [_words_in(option, default, _WORDS[:1]) for option in options]
        for name, options in form.get("choices", {}).items()
        if name in used
    }
    if default != UNNAMED or UNNAMED in set(_languages(plain)):
        plain["default_language"] = default
    return plain


def _hidden(node: Node, hidden: list[str]) -> bool:
    """A value that is given from outside: it asks nothing, and it does not matter where it stands."""
    if node["type"] == "hidden" and not node.get("bind"):
        hidden.append(str(node["name"]))
        return True
    return False


def _node(node: Node, default: str, hidden: list[str]) -> Node:
    children = node.get("children")
    plain = {
        key: value for key, value in node.items() if key not in _READ_FROM_ELSEWHERE and key != "children"
    }
    kind = QUESTION_TYPE_DICT.get(str(node["type"]))
    if kind is not None:
        plain = _typed(plain, kind)
    plain = _words_in(plain, default if ROW in node else GENERATED)
    bind = {
        key: aliases.BINDING_CONVERSIONS.get(value, value) if isinstance(value, str) else value
        for key, value in plain.get("bind", {}).items()
    }
    plain["bind"] = {key: value for key, value in bind.items() if (key, value) not in _NOTHING}
    if isinstance(plain["bind"].get("jr:constraintMsg"), str):
        plain["bind"]["jr:constraintMsg"] = {default: plain["bind"]["jr:constraintMsg"]}
    if children is not None:
        plain["children"] = [_node(one, default, hidden) for one in children if not _hidden(one, hidden)]
    return {key: value for key, value in plain.items() if value not in ({}, None, "")}


_NUMBERS: Final = ("start", "end")
"""Of a range, in whatever digits; which way a step goes, its ends tell."""
_NOTHING: Final = (("required", "false()"), ("readonly", "false()"))


def _typed(plain: Node, kind: Mapping[str, Any]) -> Node:
    """The type as what it does; a question without a control shows no words."""
    control, bind = dict(kind.get("control", {})), dict(kind.get("bind", {}))
    does = (control.get("tag", "value"), control.get("mediatype", ""), bind.pop("type", "string"))
    plain["type"] = " ".join(str(part) for part in does if part)
    plain["bind"] = {**bind, **plain.get("bind", {})}
    if "hint" in kind:
        plain.setdefault("hint", kind["hint"])
    if not control:
        plain = {key: value for key, value in plain.items() if key not in (*_WORDS, "media")}
    given = plain.get("parameters", {})
    parameters = {
        key: abs(Decimal(value)) if key == "step" else Decimal(value) if key in _NUMBERS else value
        for key, value in given.items()
        if (key, value) != ("randomize", "false")
    }
    own = {key: value for key, value in plain.get("control", {}).items() if given.get(key) != value}
    return {**plain, "parameters": parameters, "control": own}


def _words_in(plain: Mapping[str, Any], default: str, words: Sequence[str] = _WORDS) -> Node:
    """Every text by its language."""
    found = {key: value for key, value in plain.items() if key != ROW}
    for key in words:
        if isinstance(found.get(key), str):
            found[key] = {default: found[key]}
    if "media" in found:
        found["media"] = {
            medium: {default: value} if isinstance(value, str) else value
            for medium, value in found["media"].items()
        }
    return found


def _languages(plain: Any) -> Iterator[str]:
    """The languages of all words, in order."""
    if isinstance(plain, Mapping):
        for key, value in plain.items():
            if key in _WORDS and isinstance(value, Mapping):
                yield from map(str, value)
            else:
                yield from _languages(value)
    elif isinstance(plain, list):
        for one in plain:
            yield from _languages(one)


def _lists(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        yield str(node.get("itemset", ""))
        yield from _lists(node.get("children", ()))


def _differences(where: str, one: Any, other: Any) -> Iterator[str]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in dict.fromkeys([*one, *other]):
            yield from _differences(f"{where} {key}", one.get(key), other.get(key))
    elif isinstance(one, Sequence) and isinstance(other, Sequence) and not isinstance(one, str):
        for place in range(max(len(one), len(other))):
            left, right = (side[place] if place < len(side) else None for side in (one, other))
            yield from _differences(f"{where} {_called(left, right) or place + 1}", left, right)
    elif one != other:
        yield f"{where}: {one!r} is {other!r}"


def _called(left: Any, right: Any) -> str:
    node = left if isinstance(left, Mapping) else right if isinstance(right, Mapping) else {}
    return str(node.get("name", ""))
