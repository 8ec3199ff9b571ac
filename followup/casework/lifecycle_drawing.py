"""docs/lifecycle.svg: the lifecycle table as a picture. Places stand in lifecycle_drawing.yaml, all else in the table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from typing import Any

from followup.casework.lifecycle import CLOSED, HELD, OPEN, Transition, transitions
from followup.casework.states import states, words
from survey.policies import packaged_data

Arrow = tuple[str, str]
BEGIN, ANY_OPEN = "begin", "any_open"
HALF_WIDTH, HALF_HEIGHT = 70, 28
PILL_HEIGHT, PILL_WIDTH = 44, 190

STYLE = """
    text { font-family: "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei",
           "WenQuanYi Zen Hei", "Helvetica Neue", Arial, sans-serif; fill: #1d2733 }
    .zh { font-size: 17px; font-weight: 600; text-anchor: middle }
    .en { font-size: 12px; fill: #46566a; text-anchor: middle }
    .row { font-size: 12.5px; fill: #24456b; font-weight: 600 }
    .rowen { font-size: 11px; fill: #46566a }
    .clock { font-size: 11.5px; fill: #8a5a00; text-anchor: middle }
    .box { stroke: #3d4a5c; stroke-width: 1.5 }
    .line { fill: none; stroke: #3d4a5c; stroke-width: 1.6; marker-end: url(#a) }
    .again { stroke: #b4412f; marker-end: url(#r) }
    .end { stroke: #2f7a4f; marker-end: url(#g) }
    .halo { paint-order: stroke; stroke: #f6f4ee; stroke-width: 4px; stroke-linejoin: round }"""

FILL = {"open": "#ffffff", "held": "#fff3d6", "closed": "#dff0e4", "beside": "#e6eef7"}
AGAIN = ("18", "18a", "20a", "23", "17", "21b")


@cache
def layout() -> dict[str, Any]:
    """The places."""
    return packaged_data("followup.casework", "lifecycle_drawing")


def arrows(table: Sequence[Transition] | None = None) -> Mapping[Arrow, list[Transition]]:
    """What must be drawn: from where to where, with the rows of the table; groups stand for their states."""
    found: dict[Arrow, list[Transition]] = defaultdict(list)
    for row in table or transitions():
        for start in _starts(row):
            rows = found[start, _place(row.to)]
            if row not in rows:
                rows.append(row)
    return dict(found)


def _starts(row: Transition) -> Iterator[str]:
    left = set(row.from_states)
    if not left:
        yield BEGIN
    if set(OPEN) <= left:
        yield ANY_OPEN
        left -= {*OPEN, *HELD}
    yield from sorted({_place(state) for state in left} - {_place("answered") if row.row == "24" else ""})


def _place(state: str) -> str:
    return "ends" if state in CLOSED else state


def drawing() -> str:
    """The whole picture, as SVG."""
    width, height = layout()["size"]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img" aria-labelledby="t d">',
            '  <title id="t">事项的流转 · The lifecycle of a case</title>',
            '  <desc id="d">从登记、受理、呈报、交办、签收、办理、反馈、审核、回访到办结，不满意的再次交办。From registration to '
            "the callback and the end, with every way back; drawn from the lifecycle table.</desc>",
            f"  <defs>{_marker('a', '#3d4a5c')}{_marker('r', '#b4412f')}{_marker('g', '#2f7a4f')}</defs>",
            f"  <style>{STYLE}\n  </style>",
            f'  <rect x="1" y="1" width="{width - 2}" height="{height - 2}" rx="14" fill="#f6f4ee" stroke="#d9d4c6"/>',
            *_lines(),
            *(_box(state, *at) for state, at in layout()["boxes"].items()),
            *_group(),
            *_any_open(),
            *_labels(),
            *_stays(),
            *_key(height),
            "</svg>",
            "",
        ]
    )


def _marker(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        f'orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="{colour}"/></marker>'
    )


def _drawn() -> Iterator[tuple[list[Transition], Mapping[str, Any]]]:
    """Every arrow with its way, loops left out."""
    for (start, to), rows in arrows().items():
        if start != to:
            yield rows, layout()["begin"][to] if start == BEGIN else layout()["arrows"][f"{start}>{to}"]


def _lines() -> Iterator[str]:
    for rows, way in _drawn():
        kind = "again" if rows[0].row in AGAIN else "end" if rows[0].to in (*CLOSED, "archived") else ""
        points = " L".join(f"{x} {y}" for x, y in way["points"])
        yield f'  <path class="line {kind}" d="M{points}"/>'


def _labels() -> Iterator[str]:
    for rows, way in _drawn():
        x, y, anchor = way["label"]
        yield _label(rows, x, y, anchor)


def _label(rows: Sequence[Transition], x: int, y: int, anchor: str) -> str:
    several = f"{rows[0].row}–{rows[-1].row}"  # the column that they lead to names them
    said = several if len(rows) > 3 else "、".join(f"{row.row} {row.zh}" for row in rows)
    return f'  <text class="row halo" x="{x}" y="{y}" text-anchor="{anchor}">{escape(said)}</text>'


def _box(state: str, x: int, y: int) -> str:
    name = words(state)
    policy = states()
    kind = "held" if state in policy.held else "open" if state in policy.open else "beside"
    clock = policy.waiting.get(state)
    lower = f"时限 {clock.clock}" if clock else ""
    middle = y - 4 if clock else y + 1
    return (
        f'  <rect class="box" x="{x - HALF_WIDTH}" y="{y - HALF_HEIGHT}" width="{2 * HALF_WIDTH}" '
        f'height="{2 * HALF_HEIGHT}" rx="9" fill="{FILL[kind]}"/>\n'
        f'  <text class="zh" x="{x}" y="{middle - 5}">{escape(name.zh)}</text>\n'
        f'  <text class="en" x="{x}" y="{middle + 10}">{escape(name.en)}</text>\n'
        + (f'  <text class="clock" x="{x}" y="{y + 22}">{escape(lower)}</text>' if lower else "")
    ).rstrip()


def _group() -> Iterator[str]:
    group = layout()["groups"]["ends"]
    x, y = group["at"]
    names = group["states"]
    top = y - PILL_HEIGHT * len(names) // 2
    yield (
        f'  <rect x="{x - PILL_WIDTH // 2}" y="{top - 14}" width="{PILL_WIDTH}" '
        f'height="{PILL_HEIGHT * len(names) + 28}" rx="12" fill="#eef6f0" stroke="#2f7a4f" stroke-dasharray="5 4"/>'
    )
    for place, state in enumerate(names):
        name, middle = words(state), top + PILL_HEIGHT * place + PILL_HEIGHT // 2
        yield (
            f'  <rect class="box" x="{x - 86}" y="{middle - 19}" width="172" height="38" rx="19" '
            f'fill="{FILL["closed"]}" style="stroke:#2f7a4f"/>'
        )
        yield f'  <text class="zh" x="{x}" y="{middle - 2}" style="font-size:14px">{escape(name.zh)}</text>'
        yield f'  <text class="en" x="{x}" y="{middle + 12}" style="font-size:11px">{escape(name.en)}</text>'


def _any_open() -> Iterator[str]:
    x, y = layout()["any_open"]
    yield (
        f'  <rect class="box" x="{x - 110}" y="{y - 24}" width="220" height="48" rx="9" fill="#fbfaf6" '
        'style="stroke-dasharray:6 4"/>'
    )
    yield f'  <text class="zh" x="{x}" y="{y - 3}" style="font-size:15px">任一未办结的状态</text>'
    yield f'  <text class="en" x="{x}" y="{y + 14}">any state that is not closed</text>'


def _stays() -> Iterator[str]:
    """What happens without leaving a state stands under or over its box."""
    for (start, to), rows in arrows().items():
        if start == to:
            x, y = layout()["boxes"][start]
            lines = [f"↻ {row.row} {row.zh}" for row in rows]
            for place, said in enumerate(lines):
                above = y - HALF_HEIGHT - 8 - 15 * (len(lines) - 1 - place)
                yield f'  <text class="row halo" x="{x}" y="{above}" text-anchor="middle">{escape(said)}</text>'


def _key(height: int) -> Iterator[str]:
    said = (
        "数字是流转表的行号 numbers are rows of the table",
        "时限 the clock that runs there",
        "红:再办 red: again",
        "绿:办结 green: ends",
    )
    yield f'  <text class="rowen" x="30" y="{height - 22}">{escape(" · ".join(said))}</text>'
