"""Carrying texts: to residents with receipts, and their replies back to the service. One coroutine a text."""

from datetime import datetime
from urllib.parse import urldefrag

from . import dice, numbers, progress
from .carrier import Carrier
from .composing import Reply, compose
from .hearing import hear_text
from .ledger import Text
from .limits import GRAIN_S
from .mind import Conversation, OptOut, Resident
from .queues import Waiting
from .segments import segments
from .twiml import TEXT, TwimlError, parse
from .verbs import TextReply
from .webhooks import Answer

OPTED_OUT, EXPIRED = 21610, 30036
_UNFETCHED, _NOT_XML = 11200, 12300
_XML = frozenset({"text/xml", "application/xml"})
_RECEIPT_ERRORS = {"unassigned": 30005, "suspended": 30003, "off": 30003, "blocked": 30007, "trouble": 30008}
_THREAD_S = 72 * 3600.0
_REPEAT_S = (5.0, 30.0)


def waits(carrier: Carrier, text: Text) -> bool:
    """Whether it waits in the queue of its sender, so that it can still be called back."""
    return carrier.queue_s is not None and text.status == "queued" and text.left_queue_at is None


def _hand_over(carrier: Carrier, text: Text) -> None:
    """Send a text at its turn."""

    def go() -> None:
        text.left_queue_at = carrier.clock.now()
        carrier.spawn(_carry(carrier, text), f"text {text.sid}")

    queue = carrier.queue_for_texts(text.from_)
    if queue is None:
        go()
    else:
        gone = lambda: text.status == "canceled" or _expires(carrier, text)  # noqa: E731
        queue.join(Waiting(segments(text.body), go, gone, text.expires_at))


async def _schedule(carrier: Carrier, text: Text, send_at: datetime) -> None:
    """Keep a text until it is to be sent."""
    await carrier.wait((send_at - carrier.clock.now()).total_seconds())
    if text.status == "canceled":
        return
    if carrier.queue_s is None:
        await _send(carrier, text)
    else:
        text.status = "queued"
        _hand_over(carrier, text)


def _expires(carrier: Carrier, text: Text) -> bool:
    """Whether it has waited too long; it has failed then, and its sender is told."""
    if text.expires_at is None or carrier.clock.now() <= text.expires_at:
        return False
    text.status, text.error_code, text.updated_at = "failed", EXPIRED, carrier.clock.now()
    carrier.spawn(progress.report_text(carrier, text, 0), f"status {text.sid}")
    return True


async def _carry(carrier: Carrier, text: Text) -> None:
    await carrier.wait(GRAIN_S)
    if text.status != "canceled" and not _expires(carrier, text):
        await _send(carrier, text)


async def _send(carrier: Carrier, text: Text) -> None:
    """Bring a text to its resident, who may reply."""
    resident = carrier.resident(text.to)
    resident.texts += 1
    nth = resident.texts
    await _report(carrier, text, "sent", nth)
    await carrier.wait(dice.between(resident.person.draw("receipt", nth), *carrier.town.receipt_s))
    text.error_code = _trouble(carrier, resident, text, nth)
    if text.error_code is not None:
        await _report(carrier, text, "undelivered", nth)
        return
    text.delivered, text.delivered_at = "yes", carrier.clock.now()
    await _report(carrier, text, "delivered", nth)
    await _read(carrier, resident, text)


def _trouble(carrier: Carrier, resident: Resident, text: Text, nth: int) -> int | None:
    """Why a text does not arrive: the line is dead for good, the telephone is off for days, or its sender is blocked."""
    person = resident.person
    if carrier.callers.stops(carrier.seed, text.from_, carrier.clock.now(), text.to, "text", nth):
        text.blocked = True
        return _RECEIPT_ERRORS["blocked"]
    if person.line != "assigned":
        return _RECEIPT_ERRORS[person.line]
    if person.answers or not person.slips:
        return None
    rates = carrier.town.lines[numbers.column(person.number)]
    u = person.draw("text arrives", nth)
    for outcome in ("blocked", "trouble"):
        u -= rates[outcome]
        if u < 0:
            return _RECEIPT_ERRORS[outcome]
    return _RECEIPT_ERRORS["off"] if u < rates["off"] / 3 else None


