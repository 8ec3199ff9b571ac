"""TwiML read strictly: the subset that the service uses, and a visible error for anything else.

Stricter than Twilio on purpose: an attribute that Twilio would ignore or warn of is refused here, so
that a spelling
mistake is found on the bench and not by a resident.
"""

import re
import xml.etree.ElementTree as ET
from xml.parsers.expat import ErrorString

from .verbs import Conference, Gather, Hangup, Pause, Play, Record, Redirect, Say, TextReply, Verb

_KEYS = frozenset("0123456789*#")
_LANGUAGES = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
# The recogniser wants a region, knows Chinese by other tags than the voice does, and takes hints within bounds.
_HEARD = re.compile(r"zh|[a-z]{2,3}(-[A-Za-z0-9]{2,8}){1,3}")
_UNHEARD = {"zh-CN": "cmn-Hans-CN", "zh-HK": "yue-Hant-HK"}
_MOST_HINTS, _LONGEST_HINT = 500, 100
_INPUTS = {
    "dtmf": (True, False),
    "speech": (False, True),
    "dtmf speech": (True, True),
    "speech dtmf": (True, True),
}
_CONFERENCE_EVENTS = frozenset({"start", "end", "join", "leave"})
_FOR_KEYS, _FOR_SPEECH = ("numDigits", "finishOnKey"), ("language", "speechTimeout", "hints")


