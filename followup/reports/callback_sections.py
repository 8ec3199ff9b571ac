"""Sections of the callback report: what residents say, what was flagged and what followed, and its notes."""

from __future__ import annotations

from followup.reports import terms
from followup.reports.callback_lists import denied_table, flagged_table
from followup.reports.callback_report import DISTRIBUTED, CallbackReport
from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Column, Row, Section, Sentence, Table
from followup.reports.small_cells import total_kept_back
from followup.reports.tally_figures import QUERY
from followup.reports.tally_sentences import rating_sentences


def ratings_section(figures: Figures, report: CallbackReport) -> Section:
    withheld = {
        question: total_kept_back({question: report.total.asked(question)}) for question in DISTRIBUTED
    }
    rows = []
    for question in DISTRIBUTED:
        codes, asked = report.distributions[question], report.total.asked(question)
        if not asked or withheld[question]:
            continue
        for code, words in terms.ANSWERS[question].items():
            label, said = both(*words), both(*terms.QUESTIONS[question])
            name = f"said.{question}.{code}"
            n = figures.count(
                f"{name}.n",
                both(f"{said.zh}:{label.zh}", f"{said.en}: {label.en}"),
                codes.get(code, 0),
                QUERY,
            )
            share = figures.share(
                name,
                both(f"{said.zh}:{label.zh}占比", f"{said.en}: {label.en}, share"),
                codes.get(code, 0),
                asked,
                QUERY,
            )
            rows.append(Row(cells=(said, label, n, share)))
    table = Table(
        key="answers",
        title=both("各题回答", "Answers by question"),
        columns=(
            Column(key="question", head=both("问题", "Question"), wide=True),
            Column(key="answer", head=both("回答", "Answer")),
            Column(key="n", head=both("件数", "Number")),
            Column(key="share", head=both("占比", "Share"), rate=True),
        ),
        rows=tuple(rows),
        empty=both(
            "各题有效回答均不足可公布的份数。", "No question has as many valid answers as are printed."
        ),
    )
    return Section(
        title=both("群众评价", "What residents say"),
        blocks=(*rating_sentences(figures, "units.all"), table),
    )


def flag_parts(figures: Figures, report: CallbackReport) -> tuple[Section, ...]:
    flagged = figures.count(
        "flags.all", both("标记", "Flagged"), sum(1 for line in report.callbacks if line.flagged), QUERY
    )
    sent = figures.count(
        "flags.redispatched", both("再次交办", "Sent again"), report.total.redispatched, QUERY
    )
    named = [
        Row(
            cells=(
                both(*terms.words(terms.VERDICTS, code)),
                figures.count(
                    f"reason.{code}", both(f"标记原因 {code}", f"Reason of a flag: {code}"), n, QUERY
                ),
            )
        )
        for code, n in sorted(report.reasons.items(), key=lambda item: (-item[1], item[0]))
    ]
    reasons = Table(
        key="reasons",
        title=both("标记原因(一件可有几项)", "Reasons of flags (a case may have several)"),
        columns=(
            Column(key="reason", head=both("原因", "Reason"), wide=True),
            Column(key="n", head=both("件数", "Cases")),
        ),
        rows=tuple(named),
        empty=both("本期没有标记。", "Nothing was flagged in this period."),
    )
    zh = f"本期到期的回访中,被标记{{{flagged}}}件,已决定再次交办{{{sent}}}件。"
    en = f"Of the callbacks due in this period {{{flagged}}} were flagged; sent out again: {{{sent}}}."
    calls = Table(
        key="verification",
        title=both("核实电话", "Verification calls"),
        columns=(
            Column(key="operator", head=both("调查员", "Operator")),
            Column(key="spoken", head=both("通话", "Spoken with")),
            Column(key="converted", head=both("改口满意", "Content when called")),
        ),
        rows=tuple(
            Row(
                cells=(
                    both(one.operator, one.operator),
                    figures.count(
                        f"calls.{one.operator}.spoken", both(f"{one.operator} 通话", f"{one.operator}: spoken with"),
                        one.spoken, QUERY,
                    ),
                    figures.count(
                        f"calls.{one.operator}.converted",
                        both(f"{one.operator} 改口满意", f"{one.operator}: content when called"), one.converted, QUERY,
                    ),
                )
            )
            for one in report.conversions
        ),
        empty=both("本期没有核实电话。", "No verification call was made in this period."),
    )  # fmt: skip
    return (
        Section(
            title=both("标记及处理", "Flags and what follows"),
            blocks=(Sentence(words=both(zh, en)), reasons, flagged_table(report)),
        ),
        Section(title=both("否认联系", "Contact denied"), blocks=(denied_table(report),)),
        Section(title=both("核实", "Verification"), blocks=(calls,)),
    )


def _note(zh: str, en: str) -> Sentence:
    return Sentence(words=both(zh, en))


NOTES = (
    _note(
        "应访是本期到期的全部回访,不是抽样;访到是已被告知结果并作出回答的;未访到和未评价单列,不算满意。",
        "Due are all callbacks that fell due in the period, no sample; reached are those who were told the result and "
        "answered; not"
        " reached and not rated stand apart and never count as satisfied.",
    ),
    _note(
        "满意率三种读法一并列出:严口径只算满意,半权把基本满意算一半,宽口径把基本满意算满意。",
        "Satisfaction is given in three readings: strict counts satisfied alone, half weight counts fairly satisfied "
        "as half, broad"
        " as satisfied.",
    ),
    _note(
        "比率后括号内是基数;区间为百分之九十五,比例用Korn-Graubard法,半权用均值的正态区间。",
        "Behind a rate stands its base; intervals are of ninety-five per cent, Korn-Graubard's for shares, the normal "
        "one of the mean"
        " for half weights.",
    ),
    _note(
        "回答不足十份的不列,能由合计推算出来的也不列;表中不排名次。居民的话里的号码已遮去。",
        "Fewer than ten answers are not printed, nor what could be worked out from a total; nothing is ranked. "
        "Numbers in residents'"
        " words are masked.",
    ),
    _note(
        "表中“*”是不公布的数,“—”是没有回答或没有数据。",
        "In tables * stands for a figure that is not published, — for no answer or no data.",
    ),
)
