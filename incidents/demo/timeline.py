"""Past time, played in order: many lives at once, each resumed at the moment it asked for."""

import heapq
from collections.abc import Callable, Generator
from datetime import datetime, timedelta

# A life yields the moment (UTC) at which it wants to go on, and is resumed with it.
Life = Generator[datetime, datetime, None]


class Timeline:
    """Plays lives in one order of time and calls `tick` in between, as the sweep would have run."""

    def __init__(self, *, until: datetime, tick: Callable[[datetime], None]) -> None:
        self.until = until
        self._tick = tick
        self._waiting: list[tuple[datetime, int, Life]] = []
        self._count = 0

    def add(self, at: datetime, life: Life) -> None:
        """Let `life` begin at `at`; what lies after `until` never happens."""
        next(life)
        self._wait(at, life)

    def play(self, *, every: timedelta, told: Callable[[datetime], None]) -> None:
        """Run everything up to `until`. `tick` is called at least `every`; `told` hears how far time has come."""
        if not self._waiting:
            return
        ticked = self._waiting[0][0]
        while self._waiting:
            at, _, life = heapq.heappop(self._waiting)
            while ticked + every <= at:
                ticked += every
                self._tick(ticked)
            told(at)
            try:
                self._wait(life.send(at), life)
            except StopIteration:
                continue
        self._tick(self.until)

    def _wait(self, at: datetime, life: Life) -> None:
        if at <= self.until:
            self._count += 1
            heapq.heappush(self._waiting, (at, self._count, life))