async def _report(carrier: Carrier, text: Text, status: str, nth: int) -> None:
    text.status = status
    text.updated_at = carrier.clock.now()
    text.sent_at = text.sent_at or text.updated_at
    await progress.report_text(carrier, text, nth)


async def _read(carrier: Carrier, resident: Resident, text: Text) -> None:
    """The resident reads it, and replies unless a later question comes first."""
    opens = not text.reply and not _in_thread(resident, text)
    if opens:
        resident.thread = Conversation()
    resident.written_to = text.from_
    reply = compose(carrier.town, resident, text.body, opens=opens)
    if reply is not None or hear_text(text.body).asks:
        resident.thread_turn += 1  # what they were about to write is overtaken
    if reply is None:
        return
    if reply.puzzled:
        carrier.ledger.not_understood(carrier.clock.now(), text.to, text.body)
    turn = resident.thread_turn
    await carrier.wait(reply.after_s)
    if turn == resident.thread_turn:
        await _reply(carrier, resident, reply)


def _in_thread(resident: Resident, text: Text) -> bool:
    """Whether a text that the service sent by itself goes on with a conversation that the resident
    takes part in."""
    if resident.replied_at is None or resident.thread.over:
        return False
    recent = (text.at - resident.replied_at).total_seconds() < _THREAD_S
    case = hear_text(text.body).case
    return recent and (case is None or case == resident.thread.case)


async def _reply(carrier: Carrier, resident: Resident, reply: Reply) -> None:
    resident.replies += 1
    resident.replied_at = carrier.clock.now()
    text = _inbound(carrier, resident, reply, 0)
    if reply.kind == "stop":
        _opt_out(carrier, resident, text)
    if reply.body.strip().upper() in carrier.town.carrier_stops:
        resident.carrier_stopped = True
    await deliver(carrier, resident, text)
    if reply.twice:
        await carrier.wait(GRAIN_S)
        again = _inbound(carrier, resident, reply, 1)
        again.kind, again.slip = "duplicate", True
        await deliver(carrier, resident, again)


def write(carrier: Carrier, number: str, body: str, to: str | None = None) -> Text:
    """A resident texts the centre of their own accord; without `to` the number that last wrote to them, or our first one."""
    resident = carrier.resident(number)
    resident.replies += 1
    if to is not None:
        resident.written_to = to
    stops = body.strip() in carrier.town.stop_words
    text = _inbound(carrier, resident, Reply(body, "stop" if stops else "free", 0.0), 0)
    if stops:
        _opt_out(carrier, resident, text)
    word = body.strip().upper()
    if word in carrier.town.carrier_stops | carrier.town.carrier_starts:
        resident.carrier_stopped = word in carrier.town.carrier_stops
    carrier.spawn(deliver(carrier, resident, text), f"text {text.sid}")
    return text


async def write_later(carrier: Carrier, number: str, body: str, after_s: float) -> None:
    await carrier.wait(after_s)
    write(carrier, number, body)


def _inbound(carrier: Carrier, resident: Resident, reply: Reply, copy: int) -> Text:
    number = resident.person.number
    sid = carrier.sid("SM", "in", number, resident.replies, copy)
    now, to = carrier.clock.now(), resident.written_to or carrier.account.number
    owner = carrier.owner(to) or carrier.account
    text = Text(
        sid, "in", to=to, from_=number, body=reply.body, at=now,
        status="received", meant=reply.meant, kind=reply.kind, slip=reply.slip, sent_at=now, updated_at=now,
        account=owner.sid,
    )  # fmt: skip
    carrier.ledger.texts[sid] = text
    return text


