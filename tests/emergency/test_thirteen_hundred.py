"""A call-up of 1,300 people: a few statements, then one batch of notices, in bounded time."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from emergency.models import CallUp
from emergency.telling import tell_people
from notices.models import Notice
from tests.emergency.alert import act, declared
from tests.emergency.crowd import crowd
from tests.incidents.town import Town
from tests.journal.factories import settle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PEOPLE, SECONDS = 1300, 20


def test_thirteen_hundred_are_called_and_told_within_seconds(committed: Town) -> None:
    crowd(PEOPLE)
    made = declared(committed)
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        act(committed, "call_up", made, {"grouping": "grid"})
    called = time.perf_counter()
    settle()
    while tell_people(committed.now):
        continue
    told = time.perf_counter()
    print(f"called in {called - began:.2f} s, {len(asked)} queries; told in {told - called:.2f} s")
    assert CallUp.objects.get().people == PEOPLE
    assert Notice.objects.filter(kind="call_up.called").count() == PEOPLE
    assert len(asked) < 60
    assert told - began < SECONDS
