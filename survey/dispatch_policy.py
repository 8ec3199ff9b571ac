"""The body of policy `dispatch`, typed; what each number means stands beside it in dispatch.yaml."""

from datetime import time
from functools import cache

from pydantic import BaseModel, ConfigDict, model_validator

from survey.field.who_answered import Detection
from survey.policies import packaged


class DispatchPolicy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    ring_s: int
    check_call_after_s: int
    check_again_s: int
    desk_hold_s: int
    desk_talk_s: int
    wrap_up_s: int
    duty_s: int
    line_token_s: int
    try_again_s: int
    ask_again_after_s: int
    recall_again_s: int
    poll_texts_every_s: int
    poll_texts_idle_s: int
    poll_texts_back_s: int
    thread_hours: dict[str, float]
    receipt_s: int
    key_wait_s: int
    list_at: time
    rest_days: int
    voice_first_age: int
    machine_detection: dict[str, Detection]

    @model_validator(mode="after")
    def _nothing_of_a_case_to_a_machine(self) -> "DispatchPolicy":
        if self.machine_detection["case"] == "beside":
            raise ValueError(
                "machine_detection of cases is none or before: beside it, the opening is said already"
            )
        return self


@cache
def dispatch_policy() -> DispatchPolicy:
    """The packaged policy."""
    return DispatchPolicy.model_validate(packaged("survey.policies", "dispatch").body)
