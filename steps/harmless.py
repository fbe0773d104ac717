"""Text that people send, without what nobody sees in it and what does harm on a page."""

# NUL, which the database cannot keep; and what turns the direction of a page's text around, unseen: the marks
# (200E, 200F), embeddings and overrides (202A to 202E) and isolates (2066 to 2069) of Unicode's annex 9.
_LEFT_OUT = dict.fromkeys([0, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def harmless(value: str) -> str:
    """The text without ends of space, and without characters that nobody sees and that do harm."""
    return value.translate(_LEFT_OUT).strip()
