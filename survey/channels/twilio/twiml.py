"""A turn as TwiML. Small templates of ours: building the package's objects costs forty times as much (performance.md §1)."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

VOICE_LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?><Response>'


def ask(prompts: Sequence[str], *, lang: str, action: str, num_digits: int, timeout_s: int) -> str:
    """Say the prompts and wait for keys; silence is posted to `action` too."""
    finish = ' finishOnKey=""' if num_digits == 1 else ""
    return (
        f'{_HEAD}<Gather input="dtmf" numDigits="{num_digits}"{finish} timeout="{timeout_s}" actionOnEmptyResult="true"'
        f' method="POST" action={quoteattr(action)}>{_says(prompts, lang)}</Gather></Response>'
    )


def goodbye(prompts: Sequence[str], *, lang: str) -> str:
    """Say the prompts and end the call."""
    return f"{_HEAD}{_says(prompts, lang)}<Hangup/></Response>"


def message(body: str) -> str:
    """Answer an inbound text in the same response; an empty body answers nothing."""
    return f"{_HEAD}<Message>{escape(body)}</Message></Response>" if body else EMPTY


def _says(prompts: Sequence[str], lang: str) -> str:
    language = VOICE_LANGUAGES[lang]
    return "".join(f'<Say language="{language}">{escape(prompt)}</Say>' for prompt in prompts)
