"""A posted form is read as the standard library reads it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from hypothesis import example, given
from hypothesis import strategies as st

from survey.web.forms import pairs

BODIES = st.lists(
    st.sampled_from(
        [
            "&",
            "=",
            "+",
            "%",
            "%E4%BD%A0",
            "%E4%BD",
            "%e4",
            "%41",
            "%+1",
            "%2",
            "你",
            "a",
            ";",
            "%00",
            "%26",
            "%C3",
        ]
    ),
    max_size=14,
).map("".join)


@given(BODIES)
@example("Body=%E4%BD%A0+%E5%A5%BD%21&From=%2B8615400000001&ToCity=&=&&a")
def test_whatever_is_posted_is_read_as_the_standard_library_reads_it(body: str) -> None:
    assert pairs(body) == parse_qsl(body, keep_blank_values=True)


@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=12)), max_size=6))
def test_what_was_posted_comes_back(fields: list[tuple[str, str]]) -> None:
    kept = [
        (name.encode(errors="replace").decode(), value.encode(errors="replace").decode())
        for name, value in fields
    ]
    assert pairs(urlencode(kept)) == kept
