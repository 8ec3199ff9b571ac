"""TwiML read strictly: the subset that the service uses, and a visible error for anything else.

Stricter than Twilio on purpose: an attribute that Twilio would ignore or warn of is refused here, so
that a spelling
mistake is found on the bench and not by a resident.
"""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from xml.parsers.expat import ErrorString

_KEYS = frozenset("0123456789*#")
_LANGUAGES = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")


class TwimlError(ValueError):
    """A document that the carrier will not play; `code` is Twilio's (12100 no XML, 12200 not of the
    schema)."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Say:
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    length_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Gather:
    """Keys wanted while and after its prompts are played; `num_digits` 0 means as many as come."""

    prompts: tuple[Say | Pause, ...]
    action: str | None = None
    method: str = "POST"
    num_digits: int = 0
    finish_on_key: str = "#"
    timeout_s: float = 5.0
    action_on_empty: bool = False
    barge_in: bool = True


@dataclass(frozen=True, slots=True)
class Redirect:
    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Hangup:
    pass


@dataclass(frozen=True, slots=True)
class TextReply:
    """`<Message>` in the answer to an inbound text."""

    body: str
    status_callback: str | None = None


Verb = Say | Pause | Gather | Redirect | Hangup | TextReply
_ATTRIBUTES = {
    "Say": {"language", "voice"},
    "Pause": {"length"},
    "Gather": {
        "input", "action", "method", "numDigits", "finishOnKey", "timeout", "actionOnEmptyResult", "bargeIn",
    },
    "Redirect": {"method"},
    "Hangup": set(),
    "Message": {"statusCallback"},
}  # fmt: skip
VOICE = frozenset({"Say", "Pause", "Gather", "Redirect", "Hangup"})
TEXT = frozenset({"Message"})


def parse(body: str, allowed: frozenset[str]) -> tuple[Verb, ...]:
    """The verbs of a `<Response>` in order; `allowed` is VOICE or TEXT.

    Raises TwimlError naming the verb, attribute or value that is outside the subset."""
    try:
        root = ET.fromstring(body)
    except ET.ParseError as error:
        raise TwimlError(
            12100, f"document parse failure: {ErrorString(error.code)} at {error.position}"
        ) from None
    if root.tag != "Response":
        raise TwimlError(12100, f"the root element is <{root.tag}>, not <Response>")
    _no_attributes(root, set())
    _no_text(root)
    return tuple(_verb(element, allowed) for element in root)


def _verb(element: ET.Element, allowed: frozenset[str]) -> Verb:
    name = element.tag
    if name not in allowed:
        raise TwimlError(12200, f"<{name}> is outside the subset played here: {', '.join(sorted(allowed))}")
    _no_attributes(element, _ATTRIBUTES[name])
    if name == "Gather":
        return _gather(element)
    _no_children(element)
    if name == "Say":
        return _say(element)
    if name == "Redirect":
        return Redirect(_text(element), _method(element))
    if name == "Message":
        return TextReply(_text(element), element.get("statusCallback"))
    _no_text(element)
    if name == "Pause":
        return Pause(float(_whole(element, "length", 1, low=0)))
    return Hangup()


def _say(element: ET.Element) -> Say:
    language = element.get("language")
    if language is not None and not _LANGUAGES.fullmatch(language):
        raise TwimlError(12200, f"<Say language={language!r}> is no language tag such as zh-CN")
    return Say(_text(element), language)


def _gather(element: ET.Element) -> Gather:
    _no_text(element)
    if element.get("input", "dtmf") != "dtmf":
        raise TwimlError(12200, f"<Gather input={element.get('input')!r}>: only dtmf is heard here")
    finish = element.get("finishOnKey", "#")
    if finish and finish not in _KEYS:
        raise TwimlError(12200, f"<Gather finishOnKey={finish!r}> is not one key of 0-9, * and #, nor empty")
    nested = tuple(_verb(child, frozenset({"Say", "Pause"})) for child in element)
    return Gather(
        prompts=tuple(verb for verb in nested if isinstance(verb, Say | Pause)),
        action=element.get("action"),
        method=_method(element),
        num_digits=_whole(element, "numDigits", 0, low=1),
        finish_on_key=finish,
        timeout_s=float(_whole(element, "timeout", 5, low=1)),
        action_on_empty=_flag(element, "actionOnEmptyResult", default=False),
        barge_in=_flag(element, "bargeIn", default=True),
    )


def _text(element: ET.Element) -> str:
    text = (element.text or "").strip()
    if not text:
        raise TwimlError(12200, f"<{element.tag}> is empty")
    return text


def _method(element: ET.Element) -> str:
    method = element.get("method", "POST")
    if method not in ("POST", "GET"):
        raise TwimlError(12200, f"<{element.tag} method={method!r}> is neither POST nor GET")
    return method


def _whole(element: ET.Element, name: str, default: int, low: int) -> int:
    text = element.get(name)
    if text is None:
        return default
    if not text.isdigit() or int(text) < low:
        raise TwimlError(12200, f"<{element.tag} {name}={text!r}> is not a whole number of at least {low}")
    return int(text)


def _flag(element: ET.Element, name: str, *, default: bool) -> bool:
    text = element.get(name)
    if text is None:
        return default
    if text not in ("true", "false"):
        raise TwimlError(12200, f"<{element.tag} {name}={text!r}> is neither true nor false")
    return text == "true"


def _no_attributes(element: ET.Element, known: set[str]) -> None:
    for name in element.attrib:
        if name not in known:
            raise TwimlError(
                12200, f"<{element.tag}> has the attribute {name!r}, which is outside the subset"
            )


def _no_children(element: ET.Element) -> None:
    if len(element):
        raise TwimlError(12200, f"<{element[0].tag}> may not stand inside <{element.tag}>")


def _no_text(element: ET.Element) -> None:
    stray = [element.text, *(child.tail for child in element)]
    if any(text and text.strip() for text in stray):
        raise TwimlError(12200, f"stray text inside <{element.tag}>")
