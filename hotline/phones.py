"""Callers' numbers as telephone systems send them and as people type them."""

import re
import unicodedata

LONGEST = 24
# Three digits are an emergency line's, fewer are none.
_SHORTEST = 3


def number_of(said: str) -> str:
    """The number in plain digits, with a + where it is foreign; '' where it is withheld or no number.

    Full-width digits, blanks, dashes and China's own country code go. `０１０－1234` is `0101234`.
    """
    plain = unicodedata.normalize("NFKC", said).strip()
    foreign = plain.startswith(("+", "00"))
    digits = re.sub(r"[^0-9]", "", plain)
    if foreign:
        digits = digits.removeprefix("00") if not plain.startswith("+") else digits
        if digits.startswith("86"):
            return digits[2:][:LONGEST]
        return f"+{digits}"[:LONGEST] if len(digits) >= _SHORTEST else ""
    return digits[:LONGEST] if len(digits) >= _SHORTEST else ""
