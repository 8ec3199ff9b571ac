"""By what a sample was drawn: enough to draw it again, bit for bit, and to say what differs if that cannot be done."""

from datetime import datetime
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict

from survey.sampling.allocation import Method
from survey.sampling.draw import Drawn, Frame, draw

VERSION: Final = 1
"""Of the way in which a draw is made; raised whenever the same record would come to another sample."""


class CannotRedraw(ValueError):
    """The draw cannot be repeated; the message says what differs."""


class DrawRecord(BaseModel):
    """One draw. `at`: the list as it was then; `rested_since`: whoever was in a sample after that was left out; `frame`: people
    per stratum; `wanted`: people drawn per stratum; `start`: the pointer of each stratum's circle."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Literal["rotation"] = "rotation"
    version: int = VERSION
    allocation: Method
    number: int
    at: datetime
    key_id: str
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
        """A stored record; None where the draw was made before records were kept like this."""
        return cls.model_validate(stored) if stored.get("method") else None

    def redraw(self, frame: Frame, frame_sha256: str, key_id: str) -> Drawn:
        """The same sample again. Raises CannotRedraw."""
        if self.version != VERSION:
            raise CannotRedraw(
                f"it was drawn by version {self.version} of the method; this program has version {VERSION}"
            )
        if self.key_id != key_id:
            raise CannotRedraw(
                f"permanent random numbers come of key {self.key_id}; here the key is {key_id}"
            )
        if self.frame_sha256 != frame_sha256:
            raise CannotRedraw(
                f"the list of {self.at.isoformat()} has the hash {frame_sha256[:16]}…, the record {self.frame_sha256[:16]}…: "
                "people were added, moved or deleted behind it"
            )
        return draw(frame, self.wanted, self.start)
