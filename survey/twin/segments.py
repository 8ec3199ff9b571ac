"""How many parts a text goes out in."""


def segments(body: str) -> int:
    """Parts of a text: 70 characters or 67 each in UCS-2, 160 or 153 in ASCII."""
    whole, part = (160, 153) if body.isascii() else (70, 67)
    return 1 if len(body) <= whole else -(-len(body) // part)
