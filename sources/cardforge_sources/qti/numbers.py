"""Numbers as files of QTI have them, and what cannot be counted with."""

from __future__ import annotations

from decimal import Context, Decimal, DecimalException

LONGEST_NUMBER = 400
EXACT = Context(prec=LONGEST_NUMBER)
"""What numbers are counted in: it keeps all digits of the longest one that is read."""


class NotUnderstood(Exception):
    """Something in an item's rules that is not read here; the text says what."""


def number(text: str | None) -> Decimal | None:
    """A finite number, or None for what is none or is longer than anybody writes."""
    if not text or len(text) > LONGEST_NUMBER:
        return None
    try:
        value = Decimal(text.strip())
    except (DecimalException, ValueError):
        return None
    return value if value.is_finite() and abs(value.adjusted()) <= LONGEST_NUMBER else None