def _opt_out(carrier: Carrier, resident: Resident, text: Text) -> None:
    resident.opted_out = OptOut(text.at, text.body, text.sid)
    carrier.ledger.opt_out(text.from_, text.at, text.body, text.sid)


async def deliver(carrier: Carrier, resident: Resident, text: Text) -> None:
    """Post an inbound text to the service, unless it is lost on the way; carry what is answered."""
    if carrier.account_of(text.account).inbound_url is None or carrier.faults.hit(
        "text_loss", text.from_, resident.replies
    ):
        return
    await _post(carrier, resident, text)
    if carrier.faults.hit("text_repeat", text.from_, resident.replies):
        after = dice.between(resident.person.draw("repeat", resident.replies), *_REPEAT_S)
        carrier.spawn(_repeat(carrier, resident, text, after), f"repeated text {text.sid}")


async def _repeat(carrier: Carrier, resident: Resident, text: Text, after_s: float) -> None:
    await carrier.wait(after_s)
    await _post(carrier, resident, text)


async def _post(carrier: Carrier, resident: Resident, text: Text) -> None:
    url = carrier.account_of(text.account).inbound_url or ""
    params = {
        "AccountSid": carrier.account_of(text.account).sid,
        "ApiVersion": progress.API_VERSION,
        "Body": text.body,
        "From": text.from_,
        "MessageSid": text.sid,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsMessageSid": text.sid,
        "SmsSid": text.sid,
        "SmsStatus": "received",
        "To": text.to,
    }
    if resident.carrier_stopped and text.kind == "stop":
        params["OptOutType"] = "STOP"
    answer = await carrier.poster_for(text.account).send(url, params)
    text.came_to(answer)
    if not answer.ok:
        _complain(carrier, text, _UNFETCHED, f"the inbound text was answered {answer.status or 'not at all'}")
        return
    for number, verb in enumerate(_read_answer(carrier, text, answer)):
        _answered(carrier, resident, text, verb, number)


def _read_answer(carrier: Carrier, text: Text, answer: Answer) -> tuple[TextReply, ...]:
    if answer.content_type not in _XML:
        _complain(
            carrier, text, _NOT_XML, f"the content type is {answer.content_type or 'missing'}, not text/xml"
        )
        return ()
    try:
        return tuple(verb for verb in parse(answer.body, TEXT) if isinstance(verb, TextReply))
    except TwimlError as error:
        _complain(carrier, text, error.code, str(error))
        return ()


def _answered(carrier: Carrier, resident: Resident, asked: Text, verb: TextReply, number: int) -> None:
    """A `<Message>` in the service's answer becomes a text of its own."""
    sid = carrier.sid("SM", "reply", asked.sid, asked.requests, number)
    text = Text(
        sid, "out", to=asked.from_, from_=asked.to, body=verb.body, at=carrier.clock.now(), status="queued",
        reply=True, status_callback=verb.status_callback, account=asked.account,
    )  # fmt: skip
    submit(carrier, text)


def submit(carrier: Carrier, text: Text) -> None:
    """Take a text to be sent; one to somebody who has stopped this number fails at once."""
    resident = carrier.resident(text.to)
    carrier.ledger.texts[text.sid] = text
    text.updated_at = carrier.clock.now()
    if resident.carrier_stopped:
        text.status, text.error_code = "failed", OPTED_OUT
        return
    if resident.opted_out is not None and not text.reply:
        carrier.ledger.contacted_after(text.to, text.at, text.sid, resident.opted_out.at)
    if text.send_at is not None:
        carrier.spawn(_schedule(carrier, text, text.send_at), f"text {text.sid}")
    else:
        _hand_over(carrier, text)


def _complain(carrier: Carrier, text: Text, code: int, message: str) -> None:
    where = urldefrag(carrier.account_of(text.account).inbound_url or "").url
    carrier.ledger.error(carrier.clock.now(), text.sid, code, f"{where}: {message}")
