"""Which topics are hot: by different people, likes, growth and recency; and what each is called and where it is."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from hotline.suggesting.words import runs
from hotline.topics.clustering import Topic

FEWEST_PEOPLE = 5  # fewer are a quarrel, not a topic
_LIKES_COUNT = 0.5  # a hundred people who only nod are as five who write
_MONTH = timedelta(days=30)
_HALF_LIFE_DAYS = 365.0
_PLACE = re.compile(r"[A-Z]\d*[市区县](?:[A-Z]\d*[区县])?")
_SHARED_BY = 0.5  # of the members: what names the matter or the place


@dataclass(frozen=True)
class Hot:
    """A topic as it is shown. `heat` orders topics and means nothing alone."""

    topic: Topic
    heat: float
    headline: str
    place: str

    @property
    def span(self) -> tuple[datetime, datetime]:
        return self.topic.first, self.topic.last


def hottest(topics: Sequence[Topic], now: datetime, limit: int = 5) -> list[Hot]:
    """The hottest first; topics of fewer than five people are left out. `now` is aware."""
    large = [topic for topic in topics if topic.people >= FEWEST_PEOPLE]
    ranked = sorted(large, key=lambda topic: -heat(topic, now))[:limit]
    return [Hot(t, round(heat(t, now), 1), headline(t), place(t)) for t in ranked]


def heat(topic: Topic, now: datetime) -> float:
    """People and (much less) likes, more where half of the people came within a month, less as time passes."""
    loud = topic.people + _LIKES_COUNT * sqrt(topic.likes)
    age = max((now - topic.last).total_seconds() / 86400, 0.0)
    faded: float = 0.5 ** (age / _HALF_LIFE_DAYS)
    return loud * (1 + _gathered(topic)) * faded


def _gathered(topic: Topic) -> float:
    """The largest share of the messages that came within one month: a matter that grew, not one of every day."""
    times = sorted(message.at for message in topic.messages)
    most = max(sum(1 for at in times if start <= at < start + _MONTH) for start in times)
    return most / len(times)


def headline(topic: Topic) -> str:
    """The title that says most of what the members share, in the fewest words."""

    def says(title: str) -> float:
        told = {p for run in runs(title) for n in (2, 3, 4) for p in _windows(run, n)}
        return sum(topic.total.get(piece, 0.0) for piece in told) / sqrt(len(title) + 10)

    return max((message.title for message in topic.messages), key=says)


def place(topic: Topic) -> str:
    """The masked district most members name, and the longest name that half of them share."""
    districts = Counter(m for t in topic.messages for m in set(_PLACE.findall(t.title + t.text)))
    shared = _longest_shared([message.title + "。" + message.text for message in topic.messages])
    named = [districts.most_common(1)[0][0]] if districts else []
    return " ".join([*named, *([shared] if shared else [])])


def _longest_shared(texts: Sequence[str]) -> str:
    """The longest stretch of three to eight characters that half of the texts hold."""
    for length in range(8, 2, -1):
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update({piece for run in runs(text) for piece in _windows(run, length)})
        times, piece = max(((times, piece) for piece, times in seen.items()), default=(0, ""))
        if times >= _SHARED_BY * len(texts):
            return piece.lstrip("#市区县")
    return ""


def _windows(run: str, length: int) -> list[str]:
    return [run[start : start + length] for start in range(len(run) - length + 1)]
