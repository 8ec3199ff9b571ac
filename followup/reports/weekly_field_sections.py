"""Sections of the weekly report that tell of the field: overview, perception, quality of the data."""

from __future__ import annotations

from collections.abc import Mapping

from followup.indicators import IndicatorReport
from followup.not_accepted import grounds
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.document.model import Block, Column, Row, Section, Sentence, Table
from followup.reports.indicator_figures import QUERY as OF_INDICATORS
from followup.reports.indicator_figures import Sides, put_changes, put_result, sides_of
from followup.reports.safety_lines import safety_line
from followup.reports.weekly_calibrated import calibrated
from followup.reports.weekly_facts import HEADLINE, WeeklyFacts
from followup.reports.weekly_towns import towns
from followup.reports.weekly_watch import watch
from survey.statistics.indicator_definitions import Composite, Mean, Share
from survey.statistics.outcome_rates import count_groups, outcome_rates

FIELD = "followup.store.weekly_field.COUNT_FIELD"
SAMPLE = "followup.store.weekly_field.SELECT_SAMPLE"
APPEALS = "followup.store.weekly_cases.SELECT_APPEALS"
REFUSED = "followup.store.weekly_cases.SELECT_REFUSED"
COUNTS = {
    "calls": both("拨打", "calls made"),
    "numbers": both("拨打号码", "numbers called"),
    "invalid": both("无效号码", "invalid numbers"),
    "answered": both("接通", "calls answered"),
    "inbound": both("接听来电", "calls that came in"),
    "threads": both("发出短信调查", "text invitations"),
    "replied": both("短信有回复", "invitations with a reply"),
    "completes": both("成功访问", "completed interviews"),
    "audited": both("复核", "interviews audited"),
    "void": both("废卷", "found void"),
}
OPINIONS = ("opinion", "suggestion")


def overview(figures: Figures, facts: WeeklyFacts) -> Section:
    """一、总体情况."""
    key = {
        name: figures.count(f"field.{name}", label, getattr(facts.field, name), FIELD)
        for name, label in COUNTS.items()
    }
    key["before"] = figures.count(
        "field.completes.before",
        both("上期成功访问", "completed interviews before"),
        facts.field_before.completes,
        FIELD,
    )
    rates = _rates(figures, facts)
    opinions = sum(1 for line in facts.appeals if line.kind in OPINIONS)
    key["appeals"] = figures.count(
        "appeals.all", both("登记诉求", "appeals registered"), len(facts.appeals) - opinions, APPEALS
    )
    key["opinions"] = figures.count(
        "appeals.opinions", both("意见建议", "opinions and suggestions"), opinions, APPEALS
    )
    key["refused"] = figures.count(
        "refused.all", both("不予受理", "not accepted"), sum(one.n for one in facts.refused), REFUSED
    )
    contact = Sentence(
        words=both(
            f"拨打{{{key['calls']}}}次(号码{{{key['numbers']}}}个,无效{{{key['invalid']}}}个),接通{{{key['answered']}}}次;"
            f"接听来电{{{key['inbound']}}}次;发出短信调查{{{key['threads']}}}个,有回复{{{key['replied']}}}个。",
            f"Calls made: {{{key['calls']}}} (numbers: {{{key['numbers']}}}, invalid: {{{key['invalid']}}}), answered: "
            f"{{{key['answered']}}}; calls that came in: {{{key['inbound']}}}; text invitations: {{{key['threads']}}},"
            f" with a reply: "
            f"{{{key['replied']}}}.",
        )
    )
    done = Sentence(
        words=both(
            f"成功访问{{{key['completes']}}}份,上期{{{key['before']}}}份。本期释放的调查样本:RR1 {{{rates['rr1']}}},"
            f"COOP1 {{{rates['coop1']}}},REF1 {{{rates['ref1']}}}。",
            f"Completed interviews: {{{key['completes']}}}, in the period before: {{{key['before']}}}. Of the sample "
            f"released: RR1 "
            f"{{{rates['rr1']}}}, COOP1 {{{rates['coop1']}}}, REF1 {{{rates['ref1']}}}.",
        )
    )
    change = _growth(figures, len(facts.appeals), len(facts.appeals_before))
    appeals = Sentence(
        words=both(
            f"登记诉求{{{key['appeals']}}}件,意见建议{{{key['opinions']}}}件,合计环比{{{change}}};不予受理{{{key['refused']}}}件。",
            f"Appeals registered: {{{key['appeals']}}}, opinions and suggestions: {{{key['opinions']}}}; together "
            f"against the period "
            f"before: {{{change}}}; not accepted: {{{key['refused']}}}.",
        )
    )  # fmt: skip
    blocks: tuple[Block, ...] = (contact, done, appeals)
    if facts.refused:
        blocks += (_refused(figures, facts),)
    return Section(title=both("总体情况", "Overview"), blocks=blocks)


