"""How a list says no: to a file (`ListError`), to a row (`Refusal`), to a field (`FieldRefused`)."""

from dataclasses import dataclass


class ListError(Exception):
    """Nothing of this file can be kept: what is wrong with it, where, and what to do about it."""

    def __init__(self, file_name: str, what: str, remedy: str) -> None:
        super().__init__(f"{file_name}: {what}. {remedy}.")
        self.file_name = file_name
        self.what = what
        self.remedy = remedy


class RefusedColumn(ListError):
    """The file holds a column that this service never keeps (health, religion, ID-card numbers, …)."""


class FieldRefused(Exception):
    """One field of one row cannot be taken. The reason never repeats a phone number or an ID-card number."""

    def __init__(self, reason: str, remedy: str, field: str | None = None) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason = reason
        self.remedy = remedy
        self.field = field


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why the row on `line` (from 1) was not kept. `field` is the heading as the file has it."""

    line: int
    field: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: {self.reason}; {self.remedy}"
