"""The body of policy `audit`, typed; what each number means stands beside it in audit.yaml."""

from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from survey.policies import packaged

Share = Annotated[float, Field(ge=0, le=1)]


class AuditPolicy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    share: Share
    most_wrong: Share
    quickest_answer_s: Annotated[float, Field(ge=0)]
    most_missing: Share


@cache
def audit_policy() -> AuditPolicy:
    """The packaged policy."""
    return AuditPolicy.model_validate(packaged("survey.field", "audit").body)
