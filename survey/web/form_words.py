"""The words of the form around its questions, in Chinese and English; the questionnaire brings all others."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FormWords:
    """`place`, `look_at`, `call`: patterns for str.format. `stop_…`: what to press, what it means, what to press then."""

    place: str
    next: str
    last: str
    back: str
    choose: str
    several: str
    may_stay_empty: str
    or_else: str
    look_at: str
    help: str
    person: str
    person_means: str
    person_yes: str
    stop_survey: tuple[str, str, str]
    stop_case: tuple[str, str, str]
    later: str
    done: str
    over: str
    all_answered: str
    call: str


ZH = FormWords(
    place="第 {place} 题,共 {total} 题",
    next="下一步",
    last="提交",
    back="上一步",
    choose="请选择",
    several="可多选",
    may_stay_empty="没有的话可以空着",
    or_else="或者",
    look_at="有 {count} 处要改:",
    help="这是什么调查?",
    person="请工作人员联系我",
    person_means="这份表就到这里,工作人员会给您打电话。",
    person_yes="好,请联系我",
    stop_survey=("以后不再参加调查", "这份表就到这里,以后不再请您参加任何调查。", "确定,不再参加"),
    stop_case=("不要再发事项短信", "这份表就到这里,以后不再给您发事项短信。", "确定,不要再发"),
    later="现在没空也没关系:关掉网页,稍后再点短信里的链接,会从这里接着来。",
    done="完成了",
    over="这次调查已经结束",
    all_answered="您已经答完了,不用再填。",
    call="拨打 {number}",
)
EN = FormWords(
    place="Question {place} of {total}",
    next="Next",
    last="Send",
    back="Back",
    choose="Please choose",
    several="Choose all that apply",
    may_stay_empty="May be left empty",
    or_else="Or",
    look_at="{count} to be changed:",
    help="What is this?",
    person="I want to speak to somebody",
    person_means="The form ends here, and a member of staff will call you.",
    person_yes="Yes, please call me",
    stop_survey=(
        "No more surveys",
        "The form ends here, and you will not be asked to take part in any survey again.",
        "Yes, no more surveys",
    ),
    stop_case=(
        "No more texts about my case",
        "The form ends here, and you will get no more texts about your case.",
        "Yes, no more texts",
    ),
    later="No time now? Close the page and open the link in your text message later: it goes on from here.",
    done="Done",
    over="This survey is over",
    all_answered="You have answered everything; there is nothing left to fill in.",
    call="Call {number}",
)


def words_in(lang: str) -> FormWords:
    """Chinese where the respondent is asked in Chinese, else English."""
    return ZH if lang.startswith("zh") else EN
