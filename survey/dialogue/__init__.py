"""The dialogue: a pure function from a questionnaire, a state and an input to the next state and a turn."""

from survey.dialogue.disposition import disposition
from survey.dialogue.effects import Answered, Effect, Handover, OptOut, Told, WrongPerson
from survey.dialogue.engine import MissingFacts, start, step
from survey.dialogue.inputs import Choice, Correct, Digits, Hangup, Input, Message, NoInput, Words
from survey.dialogue.state import State
from survey.dialogue.turn import Expect, Option, Turn

__all__ = [
    "Answered",
    "Choice",
    "Correct",
    "Digits",
    "Effect",
    "Expect",
    "Handover",
    "Hangup",
    "Input",
    "Message",
    "MissingFacts",
    "NoInput",
    "OptOut",
    "Option",
    "State",
    "Told",
    "Turn",
    "Words",
    "WrongPerson",
    "disposition",
    "start",
    "step",
]