class TwimlError(ValueError):
    """A document that the carrier will not play; `code` is Twilio's (12100 no XML, 12200 not of the
    schema)."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


_ATTRIBUTES = {
    "Say": {"language", "voice"},
    "Play": set(),
    "Pause": {"length"},
    "Gather": {
        "input", "action", "method", "numDigits", "finishOnKey", "timeout", "actionOnEmptyResult", "bargeIn",
        "language", "speechTimeout", "hints",
    },
    "Record": {
        "action", "method", "maxLength", "timeout", "finishOnKey", "playBeep", "trim", "transcribe",
        "transcribeCallback", "recordingStatusCallback", "recordingStatusCallbackMethod",
    },
    "Dial": set(),
    "Conference": {
        "beep", "startConferenceOnEnter", "endConferenceOnExit", "statusCallback", "statusCallbackEvent",
    },
    "Redirect": {"method"},
    "Hangup": set(),
    "Message": {"statusCallback"},
}  # fmt: skip
VOICE = frozenset({"Say", "Play", "Pause", "Gather", "Record", "Dial", "Redirect", "Hangup"})
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
    if name == "Dial":
        return _dial(element)
    _no_children(element)
    if name == "Say":
        return _say(element)
    if name == "Play":
        return Play(_text(element))
    if name == "Redirect":
        return Redirect(_text(element), _method(element))
    if name == "Message":
        return TextReply(_text(element), element.get("statusCallback"))
    _no_text(element)
    if name == "Record":
        return _record(element)
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
    keys, speech = _inputs(element)
    nested = tuple(_verb(child, frozenset({"Say", "Play", "Pause"})) for child in element)
    return Gather(
        prompts=tuple(verb for verb in nested if isinstance(verb, Say | Play | Pause)),
        action=element.get("action"),
        method=_method(element),
        keys=keys,
        speech=speech,
        num_digits=_whole(element, "numDigits", 0, low=1),
        finish_on_key=_gather_end(element),
        timeout_s=float(_whole(element, "timeout", 5, low=1)),
        language=_heard_language(element),
        speech_timeout_s=_speech_timeout(element),
        hints=_hints(element),
        action_on_empty=_flag(element, "actionOnEmptyResult", default=False),
        barge_in=_flag(element, "bargeIn", default=True),
    )


def _inputs(element: ET.Element) -> tuple[bool, bool]:
    """Whether keys and whether speech is taken, and no attribute that would be of no use then."""
    name = element.get("input", "dtmf")
    if name not in _INPUTS:
        raise TwimlError(
            12200, f"<Gather input={name!r}> is none of dtmf, speech and both with a space between"
        )
    keys, speech = _INPUTS[name]
    for attribute in (() if keys else _FOR_KEYS) + (() if speech else _FOR_SPEECH):
        if attribute in element.attrib:
            raise TwimlError(12200, f"<Gather input={name!r}> makes no use of its {attribute}")
    return keys, speech


def _gather_end(element: ET.Element) -> str:
    finish = element.get("finishOnKey", "#")
    if finish and finish not in _KEYS:
        raise TwimlError(12200, f"<Gather finishOnKey={finish!r}> is not one key of 0-9, * and #, nor empty")
    return finish


def _heard_language(element: ET.Element) -> str:
    tag = element.get("language", "en-US")
    if tag in _UNHEARD:
        raise TwimlError(12200, f"<Gather language={tag!r}> is known to the voice alone: say {_UNHEARD[tag]}")
    if not _HEARD.fullmatch(tag):
        raise TwimlError(12200, f"<Gather language={tag!r}> is no language tag with a region such as en-GB")
    return tag


def _speech_timeout(element: ET.Element) -> float | None:
    if element.get("speechTimeout") in (None, "auto"):
        return None
    return float(_whole(element, "speechTimeout", 0, low=1))


def _hints(element: ET.Element) -> tuple[str, ...]:
    hints = tuple(hint.strip() for hint in element.get("hints", "").split(",") if hint.strip())
    if len(hints) > _MOST_HINTS or any(len(hint) > _LONGEST_HINT for hint in hints):
        raise TwimlError(
            12200,
            f"<Gather hints> holds more than {_MOST_HINTS} phrases, or one of more than {_LONGEST_HINT} characters",
        )
    return hints


def _dial(element: ET.Element) -> Conference:
    """A room, and nothing else: no number is dialled from a document here."""
    _no_text(element)
    if len(element) != 1 or element[0].tag != "Conference":
        raise TwimlError(12200, "<Dial> holds one <Conference> here, and nothing else")
    noun = element[0]
    _no_attributes(noun, _ATTRIBUTES["Conference"])
    _no_children(noun)
    beep = noun.get("beep", "true")
    if beep not in ("true", "false", "onEnter", "onExit"):
        raise TwimlError(12200, f"<Conference beep={beep!r}> is none of true, false, onEnter and onExit")
    events = frozenset(noun.get("statusCallbackEvent", "").split())
    if events - _CONFERENCE_EVENTS:
        unknown = sorted(events - _CONFERENCE_EVENTS)[0]
        raise TwimlError(
            12200, f"<Conference statusCallbackEvent> has {unknown!r}, which is not reported here"
        )
    return Conference(
        name=_text(noun),
        beep=beep,
        start_on_enter=_flag(noun, "startConferenceOnEnter", default=True),
        end_on_exit=_flag(noun, "endConferenceOnExit", default=False),
        status_callback=noun.get("statusCallback"),
        status_events=events,
    )


def _record(element: ET.Element) -> Record:
    finish = element.get("finishOnKey", "1234567890*#")
    if not finish or set(finish) - _KEYS:
        raise TwimlError(12200, f"<Record finishOnKey={finish!r}> is not made of the keys 0-9, * and #")
    trim = element.get("trim", "trim-silence")
    if trim not in ("trim-silence", "do-not-trim"):
        raise TwimlError(12200, f"<Record trim={trim!r}> is neither trim-silence nor do-not-trim")
    callback = element.get("transcribeCallback")
    transcribe = _flag(element, "transcribe", default=callback is not None)
    if callback is not None and not transcribe:
        raise TwimlError(12200, "<Record transcribe='false'> makes no use of its transcribeCallback")
    return Record(
        action=element.get("action"),
        method=_method(element),
        max_length_s=float(_whole(element, "maxLength", 3600, low=1)),
        timeout_s=float(_whole(element, "timeout", 5, low=1)),
        finish_on_key=finish,
        play_beep=_flag(element, "playBeep", default=True),
        trim=trim == "trim-silence",
        transcribe=transcribe,
        transcribe_callback=callback,
        status_callback=element.get("recordingStatusCallback"),
        status_method=_method(element, "recordingStatusCallbackMethod"),
    )


def _text(element: ET.Element) -> str:
    text = (element.text or "").strip()
    if not text:
        raise TwimlError(12200, f"<{element.tag}> is empty")
    return text


def _method(element: ET.Element, name: str = "method") -> str:
    method = element.get(name, "POST")
    if method not in ("POST", "GET"):
        raise TwimlError(12200, f"<{element.tag} {name}={method!r}> is neither POST nor GET")
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
