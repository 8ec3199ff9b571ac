"""One row of the survey sheet as a question, note, calculation or fact of ours, or the reason why it is none."""

from collections.abc import Mapping
from typing import Any, Final

from pyxform.aliases import BINDING_CONVERSIONS

from survey.questionnaire.parts import Kind
from survey.questionnaire.wording import pipes
from survey.questionnaire.xlsform import headings as at
from survey.questionnaire.xlsform.answers import look_ahead, put_choices, put_range
from survey.questionnaire.xlsform.context import Context
from survey.questionnaire.xlsform.drafts import Draft, Part, Wish
from survey.questionnaire.xlsform.dropped import refused
from survey.questionnaire.xlsform.headings import Key
from survey.questionnaire.xlsform.hostile import Row
from survey.questionnaire.xlsform.listing import dropped
from survey.questionnaire.xlsform.lost_cells import lost_of_fact, lost_of_question
from survey.questionnaire.xlsform.naming import fits
from survey.questionnaire.xlsform.pyxforms_reading import Node
from survey.questionnaire.xlsform.words import texts_of

_DEFAULT: Final[Key] = ("default",)
_TRIGGER: Final[Key] = ("trigger",)
_CUSTOM: Final[tuple[Key, ...]] = (("bind", "type"), ("bind", "jr:preload"), ("bind", "jr:preloadParams"))


def question(context: Context, row: Row, node: Node, own_id: str, inside: tuple[str, ...]) -> Draft:
    """`node`: what pyxform read in the row. What refuses the whole form is left with the conditions."""
    draft = Draft(row.number, own_id, inside, context.survey.place(row.number, at.TYPE), row.name)
    draft.lost.extend(lost_of_question(context.survey, row.number))
    bind: Mapping[str, Any] = node.get("bind", {})
    if _hopeless(context, draft, row, bind):
        return draft
    kind = _kind(context, draft, row, bind)
    draft.fact = row.means.fact and kind is None
    if kind is None:
        draft.lost.extend(lost_of_fact(context.survey, row.number))
        return draft
    draft.put("kind", kind, draft.place)
    _put_words(context, draft, row, node, kind)
    _put_conditions(context, draft, row, node, bind)
    if kind in ("select_one", "select_multiple"):
        put_choices(context, draft, row, node)
    elif kind == "scale":
        put_range(context, draft, row, node)
    elif kind == "appointment":
        look_ahead(draft)
    return draft


def _hopeless(context: Context, draft: Draft, row: Row, bind: Mapping[str, Any]) -> bool:
    """The row is not asked, whatever else stands in it."""
    survey, number, means = context.survey, row.number, row.means
    why: list[tuple[str, Key]] = []
    if means.kind is None and not means.fact:
        why.append((means.feature, at.TYPE))
    elif means.kind == "calculate" and not bind.get("calculate"):
        if not survey.value(number, _DEFAULT):
            reason, remedy = "a calculate has no calculation", "write one in the column calculation"
            place = survey.place(number, at.TYPE)
            context.conditions.faults.extend(refused("calculation", place, reason, remedy).faults)
        why.append(("default of a value", _DEFAULT))
    elif not fits(row.name or "_"):
        why.append(("name", at.NAME))
    elif survey.value(number, _TRIGGER):
        why.append(("trigger", _TRIGGER))
    elif custom := next((key for key in _CUSTOM if survey.value(number, key)), None):
        why.append(("custom bind", custom))
    elif means.fact and not bind.get("calculate"):
        if bind.get("relevant"):
            why.append(("relevant of a hidden value", at.RELEVANT))
        elif survey.value(number, _DEFAULT):
            why.append(("default of a value", _DEFAULT))
    draft.why_not.extend(dropped(feature, survey.place(number, key)) for feature, key in why)
    return bool(why)


