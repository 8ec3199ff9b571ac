"""By what a sample was drawn: enough to draw it again, bit for bit, and to say what differs if that cannot be done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict

from survey.sampling.allocation import Method

VERSION: Final = 2
"""Of the way in which a draw is made; raised whenever the same record would come to another sample. Since 2 a draw begins where
the last one of its township left off, and the hash is that of the lists."""


class CannotRedraw(ValueError):
    """The draw cannot be repeated; the message says what differs."""


class DrawRecord(BaseModel):
    """One draw. `at`: the lists as they were then; `lists`: which these are; `rested_since`: whoever was in a sample after that
    was left out; `frame`: people per stratum who could be drawn; `wanted`: people drawn per stratum; `start`, `pointer`: where
    each stratum's circle was entered (0 where it is not named), and left."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Literal["rotation"] = "rotation"
    version: int = VERSION
    allocation: Method
    number: int
    at: datetime
    key_id: str
    lists: tuple[int, ...]
    frame_sha256: str
    rested_since: datetime
    areas: tuple[str, ...]
    frame: dict[str, int]
    wanted: dict[str, int]
    start: dict[str, float] = {}
    pointer: dict[str, float]
    replicate: int | None = None

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self | None:
        """A stored record; None where no sample was drawn. Raises CannotRedraw where another version of the method drew it."""
        if not was_drawn(stored):
            return None
        if stored["version"] != VERSION:
            raise CannotRedraw(
                f"it was drawn by version {stored['version']} of the method; this program has version {VERSION}"
            )
        return cls.model_validate(stored)

    def base_weight(self, stratum: str) -> float:
        """Of everybody drawn in this stratum: N_h / n_h."""
        return self.frame[stratum] / self.wanted[stratum]

    def check_lists(self, frame_sha256: str, key_id: str) -> None:
        """Raises CannotRedraw unless the lists are what they were, under the same key."""
        if self.key_id != key_id:
            raise CannotRedraw(
                f"permanent random numbers come of key {self.key_id}; here the key is {key_id}"
            )
        if self.frame_sha256 != frame_sha256:
            raise CannotRedraw(
                f"the list of {self.at.isoformat()} has the hash {frame_sha256[:16]}…, the record {self.frame_sha256[:16]}…: "
                "people were added, moved or deleted behind it"
            )

    def check_frame(self, frame: Mapping[str, int]) -> None:
        """Raises CannotRedraw unless as many people of each stratum could be drawn."""
        for code in sorted(self.frame.keys() | frame.keys()):
            then, now = self.frame.get(code, 0), frame.get(code, 0)
            if then != now:
                raise CannotRedraw(
                    f"of {code}, {now} people could have been drawn at {self.at.isoformat()}, and {then} could when it was: "
                    "opt-outs, wrong numbers or earlier samples were changed behind it"
                )


def was_drawn(stored: Mapping[str, Any]) -> bool:
    """Whether this is the record of a draw, by whatever version."""
    return bool(stored.get("method"))
