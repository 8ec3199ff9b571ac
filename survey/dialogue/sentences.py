"""Every sentence that the voice mode can say for a questionnaire, in one language: what there is to record.

It mirrors `asking` and `engine`, over all conditions, wordings and orders at once; a property test plays calls against it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from survey.dialogue.dealing import keys_read, listener, readings
from survey.dialogue.engine import LISTED
from survey.dialogue.options import digits_for, takes_several
from survey.dialogue.speech import phrases
from survey.questionnaire.answer import DK
from survey.questionnaire.expressions import Expression
from survey.questionnaire.known import Facts, Known
from survey.questionnaire.model import Questionnaire, missing_label
from survey.questionnaire.parts import Item, Option
from survey.questionnaire.wording import PLACE, Lang, Wording, say

BY_THE_HOUR: Final = frozenset({"now", "today"})
"""Functions whose value is another tomorrow."""
AT_ANY_MOMENT: Final = (
    "help",
    "silent_goodbye",
    "person",
    "person_instead",
    "declined",
    "stopped_all",
    "minor",
    "distress_violence",
    "distress_self_harm",
    "distress_emergency",
)
"""Scripts that may follow any question."""
NOTHING: Final[Facts] = {}

Told: TypeAlias = tuple[str, str, bool]
"""(where, text, piped)."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`where`: each place of the document that says it: "Q1", "Q1.again", "Q1.options", "scripts.opening".

    `piped`: its words are not the same for everybody, because something is filled in (`text` shows the pattern, with
    `${…}`) or because its options come in too many orders. Such a sentence has no recording of its own."""

    text: str
    where: tuple[str, ...]
    piped: bool = False


def voice_sentences(q: Questionnaire, lang: Lang, fixed: Facts = NOTHING) -> tuple[Sentence, ...]:
    """In the order of a call; () where nothing is asked by voice. `fixed`: facts that are the same in every interview,
    such as the centre's name; what pipes in these alone is the same for everybody."""
    found: dict[tuple[str, bool], dict[str, None]] = {}
    for where, text, piped in _Telling(q, lang, fixed).everything():
        found.setdefault((text, piped), {})[where] = None
    return tuple(Sentence(text, tuple(places), piped) for (text, piped), places in found.items())


class _Telling:
    """All that one questionnaire says in one language."""

    def __init__(self, q: Questionnaire, lang: Lang, fixed: Facts) -> None:
        self.q, self.lang = q, lang
        self.fixed = {**fixed, "mode": "voice", "lang": lang}
        self.constant = frozenset(self.fixed) - frozenset(q.by_id)
        self.press_varies = any(
            line.when is not None for line in q.scripts.get("press") or phrases()["press"]
        )
        said = (q.by_id[one] for one in q.asked_in("voice"))
        self.items = [item for item in said if item.kind != "calculate" and self._may_be_said(item)]

    def everything(self) -> Iterator[Told]:
        if not any(item.asks for item in self.items):
            return
        yield from self.script("opening")
        for item in self.items:
            yield from self._question(item) if item.asks else self.worded(item.id, item.prompt)
        for place, page in enumerate(self.q.pages):
            if "voice" in page.modes:
                yield from self.worded(f"pages.{place}", page.prompt)
        for name in self._afterwards():
            yield from self.script(name)
        yield from self.script("closing")

    def _afterwards(self) -> Iterator[str]:
        """Scripts that a plain call does not come to."""
        yield "going_on"
        spoken = {item.kind == "text" or item.speech for item in self.items if item.asks}
        yield from (name for name, where in (("silent", False), ("silent_open", True)) if where in spoken)
        if any(item.kind in LISTED for item in self.items):
            yield "again"
        if self.q.pages or any(item.asks and item.kind not in LISTED for item in self.items):
            yield "again_in_words"
        yield from AT_ANY_MOMENT
        yield from (
            ("stopped_survey",) if self.q.purpose == "survey" else ("stopped_case_call", "wrong_person")
        )
        yield from (ending.goodbye for ending in self.q.ends)

    def script(self, name: str, where: str | None = None, **more: str) -> Iterator[Told]:
        """Every line that may hold. `more` is known to this script alone."""
        for line in self.q.scripts.get(name) or phrases().get(name, ()):
            if self._may_hold(line.when):
                yield from self.worded(where or f"scripts.{name}", line.say, more)

    def worded(self, where: str, wording: Wording, more: Mapping[str, str] = NOTHING) -> Iterator[Told]:
        text = self.filled(say(wording, self.lang, "voice"), more)
        if text:
            yield where, text, PLACE.search(text) is not None

    def filled(self, template: str, more: Mapping[str, str] = NOTHING) -> str:
        """What is the same for everybody in its place, `${…}` left standing for the rest."""
        known: Mapping[str, str] = {**{name: self.fixed[name] for name in self.constant}, **more}
        return (
            PLACE.sub(lambda place: known.get(place[1], place[0]), template) if "${" in template else template
        )

    def _may_hold(self, condition: Expression | None) -> bool:
        """False only where it holds in no call at all."""
        if condition is None or not condition.names <= self.constant or condition.functions & BY_THE_HOUR:
            return True
        return condition.holds(Known(self.q, {}, self.fixed, self.lang))

    def _may_be_said(self, item: Item) -> bool:
        return all(self._may_hold(condition) for condition in self.q.relevance(item))

    # -- a question

    def _question(self, item: Item) -> Iterator[Told]:
        yield from self.worded(item.id, item.prompt)
        yield from self.worded(f"{item.id}.again", item.again)
        if item.choices_from is None:
            yield from self._how(item)
        if item.constraint is not None:
            yield from self.worded(f"{item.id}.constraint_message", item.constraint_message)

    def _how(self, item: Item) -> Iterator[Told]:
        where = f"{item.id}.how"
        if item.kind == "scale":
            yield from self._scale(item, where)
            return
        read = readings(self.q, item)
        if any(not options for options, _ in read.heard) or not self.q.options(item.id):
            spoken = "_spoken" if item.kind == "text" and item.speech else ""
            yield from self.script(f"how_{item.kind}{spoken}", where)
        if takes_several(listener(), item):
            yield from self.script("how_several", where)
        for options, orders in read.heard:
            if options:
                yield from self._with_keys(item, options, orders, read.varies)

    def _scale(self, item: Item, where: str) -> Iterator[Told]:
        assert item.range is not None
        ends = {
            "low": str(item.range.low),
            "high": str(item.range.high),
            "low_label": self.filled(say(item.range.low_label, self.lang, "voice")),
            "high_label": self.filled(say(item.range.high_label, self.lang, "voice")),
        }
        one_key = digits_for(item, self.q.options(item.id)) > 0
        yield from self.script("how_scale" if one_key else "how_scale_hash", where, **ends)

    def _with_keys(
        self, item: Item, options: Sequence[Option], orders: Sequence[Sequence[Option]], varies: bool
    ) -> Iterator[Told]:
        keys = keys_read(item, options)
        read = {one.code: self._press(say(one.label, self.lang, "voice"), keys[one.code]) for one in options}
        last = (
            [self._press(missing_label(DK, self.lang), "8")] if DK in item.missing and item.reads_dk else []
        )
        chinese = self.lang.startswith("zh")
        for order in orders:
            pieces = [*(read[option.code] for option in order), *last]
            text = ",".join(pieces) + "。" if chinese else "; ".join(pieces) + "."
            yield f"{item.id}.options", text, varies or self.press_varies or PLACE.search(text) is not None

    def _press(self, label: str, key: str) -> str:
        """How one option is read out."""
        return "".join(text for _, text, _ in self.script("press", label=self.filled(label), key=key))