def _kind(context: Context, draft: Draft, row: Row, bind: Mapping[str, Any]) -> Kind | None:
    """None for a fact, and for what turns out not to be asked."""
    survey, number, kind = context.survey, row.number, row.means.kind
    appearance = survey.value(number, ("control", "appearance"))
    locked = _truth(survey.value(number, at.READ_ONLY))
    if bind.get("calculate") and kind != "calculate":
        if not row.means.fact:
            draft.lost.append(dropped("calculated question", survey.place(number, at.CALCULATION)))
        return "calculate"
    if kind in ("select_one", "select_multiple") and "search(" in appearance.replace(" ", ""):
        draft.why_not.append(dropped("search()", survey.place(number, ("control", "appearance"))))
    elif kind in ("select_one", "select_multiple") and "label" in appearance.split():
        draft.why_not.append(dropped("table header", survey.place(number, ("control", "appearance"))))
    elif kind in ("note", "calculate", None):
        if locked is not (kind == "note") and survey.value(number, at.READ_ONLY):
            draft.lost.append(dropped("read_only without effect", survey.place(number, at.READ_ONLY)))
    elif locked is not False:
        if kind == "text" and locked and not row.means.feature and not survey.value(number, _DEFAULT):
            return "note"
        draft.why_not.append(dropped("read_only", survey.place(number, at.READ_ONLY)))
    return kind


def _truth(written: str) -> bool | None:
    """None: a condition."""
    if not written:
        return False
    return {"true()": True, "false()": False}.get(BINDING_CONVERSIONS.get(written, written))


def _put_words(context: Context, draft: Draft, row: Row, node: Node, kind: Kind) -> None:
    survey, number = context.survey, row.number
    message = context.words(node.get("bind", {}).get("jr:constraintMsg"))
    _put_beside(draft, "constraint_message", message, survey.place(number, at.MESSAGE), "message with a gap")
    if survey.value(number, at.PARAMETERS) and not row.means.choices and row.means.kind != "scale":
        draft.lost.append(dropped("parameters", survey.place(number, at.PARAMETERS)))
    if kind == "calculate":
        return
    prompt, hint = context.words(node.get("label")), context.words(node.get("hint"))
    label_place, hint_place = survey.place(number, at.LABEL), survey.place(number, at.HINT)
    if prompt:
        draft.put("prompt", prompt, label_place)
        context.put_places(draft, "prompt", number, at.LABEL)
        context.put_places(draft, "hint", number, at.HINT)
        draft.need(pipes(prompt), label_place)
        _put_beside(draft, "hint", hint or context.words(row.means.hint), hint_place, "hint with a gap")
    elif hint:
        draft.put("prompt", hint, hint_place)
        draft.need(pipes(hint), hint_place)
        draft.lost.append(dropped("hint without label", hint_place))
    else:
        draft.why_not.append(dropped("no words", draft.place))
    audio = texts_of(node.get("media", {}).get("audio"), context.languages)
    if any("${" in file for file in audio.values()):
        draft.lost.append(dropped("message with a gap", survey.place(number, at.AUDIO)))
    elif audio:
        draft.put("audio", audio, survey.place(number, at.AUDIO))
    if row.means.feature == "audio" and kind == "text":
        draft.lost.append(dropped("audio", draft.place))


def _put_beside(draft: Part, field: str, words: dict[str, Any], place: Any, feature: str) -> None:
    if words:
        draft.put(field, words, place)
        draft.wishes.append(Wish(field, pipes(words), place, feature))


def _put_conditions(context: Context, draft: Draft, row: Row, node: Node, bind: Mapping[str, Any]) -> None:
    survey, number = context.survey, row.number
    written = {key: bind.get(key[1]) for key in (at.RELEVANT, at.CONSTRAINT, at.CALCULATION)}
    written[at.CONSTRAINT] = written[at.CONSTRAINT] or row.means.constraint
    written[at.FILTER] = node.get("choice_filter")
    for key, source in written.items():
        if source:
            context.conditions.take(draft, key, str(source), survey.place(number, key))
    required = str(bind.get("required") or "")
    if _truth(required) is None:
        draft.lost.append(dropped("required as a condition", survey.place(number, at.REQUIRED)))
    elif _truth(required):
        draft.put("required", True, survey.place(number, at.REQUIRED))
