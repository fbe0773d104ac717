"""Counting requests over all processes, in the cache."""

import logging
import time
from dataclasses import dataclass
from typing import Self

from django.core.cache import cache

log = logging.getLogger(__name__)

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Rate:
    """So many requests in so many seconds, over a sliding window.

    Reckoned from the counts of this period and the one before: two numbers per name, whatever the rate.
    """

    requests: int
    seconds: int

    @classmethod
    def parsed(cls, text: str) -> Self:
        """`6000/min`, `5/s`, `100/hour`, `1000/day`."""
        number, _slash, period = text.partition("/")
        return cls(int(number), _SECONDS[period[0]])

    def allows(self, name: str) -> bool:
        """Count one request of `name`; whether it is within the rate.

        With the cache gone every request passes: a broken counter must not stop reports.
        """
        period, into = divmod(time.time(), self.seconds)
        now, before = (f"rate:{self.seconds}:{name}:{int(period) - ago}" for ago in (0, 1))
        try:
            cache.add(now, 0, timeout=2 * self.seconds)
            weight = cache.incr(now) + int(cache.get(before, 0)) * (1 - into / self.seconds)
        except Exception:
            log.warning("request counter is out of order", exc_info=True)
            return True
        return weight <= self.requests

    def wait(self) -> float:
        """Seconds until it is worth trying again: the rest of this period, at most a minute."""
        return min(self.seconds - time.time() % self.seconds, 60.0)
