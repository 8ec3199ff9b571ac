"""PURE. What an operator sees of the desk's page: where it stands, what is to be said, and what each key sends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Literal

Place = Literal["off", "idle", "dial", "outcome", "talk", "over"]

FORM = re.compile(r'action="/desk/([^"]+)"')
TOKEN = re.compile(r'name="form_token" value="(\w+)"')
STEP = re.compile(r'name="step" value="(\d+)"')
NUMBER = re.compile(r'id="number">([\d ]+)<')
PROMPT = re.compile(r'<p class="script"[^>]*>(.*?)</p>', re.S)
OPTIONS = re.compile(r'<div class="options">(.*?)</div>|<fieldset class="boxes">(.*?)</fieldset>', re.S)
OPTION = re.compile(r'value="([^"]*)" data-key="[^"]*">(.*?)</(?:button|label)>', re.S)
CHINESE = re.compile(r'<span class="zh"[^>]*>(.*?)</span>', re.S)


@dataclass(frozen=True, slots=True)
class Screen:
    """`ref`: of the person in hand; `number`: in E.164, in the one page that shows it; `step`: of the question; `options`: what
    is sent for each label; `opened`: the answer is written in the resident's own words."""

    place: Place
    token: str
    ref: str = ""
    number: str = ""
    step: int = 0
    prompts: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    opened: bool = False

    @property
    def aloud(self) -> str:
        """What the operator reads out: the script, and the options that only the screen lists."""
        said = " ".join(self.prompts)
        labels = [label for label, _ in self.options]
        return said if not labels or any(one in said for one in labels) else f"{said}\n{'、'.join(labels)}?"


def read_screen(page: str) -> Screen:
    """Of the HTML that the desk sends. Raises ValueError for a page that is no desk."""
    forms = FORM.findall(page)
    token = TOKEN.search(page)
    if not forms or token is None:
        raise ValueError(f"not the desk: {page[:300]}")
    named = {path.rpartition("/")[2]: path.rpartition("/")[0] for path in forms}
    if "ready" in named:
        return Screen("off", token[1])
    if "next" in named:
        return Screen("idle", token[1])
    ref = named["hang-up"] if "hang-up" in named else named["outcome"]
    if "number" in named:
        return Screen("dial", token[1], ref)
    if "outcome" in named:
        number = NUMBER.search(page)
        return Screen("outcome", token[1], ref, "+86" + number[1].replace(" ", "") if number else "")
    prompts = tuple(_words(one) for one in PROMPT.findall(page))
    if "say" not in named:
        return Screen("over", token[1], ref, prompts=prompts)
    step, listed = STEP.search(page), OPTIONS.search(page)
    options = OPTION.findall(listed[1] or listed[2]) if listed else []
    return Screen(
        "talk",
        token[1],
        ref,
        step=int(step[1]) if step else 0,
        prompts=prompts,
        options=tuple((_label(words), unescape(value)) for value, words in options),
        opened="<textarea" in page,
    )


def _label(markup: str) -> str:
    found = CHINESE.search(markup)
    return _words(found[1] if found else markup)


def _words(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", markup)).strip()
