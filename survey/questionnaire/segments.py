"""How many parts a text takes. 70 UCS-2 characters, or 67 each once it is split (3GPP TS 23.038, 23.040); GSM-7: 160 and 153."""

from typing import Final, Literal, TypeAlias

Alphabet: TypeAlias = Literal["GSM-7", "UCS-2"]

_GSM_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED: Final = frozenset("^{}\\[~]|€\f")
"""Two septets each."""
_GSM: Final = _GSM_BASIC | _GSM_EXTENDED


def segments(body: str) -> int:
    """Parts that `body` is sent in; an empty body is one part."""
    gsm = alphabet(body) == "GSM-7"
    whole, part = (160, 153) if gsm else (70, 67)
    if len(body) == units(body):  # each character is one unit, as nearly always
        return 1 if len(body) <= whole else -(-len(body) // part)
    return _packed([2 if c in _GSM_EXTENDED or c > "\uffff" else 1 for c in body], whole, part)


def alphabet(body: str) -> Alphabet:
    """One character outside GSM-7, such as a Chinese signature, and the whole text is UCS-2."""
    return "GSM-7" if _GSM.issuperset(body) else "UCS-2"


def units(body: str) -> int:
    """What is counted: septets of GSM-7, or 16-bit units of UCS-2."""
    if alphabet(body) == "GSM-7":
        return len(body) + sum(map(body.count, _GSM_EXTENDED))
    return len(body.encode("utf-16-le", "surrogatepass")) // 2


def _packed(widths: list[int], whole: int, part: int) -> int:
    """Parts of `part` units each, where all do not fit into `whole`; a character is never cut in two."""
    if sum(widths) <= whole:
        return 1
    parts, room = 1, part
    for width in widths:
        if width > room:
            parts, room = parts + 1, part
        room -= width
    return parts
