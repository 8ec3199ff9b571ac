"""The tables at the end of a demo: outcomes, the safety rate, the funnel, the flagged cases, three
conversations.
"""

from collections.abc import Sequence

from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from followup.reports import terms as case_terms
from followup.reports.callback_report import CallbackReport
from survey.reporting import DispositionTable
from survey.web.shell import percent
from workers.demo_output.index_page import identity_line
from workers.demo_output.stories import Story
from workers.demo_output.summary import Summary
from workers.demo_output.terms import GROUPS
from workers.demo_output.timelines import CaseStory, RoundStory
from workers.demo_output.transcripts import transcript

TOLD_IN_FULL = ("voice", "words", "flagged", "operator", "text", "solved")
WHOLE_TRANSCRIPTS = 3


def show(
    console: Console,
    summary: Summary,
    report: CallbackReport,
    cases: Sequence[CaseStory],
    stories: Sequence[Story],
) -> None:
    """Print everything."""
    parts: list[RenderableType] = [
        outcomes_table("平安调查 Survey", summary.field.survey),
        outcomes_table("事项回访 Callbacks", summary.field.callbacks),
        safety_table(summary),
        funnel_table(summary, report),
        cases_table(cases),
        *(
            Panel(Text(transcript(story).rstrip()), title=f"{story.zh} {story.en}")
            for story in _in_full(stories)
        ),
        sums_table(summary),
    ]
    for part in parts:
        console.print(part)
        console.print()


def outcomes_table(title: str, table: DispositionTable) -> Table:
    """Final codes by AAPOR number; the last line is the sample."""
    shown = Table(title=f"{title}: AAPOR", title_justify="left")
    for heading in ("AAPOR", "组 group", "结果 outcome"):
        shown.add_column(heading)
    shown.add_column("数 units", justify="right")
    shown.add_column("%", justify="right")
    for line in table.lines:
        shown.add_row(
            line.aapor,
            GROUPS[line.group][1],
            f"{line.zh} {line.en}",
            f"{line.units:,}",
            percent(line.units / table.sample),
        )
    shown.add_section()
    rates = table.rates
    shown.add_row(
        "",
        "",
        f"样本 sample · RR1 {percent(rates.rr1)}% · COOP1 {percent(rates.coop1)}%",
        f"{table.sample:,}",
        "",
    )
    return shown


def safety_table(summary: Summary) -> Table:
    """The rate with its interval beside the planted truth."""
    shown = Table(title="安全感 Safety rate (95 %)", title_justify="left")
    for heading in ("", "估计 estimate", "区间 interval", "n", "真实 planted"):
        shown.add_column(heading, justify="left" if not heading else "right")
    safety = summary.field.safety
    planted = percent(summary.facts.planted_safe)
    for name, rate, truth in [
        ("合计 all modes", safety.together, planted),
        *((m, r, "") for m, r in safety.by_mode.items()),
    ]:
        interval = f"{percent(rate.low)}–{percent(rate.high)}" if rate.low is not None else "–"
        shown.add_row(name, percent(rate.estimate) or "–", interval, f"{rate.n:,}", truth)
    return shown


def funnel_table(summary: Summary, report: CallbackReport) -> Table:
    """Due, attempted, reached, rated, flagged and what followed."""
    funnel, rounds = report.funnel, summary.circle.rounds
    steps = (
        ("应访 due", funnel.due),
        ("已联系 attempted", funnel.attempted),
        ("已访 reached", funnel.reached),
        ("已评价 rated", funnel.rated),
        ("标记 flagged", rounds.flagged),
        ("再次转办 dispatched again", rounds.redispatched),
        ("不再转办 rejected", rounds.rejected),
        ("等待决定 waiting", rounds.undecided),
        ("第二次回访 second callbacks", rounds.second_callbacks),
        ("第三轮 third rounds", summary.circle.all_cases.third_rounds),
    )
    shown = Table(title="回访漏斗 Callback funnel", title_justify="left")
    shown.add_column("")
    shown.add_column("", justify="right")
    shown.add_column("")
    for name, count in steps:
        shown.add_row(name, f"{count:,}", "█" * round(30 * count / funnel.due) if funnel.due else "")
    p95 = summary.circle.flag_p95_s
    if p95 is not None:
        shown.caption = f"标记用时 flag time p95 {p95:.2f} s"
    return shown


def cases_table(cases: Sequence[CaseStory]) -> Table:
    """Each flagged case with its rounds."""
    shown = Table(title=f"被标记的事项 Flagged cases: {len(cases)}", title_justify="left", show_lines=True)
    shown.add_column("事项 case", no_wrap=True)
    shown.add_column("内容 content")
    shown.add_column("各轮 rounds")
    shown.add_column("结局 ending")
    for case in cases:
        rounds = "\n".join(_round(one) for one in case.rounds)
        shown.add_row(
            case.number, case.content, rounds, " ".join(case_terms.words(case_terms.VERDICTS, case.ending))
        )
    return shown


def _round(one: RoundStory) -> str:
    if one.flagged:
        reasons = "、".join(case_terms.words(case_terms.VERDICTS, reason)[0] for reason in one.reasons)
        decision = case_terms.words(case_terms.DECISIONS, one.decision)[0] if one.decision else "等待决定"
        said = f"“{one.words}” " if one.words else ""
        return f"{one.round} {said}{reasons} → {decision}"
    return f"{one.round} {case_terms.words(case_terms.VERDICTS, one.verdict)[0] if one.verdict else '待回访'}"


def sums_table(summary: Summary) -> Table:
    """The sums that must hold, and the carrier's ledger."""
    shown = Table(title="必须成立的等式 The sums that must hold", title_justify="left", show_header=False)
    shown.add_column("")
    shown.add_column("")
    for identity in summary.identities:
        shown.add_row("✓" if identity.holds else "✗", identity_line(identity).en)
    agreement = summary.facts.agreement
    shown.add_row(
        "✓" if agreement.agrees else "✗",
        f"carrier's ledger: differences {agreement.differences}, "
        f"intent mismatches {agreement.intent_mismatches}",
    )
    return shown


def _in_full(stories: Sequence[Story]) -> list[Story]:
    by_key = {story.key: story for story in stories}
    return [by_key[key] for key in TOLD_IN_FULL if key in by_key][:WHOLE_TRANSCRIPTS]
