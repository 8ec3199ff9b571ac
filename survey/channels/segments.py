"""How many parts a text takes. 70 UCS-2 characters, or 67 each once it is split (3GPP TS 23.038, 23.040); GSM-7: 160 and 153."""

_GSM_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = "^{}\\[~]|€\f"  # two septets each


def segments(body: str) -> int:
    """Parts that `body` is sent in; an empty body is one part."""
    if all(c in _GSM_BASIC or c in _GSM_EXTENDED for c in body):
        return _packed([2 if c in _GSM_EXTENDED else 1 for c in body], 160, 153)
    return _packed([2 if c > "\uffff" else 1 for c in body], 70, 67)


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
