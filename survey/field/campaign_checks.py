"""What is wrong with a campaign, before anybody is called: errors stop it, warnings are to be read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from survey.field.attempt_policy import attempt_policy
from survey.field.calling_hours import calling_hours, day_slots, is_contact_day
from survey.field.campaign_document import PRE_NOTICE, CampaignDocument
from survey.field.fault import Fault
from survey.field.own_hours import WEEKDAYS, OwnHours, Times, written
from survey.field.quota_checks import Question, quotas_by_answers
from survey.field.release_policy import release_policy


@dataclass(frozen=True)
class Surroundings:
    """What a document is held against. `frame_size`: people on the list who may be drawn for it now; None: not known yet.

    `areas`: codes of the centre. `asks`: modes the questionnaire can be asked in. `attributes`: columns of the list.
    `questions`: all of the questionnaire's, by id.
    """

    today: date
    areas: Sequence[str]
    purpose: str
    asks: Sequence[str]
    frame_size: int | None
    attributes: Sequence[str] = ()
    questions: Mapping[str, Question] = field(default_factory=dict)


def check(document: CampaignDocument, around: Surroundings) -> tuple[Fault, ...]:
    """Everything that is wrong, errors first."""
    found = [fault for rule in RULES for fault in rule(document, around)]
    return tuple(sorted(found, key=lambda fault: fault.severity == "warning"))


def _design(document: CampaignDocument, around: Surroundings) -> Iterator[Fault]:
    if document.kind == "wave" and document.quotas:
        yield Fault(
            "error", ("quotas",), "an official wave has no quotas: it uses whole replicates and calibration",
            "take the quotas out, or make it a poll",
            "正式调查没有配额:投放整个副样本,事后校准加权", "去掉 quotas,或把 kind 改为 poll",
        )  # fmt: skip
    if document.kind == "wave" and not document.calibration:
        yield Fault(
            "error", ("kind",), "a wave is weighted to known margins, and none is named",
            "add `calibration: [township, sex, age]`",
            "正式调查要按已知总体校准,这里没有写按什么校准", "加上 `calibration: [township, sex, age]`",
        )  # fmt: skip
    if document.quotas and document.says_interval == "design_based":
        yield Fault(
            "error", ("interval",),
            "a quota sample (配额样本) has no known inclusion probabilities, so no design-based interval",
            "write `interval: none`, or take the quotas out",
            "配额样本没有已知的入样概率,不能给基于设计的区间", "写 `interval: none`,或去掉 quotas",
        )  # fmt: skip
    if document.kind == "wave" and document.targets.daily is not None:
        yield Fault(
            "error", ("targets", "daily"), "a wave works whole replicates to their end and stops inside none",
            "take the daily target out; the size of the sample governs a wave",
            "正式调查把副样本做完才停,没有每日目标", "去掉 daily;正式调查由样本量决定",
        )  # fmt: skip


def _seats(document: CampaignDocument, around: Surroundings) -> Iterator[Fault]:
    total = document.targets.total
    for at, quota in enumerate(document.quotas):
        if total is None:
            yield Fault(
                "error", ("quotas", at), f"quota {quota.name} has {quota.seats} seats, but no total is said",
                f"add `targets: {{total: {quota.seats}}}`",
            f"配额“{quota.name}”共 {quota.seats} 个名额,却没有写总目标", f"加上 `targets: {{total: {quota.seats}}}`",
            )  # fmt: skip
        elif quota.seats != total:
            yield Fault(
                "error", ("quotas", at, "cells"),
                f"the cells of quota {quota.name} sum to {quota.seats}, the total target is {total}",
                "make them equal",
            f"配额“{quota.name}”各格合计 {quota.seats},总目标是 {total}", "改成相等",
            )  # fmt: skip
        for cell_at, cell in enumerate(quota.cells):
            for code in cell.when.areas:
                if not _known(code, around.areas):
                    yield Fault(
                        "error", ("quotas", at, "cells", cell_at, "when", "areas"),
                        f"there is no area {code} in this centre", "use a code of the area table",
                        f"本中心没有地区 {code}", "用地区表里的代码",
                    )  # fmt: skip
            for name in cell.when.attributes:
                if name not in around.attributes:
                    known = ", ".join(around.attributes) or "none"
                    yield Fault(
                        "error", ("quotas", at, "cells", cell_at, "when", "attributes"),
                        f"the list has no column {name!r} (columns kept: {known})",
                        "use one of these, or import a list that has it",
                        f"名单没有“{name}”这一列(保留的列:{known if around.attributes else '无'})",
                        "用其中一列,或导入有这一列的名单",
                    )  # fmt: skip
    daily = document.targets.daily
    if daily is not None and total is not None and daily > total:
        yield Fault(
            "warning", ("targets", "daily"), f"the daily target ({daily}) is over the total ({total})",
            "it will never be reached",
            f"每日目标({daily})大于总目标({total})", "永远达不到,请改小",
        )  # fmt: skip


def _answers(document: CampaignDocument, around: Surroundings) -> Iterator[Fault]:
    yield from quotas_by_answers(document, around.questions)


def _areas(document: CampaignDocument, around: Surroundings) -> Iterator[Fault]:
    for at, code in enumerate(document.sample.areas):
        if not _known(code, around.areas):
            yield Fault(
                "error", ("sample", "areas", at), f"there is no area {code} in this centre",
                "use a code of the area table", f"本中心没有地区 {code}", "用地区表里的代码",
            )  # fmt: skip


def _known(code: str, areas: Sequence[str]) -> bool:
    return any(area.startswith(code) for area in areas)


def _questionnaire(document: CampaignDocument, around: Surroundings) -> Iterator[Fault]:
    if around.purpose != "survey":
        yield Fault(
            "error", ("questionnaire",), f"its purpose is {around.purpose!r}: it is about a case of one resident",
            "choose a questionnaire whose purpose is survey",
            f"这份问卷的用途是 {around.purpose},问的是一位居民的事项", "选用途为 survey 的问卷",
        )  # fmt: skip
    for at, mode in enumerate(document.modes):
        if mode != PRE_NOTICE and mode not in around.asks:
            yield Fault(
                "error", ("modes", at), f"the questionnaire has no wording for mode {mode}",
                f"write one, or use of its modes: {', '.join(around.asks)}",
                f"问卷没有 {mode} 方式的问法", f"补上问法,或只用:{'、'.join(around.asks)}",
            )  # fmt: skip
    if document.links and "text" not in document.modes:
        yield Fault(
            "error",
            ("links",),
            "there is no text that could carry a link",
            "add mode text, or take links out",
            "没有可以带链接的短信",
            "加上短信方式 text,或去掉 links",
        )


def _calls(document: CampaignDocument, around: Surroundings) -> Iterator[Fault]:
    if document.machine_detection in ("before", "beside") and "voice" not in document.modes:
        yield Fault(
            "error", ("machine_detection",), "there is no call by machine in which it could be asked for",
            "add mode voice, or take machine_detection out",
            "没有语音呼叫,谈不上识别录音机", "加上语音方式 voice,或去掉 machine_detection",
        )  # fmt: skip
    if document.operator_dialling != "by_hand" and "operator" not in document.modes:
        yield Fault(
            "error", ("operator_dialling",), "there is no call by operators in which it could be used",
            "add mode operator, or take it out",
            "没有人工拨打,用不上这一项", "加上人工方式 operator,或去掉 operator_dialling",
        )  # fmt: skip


def _delays(document: CampaignDocument, around: Surroundings) -> Iterator[Fault]:
    """A pause shorter than the one that is kept anyway would do nothing."""
    policy = attempt_policy()
    for before, mode in zip(document.modes, document.contacts_by[1:], strict=False):
        hours = document.mode_delays.get(mode)
        after_text = before == "text"
        least = policy.text_wait_hours if after_text else policy.purposes["survey"].hours_apart
        if hours is not None and hours < least:
            kept = "a text is given that long for its reply" if after_text else "so much lies between any two"
            yield Fault(
                "error", ("mode_delays", mode),
                f"{hours:g} hours after {before} do nothing: {least:g} are kept in any case ({kept})",
                f"write {least:g} or more, or take it out",
                f"{before} 之后隔 {hours:g} 小时没有作用:本来就至少隔 {least:g} 小时", f"写 {least:g} 或更多,或去掉",
            )  # fmt: skip


def _conversion(document: CampaignDocument, around: Surroundings) -> Iterator[Fault]:
    """Asking once more is wanted by name, and no day is left for it."""
    after = attempt_policy().conversion.after_days
    wanted = document.convert_refusals and "convert_refusals" in document.model_fields_set
    if wanted and (document.closes - document.opens).days < after:
        yield Fault(
            "warning", ("convert_refusals",), f"{after} days must lie between, and the campaign is over by then",
            f"let it last for more than {after} days, or write `convert_refusals: false`",
            f"婉拒后要隔 {after} 天再问一次,那时项目已结束", f"把期间延长到 {after} 天以上,或写 `convert_refusals: false`",
        )  # fmt: skip


def _days(document: CampaignDocument, around: Surroundings) -> Iterator[Fault]:
    if document.closes < around.today:
        yield Fault(
            "error",
            ("closes",),
            f"{document.closes} has passed",
            "choose a later day",
            f"{document.closes} 已经过去",
            "选以后的日期",
        )
    days = [document.opens + timedelta(days=n) for n in range((document.closes - document.opens).days + 1)]
    asked = [day for day in days if is_contact_day(day, "survey")]
    if asked and not any(is_contact_day(day, "survey", own=document.own_hours) for day in asked):
        yield Fault(
            "error", ("weekdays",), "none of these weekdays is a day of this period on which people are asked",
            f"add one, such as {WEEKDAYS[asked[0].weekday()]}, or take weekdays out",
            "这段时间里,这些星期几都不是访问日", f"加上一天,如 {WEEKDAYS[asked[0].weekday()]},或去掉 weekdays",
        )  # fmt: skip
    if not asked:
        yield Fault(
            "error", ("opens",), "no day of this period is a day on which people are asked (holidays, shifts)",
            "choose other days", "这段时间没有一天可以访问(节假日、排班)", "换一段日期",
        )  # fmt: skip


def _hours(document: CampaignDocument, around: Surroundings) -> Iterator[Fault]:
    """Windows in which nobody could be called, or that promise more than the policy allows."""
    allowed = calling_hours().windows
    least = attempt_policy().least_slot_s + attempt_policy().last_start_before_close_s
    for at, window in enumerate(document.hours):
        own = OwnHours((written(window),))
        parts = own.within(allowed)
        slots = day_slots(_ordinary_day(document.opens), "UTC", "survey", own=own)
        if all((slot.closes - slot.opens).total_seconds() < least for slot in slots):
            why = f"too short to be called in: it takes {least // 60} minutes in one part of the day"
            yield Fault(
                "error", ("hours", at), f"{window} leaves nothing: " + (why if parts else "nobody is called then"),
                f"write a window inside {_said(allowed)}",
                f"{window} 没有可用的时间" + ("(太短)" if parts else "(那时不许拨打)"), f"写在 {_said(allowed)} 以内",
            )  # fmt: skip
        elif parts != own.windows:
            yield Fault(
                "warning", ("hours", at), f"of {window} only {_said(parts)} counts: nobody is called otherwise",
                f"write {_said(parts)}",
                f"{window} 里只有 {_said(parts)} 算数,其余时间不许拨打", f"写成 {_said(parts)}",
            )  # fmt: skip


def _ordinary_day(day: date) -> date:
    return next(one for n in range(60) if is_contact_day(one := day + timedelta(days=n), "survey"))


def _said(windows: Sequence[Times]) -> str:
    return ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in windows)


def _enough(document: CampaignDocument, around: Surroundings) -> Iterator[Fault]:
    size, total = document.sample.size, document.targets.total
    if around.frame_size is not None and size > around.frame_size:
        yield Fault(
            "error", ("sample", "size"),
            f"{size} people are to be drawn, and {around.frame_size} on the list may be",
            "draw fewer, add people to the list, or lower cooling_off_days",
            f"要抽 {size} 人,名单上现在可抽 {around.frame_size} 人", "少抽一些、补充名单,或调低 cooling_off_days",
        )  # fmt: skip
    expected = size * release_policy().prior_yield
    if total is not None and expected < total:
        yield Fault(
            "warning", ("sample", "size"),
            f"{size} people bring about {expected:.0f} interviews by experience, and {total} are wanted",
            f"draw about {total / release_policy().prior_yield:.0f}",
            f"按经验 {size} 人大约能完成 {expected:.0f} 份,目标是 {total} 份",
            f"抽大约 {total / release_policy().prior_yield:.0f} 人",
        )  # fmt: skip
    if document.sample.replicate > size:
        yield Fault(
            "error",
            ("sample", "replicate"),
            "a replicate is larger than the sample",
            f"write {size} at the most",
            "一个副样本比整个样本还大",
            f"最多写 {size}",
        )


RULES: tuple[Callable[[CampaignDocument, Surroundings], Iterator[Fault]], ...] = (
    _design,
    _seats,
    _answers,
    _areas,
    _questionnaire,
    _calls,
    _delays,
    _conversion,
    _days,
    _hours,
    _enough,
)
