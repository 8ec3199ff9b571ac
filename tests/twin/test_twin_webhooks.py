"""Signed, retried, overridden: how webhooks reach the service."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from twin_service import TOKEN, gather, goodbye, named

from survey.twin import webhooks
from survey.twin.signing import sign
from survey.twin.webhooks import Poster, split_overrides

WANG = "+8615400000051"
PROMPT = "您感觉安全吗?安全请按1,不安全请按4。"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(webhooks, "PAUSES_S", (0.0,) * 5)


@pytest.fixture
async def poster():
    one = Poster("AC1", TOKEN)
    yield one
    await one.close()


@given(
    st.lists(
        st.tuples(st.text("abcXYZ", min_size=1), st.text(max_size=8)),
        max_size=6,
        unique_by=lambda pair: pair[0],
    ),
    st.sampled_from(
        ["http://127.0.0.1:8080/a", "https://example.org/b?x=1&y=%E5%AE%89", "http://example.org/"]
    ),
)
@settings(max_examples=50)
def test_signatures_are_those_of_twilios_validator(params, url):
    oracle = RequestValidator(TOKEN)
    assert sign(TOKEN, url, params) == oracle.compute_signature(url, dict(params))
    assert oracle.validate(url, dict(params), sign(TOKEN, url, params))


def test_equal_pairs_count_once():
    assert sign(TOKEN, "http://x/", [("a", "1"), ("a", "1")]) == sign(TOKEN, "http://x/", [("a", "1")])


def test_connection_overrides_are_read_from_the_fragment():
    url, overrides = split_overrides("http://127.0.0.1/voice?a=b#rc=3&rp=5xx,rt&ct=2000&rt=8000")
    assert url == "http://127.0.0.1/voice?a=b"
    assert (overrides.retries, overrides.connect_s, overrides.read_s) == (3, 2.0, 8.0)
    assert [overrides.allows(kind) for kind in ("ct", "rt", "5xx", "4xx")] == [False, True, True, False]
    with pytest.raises(ValueError, match="rc='6' is not between 0 and 5"):
        split_overrides("http://127.0.0.1/#rc=6")


async def test_a_failing_service_is_asked_again_as_often_as_the_url_allows(poster, service):
    service.fail = [500, "hang up", 503]
    answer = await poster.send(f"{service.url}/voice/0#rc=3&rp=all", {"CallSid": "CA1"})
    assert (answer.delivered, answer.requests, answer.status) == ("yes", 4, 200)
    assert service.received == [("/voice/0", {"CallSid": "CA1"})] * 4


async def test_without_overrides_only_a_failed_connection_is_tried_again(poster, service, unused_tcp_port):
    service.fail = [500]
    answer = await poster.send(f"{service.url}/voice/0", {})
    assert (answer.delivered, answer.requests, answer.status) == ("unknown", 1, 500)
    nobody = await poster.send(f"http://127.0.0.1:{unused_tcp_port}/", {})
    assert (nobody.delivered, nobody.requests, nobody.status) == ("no", 2, None)


async def test_a_refusal_is_final(poster, service):
    service.fail = [403]
    answer = await poster.send(f"{service.url}/voice/0#rc=3&rp=5xx", {})
    assert (answer.delivered, answer.requests) == ("no", 1)


async def test_a_get_carries_its_parameters_in_the_signed_url(poster, service):
    answer = await poster.send(f"{service.url}/voice/0?a=1", {"Digits": "*"}, "GET")
    assert answer.delivered == "yes"
    assert service.received == [("/voice/0", {"a": "1", "Digits": "*"})]


async def test_a_document_that_cannot_be_had_ends_the_call_with_11200(bench):
    bench.plant(WANG, temper="patient", answers=["answered"])
    bench.service.fail = [200, 500]
    bench.service.script = lambda path, params: goodbye()
    call = await bench.call(WANG)
    await bench.clock.run_out()
    [error] = (await bench.control("errors"))["errors"]
    assert (error["sid"], error["code"], error["message"]) == (call.sid, 11200, "/voice/0 was answered 500")
    assert bench.service.at("/status")[-1]["CallStatus"] == "completed"


async def test_a_key_that_never_got_an_answer_is_unknown(bench):
    bench.plant(WANG, temper="patient", answers=["answered"], opinions={"safety": "安全"})
    bench.service.script = lambda path, params: gather(PROMPT, "/voice/1")
    await bench.call(WANG, status_callback=None)
    await bench.clock.run(seconds=20)
    bench.service.fail = ["hang up"] * 9
    await bench.clock.run_out()
    [entry] = (await bench.ledger())["calls"]
    assert named(entry["keys"], "digits", "delivered") == [("1", "unknown")]
