"""From our document to an XLSForm, and what an XLSForm does not say of it."""

from survey.questionnaire.model import Questionnaire
from survey.questionnaire.wording import say
from survey.questionnaire.xlsform.choice_rows import Lists, choice_rows
from survey.questionnaire.xlsform.columns import Columns
from survey.questionnaire.xlsform.dropped import Dropped
from survey.questionnaire.xlsform.ours import left_unsaid, unsaid
from survey.questionnaire.xlsform.survey_rows import SurveyRows
from survey.questionnaire.xlsform.workbook_bytes import MOST_IN_CELL, Grid, workbook


def write_form(q: Questionnaire) -> tuple[bytes, tuple[Dropped, ...]]:
    """A workbook (.xlsx; equal documents give equal bytes), and what it does not say, by path in the document."""
    columns, lists = Columns(q), Lists(q)
    survey = SurveyRows(q, columns, lists)
    rows = list(survey.rows())
    headings, choices = choice_rows(lists, columns, survey.theirs)
    label = columns.headings("label")[:1]
    grids = [Grid("survey", survey.headings(), rows, ["type", "name", *label])]
    if choices:
        grids.append(Grid("choices", headings, choices, ["list_name", "name", *label]))
    grids.append(_settings(q, columns))
    lost = [*survey.lost, *left_unsaid(q)]
    lost += [
        unsaid(q, "long text", grid.title, row.get("name", heading))
        for grid in grids
        for row in grid.rows
        for heading, text in row.items()
        if len(text) > MOST_IN_CELL
    ]
    return workbook(grids), tuple(lost)


def _settings(q: Questionnaire, columns: Columns) -> Grid:
    row = {"form_title": say(q.title, columns.first, "operator") or q.code, "form_id": q.code}
    if q.version != 1:
        row["version"] = str(q.version)
    if columns.default:
        row["default_language"] = columns.default
    return Grid("settings", list(row), [row])
