"""Several accounts as one carrier: what goes out goes by the owner of the number, what is asked is asked of all."""

from __future__ import annotations

from datetime import UTC, datetime

from survey.channels.base import Accepted, Placed, Progress
from survey.channels.several import SeveralAccounts

A, B, LI_NA = "+8615400000000", "+8615400000001", "+8615400000021"
NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)


class Account:
    """Takes everything, and knows one call."""

    def __init__(self, sid: str, deletes: bool = True, hears: bool = True) -> None:
        self.sid, self.deletes, self.hears = sid, deletes, hears
        self.did: list[str] = []

    async def call(self, number: str, *, caller: str | None = None, **_: object) -> Placed:
        self.did.append(f"call from {caller}")
        return Accepted(self.sid)

    async def text(self, number: str, body: str, *, caller: str | None = None, **_: object) -> Placed:
        self.did.append(f"text from {caller}")
        return Accepted(self.sid)

    async def look_up_call(self, sid: str) -> Progress | None:
        return Progress(sid, LI_NA, "busy", None, None) if sid == self.sid else None

    look_up_text = look_up_call

    async def calls_since(self, since: datetime) -> list[Progress]:
        return [Progress(self.sid, LI_NA, "busy", None, None)]

    texts_since = calls_since

    async def cancel_call(self, sid: str) -> bool:
        self.did.append(f"cancel {sid}")
        return self.hears

    cancel_text = cancel_call

    async def end_call(self, sid: str) -> None:
        self.did.append(f"end {sid}")

    async def recording(self, sid: str) -> bytes | None:
        return b"RIFF" if self.sid == "CA2" else None

    async def delete_recording(self, sid: str) -> bool:
        return self.deletes

    async def inbound_texts_since(self, since: datetime) -> list[object]:
        return []

    async def close(self) -> None:
        self.did.append("closed")


async def test_by_the_owner_of_the_number() -> None:
    one, two = Account("CA1"), Account("CA2")
    both = SeveralAccounts([one, two], {A: one, B: two})  # type: ignore[list-item, dict-item]
    urls = {"answer_url": "", "status_url": ""}
    assert await both.call(LI_NA, **urls, caller=B) == Accepted("CA2")
    assert await both.text(LI_NA, "您好", status_url="", valid_s=60, caller=A) == Accepted("CA1")
    assert await both.call(LI_NA, **urls) == Accepted("CA1")
    assert (one.did, two.did) == ([f"text from {A}", "call from None"], [f"call from {B}"])


async def test_what_became_of_it_is_asked_of_all() -> None:
    one, two = Account("CA1"), Account("CA2", deletes=False)
    both = SeveralAccounts([one, two], {})  # type: ignore[list-item]
    found = await both.look_up_call("CA2")
    assert found is not None and found.sid == "CA2"
    assert await both.look_up_text("CA3") is None
    assert [p.sid for p in await both.texts_since(NOON)] == ["CA1", "CA2"]
    assert await both.recording("RE1") == b"RIFF"
    assert not await both.delete_recording("RE1")  # one of them still has it
    assert await both.cancel_call("CA2")
    await both.end_call("CA2")
    await both.close()
    assert one.did == two.did == ["cancel CA2", "end CA2", "closed"]


async def test_a_recall_is_heard_when_all_have_heard_it() -> None:
    away, there = Account("CA1", hears=False), Account("CA2")
    both = SeveralAccounts([away, there], {})  # type: ignore[list-item]
    assert not await both.cancel_text("SM1")  # it may lie with the one that is away
    assert away.did == there.did == ["cancel SM1"]