def _growth(figures: Figures, now: int, before: int) -> str:
    """A count against the one before, in percent with that one as its base; counts, so no interval."""
    label = both("诉求环比", "appeals against the period before")
    if not before:
        return figures.said(
            "appeals.growth", label, both("无从比较(上期0件)", "nothing to compare with (before: 0)"), APPEALS
        )
    words = f"{100 * (now / before - 1):+.1f}%"
    return figures.said(
        "appeals.growth", label, both(f"{words}(上期{before:,}件)", f"{words} (before: {before:,})"), APPEALS
    )


def _rates(figures: Figures, facts: WeeklyFacts) -> dict[str, str]:
    groups = count_groups(
        [one.disposition for one in facts.sample], [float(one.units) for one in facts.sample]
    )
    rates, total = outcome_rates(groups), round(sum(groups.values()))
    eligible = round(sum(groups[name] for name in ("I", "P", "R", "NC", "O", "UH", "UO")))
    contacted = round(sum(groups[name] for name in ("I", "P", "R", "O")))
    figures.count("sample.units", both("释放样本", "units released"), total, SAMPLE)
    bases = {
        "rr1": (eligible, both("应答率RR1", "response rate RR1")),
        "coop1": (contacted, both("合作率COOP1", "cooperation rate COOP1")),
        "ref1": (eligible, both("拒访率REF1", "refusal rate REF1")),
    }
    return {
        name: figures.put(
            Figure(key=f"sample.{name}", label=label, value=getattr(rates, name), unit="share", n=n, query=SAMPLE)
        )
        for name, (n, label) in bases.items()
    }  # fmt: skip


def _refused(figures: Figures, facts: WeeklyFacts) -> Table:
    known = grounds()
    rows = []
    for one in facts.refused:
        name = known[one.code].name if one.code in known else None
        label = both(name.zh, name.en) if name else both(one.code, one.code)
        rows.append(Row(cells=(label, figures.count(f"refused.{one.code}", label, one.n, REFUSED))))
    return Table(
        key="refused",
        title=both("不予受理的理由", "Why appeals were not accepted"),
        columns=(
            Column(key="ground", head=both("理由", "Ground"), wide=True),
            Column(key="n", head=both("件数", "Cases")),
        ),
        rows=tuple(rows),
        empty=both("", ""),
    )


def perception(figures: Figures, facts: WeeklyFacts, claims: Mapping[str, Words] | None = None) -> Section:
    """二、安全感与满意度. `claims`: what may be said of `perception_sides`, where they are part of a larger family."""
    table = facts.now.table
    changed = put_changes(figures, "now", table.definitions, facts.before, facts.now, claims)
    put_changes(figures, "year", _headline_of(facts), facts.year_ago, facts.now, claims)
    rows = []
    for one in table.definitions:
        label = both(one.title.zh, one.title.en)
        put_result(figures, facts.now, table.total(one.id), f"now.{one.id}", label)
        put_result(
            figures, facts.before, facts.before.table.total(one.id), f"before.{one.id}",
            both(f"{label.zh} 上期", f"{label.en}, before"),
        )  # fmt: skip
        change, said = changed[one.id]
        rows.append(Row(cells=(label, f"now.{one.id}", f"before.{one.id}", change, said)))
    put_result(
        figures, facts.year_ago, facts.year_ago.table.total(HEADLINE), f"year_ago.{HEADLINE}",
        both("去年同期安全感", "sense of safety a year ago"),
    )  # fmt: skip
    indicators = Table(
        key="indicators",
        title=both("主要指标", "Indicators"),
        columns=(
            Column(key="name", head=both("指标", "Indicator"), wide=True),
            Column(key="now", head=both("本期", "This period"), rate=True),
            Column(key="before", head=both("上期", "Before"), rate=True),
            Column(key="change", head=both("变化", "Change"), rate=True),
            Column(key="said", head=both("判断", "What may be said"), wide=True),
        ),
        rows=tuple(rows),
        empty=both("", ""),
    )
    return Section(
        title=both("安全感与满意度", "Safety and satisfaction"),
        blocks=(_headline(figures), _missing(figures, facts), safety_line(figures, facts.weeks), indicators),
        parts=(
            towns(figures, facts),
            calibrated(figures, facts),
            watch(figures, facts),
            _polls(figures, facts),
        ),
    )


