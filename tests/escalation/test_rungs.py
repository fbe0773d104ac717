"""When each rung comes: shares of the limit, the deadline, whole limits after it, days of repetition, pauses."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from clocks.calendars import calendar_for
from clocks.models import Clock
from config.refusal import Refused
from escalation.rungs import laid_out, moments, read_rungs
from tests.clocks.calendars import local, shown
from tests.escalation.ladders import rung


def times(clock: Clock, *rungs: dict[str, object]) -> list[str]:
    found = moments(clock, laid_out(read_rungs(list(rungs))), calendar_for(""))
    return [shown(one) if one else "" for one in found]


def two_hours(**more: Any) -> Clock:
    """Two working hours from Friday, 17:00: due on Monday at 09:00."""
    return Clock(
        allowance_value=Decimal(2),
        allowance_kind="work_hour",
        started_at=local("2026-03-13 17:00"),
        **more,
    )


@pytest.mark.django_db
def test_shares_and_limits_are_counted_as_the_limit_itself_is() -> None:
    found = times(
        two_hours(), rung("share", 50, "urge"), rung("due", 0, "urge"), rung("after", 1, "order")
    )
    assert found == ["2026-03-13 18:00", "2026-03-16 09:00", "2026-03-16 11:00"]


@pytest.mark.django_db
def test_daily_means_the_opening_of_the_following_working_days() -> None:
    found = times(two_hours(), rung("due", 0, "urge", days=5))
    assert found == [
        "2026-03-16 09:00", "2026-03-17 08:00", "2026-03-18 08:00",
        "2026-03-19 08:00", "2026-03-20 08:00", "2026-03-23 08:00",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_paused_clock_has_no_moments_and_a_pause_after_the_deadline_counts_for_nothing() -> None:
    paused = {"turn": "paused", "at": local("2026-03-16 10:00").isoformat()}
    resumed = {"turn": "resumed", "at": local("2026-03-18 10:00").isoformat()}
    held = two_hours(history=[paused], paused_at=local("2026-03-16 10:00"))
    assert times(held, rung("after", 1, "order")) == [""]
    freed = two_hours(history=[paused, resumed])
    assert times(freed, rung("after", 1, "order")) == ["2026-03-18 11:00"]


@pytest.mark.django_db
def test_past_the_published_days_there_is_no_moment_yet() -> None:
    late = Clock(
        allowance_value=Decimal(2), allowance_kind="work_hour", started_at=local("2026-12-31 15:00")
    )
    assert times(late, rung("due", 0, "urge"), rung("after", 2, "order")) == [
        "2026-12-31 17:00",
        "",
    ]


@pytest.mark.django_db
def test_a_later_share_never_comes_before_an_earlier_one() -> None:
    clock = two_hours()
    shares = [rung("share", value, "urge") for value in range(5, 100, 5)]
    found = moments(clock, laid_out(read_rungs(shares)), calendar_for(""))
    real = [one for one in found if one is not None]
    assert real == sorted(real)
    assert real[-1] < real[0] + timedelta(days=3)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        "urge",
        [{"when": "due"}],
        [rung("share", 0, "urge")],
        [rung("share", 100, "urge")],
        [rung("after", 0, "order")],
        [rung("due", 0, "order", days=3)],
        [rung("share", 80, "urge", days=3)],
        [rung("due", 0, "urge", days=31)],
        [rung("due", 0, "urge"), rung("due", 0, "urge", days=2)],
        [rung("after", n, "order") for n in range(1, 22)],
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(rows: Any) -> None:
    with pytest.raises(Refused) as no:
        read_rungs(rows)
    assert (no.value.code, bool(str(no.value))) == ("bad_rung", True)
