"""What a form leaves for others to read: pages as they were filled in, and texts without the secret of their link."""

import re
from collections.abc import Mapping
from typing import Final

from survey.dialogue.inputs import Correct, Form, from_line
from survey.dialogue.web import BUTTON

BUTTONS: Final = {
    "again": "(这是什么调查?)",
    "person": "(要和工作人员说)",
    "stop": "(不要再联系)",
    "back": "(回上一题)",
}
"""The buttons of the form, as what the resident meant by them; beside those of the operator's screen."""
LINK: Final = re.compile(r"(/f/)[A-Za-z0-9_-]{16,64}")


def written(said: str) -> Mapping[str, str]:
    """The fields of a page as it was stored; none where a button was pressed instead, or where it was deleted."""
    if not said.startswith("web:"):
        return {}
    given = from_line(said)
    return given.values if isinstance(given, Form) else {}


def as_filled_in(said: str) -> str:
    """A stored page as a person reads it: what stood in its fields, or the button."""
    if said in BUTTONS:
        return BUTTONS[said]
    if said.startswith("correct:") and isinstance(from_line(said), Correct):
        return BUTTONS["back"]
    values = dict(written(said))
    button = BUTTONS.get(values.pop(BUTTON, ""), "")
    return "; ".join(one for one in (button, *values.values()) if one)


def without_secret(words: str) -> str:
    """A text with its link cut short, for everybody but the resident: whoever has the whole link can answer in their place."""
    return LINK.sub(r"\1…", words)
