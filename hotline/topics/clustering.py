"""Messages gathered into topics, one after the other: each joins the topic it is most like, or begins one.

A message is its rarest pieces of two to four characters (names of places and things), those of its title counting
more. A topic is the sum of its messages. Adding a message looks only at topics that share a rare piece with it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import log, sqrt

from hotline.suggesting.words import function_words, runs
from hotline.topics.reading import Message

Vector = dict[str, float]
_LENGTHS = (2, 3, 4)
_TITLE_COUNTS = 3
_PIECES = 60  # of a message: its strongest
_TOPIC_PIECES = 120  # of a topic: what most of its messages share
_TOO_COMMON = 0.03  # of all messages: "小区" says nothing about which one
_FEW = 50  # messages are never too many to share a piece
_LIKE = 0.24
_SAME = 0.25
_TEXT = 400  # characters: the matter and its place come first


@dataclass
class Topic:
    """Messages about one matter, and what they share."""

    messages: list[Message] = field(default_factory=list)
    total: Vector = field(default_factory=dict)
    length: float = 0.0

    @property
    def people(self) -> int:
        return len({message.person for message in self.messages})

    @property
    def likes(self) -> int:
        return sum(message.likes for message in self.messages)

    @property
    def first(self) -> datetime:
        return min(message.at for message in self.messages)

    @property
    def last(self) -> datetime:
        return max(message.at for message in self.messages)

    def take(self, messages: Iterable[Message], vector: Mapping[str, float]) -> None:
        """Messages join, with the sum of what they are made of."""
        self.messages.extend(messages)
        for piece, weight in vector.items():
            self.total[piece] = self.total.get(piece, 0.0) + weight
        if len(self.total) > 3 * _TOPIC_PIECES:
            self.total = dict(Counter(self.total).most_common(2 * _TOPIC_PIECES))
        self.length = sqrt(sum(weight * weight for weight in self.total.values()))

    def like(self, vector: Mapping[str, float], length: float = 1.0) -> float:
        """How like the topic is, 0 to 1 (cosine)."""
        total = self.total
        shared = sum(weight * total[piece] for piece, weight in vector.items() if piece in total)
        return shared / (self.length * length or 1.0)


class Gathering:
    """All topics so far. `rarity` is learned once from what is there and then serves new messages."""

    def __init__(self, known: Iterable[Message]) -> None:
        seen: Counter[str] = Counter()
        count = 0
        for message in known:
            seen.update(set(_pieces(message.title + "\n" + message.text[:_TEXT])))
            count += 1
        self._common = max(_TOO_COMMON * count, _FEW)
        self._rarity = {
            piece: log(count / times) for piece, times in seen.items() if 1 < times <= self._common
        }
        self.topics: list[Topic] = []
        self._holders: dict[str, set[int]] = defaultdict(set)

    def add(self, message: Message) -> Topic:
        """The topic that the message has joined or begun."""
        vector = self.vector(message)
        candidates: Counter[int] = Counter()
        for piece in vector:
            for place in self._holders.get(piece, ()):
                candidates[place] += 1
        best, place = 0.0, -1
        for candidate, _shared in candidates.most_common(30):
            likeness = self.topics[candidate].like(vector)
            if likeness > best:
                best, place = likeness, candidate
        if best < _LIKE:
            place = len(self.topics)
            self.topics.append(Topic())
        self.topics[place].take([message], vector)
        for piece in vector:
            self._holders[piece].add(place)
        return self.topics[place]

    def vector(self, message: Message) -> Vector:
        """The strongest pieces of a message, of length 1 together."""
        counts = Counter(_pieces(message.text[:_TEXT]))
        for piece in _pieces(message.title):
            counts[piece] += _TITLE_COUNTS
        weighed = {
            piece: (1 + log(times)) * self._rarity[piece]
            for piece, times in counts.items()
            if piece in self._rarity
        }
        strongest = dict(Counter(weighed).most_common(_PIECES))
        length = sqrt(sum(weight * weight for weight in strongest.values())) or 1.0
        return {piece: weight / length for piece, weight in strongest.items()}

    def merge(self) -> None:
        """Join topics that turned out to be one: the largest takes in what is like it."""
        large = sorted(self.topics, key=lambda topic: -len(topic.messages))
        kept: list[Topic] = []
        for topic in large:
            home = max(
                (old for old in kept[:200] if len(old.messages) > 2),
                key=lambda old: old.like(topic.total, topic.length),
                default=None,
            )
            if home is not None and home.like(topic.total, topic.length) >= _SAME:
                home.take(topic.messages, topic.total)
            else:
                kept.append(topic)
        self.topics = kept
        self._holders = defaultdict(set)
        for place, topic in enumerate(kept):
            for piece in topic.total:
                self._holders[piece].add(place)


def gather(messages: list[Message]) -> Gathering:
    """All messages at once: as if they came one after the other, then joined."""
    found = Gathering(messages)
    for message in messages:
        found.add(message)
    found.merge()
    return found


def _pieces(text: str) -> list[str]:
    dull = function_words()
    return [
        run[start : start + length]
        for run in runs(text)
        for length in _LENGTHS
        for start in range(len(run) - length + 1)
        if run[start : start + length] not in dull
    ]
