"""Bars of a DOCX as long as their figures: LibreOffice stretches a group of shapes until they fill it."""

from __future__ import annotations

import re

from followup.reports.document.figures import Figure, both
from followup.reports.rendering.docx_blocks import _bar

GROUP = re.compile(r'<a:chExt cx="(\d+)"')
SHAPE = re.compile(r'<wps:wsp>.*?<a:off x="(\d+)".*?<a:ext cx="(\d+)"')


def bar(value: float, low: float | None = None, high: float | None = None) -> str:
    figure = Figure(
        key="a", label=both("甲", "a"), value=value, unit="share", n=65, low=low, high=high, query="q"
    )
    return _bar(figure, 1.0, 4000, 1)


def test_the_shapes_of_every_bar_fill_its_group() -> None:
    for drawn in (bar(0.1), bar(0.5, 0.4, 0.6), bar(1.0)):
        (room,) = map(int, GROUP.findall(drawn))
        reach = [int(off) + int(wide) for off, wide in SHAPE.findall(drawn)]
        assert max(reach) == room


def test_a_tenth_is_drawn_as_a_tenth() -> None:
    (room,) = map(int, GROUP.findall(bar(0.1)))
    assert [int(wide) for _, wide in SHAPE.findall(bar(0.1))] == [room, room // 10]
