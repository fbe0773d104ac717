"""Which topics are hot: by different people, likes, growth and recency; and what each is called and where it is."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log, sqrt

from hotline.suggesting.words import runs
from hotline.topics.matters import shared_stretch, windows
from hotline.topics.topic import Topic

FEWEST_PEOPLE = 5  # fewer are a quarrel, not a topic
_LIKES_COUNT = 0.1  # a hundred likes make a matter half as hot again, two thousand three quarters
_MONTH = timedelta(days=30)
_HALF_LIFE_DAYS = 365.0
_PLACE = re.compile(r"[A-Z]\d*[市区县](?:[A-Z]\d*[区县])?")


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
    """Different people, who lead; more where others like it, each like counting less than the one before; more where
    the messages came within a month; less as time passes."""
    liked = 1 + _LIKES_COUNT * log(1 + topic.likes)
    age = max((now - topic.last).total_seconds() / 86400, 0.0)
    faded: float = 0.5 ** (age / _HALF_LIFE_DAYS)
    return topic.people * liked * (1 + _gathered(topic)) * faded


def _gathered(topic: Topic) -> float:
    """The largest share of the messages that came within one month: a matter that grew, not one of every day."""
    times = sorted(message.at for message in topic.messages)
    most = max(sum(1 for at in times if start <= at < start + _MONTH) for start in times)
    return most / len(times)


def headline(topic: Topic) -> str:
    """The title that says most of what the members share, in the fewest words."""

    def says(title: str) -> float:
        told = {p for run in runs(title) for n in (2, 3, 4) for p in windows(run, n)}
        return sum(topic.total.get(piece, 0.0) for piece in told) / sqrt(len(title) + 10)

    return max((message.title for message in topic.messages), key=says)


def place(topic: Topic) -> str:
    """The masked district most members name, and the longest name that half of them share."""
    districts = Counter(m for t in topic.messages for m in set(_PLACE.findall(t.title + t.text)))
    titles = [message.title for message in topic.messages]
    shared = shared_stretch(titles) or shared_stretch([t.title + t.text for t in topic.messages])
    named = [districts.most_common(1)[0][0]] if districts else []
    return " ".join([*named, *([shared] if shared else [])])
