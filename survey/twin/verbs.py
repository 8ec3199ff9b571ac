"""The TwiML verbs that are played here, as read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Say:
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """`url` as written, absolute or relative to the document's."""

    url: str


@dataclass(frozen=True, slots=True)
class Pause:
    length_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Gather:
    """Keys or speech wanted while and after its prompts are played; `num_digits` 0 means as many as come.

    `speech_timeout_s` is the silence that ends what is said, None the recogniser's own judgement."""

    prompts: tuple[Say | Play | Pause, ...]
    action: str | None = None
    method: str = "POST"
    keys: bool = True
    speech: bool = False
    num_digits: int = 0
    finish_on_key: str = "#"
    timeout_s: float = 5.0
    language: str = "en-US"
    speech_timeout_s: float | None = None
    hints: tuple[str, ...] = ()
    action_on_empty: bool = False
    barge_in: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """What is said after the beep is recorded, until so much silence, one of the keys, or the greatest length.

    `transcribe` is true with a callback too, as Twilio has it."""

    action: str | None = None
    method: str = "POST"
    max_length_s: float = 3600.0
    timeout_s: float = 5.0
    finish_on_key: str = "1234567890*#"
    play_beep: bool = True
    trim: bool = True
    transcribe: bool = False
    transcribe_callback: str | None = None
    status_callback: str | None = None
    status_method: str = "POST"


@dataclass(frozen=True, slots=True)
class Conference:
    """A room that the call is let into (`<Dial><Conference>`); `status_events` are reported to `status_callback`."""

    name: str
    beep: str = "true"
    start_on_enter: bool = True
    end_on_exit: bool = False
    status_callback: str | None = None
    status_events: frozenset[str] = frozenset()


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


Prompt = Say | Play | Pause
Verb = Say | Play | Pause | Gather | Record | Conference | Redirect | Hangup | TextReply
