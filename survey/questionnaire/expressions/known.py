"""What an expression may ask about the interview it stands in."""

from typing import Protocol


class Known(Protocol):
    def text(self, name: str) -> str:
        """The value of `${name}`: the answer to that question (several codes parted by spaces), a calculation
        or a fact; "" where it was not answered, or answered by a missing code."""

    def missing(self, name: str) -> str:
        """The missing code with which the question was answered: dk, refused or no_answer; else ""."""

    def attribute(self, name: str) -> str:
        """A column of the option that is being filtered (choice_filter); "" where it has none."""

    def label(self, name: str, code: str) -> str:
        """What the option `code` of the question `name` is called in the language of the interview."""

    @property
    def now(self) -> str:
        """The local date-time, ISO 8601; "" where it is not known."""


class Nobody:
    """Of whom nothing is known: what a constant part of an expression is evaluated with."""

    def text(self, name: str) -> str:
        return ""

    def missing(self, name: str) -> str:
        return ""

    def attribute(self, name: str) -> str:
        return ""

    def label(self, name: str, code: str) -> str:
        return ""

    @property
    def now(self) -> str:
        return ""
