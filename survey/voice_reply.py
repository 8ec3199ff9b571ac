"""What a call says next, as it is stored with the input that it answers: the same request again gets the same."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from survey.claiming import lang_of
from survey.dialogue.turn import Turn
from survey.questionnaire.model import Questionnaire


@dataclass(frozen=True)
class VoiceReply:
    """What to say next on a call. `waits`: for keys (or words, where `speech`), for something to record, or for nothing:
    the call ends. `digits`: keys to wait for, 0 for as many as come, ended by #. `record_s`: the longest recording.
    `step` names the next request. `audio`: the language whose recordings are played, "" where all is spoken."""

    say: tuple[str, ...]
    digits: int
    lang: str
    step: int
    waits: Literal["keys", "recording", "nothing"] = "nothing"
    speech: bool = False
    record_s: int = 0
    audio: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, body: str) -> "VoiceReply":
        values = json.loads(body)
        if "waits" not in values:  # stored before there were recordings
            values["waits"] = "keys" if values["digits"] else "nothing"
        return cls(**{**values, "say": tuple(values["say"])})


def voice_reply(turn: Turn, over: bool, lang: str, step: int, audio: str) -> VoiceReply:
    """The reply to request `step` of a call."""
    expects, say = turn.expects, turn.prompts
    if expects is None or over:
        return VoiceReply(say, 0, lang, step + 1, audio=audio)
    if expects.record_s:
        return VoiceReply(say, 0, lang, step + 1, "recording", record_s=expects.record_s, audio=audio)
    digits, speech = expects.num_digits, expects.speech
    return VoiceReply(say, digits, lang, step + 1, "keys", speech=speech, audio=audio)


def recordings_in(questionnaire: Questionnaire, lang: str) -> str:
    """The language of the recordings that a questionnaire wants played; "" for none."""
    spoken = lang_of(lang)
    return spoken if spoken in questionnaire.voice.audio else ""
