"""Two people, or two workers, at the same moment: real connections, one effect, and the second is told."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from clocks.models import Clock
from clocks.sweep import sweep
from config.refusal import Refused, SomebodyWasFirst
from incidents.choices import Source, State
from incidents.closing import evaluate_silent
from incidents.models import Assignment, Incident
from incidents.report import report
from incidents.requests_for_time import resume_due
from incidents.taking import take
from incidents.telling import tell_people
from journal.models import Event
from notices.models import Notice
from tests.clocks.calendars import local
from tests.clocks.factories import seeded
from tests.incidents.town import Town, a_case, a_report, partner, step, town

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None) -> Iterator[Town]:
    """The town in real transactions, with the calendar that an emptied database has lost."""
    seeded()
    yield town()
    connections.close_all()


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all at the same moment, each on a connection of its own; what each returned or raised."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return deed()
        except Exception as error:  # noqa: BLE001 — the tests look at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def dispatching(here: Town, case: Incident, name: str, lead: str, version: int | None) -> Any:
    by, now = getattr(here, name), here.later()
    facts = {"lead": lead, "reason": "人工选择"}
    return lambda: take(
        "dispatch", number=case.number, by=by, now=now, version=version, facts=facts
    )


def test_second_dispatcher_is_told_somebody_was_first(here: Town) -> None:
    case = a_case(here, State.FILED)
    done = at_once(
        dispatching(here, case, "dispatcher", "SAN", case.version),
        dispatching(here, case, "second_dispatcher", "WATER", case.version),
    )
    first = next(one for one in done if isinstance(one, Incident))
    second = next(one for one in done if not isinstance(one, Incident))
    assert isinstance(second, SomebodyWasFirst)
    winner = Event.objects.get(subject_id=str(case.pk), verb="incident.dispatched").actor_label
    assert winner in str(second)
    assert Assignment.objects.filter(incident=case).count() == 1
    assert Incident.objects.get(pk=case.pk).unit == first.unit


def test_the_same_without_a_version_is_told_where_the_case_is_now(here: Town) -> None:
    case = a_case(here, State.FILED)
    done = at_once(
        dispatching(here, case, "dispatcher", "SAN", None),
        dispatching(here, case, "second_dispatcher", "WATER", None),
    )
    refused = [one for one in done if isinstance(one, Refused)]
    assert [one.code for one in refused] == ["not_in_this_state"]
    assert Assignment.objects.filter(incident=case).count() == 1


def test_a_unit_that_answers_a_case_just_recalled_is_told_and_not_shut_out(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    seen = case.version
    step(here, "recall", case, here.dispatcher, {"reason": "派错"})
    with pytest.raises(SomebodyWasFirst) as no:
        step(here, "answer", case, here.handler, {"text": "已清理"}, version=seen)
    assert here.people["dispatcher"].name in str(no.value)


def test_one_report_sent_five_times_at_once_is_one_case(here: Town) -> None:
    client, now = partner(), here.later()
    facts: dict[str, Any] = {"source": Source.PARTNER, "text": "路灯不亮", "external_id": "A-1"}
    done = at_once(*[lambda: report(by=client, now=now, **facts)] * 5)
    assert sorted(one.created for one in done) == [False] * 4 + [True]
    assert Incident.objects.count() == 1
    assert Event.objects.filter(verb="incident.reported").count() == 1
    assert Clock.objects.count() == 1


def test_reports_at_once_have_different_numbers(here: Town) -> None:
    by, now = here.worker, here.later()
    done = at_once(*[lambda: report(by=by, now=now, source=Source.GRID, text="井盖")] * 6)
    assert len({one.incident.number for one in done}) == 6


def test_a_suspension_ends_once_however_many_workers_look(here: Town) -> None:
    case = a_case(here, State.SUSPENDED)
    morning = local(f"{case.suspended_until} 06:00")
    assert sum(at_once(*[lambda: resume_due(morning)] * 4)) == 1
    assert Event.objects.filter(verb="incident.resumed").count() == 1


def test_silence_is_evaluated_once_however_many_workers_look(here: Town) -> None:
    case = a_case(here, State.CLOSED)
    assert case.closed_at is not None
    then = case.closed_at + timedelta(days=8)
    assert sum(at_once(*[lambda: evaluate_silent(then)] * 4)) == 1
    assert Event.objects.filter(verb="incident.evaluated").count() == 1


def test_each_bell_rings_once_with_two_tellers_at_work(here: Town) -> None:
    for _case in range(3):
        a_case(here, State.CLOSED)
    now = here.now

    def tell_until_done() -> int:
        return sum(tell_people(now, limit=7) for _turn in range(30))

    told = at_once(tell_until_done, tell_until_done)
    assert all(isinstance(count, int) for count in told), told
    tell_people(now)
    pairs = list(Notice.objects.values_list("event_id", "recipient_id"))
    assert len(pairs) == len(set(pairs))
    sent = Notice.objects.filter(kind="case.sent", recipient=here.people["handler"])
    assert sent.count() == 3
    before = Notice.objects.count()
    tell_people(now)
    assert Notice.objects.count() == before


def test_sweeping_and_acting_at_once_neither_blocks_nor_marks_twice(here: Town) -> None:
    cases = [a_case(here, State.HANDLING) for _n in range(4)]
    late = here.now + timedelta(days=3)

    def recall_all() -> None:
        by = here.dispatcher
        for case in cases:
            take("recall", number=case.number, by=by, now=late, facts={"reason": "改派"})

    def sweep_all() -> None:
        for _turn in range(20):
            sweep(late, limit=2)

    assert at_once(recall_all, sweep_all, sweep_all) == [None, None, None]
    for case in cases:
        marks = Event.objects.filter(subject_id=str(case.pk), verb="clock.overdue")
        assert marks.filter(data__stage="handle").count() == 1


def test_two_photos_at_once_are_both_kept_and_a_twin_is_kept_once(here: Town) -> None:
    from incidents.choices import PhotoKind
    from incidents.photos import add
    from tests.incidents.town import picture

    case, by, now = a_report(here, photos=()), here.worker, here.later()

    def adding(colour: str) -> Callable[[], Any]:
        return lambda: add(
            number=case.number, by=by, now=now, kind=PhotoKind.SCENE, photo=picture(colour)
        )

    at_once(adding("red"), adding("red"), adding("blue"))
    assert case.photos.count() == 2
