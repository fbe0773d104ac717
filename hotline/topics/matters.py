"""One matter per topic: messages that share a place, a firm or a scheme and nothing else are parted by what they want.

What most titles share names the place ("丽发新城小区"). It brought the messages together, and says nothing about what
each complains of; so it is left out, and the messages are gathered once more by what remains.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from math import sqrt

from hotline.suggesting.words import runs
from hotline.topics.reading import Message
from hotline.topics.topic import Topic, Vector

_FEWEST = 5  # messages: fewer are never hot
_SAME_MATTER = 0.12  # without the place, which weighs most
_SURE = 0.36  # where no place holds the messages together, they must say nearly the same
_SHARED_BY = 0.5  # of the messages: more than this
_LONGEST, _SHORTEST = 8, 3  # characters


def matters(topic: Topic, vector: Callable[[Message], Vector]) -> list[Topic]:
    """The topic, or its parts where it is about several matters; the largest first."""
    if len(topic.messages) < _FEWEST:
        return [topic]
    place = shared_stretch([message.title for message in topic.messages])
    enough = _SAME_MATTER if place else _SURE
    parts: list[Topic] = []
    for message in topic.messages:
        _join(parts, [message], without(place, vector(message)), enough)
    joined: list[Topic] = []
    for part in sorted(parts, key=lambda part: -len(part.messages)):
        _join(joined, part.messages, part.total, enough)
    return [_whole(part, vector) for part in joined]


def _join(parts: list[Topic], messages: Sequence[Message], vector: Vector, enough: float) -> None:
    """To the part that they are most like, or as a part of their own."""
    length = sqrt(sum(weight * weight for weight in vector.values()))
    best = max(parts, key=lambda part: part.like(vector, length), default=None)
    if best is None or best.like(vector, length) < enough:
        best = Topic()
        parts.append(best)
    best.take(messages, vector)


def _whole(part: Topic, vector: Callable[[Message], Vector]) -> Topic:
    """The part with its place again, by which new messages find it."""
    found = Topic()
    for message in part.messages:
        found.take([message], vector(message))
    return found


def without(place: str, vector: Vector) -> Vector:
    """What is left of a message where every piece that holds two characters of the place is left out."""
    named = [place[start : start + 2] for start in range(len(place) - 1)]
    return {
        piece: weight
        for piece, weight in vector.items()
        if not any(pair in piece for pair in named)
    }


def shared_stretch(texts: Sequence[str]) -> str:
    """The longest stretch of three to eight characters that more than half of the texts hold; empty where none does."""
    for length in range(_LONGEST, _SHORTEST - 1, -1):
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update({piece for run in runs(text) for piece in windows(run, length)})
        times, piece = max(((times, piece) for piece, times in seen.items()), default=(0, ""))
        if times > _SHARED_BY * len(texts):
            return piece.lstrip("#市区县")
    return ""


def windows(run: str, length: int) -> list[str]:
    """All stretches of so many characters."""
    return [run[start : start + length] for start in range(len(run) - length + 1)]
