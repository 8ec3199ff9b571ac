"""A tally in sentences: the same figures as in its line of the table."""

from __future__ import annotations

from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Sentence


def rating_sentences(figures: Figures, prefix: str) -> tuple[Sentence, ...]:
    """Solved, and satisfaction in its three readings; `prefix` of figures that `put_tally` has put."""
    names = ("contacted", "solved", "strict", "half", "broad", "satisfied", "basically", "dissatisfied")
    key = {name: f"{{{prefix}.{name}}}" for name in names}
    solved = Sentence(
        words=both(
            f"联系率(居民说单位联系过){key['contacted']};解决率(居民说已解决){key['solved']}。",
            f"Residents who say that the unit was in touch: {key['contacted']}; that it is solved: {key['solved']}.",
        )
    )
    if figures[f"{prefix}.satisfied"].withheld is not None:
        return (solved,)
    counts = Sentence(
        words=both(
            f"满意{key['satisfied']}件、基本满意{key['basically']}件、不满意{key['dissatisfied']}件。",
            f"Satisfied {key['satisfied']}, fairly satisfied {key['basically']}, dissatisfied {key['dissatisfied']}.",
        )
    )
    readings = Sentence(
        words=both(
            f"满意率:严口径{key['strict']},半权{key['half']},宽口径{key['broad']}。",
            f"Satisfaction: strict {key['strict']}, half weight {key['half']}, broad {key['broad']}.",
        )
    )
    return solved, counts, readings
