"""What all pages share: one look, Chinese first with English a click away, and headers that let nothing
foreign in.

Templates of another package extend `base.html` through `templates_of(package)`; files that are written
rather than served use the same style sheet and the same two-language spans.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final, Literal

import asyncpg
from aiohttp import web
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from survey.masking import without_numbers

Lang = Literal["zh", "en"]

_BOTH: Final = Markup('<span class="zh" lang="zh">{}</span><span class="en" lang="en">{}</span>')


@dataclass(frozen=True)
class Tile:
    """One figure at the head of the page. `tone` is "", good, warn or bad."""

    zh: str
    en: str
    count: int
    tone: str = ""
    sub_zh: str = ""
    sub_en: str = ""


@dataclass(frozen=True)
class Beyond:
    """What one page may reach or play beside what stands in it: sources of the directives `connect-src` and `media-src`."""

    connect: tuple[str, ...] = ()
    media: tuple[str, ...] = ()


NOTHING: Final = Beyond()
SOUND: Final = Beyond(media=("data:",))
"""A sound that stands in the page itself."""

TileSource = Callable[[asyncpg.Connection, datetime], Awaitable[Sequence[Tile]]]
"""Figures of a layer above, which this one cannot know: the flagged callbacks that wait for a decision."""


def both(zh: object, en: object) -> Markup:
    """The same words in Chinese and in English; the page's style decides which are seen."""
    return _BOTH.format(zh, en)


def in_both(no: Exception) -> tuple[str, str]:
    """A refusal in Chinese and in English, where its docstring says it in both, one after the other."""
    zh, _, en = str(no).partition("。")
    return f"{zh}。", en.strip()


def percent(value: float | None) -> str:
    """A share as a percentage of one decimal; empty where there is none."""
    return "" if value is None else f"{100 * value:.1f}"


@cache
def templates_of(package: str) -> Environment:
    """The templates of `package` over those of the shell; undefined names are errors, everything is
    escaped.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("survey.web")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["t"] = both
    environment.filters["clock_time"] = "{:%H:%M:%S}".format
    environment.filters["thousands"] = "{:,}".format
    environment.filters["percent"] = percent
    environment.filters["masked"] = without_numbers
    return environment


def lang_of(request: web.Request) -> Lang:
    """English only when the address asks for it (`?lang=en`)."""
    return "en" if request.query.get("lang") == "en" else "zh"


def in_other_language(request: web.Request) -> str:
    """The address of the same page in the other language."""
    if lang_of(request) == "en":
        return str(request.rel_url.without_query_params("lang"))
    return str(request.rel_url.update_query(lang="en"))


def page(
    request: web.Request,
    package: str,
    template: str,
    values: Mapping[str, object],
    status: int = 200,
    *,
    beyond: Beyond = NOTHING,
) -> web.Response:
    """A whole page: the template rendered with `values`, `lang` and a fresh `nonce` for its own style and
    script. `beyond`: of nearly every page nothing.
    """
    nonce = secrets.token_urlsafe(16)
    body = (
        templates_of(package)
        .get_template(template)
        .render(**values, lang=lang_of(request), nonce=nonce, other_language=in_other_language(request))
    )
    return web.Response(text=body, status=status, content_type="text/html", headers=_headers(nonce, beyond))


def fragment(package: str, template: str, values: Mapping[str, object]) -> web.Response:
    """A part of a page, for the page's own script to put in place."""
    return web.Response(
        text=rendered(package, template, values), content_type="text/html", headers=_headers(None)
    )


def rendered(package: str, template: str, values: Mapping[str, object]) -> Markup:
    """A part of a page, for many who are sent the same."""
    return Markup(templates_of(package).get_template(template).render(**values))


def _headers(nonce: str | None, beyond: Beyond = NOTHING) -> dict[str, str]:
    own = f"'nonce-{nonce}'" if nonce else "'none'"
    connect = " ".join(("'self'", *beyond.connect))
    media = f"media-src {' '.join(beyond.media)}; " if beyond.media else ""
    policy = (
        f"default-src 'none'; style-src {own}; script-src {own}; connect-src {connect}; img-src 'self' data:; {media}"
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
