"""What no step may do: lose an answer, change one by itself, or store one that its question cannot have."""

import re
from datetime import date, datetime

from replying import codes

from survey.dialogue import Answered, Forget, State, Turn
from survey.dialogue.route import known_of
from survey.questionnaire import MISSING, NO_ANSWER, Answer, Item, Questionnaire


def nothing_is_lost(q: Questionnaire, before: State, after: State, turn: Turn) -> None:
    """Only a minor takes answers away; what is there was there before, or was given now and fits its question."""
    given_ = {one.question_id: one for one in turn.effects if isinstance(one, Answered)}
    if Forget() in turn.effects:
        assert after.answers == {} and turn.effects == (Forget(),)
        return
    assert set(after.answers) == set(before.answers) | set(given_)
    for question_id, answer in after.answers.items():
        if question_id not in given_:
            assert answer == before.answers[question_id]
            continue
        told = given_[question_id]
        assert (told.code, told.text, told.recording) == (answer.code, answer.text, answer.recording)
        fits(q, before, q.by_id[question_id], answer)


def fits(q: Questionnaire, before: State, item: Item, answer: Answer) -> None:
    """The answer is one that this question can have: its own codes, its kind, its constraint."""
    code = answer.code
    assert item.asks and before.mode in item.modes
    if code in MISSING:
        assert (code in item.missing or code == NO_ANSWER) and answer == Answer(code)
        return
    if item.kind == "text":
        assert code is None and (answer.text or answer.recording)
        assert item.constraint is None or item.constraint.holds(known_of(q, before), answer.text or "")
        return
    assert code and answer == Answer(code)
    assert item.constraint is None or item.constraint.holds(known_of(q, before), code)
    if item.kind in ("select_one", "select_multiple", "scale"):
        chosen, own = code.split(), codes(q, before, item)
        assert set(chosen) <= set(own) and chosen == [one for one in own if one in chosen]
        several = item.kind == "select_multiple" and before.mode in item.several_in
        alone = {option.code for option in q.options(item.id) if option.excludes_others}
        assert len(chosen) == 1 or (several and not alone & set(chosen))
    elif item.kind == "date":
        assert date.fromisoformat(code).isoformat() == code
    elif item.kind == "appointment":
        assert datetime.fromisoformat(code).isoformat("T", "minutes") == code
    else:
        assert re.fullmatch(r"-?\d+" if item.kind == "integer" else r"-?\d+(\.\d*[1-9])?", code)
