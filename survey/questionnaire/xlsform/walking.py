"""Through pyxform's description of a form, group by group: every row that is kept as a draft, in order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from pyxform.constants import GROUP, LOOP, REPEAT

from survey.questionnaire.wording import pipes
from survey.questionnaire.xlsform import headings as at
from survey.questionnaire.xlsform.answers import which_other
from survey.questionnaire.xlsform.askable import AUDIT
from survey.questionnaire.xlsform.context import Context
from survey.questionnaire.xlsform.drafts import BlockDraft, Draft, Wish
from survey.questionnaire.xlsform.dropped import Dropped
from survey.questionnaire.xlsform.headings import Table
from survey.questionnaire.xlsform.hostile import Row
from survey.questionnaire.xlsform.listing import dropped
from survey.questionnaire.xlsform.lost_cells import lost_of_group
from survey.questionnaire.xlsform.naming import our_name
from survey.questionnaire.xlsform.pyxforms_reading import ROW, Node
from survey.questionnaire.xlsform.questions import question

_SECTIONS = (GROUP, REPEAT, LOOP)


@dataclass(frozen=True, slots=True)
class Step:
    """A node that comes from a row. `around`: the ids of its groups. `other`: pyxform added "which other?" to it."""

    node: Node
    row: Row
    id: str
    around: tuple[str, ...]
    other: bool = False


@dataclass
class Walk:
    """`renamed`: theirs -> ours, where they differ."""

    steps: list[Step] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)


def walk(form: Node, rows: Mapping[int, Row]) -> Walk:
    """In the order of the form, groups before what stands in them. What stands in a repeat is left out."""
    walked = Walk()
    taken: set[str] = set()
    blocks: set[str] = set()

    def visit(nodes: Sequence[Node], around: tuple[str, ...]) -> None:
        nothing: Node = {}
        for node, after in zip_longest(nodes, nodes[1:], fillvalue=nothing):
            if ROW not in node:
                continue
            row, name = rows[int(node[ROW])], str(node["name"])
            outer = around[-1] if around else None
            if node["type"] in _SECTIONS:
                own = our_name(name, outer, blocks)
                blocks.add(own)
                walked.steps.append(Step(node, row, own, around))
                if node["type"] == GROUP:
                    visit(node["children"], (*around, own))
                continue
            asked = row.means.kind is not None
            own = our_name(name, outer, taken) if asked else name
            other = ROW not in after and after.get("name") == f"{name}_other" and asked
            taken.update({own, f"{own}_other"} if other else {own} if asked else ())
            if own != name:
                walked.renamed.setdefault(name, own)
            walked.steps.append(Step(node, row, own, around, other))

    visit(form["children"], ())
    return walked


def audits(survey: Table, rows: Iterable[Row]) -> Iterator[Dropped]:
    """Rows that pyxform is not given, since they need no name."""
    for row in rows:
        if row.written == AUDIT:
            yield dropped("metadata", survey.place(row.number, at.TYPE))


def drafts(context: Context, walked: Walk) -> Iterator[Draft | BlockDraft | Dropped]:
    """Dropped: a repeat or loop, which is left out whole."""
    for step in walked.steps:
        kind = step.node["type"]
        place = context.survey.place(step.row.number, at.TYPE)
        if kind in (REPEAT, LOOP):
            yield replace(dropped(kind, place), name=step.row.name)
        elif kind == GROUP:
            yield _block(context, step)
        else:
            draft = question(context, step.row, step.node, step.id, step.around)
            if step.id != step.row.name and step.row.name:
                why = f"Minyi says something else by {step.row.name}; here it is {step.id}"
                draft.lost.append(
                    dropped("name taken", context.survey.place(step.row.number, at.NAME), why=why)
                )
            yield draft
            if step.other and draft.fields.get("choices") in context.choices.own_other:
                yield which_other(draft)
            elif step.other and "choices" in draft.fields:
                draft.fields["other"] = True


def _block(context: Context, step: Step) -> BlockDraft:
    survey, number = context.survey, step.row.number
    block = BlockDraft(number, step.id, step.around, survey.place(number, at.TYPE), step.row.name)
    block.lost.extend(lost_of_group(survey, number))
    locked = survey.value(number, at.READ_ONLY)
    if locked and locked.lower() not in ("no", "false", "false()"):
        block.why_not.append(dropped("read_only group", survey.place(number, at.READ_ONLY)))
    title = context.words(step.node.get("label"))
    if title:
        place = survey.place(number, at.LABEL)
        block.put("title", title, place)
        block.wishes.append(Wish("title", pipes(title), place, "message with a gap"))
    relevant = step.node.get("bind", {}).get("relevant")
    if relevant:
        context.conditions.take(block, at.RELEVANT, str(relevant), survey.place(number, at.RELEVANT))
    return block
