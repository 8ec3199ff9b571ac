"""The dialogue: a pure function from a questionnaire, a state and an input to the next state and a turn."""

from survey.dialogue.disposition import disposition
from survey.dialogue.effects import (
    Answered,
    CallAt,
    Effect,
    Flagged,
    Forget,
    Handover,
    OptOut,
    Told,
    WrongPerson,
)
from survey.dialogue.engine import MissingFacts, start, step
from survey.dialogue.inputs import (
    Choice,
    Correct,
    Digits,
    Form,
    Hangup,
    Input,
    Message,
    Never,
    NoInput,
    NoSeat,
    Recorded,
    Speech,
    Words,
)
from survey.dialogue.state import State
from survey.dialogue.turn import Expect, Field, Option, Turn

__all__ = [
    "Answered",
    "CallAt",
    "Choice",
    "Correct",
    "Digits",
    "Effect",
    "Expect",
    "Field",
    "Flagged",
    "Forget",
    "Form",
    "Handover",
    "Hangup",
    "Input",
    "Message",
    "MissingFacts",
    "Never",
    "NoInput",
    "NoSeat",
    "OptOut",
    "Option",
    "Recorded",
    "Speech",
    "State",
    "Told",
    "Turn",
    "Words",
    "WrongPerson",
    "disposition",
    "start",
    "step",
]
