"""PURE. Who is there: what a page is handed of the person in front of it."""

from dataclasses import dataclass

from survey.access.refusals import NotPermitted
from survey.access.roles import Grant, Permission, may, permissions, roles_policy


@dataclass(frozen=True)
class SignedIn:
    """A person with their roles. `called`: how the page addresses them. `contractor`: they see masked numbers only.
    `visitor`: nobody signed in; the page is open because nobody real is in it."""

    account_id: int | None
    name: str
    called: str
    contractor: bool
    grants: tuple[Grant, ...]
    visitor: bool = False

    @property
    def permissions(self) -> frozenset[Permission]:
        """What they may do in one area or another."""
        return frozenset(roles_policy().visitor) if self.visitor else permissions(self.grants)

    def may(self, permission: Permission, area: str) -> bool:
        """Whether they may do it in `area`, the code of a county, township …"""
        return permission in self.permissions if self.visitor else may(self.grants, permission, area)

    def require(self, permission: Permission, area: str) -> None:
        """Raises NotPermitted, which the page answers with 403, and keeps."""
        if not self.may(permission, area):
            raise NotPermitted(f"{permission} {area}")


VISITOR = SignedIn(None, "visitor", "访客 visitor", contractor=False, grants=(), visitor=True)
