"""The traffic light says the same on a page, in a filter and in an annotation."""

from datetime import timedelta

import pytest

from clocks.lamps import Lamp, lamp, lamp_expression, lamp_filter, lamp_of
from clocks.models import Clock
from clocks.sweep import sweep
from tests.clocks.calendars import local
from tests.clocks.factories import a_clock

TICK = timedelta(microseconds=1)
AMBER, DUE = local("2026-03-09 10:36"), local("2026-03-09 11:00")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (AMBER - TICK, Lamp.GREEN),
        (AMBER, Lamp.AMBER),
        (DUE, Lamp.AMBER),
        (DUE + TICK, Lamp.RED),
    ],
)
@pytest.mark.django_db
def test_page_filter_and_annotation_agree(now: object, expected: Lamp) -> None:
    clock = a_clock()
    assert lamp(clock.due_at, clock.amber_at, now) is expected  # type: ignore[arg-type]
    assert lamp_of(clock, now) is expected  # type: ignore[arg-type]
    for value in Lamp:
        found = Clock.objects.filter(lamp_filter(value, now)).exists()  # type: ignore[arg-type]
        assert found is (value is expected)
    annotated = Clock.objects.annotate(lamp=lamp_expression(now)).get()  # type: ignore[arg-type]
    assert annotated.lamp == expected


@pytest.mark.django_db
def test_without_a_deadline_there_is_no_lamp() -> None:
    a_clock("2026-12-30 10:00", 3, "legal_workday")
    assert Clock.objects.filter(lamp_filter("none", AMBER)).exists()
    assert Clock.objects.annotate(lamp=lamp_expression(AMBER)).get().lamp == "none"


@pytest.mark.django_db
def test_missed_stays_red_after_the_deed_is_done() -> None:
    from clocks import running

    clock = a_clock()
    sweep(local("2026-03-09 12:00"))
    [stopped] = running.stop(subject=clock.subject, now=local("2026-03-09 15:00"))
    assert lamp_of(stopped, local("2026-03-10 15:00")) is Lamp.RED
