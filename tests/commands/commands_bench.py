"""What the tests of the commands share: a small county's areas, and how `minyi` is run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from click.testing import Result

CENTRE = "991721"
AREAS = [
    ("9917", None, "city", "安澜市", "Anlan City"),
    ("991721", "9917", "county", "遂澜县", "Suilan County"),
    ("991721100", "991721", "township", "柳河镇", "Liuhe Town"),
    ("991721100200", "991721100", "village", "王庄村", "Wangzhuang Village"),
]

Minyi = Callable[..., Awaitable[Result]]
