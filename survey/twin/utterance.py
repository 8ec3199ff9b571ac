"""What is said to a resident in one turn of a call, and how long it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from .hearing import chinese_characters
from .town import Town


def spoken_s(town: Town, text: str) -> float:
    """How long a voice takes to say it."""
    chinese = chinese_characters(text)
    return chinese / town.speech.zh_per_s + (len(text) - chinese) / town.speech.other_per_s


@dataclass(frozen=True, slots=True)
class Sound:
    """One piece of it: words said by the carrier's voice (`seconds` None: by their length), or a file that was
    played, whose words may be unknown (None)."""

    text: str | None
    seconds: float | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """`text` is what can be understood, `shown` the same with files in it that cannot; `seconds` are without the
    pauses, which are heard first."""

    text: str
    shown: str
    seconds: float
    pauses_s: float = 0.0

    @classmethod
    def of(cls, town: Town, sounds: Sequence[Sound], pauses_s: float = 0.0) -> "Utterance":
        said = "".join(sound.text or "" for sound in sounds if sound.seconds is None)
        played = sum(sound.seconds for sound in sounds if sound.seconds is not None)
        text = "".join(sound.text or "" for sound in sounds)
        shown = "".join(f"[{sound.name}]" if sound.text is None else sound.text for sound in sounds)
        return cls(text, shown, spoken_s(town, said) + played, pauses_s)

    def until(self, town: Town, part: str) -> float:
        """Seconds until this beginning of the text has been heard; a file spreads its words evenly."""
        whole = spoken_s(town, self.text)
        share = spoken_s(town, part)
        return share if self.seconds == whole or not whole else share / whole * self.seconds
