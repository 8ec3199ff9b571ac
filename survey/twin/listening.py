"""Saying and playing prompts into a call: what the resident gets to hear of them."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from .audio import PLAYABLE, wav_seconds
from .line import NOT_OF_THE_TYPE, UNFETCHED, Line
from .recordings import Played
from .utterance import Sound, Utterance
from .verbs import Pause, Play, Prompt, Say


async def hear(line: Line, prompts: Sequence[Prompt]) -> Utterance:
    """What these prompts come to, in the order in which they stand. It takes no time yet."""
    sounds = [await _sound(line, prompt) for prompt in prompts if isinstance(prompt, Say | Play)]
    line.call.said.extend(sound.text for sound in sounds if sound.text)
    pauses = sum(prompt.length_s for prompt in prompts if isinstance(prompt, Pause))
    return Utterance.of(line.carrier.town, sounds, pauses)


async def _sound(line: Line, prompt: Say | Play) -> Sound:
    if isinstance(prompt, Say):
        return Sound(prompt.text)
    path = urlsplit(line.absolute(prompt.url)).path
    played = await _play(line, line.absolute(prompt.url), path)
    if played is None:
        return Sound("", 0.0)
    line.call.played.append(played)
    return Sound(played.text, played.seconds, path)


async def _play(line: Line, url: str, path: str) -> Played | None:
    """Fetch a file; None, and an error in the ledger, when it is none that Twilio would play. The call goes on."""
    try:
        media = await line.carrier.poster_for(line.call.account).fetch(url)
    except ValueError as error:
        line.complain(UNFETCHED, f"{path} cannot be asked for: {error}")
        return None
    if media is None or media.status != 200:
        line.complain(UNFETCHED, f"{path} was answered {media.status if media else 'not at all'}")
        return None
    if media.content_type not in PLAYABLE:
        line.complain(NOT_OF_THE_TYPE, f"{path} is {media.content_type or 'of no type'}, which is not played")
        return None
    seconds = wav_seconds(media.body)
    if seconds is None:
        seconds = line.carrier.town.speech.unmeasured_s
    return Played(path, round(seconds, 3), media.says)
