"""What comes at the same moment is taken together, in order, and nobody is left waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from survey.gathering import Gathering


@dataclass
class Desk:
    """Takes what it is given: words in small letters together, others alone. `open` lets it go on."""

    together: list[list[str]] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    fails: bool = False

    async def take_together(self, some: Sequence[str]) -> list[str | None]:
        self.together.append(list(some))
        await self.open.wait()
        if self.fails:
            raise RuntimeError("the whole of it failed")
        return [word.upper() if word.islower() else None for word in some]

    async def take_alone(self, one: str) -> str:
        self.alone.append(one)
        await asyncio.sleep(0)
        if one == "?":
            raise ValueError("not to be taken")
        return f"{one} alone"

    def gathering(self) -> Gathering[str, str]:
        return Gathering(self.take_together, self.take_alone)


async def let_them_come() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_first_is_taken_at_once_and_those_who_come_meanwhile_together() -> None:
    desk = Desk()
    gathering = desk.gathering()
    replies = asyncio.gather(*(gathering.take(word, word) for word in "abcd"))
    await let_them_come()
    late = asyncio.gather(*(gathering.take(word, word) for word in "ef"))
    await let_them_come()
    desk.open.set()
    assert await replies + await late == ["A", "B", "C", "D", "E", "F"]
    assert desk.together == [["a", "b", "c", "d"], ["e", "f"]]


async def test_a_second_lot_begins_where_enough_have_come_and_who_comes_then_waits_for_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("survey.gathering.ENOUGH", 2)
    desk = Desk()
    gathering = desk.gathering()
    replies = []
    for words, taken in (("a", 1), ("b", 1), ("c", 2), ("de", 2), ("f", 2)):
        replies += [asyncio.ensure_future(gathering.take(word, word)) for word in words]
        await let_them_come()
        assert len(desk.together) == taken
    desk.open.set()
    assert await asyncio.gather(*replies) == ["A", "B", "C", "D", "E", "F"]
    assert desk.together == [["a"], ["b", "c"], ["d", "e", "f"]]


async def test_a_lot_that_is_over_leaves_the_few_who_came_meanwhile_to_the_one_that_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("survey.gathering.ENOUGH", 2)
    first, second = Desk(), Desk()
    desks = iter((first, second, second))
    gathering = Gathering(lambda some: next(desks).take_together(some), first.take_alone)
    replies = []
    for words in ("a", "bc", "d"):
        replies += [asyncio.ensure_future(gathering.take(word, word)) for word in words]
        await let_them_come()
    first.open.set()
    await let_them_come()
    assert (first.together, second.together) == ([["a"]], [["b", "c"]])
    second.open.set()
    assert await asyncio.gather(*replies) == ["A", "B", "C", "D"]
    assert second.together == [["b", "c"], ["d"]]


async def test_one_after_the_other_each_is_taken_and_none_waits_for_the_next() -> None:
    desk = Desk()
    desk.open.set()
    gathering = desk.gathering()
    assert [await gathering.take("same", word) for word in "abc"] == ["A", "B", "C"]
    assert desk.together == [["a"], ["b"], ["c"]]


async def test_of_one_person_one_at_a_time_in_order_also_while_one_is_taken_alone() -> None:
    desk = Desk()
    desk.open.set()
    gathering = desk.gathering()
    words = [("he", "a"), ("he", "Stop"), ("he", "b"), ("li", "c")]
    replies = await asyncio.gather(*(gathering.take(key, word) for key, word in words))
    assert replies == ["A", "Stop alone", "B", "C"]
    assert desk.together == [["a", "c"], ["Stop"], ["b"]]


async def test_where_together_fails_each_is_taken_alone_and_fails_alone() -> None:
    desk = Desk(fails=True)
    desk.open.set()
    gathering = desk.gathering()
    replies = await asyncio.gather(*(gathering.take(word, word) for word in "a?b"), return_exceptions=True)
    assert (replies[0], replies[2]) == ("a alone", "b alone")
    assert isinstance(replies[1], ValueError)
    desk.fails = False
    assert await gathering.take("?", "c") == "C"


async def test_who_gives_up_waiting_is_taken_all_the_same_and_disturbs_nobody() -> None:
    desk = Desk()
    gathering = desk.gathering()
    gone = asyncio.ensure_future(gathering.take("a", "a"))
    stays = asyncio.ensure_future(gathering.take("b", "b"))
    await let_them_come()
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    desk.open.set()
    assert await stays == "B"
    assert await gathering.take("a", "c") == "C"
    assert desk.together == [["a", "b"], ["c"]]
