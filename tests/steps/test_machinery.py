"""What the rooms' own tests do not show of the machinery of steps."""

from datetime import timedelta

import pytest
from django.db import transaction

from clocks.choices import Outcome
from clocks.marks import MOVED, append_marks, mark
from clocks.models import Clock
from incidents.choices import State
from incidents.models import Incident
from incidents.taking import DOOR as CASES
from tests.incidents.town import a_case, town
from tests.whistles.street import blown, street
from whistles.models import Whistle
from whistles.taking import DOOR as WHISTLES


@pytest.mark.django_db(transaction=True)
def test_a_deadline_that_an_edited_calendar_moved_is_copied_onto_its_record() -> None:
    here = street()
    case, whistle = a_case(here, State.FILED), blown(here)
    moved_to = here.now + timedelta(days=9)
    running = Clock.objects.filter(outcome=Outcome.RUNNING)
    running.update(due_at=moved_to, amber_at=moved_to)
    with transaction.atomic():
        append_marks([mark(MOVED, clock, here.now) for clock in running])
    assert CASES.follow_moved("incidents.deadlines") == running.count()
    WHISTLES.follow_moved("whistles.deadlines")
    shown = Incident.objects.get(pk=case.pk)
    assert (shown.due_at, shown.amber_at, shown.due_stage) == (moved_to, moved_to, "dispatch")
    assert Whistle.objects.get(pk=whistle.pk).due_at == moved_to
    assert CASES.follow_moved("incidents.deadlines") == 0


@pytest.mark.django_db
def test_what_an_effect_changes_within_a_column_is_written_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = town()
    case = a_case(here, State.HANDLING)
    monkeypatch.setitem(CASES._effects, "comment", lambda deed: deed.incident.units.append(7))
    CASES.take("comment", number=case.number, by=here.handler, now=here.now, facts={"text": "说明"})
    assert Incident.objects.get(pk=case.pk).units == [*case.units, 7]
