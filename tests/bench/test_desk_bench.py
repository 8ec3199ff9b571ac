"""The bench of the desk: what it reads off a page, and a small run with a killed web process that loses and doubles nothing."""

from __future__ import annotations

import asyncio

import pytest

from workers.bench import desk as bench
from workers.bench.desk_screen import Screen, read_screen
from workers.bench.desk_seat import keyed
from workers.rehearsal.twin_control import DeskReply

TOKEN = '<input type="hidden" name="form_token" value="abc1">'
LABEL = '<span><span class="zh">安全</span><span class="en">安全</span></span>'
ASKED = f"""<form method="post" action="/desk/r7/say">{TOKEN}<input type="hidden" name="step" value="3">
<p class="script" lang="zh" tabindex="-1" autofocus>您觉得安全吗?</p>
<div class="options"><button class="key" name="value" value="1" data-key="1"><kbd aria-hidden="true">1</kbd>{LABEL}</button></div>
</form><form method="post" action="/desk/r7/hang-up">{TOKEN}</form>"""


def test_what_stands_on_the_desk_is_read_off_its_page() -> None:
    idle = read_screen(f'<form method="post" action="/desk/next">{TOKEN}</form>')
    assert idle == Screen("idle", "abc1")
    dialled = f'<p class="dial" id="number">154 0000 0001</p><form action="/desk/r7/outcome">{TOKEN}</form>'
    assert read_screen(dialled) == Screen("outcome", "abc1", "r7", "+8615400000001")
    asked = read_screen(ASKED)
    assert (asked.place, asked.ref, asked.step, asked.options) == ("talk", "r7", 3, (("安全", "1"),))
    assert asked.aloud == "您觉得安全吗?"
    with pytest.raises(ValueError, match="not the desk"):
        read_screen("<h1>500</h1>")


def heard(kind: str, meant: str | None = None) -> DeskReply:
    return DeskReply("嗯", meant, kind, False, 1.0)


def test_an_operator_keys_what_was_meant() -> None:
    asked = read_screen(ASKED)
    assert keyed(asked, heard("answer", "安全")) == ("say", {"value": "1"})
    assert keyed(asked, heard("unsure")) == ("say", {"value": "dk"})
    assert keyed(asked, heard("never")) == ("say", {"value": "stop"})
    assert keyed(asked, heard("appointment")) == ("later", {"when": ""})


@pytest.mark.slow
def test_a_killed_web_process_gives_nobody_twice_and_loses_nothing() -> None:
    outcome = asyncio.run(bench.desk(5, 0.25, 0.2, 400, 1, lambda *_: None))
    found = {name: outcome.series[name].rounds for name in ("given_twice", "lost", "doubled", "left_open")}
    assert found == dict.fromkeys(found, (0.0,))
    assert outcome.sizes["web_killed"] == 1
    assert outcome.sizes["calls"] > 5 and outcome.sizes["inputs"] > 10
    assert outcome.sizes["interrupted"] > 0
