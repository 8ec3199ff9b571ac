"""Policy `population`, typed: how many people of which kinds a centre's answers stand for."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from survey.policies import packaged
from survey.statistics.calibration_checks import AGREES

KEY: Final = "population"
AREA: Final = "area"
Named = Annotated[str, StringConstraints(min_length=1)]


class Words(BaseModel):
    """Where the numbers come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: Named
    en: Named


class Population(BaseModel):
    """Body of population.yaml, where each entry is explained. `totals`: {margin: {category: people}}; without any
    nothing is known. Margins are `area` and those of `questions`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Literal["raking", "linear"]
    questionnaire: Named
    area: Named
    questions: Mapping[str, Named]
    totals: Mapping[str, Annotated[Mapping[Named, Annotated[float, Field(gt=0)]], Field(min_length=1)]]
    source: Words

    @model_validator(mode="after")
    def _one_population(self) -> "Population":
        if strange := sorted(self.totals.keys() - {AREA, *self.questions}):
            raise ValueError(f"margins {strange} are none; there are {AREA}, {', '.join(self.questions)}")
        sums = {name: sum(one.values()) for name, one in self.totals.items()}
        for (name, ours), (other, theirs) in pairwise(sums.items()):
            if abs(ours - theirs) > AGREES * max(ours, theirs):
                raise ValueError(
                    f"{name} sums to {ours:,.0f} people and {other} to {theirs:,.0f}; all margins are of the same population"
                )
        return self


@cache
def packaged_population() -> Population:
    """The packaged policy, which knows of nobody."""
    return Population.model_validate(packaged("survey.statistics", KEY).body)
