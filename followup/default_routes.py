"""To whom matters go by default, as data (`policies/routes.yaml`): by category, else by duty (`policies/duties.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict

from followup.duties import duties
from survey.policies import packaged


class DefaultRoutes(BaseModel):
    """The body of policy `routes`: keys of units by leaf and by group, the likely lead first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    leaves: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[str, ...]]

    def of_category(self, code: str) -> tuple[str, ...]:
        """Of a leaf, else of its group; nothing where the category is in neither."""
        return self.leaves.get(code) or self.groups.get(code[:2], ())


@cache
def default_routes() -> DefaultRoutes:
    """The packaged policy."""
    return DefaultRoutes.model_validate(packaged("followup.policies", "routes").body)


def keys_for(category: str, duty_no: int) -> tuple[tuple[str, ...], ...]:
    """Keys of units to try, by category and then by duty."""
    return default_routes().of_category(category), duties().of_number(duty_no).route
