"""Where something stands in a YAML document: file, line, column. And reading YAML so that a hostile file costs little."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import yaml

MOST_BYTES: Final = 8 * 2**20
"""A form of 5,000 questions in two languages takes about 2 MiB."""
MOST_LEVELS: Final = 100
"""Values inside values. What builds them calls itself at each level, in C as well, where too many end the process."""
MOST_NODES: Final = 1_000_000
"""Values in the document with every alias written out; an alias of aliases may mean billions."""

Step: TypeAlias = str | int
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXTS: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Takes every value for the text that stands there: no is no, and 010 is 010."""


class UnreadableYaml(ValueError):
    """Not YAML, or YAML that is not read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Place:
    """`line` and `column` count from 1; `cell` instead of them in a workbook: "survey!C7"."""

    file: str
    line: int | None = None
    column: int | None = None
    cell: str | None = None

    def __str__(self) -> str:
        if self.cell is not None:
            return f"{self.file}, {self.cell}"
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class YamlDocument:
    """A parsed document that still knows where each of its values stands."""

    def __init__(self, body: str, name: str, *, as_texts: bool = False) -> None:
        """as_texts: no value is taken for a number, a date or a truth. Raises UnreadableYaml."""
        self.name = name
        self._loader = _TEXTS if as_texts else _LOADER
        if len(body) > MOST_BYTES:
            raise UnreadableYaml(f"{name}: larger than {MOST_BYTES // 2**20} MiB; split the questionnaire")
        self._node: yaml.Node | None = None
        self.value: object = None
        try:
            _refuse_depth(body, name)
            self._read(body, name)
        except UnreadableYaml:
            raise
        except yaml.YAMLError as error:
            raise UnreadableYaml(f"{_marked(name, error)}: not YAML: {_problem(error)}") from error
        except ValueError as error:
            # a day that no calendar has, a number of thousands of digits, half a character
            told = f"{name}: a value cannot be read: {error}; correct it, or put it in quotation marks"
            raise UnreadableYaml(told) from error

    def _read(self, body: str, name: str) -> None:
        loader = self._loader(body)
        try:
            self._node = loader.get_single_node()
            if self._node is not None:
                _refuse_bombs(self._node, name)
                _refuse_double_keys(self._node, name)
                self.value = loader.construct_document(self._node)
        finally:
            loader.dispose()

    def place(self, path: Sequence[Step]) -> Place:
        """Where the value at this path stands, or the nearest one around it that there is."""
        node = self._node
        for step in path:
            inner = _inner(node, step)
            if inner is None:
                break
            node = inner
        if node is None:
            return Place(self.name)
        return Place(self.name, node.start_mark.line + 1, node.start_mark.column + 1)


def _inner(node: yaml.Node | None, step: Step) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == str(step):
                found: yaml.Node = value
                return found
    return None


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return []


def _refuse_depth(body: str, name: str) -> None:
    """Reads no further than the first value that lies too deep."""
    levels = 0
    for event in yaml.parse(body, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            levels += 1
            if levels > MOST_LEVELS:
                mark = event.start_mark
                at = name if mark is None else f"{name}:{mark.line + 1}:{mark.column + 1}"
                raise UnreadableYaml(f"{at}: nested over {MOST_LEVELS} levels deep; write it flatter")
        elif isinstance(event, yaml.CollectionEndEvent):
            levels -= 1


def _refuse_bombs(root: yaml.Node, name: str) -> None:
    """The size with aliases written out, each node counted once and reused: linear in what was written."""
    sizes: dict[int, int] = {}
    under_way: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, counted = stack.pop()
        if counted:
            under_way.discard(id(node))
            sizes[id(node)] = 1 + sum(sizes[id(child)] for child in _children(node))
            if sizes[id(node)] > MOST_NODES:
                raise UnreadableYaml(
                    f"{_at(name, node)}: with its aliases written out this has over {MOST_NODES:,} values; "
                    "write less, or without aliases of aliases"
                )
        elif id(node) in under_way:
            raise UnreadableYaml(
                f"{_at(name, node)}: an alias inside what it stands for; write the value out"
            )
        elif id(node) not in sizes:
            under_way.add(id(node))
            stack.append((node, True))
            stack.extend((child, False) for child in _children(node) if id(child) not in sizes)


def _refuse_double_keys(root: yaml.Node, name: str) -> None:
    """YAML would keep the last one and drop the others without a word."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            keys: set[str] = set()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value in keys and key.value != "<<":
                    raise UnreadableYaml(
                        f"{_at(name, key)}: the key {key.value} stands twice; join the two, or rename one"
                    )
                keys.add(str(key.value) if isinstance(key, yaml.ScalarNode) else "")
        stack.extend(_children(node))


def _at(name: str, node: yaml.Node) -> str:
    return f"{name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"


def _marked(name: str, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{name}:{mark.line + 1}:{mark.column + 1}" if mark is not None else name


def _problem(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or error)
