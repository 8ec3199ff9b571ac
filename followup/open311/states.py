"""What a state of a case is called where anybody reads it."""

from __future__ import annotations

from followup.casework.states import words


def state_name(state: str) -> str:
    """In Chinese and English, as status_notes has it."""
    said = words(state)
    return f"{said.zh} {said.en}"
