"""What may be answered to a question: choices, a scale, a moment to come."""

from survey.questionnaire.answer import DK, NO_ANSWER, REFUSED
from survey.questionnaire.expressions import compile_expression
from survey.questionnaire.model import WHICH_OTHER
from survey.questionnaire.xlsform import headings as at
from survey.questionnaire.xlsform.appointments import lies_ahead, without_ahead
from survey.questionnaire.xlsform.context import Context
from survey.questionnaire.xlsform.drafts import Draft
from survey.questionnaire.xlsform.dropped import refused
from survey.questionnaire.xlsform.hostile import Row
from survey.questionnaire.xlsform.listing import dropped
from survey.questionnaire.xlsform.lists import ACKNOWLEDGE
from survey.questionnaire.xlsform.pyxforms_reading import Node
from survey.questionnaire.xlsform.ranges import scale_of, too_long


def put_choices(context: Context, draft: Draft, row: Row, node: Node) -> None:
    survey, choices, name = context.survey, context.choices, row.means.choices
    if row.means.feature == "acknowledge":
        draft.put("choices", ACKNOWLEDGE, draft.place)
        draft.put("missing", (), draft.place)
        return
    if name not in choices.options:
        draft.why_not.append(dropped("unusable choices", draft.place))
        return
    draft.put("choices", name, draft.place)
    draft.need(choices.needs[name], draft.place)
    own = choices.missing[name]
    if own - {DK, REFUSED}:
        draft.put("missing", (DK, REFUSED, NO_ANSWER), draft.place)
    expression = draft.fields.get("choice_filter")
    unknown = sorted(expression.attributes - choices.columns) if expression is not None else []
    if unknown:
        why = f"{unknown[0]} is no column of the sheet choices, so no option would ever be left"
        draft.why_not.append(dropped("empty choice_filter", survey.place(row.number, at.FILTER), why=why))
    parameters = node.get("parameters", {})
    if parameters.get("randomize") == "true":
        draft.put("options_order", "random", survey.place(row.number, at.PARAMETERS))
    if "seed" in parameters:
        draft.lost.append(dropped("seed", survey.place(row.number, at.PARAMETERS)))


def put_range(context: Context, draft: Draft, row: Row, node: Node) -> None:
    place = context.survey.place(row.number, at.PARAMETERS)
    if too_long(node):
        why, remedy = "its numbers have more than 15 digits", "write smaller numbers"
        context.conditions.faults.extend(refused("range", place, why, remedy).faults)
        return
    scale = scale_of(node, context.choices.options)
    draft.put("kind", scale.kind, draft.place)
    if scale.range is not None:
        draft.put("range", scale.range, place)
    if scale.constraint:
        own = draft.fields.get("constraint")
        whole = f"({own.source}) and {scale.constraint}" if own is not None else scale.constraint
        draft.fields["constraint"] = compile_expression(whole)
        draft.lost.append(dropped("range beyond a scale", draft.place))
    elif scale.cut:
        draft.lost.append(dropped("ticks", place))


def look_ahead(draft: Draft) -> None:
    """An appointment lies ahead by its nature, and needs no constraint that says so."""
    constraint = draft.fields.get("constraint")
    if constraint is None or not lies_ahead(constraint.source):
        draft.why_not.append(dropped("dateTime", draft.place))
        return
    left = without_ahead(constraint.source)
    if left:
        draft.fields["constraint"] = compile_expression(left)
    else:
        del draft.fields["constraint"]


def which_other(draft: Draft) -> Draft:
    """The question which other one, where the form words the option other itself."""
    place, name = draft.place, draft.id
    which = Draft(draft.row, f"{name}_other", draft.inside, place, f"{draft.name}_other")
    which.put("kind", "text", place)
    which.put("prompt", WHICH_OTHER, place)
    which.put("relevant", compile_expression(f"selected(${{{name}}}, 'other')"), place)
    which.need([name], place)
    return which
