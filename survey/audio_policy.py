"""The body of policy `audio`, typed; what each number means stands beside it in audio.yaml."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from survey.policies import packaged


class Synthesis(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rate_hz: int
    words_a_minute: int
    voices: dict[str, str]

    def voice(self, lang: str) -> str:
        """The synthesiser's name for a language tag."""
        return self.voices.get(lang) or self.voices.get(lang.partition("-")[0]) or lang.lower()


class AudioPolicy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    shortest_s: float
    longest_s: float
    largest_bytes: int
    lowest_rate_hz: int
    sample_bytes: tuple[int, ...]
    look_again_s: float
    kept_s: int
    synthesis: Synthesis


@cache
def audio_policy() -> AudioPolicy:
    """The packaged policy."""
    return AudioPolicy.model_validate(packaged("survey.policies", "audio").body)
