"""Messages gathered into topics, one after the other: each joins the topic it is most like, or begins one.

A message is its rarest pieces of two to four characters (names of places and things), those of its title counting
more. A topic is the sum of its messages. Adding a message looks only at topics that share a rare piece with it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from math import log, sqrt

from hotline.suggesting.words import function_words, runs
from hotline.topics.matters import matters, windows
from hotline.topics.reading import Message
from hotline.topics.topic import Topic, Vector

_LENGTHS = (2, 3, 4)
_TITLE_COUNTS = 3
_PIECES = 60  # of a message: its strongest
_TOO_COMMON = 0.03  # of all messages: "小区" says nothing about which one
_FEW = 50  # messages are never too many to share a piece
_LIKE = 0.24
_SAME = 0.25
_TEXT = 400  # characters: the matter and its place come first


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
        self._keep(kept)

    def _keep(self, topics: list[Topic]) -> None:
        self.topics = topics
        self._holders = defaultdict(set)
        for place, topic in enumerate(topics):
            for piece in topic.total:
                self._holders[piece].add(place)

    def part(self) -> None:
        """Part topics that are about several matters of one place."""
        self._keep([part for topic in self.topics for part in matters(topic, self.vector)])


def gather(messages: list[Message]) -> Gathering:
    """All messages at once: as if they came one after the other, then joined, and parted by matter."""
    found = Gathering(messages)
    for message in messages:
        found.add(message)
    found.merge()
    found.part()
    return found


def _pieces(text: str) -> list[str]:
    dull = function_words()
    return [
        piece
        for run in runs(text)
        for length in _LENGTHS
        for piece in windows(run, length)
        if piece not in dull
    ]
