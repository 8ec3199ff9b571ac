"""Options and the keys that stand for them: too many, reserved, untold, or meant by the same words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from survey.questionnaire.lint.finding import Found, found
from survey.questionnaire.lint.policy import limits
from survey.questionnaire.lint.view import View, keys_of
from survey.questionnaire.parts import CLOSED, Item, Option
from survey.questionnaire.wording import Mode, say


def keys(view: View) -> Iterator[Found]:
    """Codes that residents would press or write, where these mean something else."""
    reserved = limits().reserved
    for name, options in view.q.choices.items():
        users = view.users_in(name, "voice", "text")
        if not users:
            continue
        by_key = keys_of(users[0], options)
        for place, option in enumerate(options):
            path = ("choices", name, place, "code")
            if option.code in reserved:
                yield found("reserved-key", path, code=option.code, choices=name, means=reserved[option.code])
            elif option.code.isascii() and option.code.isdigit() and by_key[option.code] != option.code:
                yield found("key-differs", path, code=option.code, choices=name, key=by_key[option.code])


def how_many(view: View) -> Iterator[Found]:
    """Per question, because a filter of its own may leave fewer."""
    most = limits().options
    for item in view.q.items:
        if item.kind not in CLOSED:
            continue
        modes = [mode for mode in item.modes if item.id in view.position[mode]]
        if item.choices_from is not None:
            if said := [mode for mode in modes if mode in ("voice", "text")]:
                path = view.path(item, "choices_from")
                yield found("options-untold", path, id=item.id, modes=", ".join(said), fact=item.choices_from)
            continue
        path, count = view.path(item, "choices"), len(view.q.options(item.id))
        if "voice" in modes and count > most.voice:
            rule = "too-many-options" if item.choice_filter is None else "many-options"
            yield found(rule, path, "voice", id=item.id, count=count, most=most.voice)
        elif "text" in modes and count > most.text:
            yield found("many-options", path, "text", id=item.id, count=count, most=most.text)


def same_words(view: View) -> Iterator[Found]:
    """Two options that a resident would name by the same word."""
    for name, options in view.q.choices.items():
        if not view.users.get(name):
            continue
        for lang in view.languages:
            meant: dict[str, Option] = {}
            for place, option in enumerate(options):
                for word in sorted(_words(option, lang)):
                    first = meant.setdefault(word, option)
                    if first is not option:
                        path = ("choices", name, place, "label")
                        yield found(
                            "same-words",
                            path,
                            choices=name,
                            word=word,
                            lang=lang,
                            one=first.code,
                            other=option.code,
                        )
                        break
        yield from _same_years(name, options)


def _words(option: Option, lang: str) -> set[str]:
    styles: tuple[Mode, ...] = ("voice", "text", "web", "operator")
    labels = {say(option.label, lang, mode) for mode in styles}
    short = {say(option.short, lang, "text")} if option.short else set()
    words = {*labels, *short, *option.also.get(lang, ())}
    return {word.strip().lower() for word in words if word.strip()}


def _same_years(name: str, options: tuple[Option, ...]) -> Iterator[Found]:
    """Ranges of years that overlap."""
    dated = sorted(
        (option.between, place) for place, option in enumerate(options) if option.between is not None
    )
    for ((_, end), first), ((start, _), second) in pairwise(dated):
        if start <= end:
            path = ("choices", name, max(first, second), "between")
            one, other = sorted((first, second))
            yield found(
                "same-words",
                path,
                "years",
                choices=name,
                word=str(start),
                one=options[one].code,
                other=options[other].code,
            )


def pages(view: View) -> Iterator[Found]:
    """Several questions in one message are answered by one digit each, "31"."""
    for place, page in enumerate(view.q.pages):
        if "voice" in page.modes:
            yield found("page-unfit", ("pages", place, "modes"), "voice", ids=", ".join(page.items))
        if "text" in page.modes:
            for n, item_id in enumerate(page.items):
                item = view.q.by_id[item_id]
                if says := _unfit(view, item):
                    yield found("page-unfit", ("pages", place, "items", n), says, id=item_id)


def _unfit(view: View, item: Item) -> str | None:
    if "text" not in item.modes:
        return "not_asked"
    if item.kind not in ("select_one", "scale") or item.choices_from is not None:
        return "open"
    if item.relevant is not None:
        return "conditional"
    keys = keys_of(item, view.q.options(item.id)).values()
    if len(keys) > limits().page_options or any(len(key) > 1 for key in keys):
        return "many"
    return None
