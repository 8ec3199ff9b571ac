"""Groups of an XLSForm that is being written: each is begun once, and ended before the next outer question."""

from collections.abc import Collection, Iterator, Sequence

from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Block, Item
from survey.questionnaire.xlsform.naming import their_name


class Grouping:
    """`in_pieces`: blocks whose questions do not stand together. They are no groups; their condition goes to each
    question instead."""

    def __init__(self, q: Questionnaire, items: Sequence[Item]) -> None:
        self._q, self._items = q, items
        paths = {item.id: self._blocks_around(item) for item in items}
        self.in_pieces = _in_pieces([paths[item.id] for item in items])
        self._paths = {
            name: tuple(one for one in path if one not in self.in_pieces) for name, path in paths.items()
        }
        self._ids = {item.id for item in items}

    def _blocks_around(self, item: Item) -> tuple[str, ...]:
        path: list[str] = []
        name = item.block
        while name is not None:
            path.insert(0, name)
            name = self._q.blocks_by_id[name].block
        return tuple(path)

    def name(self, item: Item, others: Collection[str]) -> str:
        return their_name(item.id, item.block, self._ids | set(others))

    def renamed(self, others: Collection[str]) -> dict[str, str]:
        """Ours -> theirs, where they differ."""
        names = {item.id: self.name(item, others) for item in self._items}
        return {ours: theirs for ours, theirs in names.items() if ours != theirs}

    def relevance(self, item: Item) -> str:
        """The condition of the question itself, with those of the blocks that are no groups."""
        blocks = [self._q.blocks_by_id[name] for name in self._blocks_around(item) if name in self.in_pieces]
        conditions = [*(block.relevant for block in blocks), item.relevant]
        found = [one.source for one in conditions if one is not None]
        return found[0] if len(found) == 1 else " and ".join(f"({source})" for source in found)

    def walk(self) -> Iterator[Item | tuple[Block, str] | None]:
        """Questions; a block with its name as it begins; None as the innermost one ends."""
        sections: dict[tuple[str, ...], set[str]] = {}
        for item in self._items:
            sections.setdefault(self._paths[item.id], set()).add(self.name(item, ()))
        inside: tuple[str, ...] = ()
        for item in self._items:
            path = self._paths[item.id]
            while inside != path[: len(inside)]:
                inside = inside[:-1]
                yield None
            for name in path[len(inside) :]:
                taken = sections.setdefault(inside, set())
                theirs = _group_name(
                    their_name(name, inside[-1] if inside else None, self._q.blocks_by_id), taken
                )
                taken.add(theirs)
                inside = (*inside, name)
                yield self._q.blocks_by_id[name], theirs
            yield item
        yield from (None for _ in inside)


def _group_name(name: str, taken: set[str]) -> str:
    """A group and a question may not share a name where they stand side by side."""
    while name in taken or name == "meta":
        name += "_group"
    return name


def _in_pieces(paths: Sequence[tuple[str, ...]]) -> frozenset[str]:
    ended: set[str] = set()
    pieces: set[str] = set()
    before: tuple[str, ...] = ()
    for path in paths:
        ended.update(set(before) - set(path))
        pieces.update(set(path) & ended)
        before = path
    return frozenset(pieces)
