"""Stars and points as figures: each stands once, under the code of its place."""

from __future__ import annotations

from followup.assessment.star_policy import Level, Said, StarPolicy
from followup.assessment.stars import stars_of
from followup.indicators import IndicatorReport
from followup.reports.bulletin_standing import improved
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.indicator_figures import QUERY, put_result
from followup.reports.star_places import Graded, Place
from followup.reports.stars_given import STAR
from survey.statistics.mover import Side, difference_limits

STARS = "followup.assessment.stars.standing"
POINTS = "followup.assessment.stars.points"
TESTED = "followup.reports.bulletin_standing.said_of"
COVERAGE = "callback_coverage"
FEWEST = both("各项中最少的有效回答", "valid answers to the part that has the fewest")
NOT_PUBLISHED = both("有一项不公布", "one of the parts is not published")


def put_star(figures: Figures, key: str, label: Words, stars: int | None, range_: Side | None = None) -> str:
    """`range_`: the stars of both ends of an interval."""
    low, high = (None, None) if range_ is None else (range_.low, range_.high)
    return figures.put(
        Figure(key=key, label=label, value=stars, unit="stars", low=low, high=high, query=STARS)
    )


def put_points(figures: Figures, key: str, label: Words, side: Side | None, n: int) -> str:
    """Points of 100 with their interval; kept back with the part that is."""
    if side is None:
        return figures.put(
            Figure(key=key, label=label, value=None, unit="points", withheld=NOT_PUBLISHED, query=POINTS)
        )
    return figures.put(
        Figure(
            key=key,
            label=label,
            value=side.value,
            unit="points",
            n=n,
            low=side.low,
            high=side.high,
            base=FEWEST,
            query=POINTS,
        )
    )


def put_standing(figures: Figures, name: Words, one: Graded, policy: StarPolicy) -> dict[str, str]:
    """{what: key} of all that a line of the board says."""
    place, found = one.place, one.standing
    code, words = place.code, policy.words

    def label(zh: str, en: str) -> Words:
        return both(f"{name.zh} {zh}", f"{name.en}, {en}")

    keys = {
        "name": figures.said(
            f"{code}.name", label("名称", "name"), name, "survey.store.counted.SELECT_AREAS"
        ),
        "star": put_star(figures, f"{code}{STAR}", label("星级", "stars"), found.stars),
        "held": put_star(figures, f"{code}.held", label("上月星级", "stars before"), place.held),
        "points": put_points(figures, f"{code}.points", label("得分", "points"), place.points, place.n),
        "alone": _alone(figures, label("单看得分", "by the points alone"), place, policy),
        "moved": figures.put(
            Figure(
                key=f"{code}.moved",
                label=label("升降", "up or down"),
                value=found.moved,
                unit="places",
                query=STARS,
            )
        ),
        "reason": figures.said(
            f"{code}.reason", label("理由", "why"), _both(words.reasons[found.reason]), STARS
        ),
    }
    if found.colour is not None:
        colour = _both(words.colours[found.colour])
        keys["colour"] = figures.said(f"{code}.colour", label("颜色", "colour"), colour, STARS)
    return keys


def _alone(figures: Figures, label: Words, place: Place, policy: StarPolicy) -> str:
    """The star that the points of the months alone would give, and those of their interval: what chance would make of it."""
    if place.points is None:
        return put_star(figures, f"{place.code}.alone", label, None)
    ends = Side(*(stars_of(value, place.level, policy) for value in place.points))
    return put_star(figures, f"{place.code}.alone", label, int(ends.value), ends)


def put_change(figures: Figures, name: Words, one: Graded) -> dict[str, str]:
    """{what: key} of the change of points between the months that they rest on and those before."""
    place, code = one.place, one.place.code
    label = both(f"{name.zh} 得分变化", f"{name.en}, change of points")
    value, low, high = None, None, None
    if place.points is not None and place.before is not None:
        value, (low, high) = (
            place.points.value - place.before.value,
            difference_limits(place.before, place.points),
        )
    chance = improved(place.before, place.points)
    return {
        "change": figures.put(
            Figure(
                key=f"{code}.change", label=label, value=value, unit="difference",
                n=place.n if value is not None else 0, low=low, high=high, query=POINTS,
            )
        ),
        "improved": figures.put(
            Figure(
                key=f"{code}.improved", label=both(f"{name.zh} 变好的概率", f"{name.en}, P(improved)"),
                value=chance, unit="probability", query=TESTED,
            )
        ),
        "said": figures.said(f"{code}.said", both(f"{name.zh} 判断", f"{name.en}, what may be said"), one.said, TESTED),
    }  # fmt: skip


def put_parts(
    figures: Figures, report: IndicatorReport, name: Words, place: Place, policy: StarPolicy
) -> list[str]:
    """Keys of the parts and of what stands beside them, in the order of the policy; then who was not reached."""
    titles = {one.id: one.title for one in report.table.definitions}
    keys = []
    for part in policy.indicators:
        label = both(f"{name.zh} {titles[part].zh}", f"{name.en}, {titles[part].en}")
        keys.append(put_result(figures, report, place.results[part], f"{place.code}.{part}", label))
    return [*keys, _unreached(figures, name, place)]


def _unreached(figures: Figures, name: Words, place: Place) -> str:
    """Callbacks due that brought no answer: not reached, or reached without a rating."""
    one = place.results[COVERAGE]
    known = one.value is not None and one.n is not None
    figure = Figure(
        key=f"{place.code}.unreached",
        label=both(f"{name.zh} 未访到或未评价", f"{name.en}, not reached or not rated"),
        value=one.n - round((one.value or 0.0) * (one.n or 0)) if known and one.n is not None else None,
        withheld=None if known else NOT_PUBLISHED,
        query=f"{QUERY}:{COVERAGE}",
    )
    return figures.put(figure)


def level_words(level: Level, policy: StarPolicy) -> Words:
    """What the places of a level are called."""
    return _both(policy.words.levels[level])


def _both(said: Said) -> Words:
    return both(said.zh, said.en)
