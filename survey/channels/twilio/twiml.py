"""A turn as TwiML. Small templates of ours: building the package's objects costs forty times as much (performance.md §1)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

# How the carrier is told which language to speak (Cantonese goes by its region, standard Arabic by a tag of its own).
VOICE_LANGUAGES = {
    "zh": "zh-CN", "yue": "zh-HK", "en": "en-GB", "ar": "arb", "de": "de-DE", "es": "es-ES", "fr": "fr-FR", "hi": "hi-IN",
    "id": "id-ID", "it": "it-IT", "ja": "ja-JP", "ko": "ko-KR", "pt": "pt-BR", "ru": "ru-RU", "th": "th-TH", "vi": "vi-VN",
}  # fmt: skip
# Its recogniser goes by other tags for these, and takes no zh-CN.
HEARD_LANGUAGES = VOICE_LANGUAGES | {"zh": "cmn-Hans-CN", "yue": "yue-Hant-HK", "ar": "ar-AE"}
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?><Response>'
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")  # BCP 47, as far as a carrier goes with it


@dataclass(frozen=True, slots=True)
class Audio:
    """A prompt that is played instead of spoken; `url` absolute, or relative to the webhook's."""

    url: str


Spoken = str | Audio


def ask(
    prompts: Sequence[Spoken],
    *,
    lang: str,
    action: str,
    num_digits: int,
    timeout_s: int,
    speech: bool = False,
    hints: str = "",
    finish_on_key: bool = False,
) -> str:
    """Say the prompts and wait for keys, or for keys and speech; silence is posted to `action` too.

    `num_digits` keys end the waiting, 0 takes as many as come; `finish_on_key` lets # end it (else # is a key like
    any other). `hints` are the words to be expected, with commas between, where `speech` is listened for."""
    number = f' numDigits="{num_digits}"' if num_digits else ""
    finish = "#" if finish_on_key else ""
    heard = "dtmf speech" if speech else "dtmf"
    return (
        f'{_HEAD}<Gather input="{heard}"{number} finishOnKey="{finish}" timeout="{timeout_s}"'
        f"{_recogniser(lang, hints) if speech else ''}"
        f' actionOnEmptyResult="true" method="POST" action={quoteattr(action)}>{_spoken(prompts, lang)}</Gather></Response>'
    )


def record(
    prompts: Sequence[Spoken],
    *,
    lang: str,
    action: str,
    max_length_s: int,
    timeout_s: int,
    finish_on_key: str = "#",
    transcribe_callback: str | None,
    recording_status_callback: str | None,
) -> str:
    """Say the prompts and record after a tone, until `timeout_s` of silence, one of the keys of `finish_on_key`, or
    `max_length_s`. A recording is posted to `action`; where nobody spoke the carrier goes on to the next verb, which
    posts to `action` too, without a recording."""
    callbacks = _to("recordingStatusCallback", recording_status_callback)
    if transcribe_callback is not None:
        callbacks = ' transcribe="true"' + _to("transcribeCallback", transcribe_callback) + callbacks
    return (
        f'{_HEAD}{_spoken(prompts, lang)}<Record action={quoteattr(action)} method="POST" maxLength="{max_length_s}"'
        f' timeout="{timeout_s}" finishOnKey={quoteattr(finish_on_key)} playBeep="true" trim="trim-silence"'
        f'{callbacks}/><Redirect method="POST">{escape(action)}</Redirect></Response>'
    )


def goodbye(prompts: Sequence[Spoken], *, lang: str) -> str:
    """Say the prompts and end the call."""
    return f"{_HEAD}{_spoken(prompts, lang)}<Hangup/></Response>"


def redirect(url: str) -> str:
    """Nothing is said here; the carrier asks `url` what to say."""
    return f'{_HEAD}<Redirect method="POST">{escape(url)}</Redirect></Response>'


def wait_in(room: str) -> str:
    """An operator's line: they wait in `room` until it is ended. When they leave, whoever is with them is told so."""
    return f'{_HEAD}<Dial><Conference beep="false" endConferenceOnExit="true">{escape(room)}</Conference></Dial></Response>'


def connect(room: str, otherwise: Sequence[Spoken], *, lang: str) -> str:
    """A resident is let into `room`, where an operator waits and hears a tone; `otherwise` is said should it be closed."""
    return (
        f'{_HEAD}<Dial><Conference beep="onEnter" endConferenceOnExit="false">{escape(room)}</Conference></Dial>'
        f"{_spoken(otherwise, lang)}<Hangup/></Response>"
    )


def message(body: str) -> str:
    """Answer an inbound text in the same response; an empty body answers nothing."""
    return f"{_HEAD}<Message>{escape(body)}</Message></Response>" if body else EMPTY


def _to(attribute: str, url: str | None) -> str:
    return "" if url is None else f" {attribute}={quoteattr(url)}"


def _recogniser(lang: str, hints: str) -> str:
    expected = f" hints={quoteattr(hints)}" if hints else ""
    return f' language="{_tag(lang, HEARD_LANGUAGES)}" speechTimeout="auto"{expected}'


def _spoken(prompts: Sequence[Spoken], lang: str) -> str:
    language = _tag(lang, VOICE_LANGUAGES)
    return "".join(
        f"<Play>{escape(prompt.url)}</Play>"
        if isinstance(prompt, Audio)
        else f'<Say language="{language}">{escape(prompt)}</Say>'
        for prompt in prompts
    )


def _tag(lang: str, known: Mapping[str, str]) -> str:
    """Of the table; else the code itself where it looks like a language tag; else British English."""
    return known.get(lang) or (lang if _TAG.fullmatch(lang) else known["en"])
