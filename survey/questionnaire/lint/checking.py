"""All rules over one questionnaire."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pydantic import ValidationError

from survey.questionnaire.lint import completing, languages, length, names, opening, options, reach, scales
from survey.questionnaire.lint.finding import Finding, Found
from survey.questionnaire.lint.malformed import malformed
from survey.questionnaire.lint.phrasing import phrasing
from survey.questionnaire.lint.piping import piping
from survey.questionnaire.lint.rules import told
from survey.questionnaire.lint.solving import Solver
from survey.questionnaire.lint.view import View
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.places import Place, Step, UnreadableYaml, YamlDocument


def lint(
    q: Questionnaire,
    place: Callable[[Sequence[Step]], Place],
    *,
    frame: str | None = None,
    shipped: Sequence[Questionnaire] = (),
) -> tuple[Finding, ...]:
    """What is wrong with it, in the order of the file. `place`: where a path of the document stands; `frame`: the frame
    that it will be asked on (random or list; None: it must be true on both); `shipped`: the instruments whose scales it
    must agree with, of which its own earlier versions are left aside."""
    return told(_found(View(q, frame, shipped)), place)


def lint_yaml(
    body: str, name: str, *, frame: str | None = None, shipped: Sequence[Questionnaire] = ()
) -> tuple[Finding, ...]:
    """The same for the text of a file called `name`; one that is no questionnaire has findings of its own."""
    try:
        document = YamlDocument(body, name)
    except UnreadableYaml as error:
        return malformed(error, None, name)
    try:
        q = Questionnaire.model_validate(document.value)
    except ValidationError as error:
        return malformed(error, document, name)
    return lint(q, document.place, frame=frame, shipped=shipped)


def _found(view: View) -> Iterator[Found]:
    solver = Solver(view)
    yield from options.keys(view)
    yield from options.how_many(view)
    yield from options.same_words(view)
    yield from options.pages(view)
    yield from scales.polarity(view)
    yield from scales.balance(view)
    yield from opening.opening(view, solver)
    yield from opening.official(view)
    unreachable = list(reach.unreachable(view, solver))
    yield from unreachable
    yield from reach.left_out(view)
    yield from reach.constraints(view, solver)
    yield from languages.missing_languages(view)
    yield from languages.phrases(view)
    yield from languages.nothing_said(view)
    yield from length.texts(view)
    yield from length.voice(view)
    yield from length.totals(view)
    yield from piping(view)
    yield from phrasing(view)
    yield from names.clashes(view)
    yield from names.buttons(view)
    yield from names.codes(view, frozenset(one.path for one in unreachable if one.rule == "unreachable"))
    yield from names.scripts(view)
    yield from names.appeal(view)
    yield from completing.complete(view, solver)
    yield from completing.deep(view)
