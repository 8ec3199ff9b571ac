"""One page of the village sheet: what residents raised, what became of it by their own word, what they were told,
what is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from followup.categories import categories
from followup.reports.callback_rows import CentreNames
from followup.reports.document.figures import Figures, Words, both
from followup.reports.document.model import Block, Column, Row, Section, Sentence, Table
from followup.reports.small_cells import kept_back
from followup.reports.village_figures import NAMES, QUERY
from followup.reports.village_pages import OUTCOMES, Page, has_enough, residents_of, results
from followup.store.villages import VillageCase

MATTERS = both("件数", "Matters")
OTHERS = both("其他各类(每类居民太少,合并)", "Other kinds (too few residents each, put together)")


def page_section(figures: Figures, page: Page, moved: Words, centre: CentreNames) -> Section:
    """Made to be read alone."""
    code = page.code
    name = figures.said(f"{code}.name", both("地方", "place"), page.name, QUERY)
    blocks: list[Block] = [
        Sentence(
            words=both(
                f"{{{name}}}:{{{code}.residents}}位居民提出了{{{code}.raised}}件事。",
                f"{{{name}}}: {{{code}.residents}} residents raised {{{code}.raised}} matters.",
            )
        ),
        *_shares(page),
        *_raised(figures, page),
        _became(page),
        *_callbacks(figures, page, moved),
        *_results(page),
        Sentence(
            words=both(
                f"您的事办得不对,或者不在这里?请找{centre.name_zh},报查询码就能查,说一声就能再办。",
                f"Is something wrong here, or missing? Ask the {centre.name_en}: your query code shows where it stands, and a "
                "word is enough to have it taken up again.",
            )
        ),
    ]
    return Section(title=page.name, blocks=tuple(blocks))


def _shares(page: Page) -> list[Sentence]:
    if not page.shares:
        return []
    zh, en = "、".join(one.zh for one in page.shares), "; ".join(one.en for one in page.shares)
    return [
        Sentence(
            words=both(
                f"包括:{zh}。这些地方提出事项的居民各不足十人,所以合在一页。",
                f"These share the page, each with fewer than ten residents who raised something: {en}.",
            ),
            quoted=True,
        )
    ]


def _raised(figures: Figures, page: Page) -> list[Block]:
    """Kinds of matters with enough residents, the most frequent first; the others together. Where the few could be
    worked out from the many no kind has a number, and only the most frequent are named."""
    groups: dict[str, list[VillageCase]] = defaultdict(list)
    for case in page.cases:
        groups[case.category[:2]].append(case)
    lines = sorted(groups.items(), key=lambda one: (-len(one[1]), one[0]))
    hidden = kept_back([{"residents": residents_of(members) or 1} for _, members in lines])
    if all(why is not None for why in hidden):
        return [_most_said(figures, page, [group for group, members in lines if has_enough(members)])]
    rows: list[Row] = []
    rest = 0
    for (group, members), why in zip(lines, hidden, strict=True):
        if why is not None:
            rest += len(members)
            continue
        name = group_name(group)
        label = both(f"{page.name.zh} {name.zh}", f"{page.name.en}: {name.en}")
        rows.append(
            Row(cells=(name, figures.count(f"{page.code}.group.{group}", label, len(members), QUERY)))
        )
    if rest:
        label = both(f"{page.name.zh} {OTHERS.zh}", f"{page.name.en}: {OTHERS.en}")
        rows.append(Row(cells=(OTHERS, figures.count(f"{page.code}.group.rest", label, rest, QUERY))))
    return [_table(f"{page.code}.said", both("您说", "You said"), both("什么事", "About"), rows)]


def _most_said(figures: Figures, page: Page, groups: Sequence[str]) -> Sentence:
    if not groups:
        return Sentence(
            words=both(
                "每一类事提出的居民都太少,分开列会让人认出是谁,所以不分类。",
                "Each kind of matter was raised by so few that they could be made out, so kinds are not told apart.",
            )
        )
    names = both(
        "、".join(group_name(one).zh for one in groups), ", ".join(group_name(one).en for one in groups)
    )
    most = figures.said(f"{page.code}.most", both("说得最多的", "raised most"), names, QUERY)
    return Sentence(
        words=both(
            f"说得最多的是:{{{most}}}。其他各类的居民太少,列出件数会让人认出是谁。",
            f"Raised most: {{{most}}}. Of the other kinds there are so few that numbers would show who they are.",
        )
    )


def group_name(group: str) -> Words:
    """The upper level of a category."""
    found = next((one for one in categories().groups if one.code == group), None)
    return both(found.name_zh, found.name_en) if found else both("其他", "Other")


def _became(page: Page) -> Table:
    rows = [Row(cells=(NAMES[outcome], f"{page.code}.{outcome}")) for outcome in OUTCOMES]
    rows.append(Row(cells=(both("合计", "Total"), f"{page.code}.raised"), whole=True))
    return _table(f"{page.code}.did", both("我办", "We did"), both("办得怎样", "What became of it"), rows)


def _table(key: str, title: Words, first: Words, rows: Sequence[Row]) -> Table:
    return Table(
        key=key,
        title=title,
        columns=(Column(key="what", head=first, wide=True), Column(key="n", head=MATTERS, narrow=True)),
        rows=tuple(rows),
        empty=both("没有。", "None."),
    )


def _callbacks(figures: Figures, page: Page, moved: Words) -> list[Sentence]:
    code = page.code
    change = figures.said(f"{code}.moved", both("和上期比", "beside the period before"), moved, QUERY)
    solved = Sentence(
        words=both(
            f"问到的人里,说已经解决的:{{{code}.solved}}。和上期比:{{{change}}}。",
            f"Of those who answered, so many call it solved: {{{code}.solved}}. Beside the period before: {{{change}}}.",
        )
    )
    return [_asked(figures, code), solved]


def _asked(figures: Figures, code: str) -> Sentence:
    if figures[f"{code}.calls.due"].withheld is not None:
        return Sentence(
            words=both(
                "办完都要问本人;该问的居民还不足十人,问到几位不单列。",
                "Whoever raised something is asked; fewer than ten are to be asked yet, so how many were reached is not told.",
            )
        )
    return Sentence(
        words=both(
            f"办完都要问本人:该问{{{code}.calls.due}}件,问到{{{code}.calls.reached}}件,"
            f"没问到{{{code}.calls.unreached}}件;访到{{{code}.coverage}}。",
            f"Whoever raised something is asked: to be asked about {{{code}.calls.due}}, reached {{{code}.calls.reached}}, "
            f"not reached {{{code}.calls.unreached}}; coverage {{{code}.coverage}}.",
        )
    )


def _results(page: Page) -> list[Sentence]:
    """In the words that the resident was told, and confirmed."""
    found = results(page.cases)
    if not found:
        return []
    head = Sentence(
        words=both("本人确认解决的,例如:", "Confirmed by whoever raised it, for example (in Chinese):")
    )
    return [
        head,
        *(Sentence(words=both(f"· {words}", f"· {words}"), quoted=True) for words in found),
    ]
