"""docs/lifecycle.md and its picture are those of today's table, and the picture shows every move of it."""

import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

from followup.casework.lifecycle import CLOSED, HELD, OPEN, transitions
from followup.casework.lifecycle_drawing import arrows, drawing, layout
from followup.casework.lifecycle_page import PAGE, PICTURE, page
from followup.casework.states import states, words

ROOT = Path(__file__).parents[2]


def test_the_page_and_the_picture_are_those_of_today() -> None:
    assert (ROOT / PAGE).read_text("utf-8") == page(), "run `make reference`"
    assert (ROOT / PICTURE).read_text("utf-8") == drawing(), "run `make reference`"


def test_the_page_has_a_line_for_every_row() -> None:
    lines = [line.split("|")[1].strip() for line in page().splitlines() if line.startswith("| ")]
    assert [row.row for row in transitions()] == [line for line in lines if line[:1].isdigit()]


def test_every_arrow_of_the_table_is_drawn_and_no_other() -> None:
    needed = {f"{start}>{to}" for start, to in arrows() if start not in (to, "begin")}
    assert needed == set(layout()["arrows"])
    assert {to for start, to in arrows() if start == "begin"} == set(layout()["begin"])
    assert {*layout()["boxes"], *layout()["groups"]["ends"]["states"]} == {row.to for row in transitions()}


def test_the_picture_is_one_and_names_every_state() -> None:
    root = ET.fromstring(drawing())
    said = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    for state in {row.to for row in transitions()}:
        assert {words(state).zh, words(state).en} <= said


def test_no_label_lies_on_a_box_or_on_another_label() -> None:
    root = ET.fromstring(drawing())
    texts = [one for one in root.iter("{http://www.w3.org/2000/svg}text") if "row" in one.get("class", "")]
    labels = {one.text: area(one) for one in texts if one.get("class", "").split()[0] == "row"}
    boxes = [(x - 70, y - 28, x + 70, y + 28) for x, y in layout()["boxes"].values()]
    for name, one in labels.items():
        assert not [box for box in boxes if overlap(one, box)], name
        assert not [other for other, two in labels.items() if other != name and overlap(one, two)], name


Area = tuple[float, float, float, float]


def area(text: ET.Element) -> Area:
    """About where a label lies: Chinese as wide as high, the rest a little over half."""
    size, said = 12.5, text.text or ""
    width = sum(size if unicodedata.east_asian_width(sign) in "WF" else 0.55 * size for sign in said)
    x, y = float(text.get("x", "0")), float(text.get("y", "0"))
    left = {"middle": x - width / 2, "end": x - width}.get(text.get("text-anchor", ""), x)
    return left, y - 10, left + width, y + 2


def overlap(one: Area, two: Area) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def test_every_state_that_is_not_closed_names_its_clock_and_what_follows() -> None:
    assert set(states().waiting) == {*OPEN, *HELD}
    assert set(states().closed) == set(CLOSED)
    for state, clock in states().waiting.items():
        assert clock.clock and clock.clock_en and clock.then and clock.then_en, state
        assert clock.waits_for in states().posts, state


def test_every_post_and_label_of_the_table_has_its_words() -> None:
    for row in transitions():
        assert set(row.posts) <= set(states().posts), row.row
        assert set(row.notices) <= set(states().posts), row.row
        assert row.posts and row.zh and row.en, row.row
