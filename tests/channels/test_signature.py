"""Our signature is Twilio's, for whatever form and URL."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from survey.channels.twilio.signature import is_signed, sign

TOKEN = "0123456789abcdef0123456789abcdef"
NAMES = st.text("ABCDEFabc123", min_size=1, max_size=8)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PAIRS = st.lists(st.tuples(NAMES, VALUES), max_size=8).flatmap(
    lambda pairs: st.permutations(pairs + pairs[:2])  # repeated fields, in any order
)
URLS = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["minyi.example", "127.0.0.1", "localhost"]),
    st.sampled_from(["", ":80", ":443", ":8080", ":1"]),
    st.sampled_from(["/twilio/text", "/twilio/voice/r-_f/0", "/"]),
    st.sampled_from(["", "?a=b", "?bodySHA=1&x=%20"]),
)


@given(url=URLS, pairs=PAIRS, token=st.sampled_from([TOKEN, "0", TOKEN * 2, TOKEN * 2 + "0"]))
def test_the_signature_is_the_one_that_twilio_computes(
    url: str, pairs: list[tuple[str, str]], token: str
) -> None:
    assert sign(token, url, pairs) == RequestValidator(token).compute_signature(url, MultiDict(pairs))


@given(url=URLS, signed_url=URLS, pairs=PAIRS)
def test_what_we_let_in_is_what_twilio_lets_in(
    url: str, signed_url: str, pairs: list[tuple[str, str]]
) -> None:
    """With and without the port, as proxies add and drop it; nothing else of a URL may differ."""
    twilio = RequestValidator(TOKEN)
    signature = twilio.compute_signature(signed_url, MultiDict(pairs))
    assert is_signed(TOKEN, url, pairs, signature) == twilio.validate(url, MultiDict(pairs), signature)


@given(pairs=PAIRS.filter(lambda pairs: len(pairs) > 0), other=VALUES)
def test_a_changed_field_is_not_let_in(pairs: list[tuple[str, str]], other: str) -> None:
    url = "https://minyi.example/twilio/text"
    name, value = pairs[0]
    changed = [(name, value + other + "!"), *(pair for pair in pairs if pair != pairs[0])]
    assert not is_signed(TOKEN, url, changed, sign(TOKEN, url, pairs))


def test_without_a_signature_or_with_another_token_nobody_is_let_in() -> None:
    url, pairs = "https://minyi.example/twilio/text", [("Body", "1")]
    assert is_signed(TOKEN, url, pairs, sign(TOKEN, url, pairs))
    assert not is_signed(TOKEN, url, pairs, None)
    assert not is_signed(TOKEN, url, pairs, "")
    assert not is_signed(TOKEN, url, pairs, sign("another token", url, pairs))
    assert not is_signed(TOKEN, url, pairs, "是")