def perception_sides(facts: WeeklyFacts) -> dict[str, Sides]:
    """Everything whose change that section tells: beside the period before, and the headline beside a year ago."""
    return sides_of("now", facts.now.table.definitions, facts.before, facts.now) | sides_of(
        "year", _headline_of(facts), facts.year_ago, facts.now
    )


def _headline_of(facts: WeeklyFacts) -> list[Share | Mean | Composite]:
    return [one for one in facts.now.table.definitions if one.id == HEADLINE]


def _headline(figures: Figures) -> Sentence:
    now, change = f"now.{HEADLINE}", f"now.{HEADLINE}.change"
    year = f"year.{HEADLINE}.change"
    return Sentence(
        words=both(
            f"安全感{{{now}}}。较上期{{{change}}} —— {{{change}.said}}。去年同期{{year_ago.{HEADLINE}}},"
            f"较去年同期{{{year}}} —— {{{year}.said}}。",
            f"Sense of safety: {{{now}}}. Against the period before: {{{change}}} — {{{change}.said}}. A year ago: "
            f"{{year_ago.{HEADLINE}}}; against it: {{{year}}} — {{{year}.said}}.",
        )
    )


def _missing(figures: Figures, facts: WeeklyFacts) -> Sentence:
    result = facts.now.table.total(HEADLINE)
    label = both("安全感题未答", "no valid answer on safety")
    if result.missing is None or result.asked is None:
        key = figures.said("now.missing", label, both("不公布", "not published"), OF_INDICATORS)
    else:
        none = sum(one.n for one in result.missing.values())
        key = figures.share(
            "now.missing", label, none, result.asked, OF_INDICATORS, both("问到的人", "everybody asked")
        )
    return Sentence(
        words=both(
            f"安全感一题的缺失率(说不清、不想说或没有回答){{{key}}}。",
            f"Of those who were asked, don't know, will not say or no answer on safety: {{{key}}}.",
        )
    )


def _polls(figures: Figures, facts: WeeklyFacts) -> Section:
    sentences = [_poll(figures, poll.code, poll.name_zh, report) for poll, report in facts.polls]
    none = Sentence(words=both("本期没有专项民意调查。", "There was no special poll in this period."))
    return Section(title=both("专项民意调查", "Special polls"), blocks=tuple(sentences or [none]))


def _poll(figures: Figures, code: str, name: str, report: IndicatorReport) -> Sentence:
    named = figures.said(
        f"poll.{code}.name",
        both("项目", "poll"),
        both(name, name),
        "followup.store.weekly_field.SELECT_POLLS",
    )
    label = both(f"{name} 安全感", f"{name}: sense of safety")
    key = put_result(figures, report, report.table.total(HEADLINE), f"poll.{code}.{HEADLINE}", label)
    return Sentence(words=both(f"{{{named}}}:安全感{{{key}}}。", f"{{{named}}}: sense of safety {{{key}}}."))


def quality(figures: Figures, facts: WeeklyFacts) -> Section:
    """十、数据质量."""
    figures.share(
        "field.audit", both("复核比例", "share audited"), facts.field.audited, facts.field.completes, FIELD,
        both("成功访问", "completed interviews"),
    )  # fmt: skip
    figures.share(
        "field.error", both("废卷比例", "share found void"), facts.field.void, facts.field.audited, FIELD,
        both("复核过的访问", "interviews audited"),
    )  # fmt: skip
    zh = (
        "释放样本{sample.units}个;成功访问中复核{field.audited}份,复核率{field.audit};"
        "复核中发现废卷{field.void}份,废卷率{field.error}。"
    )
    en = (
        "Units released: {sample.units}. Interviews audited: {field.audited}, {field.audit} of those completed;"
        " found void: {field.void}, {field.error} of those audited."
    )
    return Section(title=both("数据质量", "Quality of the data"), blocks=(Sentence(words=both(zh, en)),))
