"""A topic: messages about one matter, and what they share."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt

from hotline.topics.reading import Message

Vector = dict[str, float]
_TOPIC_PIECES = 120  # of a topic: what most of its messages share


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
