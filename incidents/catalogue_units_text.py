"""Units as a standard lists them: divided at `、` and at line breaks, and nothing else is guessed."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from incidents.catalogue_reading import Odd

# How the names of units end. A piece that ends otherwise is part of a list inside one name
# ("各供油、供气、供电管理部门").
_ENDINGS = (
    *(
        "中心",
        "公司",
        "部门",
        "单位",
        "企业",
        "街办",
        "政府",
        "集团",
        "电网",
        "开发区",
        "派出所",
        "办事处",
    ),
    *("局", "队", "科", "委", "部", "处", "办", "站", "院", "厅", "所", "会"),
)
# The ministry's own name has a "和" in it.
_JOINTS = re.compile(r"[及与]|和(?!城乡)")

Note = Callable[[Odd, str], None]


def read_units(text: str, note: Note) -> tuple[str, ...]:
    """The units in `text`, each once, in order. `note` is told of everything odd."""
    if "\n" in text:
        note(Odd.UNITS_BREAK, text)
    pieces = [bare for piece in re.split(r"[、\n]", text) if (bare := _bare(piece, text, note))]
    return tuple(dict.fromkeys(_glued(pieces, text, note)))


def _bare(piece: str, text: str, note: Note) -> str:
    bare = "".join(piece.split())
    if bare != piece.strip():
        note(Odd.SPACES, text)
    return bare.removeprefix("及")


def _glued(pieces: list[str], text: str, note: Note) -> Iterator[str]:
    waiting = ""
    for piece in pieces:
        whole = f"{waiting}、{piece}" if waiting else piece
        if not piece.endswith(_ENDINGS) and piece is not pieces[-1]:
            waiting = whole
            continue
        if waiting:
            note(Odd.UNITS_FRAGMENT, text)
        if _JOINTS.search(whole):
            note(Odd.UNITS_GLUED, text)
        waiting = ""
        yield whole


def alike(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of names that are probably one unit: a letter is missing, or one lacks its city's name."""
    return [(a, b) for a, b in combinations(sorted(set(names)), 2) if _alike(a, b)]


def _alike(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    extra = len(long) - len(short)
    if len(short) < 5 or not 1 <= extra <= 3:
        return False
    return long.endswith(short) or (extra == 1 and _one_letter_missing(short, long))


def _one_letter_missing(short: str, long: str) -> bool:
    place = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    return short[place:] == long[place + 1 :]
