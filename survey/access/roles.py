"""PURE. What a role may do, as roles.yaml has it, and where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from survey.access.areas import contains
from survey.policies import packaged

Permission = Literal[
    "day.read", "desk.work", "numbers.read", "recordings.hear", "quality.check", "campaigns.manage", "campaigns.approve",
    "cases.read", "cases.decide", "cases.supervise", "cases.handle", "reports.read", "reports.issue", "data.export",
    "accounts.manage", "access.audit", "pay.decide", "shifts.plan",
]  # fmt: skip


class PermissionRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str
    second_factor: bool = False


class RoleRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str
    may: tuple[Permission, ...]


class RolesPolicy(BaseModel):
    """The body of policy `roles`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    permissions: Mapping[Permission, PermissionRow]
    roles: Mapping[str, RoleRow]
    visitor: tuple[Permission, ...]

    @model_validator(mode="after")
    def _all_are_listed(self) -> Self:
        used = {one for row in self.roles.values() for one in row.may} | set(self.visitor)
        if unknown := sorted(used - set(self.permissions)):
            raise ValueError(f"roles name permissions that are not listed: {', '.join(unknown)}")
        return self


@cache
def roles_policy() -> RolesPolicy:
    """The packaged policy."""
    return RolesPolicy.model_validate(packaged("survey.access", "roles").body)


@dataclass(frozen=True, order=True)
class Grant:
    """A role in an area and all that lies in it."""

    role: str
    area: str


def may(grants: Iterable[Grant], permission: Permission, area: str) -> bool:
    """Whether one of the roles permits it in `area`."""
    roles = roles_policy().roles
    return any(permission in roles[one.role].may and contains(one.area, area) for one in grants)


def permissions(grants: Iterable[Grant]) -> frozenset[Permission]:
    """What the roles permit, in whichever area."""
    roles = roles_policy().roles
    return frozenset(permission for one in grants for permission in roles[one.role].may)


def needs_second_factor(grants: Iterable[Grant]) -> bool:
    """Whether a password alone is not enough for these roles: they export data or give out accounts."""
    listed = roles_policy().permissions
    return any(listed[permission].second_factor for permission in permissions(grants))
