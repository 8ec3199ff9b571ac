"""Voice prompts over HTTP: recordings as the carrier fetches them, and which sentences of a reply are played.

No person is in any of them, so they are served to whoever knows the address; it never gets another sound.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from aiohttp import web

from survey import voicing
from survey.audio_policy import audio_policy
from survey.channels.twilio.twiml import Audio, Spoken
from survey.ground import Ground
from survey.sounds import ENDINGS
from survey.voice_reply import VoiceReply
from survey.voicing import Shelf

PATH: Final = "/audio"
PROMPT_TEXT: Final = "X-Prompt-Text"
"""The words of the sound, percent-encoded: a courtesy to whoever fetches it and has no ears, as in a rehearsal."""


def audio_routes(ground: Ground) -> Sequence[web.RouteDef]:
    """Where recordings are fetched."""

    async def play(request: web.Request) -> web.Response:
        name, ending = request.match_info["name"], request.match_info["ending"]
        found = await voicing.file(ground, name)
        if found is None or ENDINGS[found.media_type] != ending:
            raise web.HTTPNotFound
        headers = {
            "ETag": f'"{name}"',
            "Cache-Control": f"public, max-age={audio_policy().kept_s}, immutable",
            "X-Content-Type-Options": "nosniff",
            PROMPT_TEXT: quote(found.sentence),
        }
        if {name, "*"} & {tag.value for tag in request.if_none_match or ()}:
            return web.Response(status=304, headers=headers)
        return web.Response(body=found.body, content_type=found.media_type, headers=headers)

    return [web.get(PATH + "/{name:[0-9a-f]{64}}.{ending:wav|mp3}", play)]


async def prompts(shelf: Shelf, public_url: str, reply: VoiceReply) -> Sequence[Spoken]:
    """The sentences of a reply, those that have a recording as its address; all as words where the questionnaire does
    not ask for recordings."""
    if not reply.audio:
        return reply.say
    files = await shelf.files(reply.audio, reply.say)
    return [
        sentence if file is None else Audio(f"{public_url}{PATH}/{file}")
        for sentence, file in zip(reply.say, files, strict=True)
    ]
