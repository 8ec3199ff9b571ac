"""Which post somebody holds, read from how they sign: `督办员-0102` or `supervisor`. Pure.

Until people log in under their own names, the sign is all that says who acts; a rule that asks for a post asks for
such a sign.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

_POSTS: Final = {
    "调查员": "surveyor",
    "审核员": "reviewer",
    "督办员": "supervisor",
    "副主任": "deputy",
    "主任": "director",
    "值班领导": "duty_leader",
    "督查室": "office",
    "市级": "city",
}
_SIGNED: Final = {"director": "主任", "supervisor": "督办员"}
THE_CENTRE: Final = "centre"
"""First handler of what nobody in person was asked: a call by a machine, a text, another system."""
SUPERVISING: Final = ("supervisor", "deputy", "director")
"""Posts that supervise, the first one's own and those above it."""


def post_of(by: str) -> str | None:
    """The post in a sign, None for anybody else: units, systems, names alone."""
    word = by.strip().partition("-")[0]
    if word in _POSTS:
        return _POSTS[word]
    return word if word in _POSTS.values() else None


def signed_as(name: str, roles: Collection[str]) -> str:
    """How whoever decides on cases signs: the post of the first of these roles that they hold, and the name of their account."""
    return f"{next((post for role, post in _SIGNED.items() if role in roles), '督办员')}-{name}"


def supervises(by: str) -> bool:
    """Whether they may undo what surveyors and reviewers have decided."""
    return post_of(by) in SUPERVISING
