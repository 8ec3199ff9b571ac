"""Several accounts as one carrier: work goes out by the account that owns the number, and answers are looked for in all."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from survey.channels.base import Carrier, InboundText, Placed, Progress
from survey.field.who_answered import Detection


class SeveralAccounts:
    """`owners`: the account of each of our numbers. The first account is that of numbers which are not in it."""

    def __init__(self, accounts: Sequence[Carrier], owners: Mapping[str, Carrier]) -> None:
        self._accounts = tuple(accounts)
        self._owners = dict(owners)

    def _of(self, caller: str | None) -> Carrier:
        return self._owners.get(caller or "", self._accounts[0])

    async def call(
        self,
        number: str,
        *,
        answer_url: str,
        status_url: str,
        detection: Detection = "none",
        machine_url: str = "",
        caller: str | None = None,
        longest_s: int | None = None,
    ) -> Placed:
        return await self._of(caller).call(
            number,
            answer_url=answer_url,
            status_url=status_url,
            detection=detection,
            machine_url=machine_url,
            caller=caller,
            longest_s=longest_s,
        )

    async def text(
        self, number: str, body: str, *, status_url: str, valid_s: int, caller: str | None = None
    ) -> Placed:
        return await self._of(caller).text(
            number, body, status_url=status_url, valid_s=valid_s, caller=caller
        )

    async def look_up_call(self, sid: str) -> Progress | None:
        for account in self._accounts:
            if (found := await account.look_up_call(sid)) is not None:
                return found
        return None

    async def look_up_text(self, sid: str) -> Progress | None:
        for account in self._accounts:
            if (found := await account.look_up_text(sid)) is not None:
                return found
        return None

    async def calls_since(self, since: datetime) -> list[Progress]:
        return [one for account in self._accounts for one in await account.calls_since(since)]

    async def texts_since(self, since: datetime) -> list[Progress]:
        return [one for account in self._accounts for one in await account.texts_since(since)]

    async def inbound_texts_since(self, since: datetime) -> list[InboundText]:
        return [one for account in self._accounts for one in await account.inbound_texts_since(since)]

    async def cancel_call(self, sid: str) -> bool:
        """An account that never had it hears it, too, and says no: heard is what all have heard."""
        return all([await account.cancel_call(sid) for account in self._accounts])

    async def end_call(self, sid: str) -> None:
        for account in self._accounts:
            await account.end_call(sid)

    async def cancel_text(self, sid: str) -> bool:
        return all([await account.cancel_text(sid) for account in self._accounts])

    async def recording(self, sid: str) -> bytes | None:
        for account in self._accounts:
            if (found := await account.recording(sid)) is not None:
                return found
        return None

    async def delete_recording(self, sid: str) -> bool:
        """An account that never had it says so, too: gone is what none has."""
        return all([await account.delete_recording(sid) for account in self._accounts])

    async def close(self) -> None:
        for account in self._accounts:
            await account.close()
