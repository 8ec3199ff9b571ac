"""What a resident can do at a prompt, and what the carrier listens for there."""

from dataclasses import dataclass
from typing import Literal

from .mind import Meant

WhimKind = Literal["again", "person", "never"]
KeyKind = Literal[
    "answer", "words", "open", "unsure", "wrong", "again", "person", "never", "silence", "begin", "distress", "minor",
    "planted",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ears:
    """What is taken: keys, speech, or both; `language` is the recogniser's."""

    keys: bool = True
    speech: bool = False
    language: str = "en-US"


KEYS_ALONE = Ears()


@dataclass(frozen=True, slots=True)
class Act:
    """`after_s` counts from the first word of the prompt. `keys` "" is silence; `hangs_up` ends the call.

    `meant` is the word for the answer in mind, `thought` all of it; `slip` says that what arrives is not what was
    meant; `puzzled` that the prompt wanted something which could not be made out. What is `said` instead of pressed
    was understood by the recogniser as `speech`, as surely as `confidence` says (0 to 1); `kind` is words then, for
    words may have to be asked again, where a key is an answer."""

    after_s: float
    keys: str = ""
    kind: KeyKind = "silence"
    meant: str | None = None
    slip: bool = False
    hangs_up: bool = False
    puzzled: bool = False
    thought: Meant | None = None
    said: str = ""
    speech: str | None = None
    confidence: float | None = None
