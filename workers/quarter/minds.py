"""Closings made quickly: the minds of the twin's residents asked directly, without a telephone, a database or a clock.

The answers are theirs (`survey.twin.opinions`), the claims those of `workers.quarter.truth`. What a channel adds (slips,
questions left open, the call that follows a text) is reckoned with the twin's own shares in the simplest way. Weights are
fitted on such closings; the whole service is what they are tested on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from followup.casework.false_closing import Channel
from followup.casework.false_closing_evidence import evidence
from followup.casework.verdict import verdict
from survey.twin import opinions
from survey.twin.opinions import Matter
from survey.twin.person import Person, meet
from survey.twin.town import Town, town
from workers.city.draws import chance, choose, uniform
from workers.city.people import CASE_NUMBERS, number_of
from workers.city.plan import topics
from workers.city.units import unit_code
from workers.quarter.closings import Closing
from workers.quarter.plan import planted, town_changes
from workers.quarter.truth import Round, round_truth

CODES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "C1": ("contacted", ("yes", "no")),
    "C2": ("solved", ("yes", "partly", "no")),
    "C3": ("satisfied", ("yes", "fairly", "no")),
    "C6": ("pressure", ("no", "yes")),
    "C7": ("again", ("yes", "no")),
}
"""Questions of the callback with the twin's topic, and its values in the order of the codes."""
ORDER: Mapping[Channel, tuple[str, ...]] = {
    "text": ("C2", "C1", "C3", "C5", "C7"),
    "voice": ("C1", "C2", "C3", "C5", "C6", "C7"),
    "operator": ("C1", "C2", "C3", "C5", "C6", "C7"),
}
TEXT_SHARE, OPERATOR_SHARE = 0.45, 0.06
"""Of residents under 60 who are reached: by the text itself, and by an operator."""
CONFIRMED = 0.7
"""Texts with a flag whose resident is reached by the call that follows."""
BREAKS_OFF = {"text": 0.05, "voice": 0.015, "operator": 0.0}
"""At each question, of those who are still there."""
DESK_HOURS = 0.75
"""Working hours from dispatch to signing, and until the result is written down."""
NOT_RATED = ("closed_unreached", "closed_unrated", "wrong_person")


@dataclass(frozen=True)
class _Asked:
    """One callback, with everything that its draws are made of."""

    seed: int
    key: str
    person: Person
    matter: Matter
    channel: Channel
    town: Town

    def draw(self, *what: object) -> float:
        return uniform(self.seed, "minds", self.key, self.matter.round, *what)


def closings(seed: int, cases: int, rounds: int = 1) -> Iterator[Closing]:
    """What callbacks of so many cases tell; only of results that claim contact and residents who were reached."""
    lived_in = town(town_changes())
    for nth in range(cases):
        key = f"mind-{nth}"
        unit = unit_code(planted().centre, choose(topics().topics, seed, "unit", key).unit)
        person = meet(lived_in, seed, number_of(CASE_NUMBERS, seed, planted().centre, nth))
        for round_no in range(1, rounds + 1):
            truth = round_truth(seed, key, unit, round_no)
            matter = Matter(key, round_no, truth.worked_on, truth.contacted)
            asked = _Asked(seed, key, person, matter, _channel(seed, key), lived_in)
            if truth.claims_contact and (known := _heard(asked, truth)) is not None:
                yield Closing(unit, asked.channel, known, truth.false_closing)


def _channel(seed: int, key: str) -> Channel:
    old = chance(planted().residents.old, seed, "old", key)
    u = uniform(seed, "channel", key)
    if u < OPERATOR_SHARE:
        return "operator"
    return "text" if not old and u < OPERATOR_SHARE + TEXT_SHARE else "voice"


def _heard(asked: _Asked, truth: Round) -> dict[str, str] | None:
    """The evidence of a callback; None where it ends without a rating."""
    answers, words = _answers(asked)
    judged = verdict(answers, claimed_contact=True, reached=True)
    if judged.verdict in NOT_RATED:
        return None
    follows = judged.flagged and asked.channel == "text" and asked.draw("confirmed") < CONFIRMED
    confirmed = {"C1": _code(asked, "C1")} if follows else None
    confidential = chance(planted().cases.confidential, asked.seed, "confidential", asked.key)
    return evidence(
        answers,
        words=words,
        confirmed=confirmed,
        proof="missing" if confidential or truth.proof is None else truth.proof,
        working_hours=truth.hours + DESK_HOURS,
        round_=asked.matter.round,
    )


def _answers(asked: _Asked) -> tuple[dict[str, str | None], str | None]:
    """Codes by question up to where they break off, and their own words."""
    answers: dict[str, str | None] = {}
    words = None
    for question in ORDER[asked.channel]:
        if answers and asked.draw("breaks off", question) < BREAKS_OFF[asked.channel]:
            break
        negative = answers.get("C2") in ("2", "3") or answers.get("C3") == "3"
        if question in ("C5", "C7") and not negative:
            continue
        if question == "C5":
            words = opinions.reason(asked.town, asked.person, asked.matter)
        else:
            answers[question] = _keyed(asked, question)
    return answers, words


def _keyed(asked: _Asked, question: str) -> str | None:
    """The code that arrives: what they mean, a neighbour of it, or "can't say"."""
    by_text = asked.channel == "text"
    unsure = asked.town.text_unsure if by_text else asked.town.voice_unsure
    slip = asked.town.text_slip if by_text else asked.town.voice_slip
    if asked.channel == "operator":
        unsure = slip = 0.0
    if asked.draw("unsure", question) < unsure:
        return None
    meant = _code(asked, question)
    if asked.draw("slip", question) >= slip:
        return meant
    wrong = [str(n + 1) for n in range(len(CODES[question][1])) if str(n + 1) != meant]
    return wrong[int(asked.draw("slips to", question) * len(wrong))]


def _code(asked: _Asked, question: str) -> str:
    topic, values = CODES[question]
    said = opinions.opinion(asked.town, asked.person, topic, asked.matter).value
    return str(values.index(said) + 1)
