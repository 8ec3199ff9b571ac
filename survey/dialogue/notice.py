"""The text that announces a call (预告短信): who will call, about what, from which number, how to say no. It asks nothing."""

from collections.abc import Mapping

from survey.dialogue.speech import pack, script
from survey.dialogue.state import State
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.wording import Lang, say


def pre_notice(q: Questionnaire, *, lang: Lang, facts: Mapping[str, str], number: str) -> str:
    """`number`: the one that will call, "" where it is that of the text itself. A questionnaire's own script `pre_notice` comes
    first."""
    state = State("text", lang, 0, {**facts, "mode": "text", "lang": lang}, (), False)
    topic = say(q.title, lang, "text")
    return "".join(pack(state, script(q, state, "pre_notice", notice_topic=topic, notice_number=number)))
