"""The body of policy `sign_in`, typed; what each number means stands beside it in sign_in.yaml."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from survey.policies import packaged


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Argon2(_Part):
    time_cost: int
    memory_kib: int
    parallelism: int
    at_once: int


class PasswordRule(_Part):
    shortest: int
    longest: int
    different: int
    worn: tuple[str, ...]
    beside_worn: int
    first_days: int


class LockRule(_Part):
    within_s: int
    account: int
    source: int
    lasts_s: int


class SessionRule(_Part):
    idle_s: int
    longest_s: int
    noted_every_s: int


class ElsewhereRule(_Part):
    within_s: int


class CodeRule(_Part):
    step_s: int
    digits: int
    steps_off: int
    recovery: int
    issuer: str


class SignInPolicy(_Part):
    argon2: Argon2
    password: PasswordRule
    lock: LockRule
    session: SessionRule
    code: CodeRule
    elsewhere: ElsewhereRule


@cache
def sign_in_policy() -> SignInPolicy:
    """The packaged policy."""
    return SignInPolicy.model_validate(packaged("survey.access", "sign_in").body)
