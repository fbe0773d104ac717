"""Events told to people: sentences per verb, facts by name, in the reader's language."""

from collections.abc import Collection
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from pytest_django import DjangoAssertNumQueries

from accounts.actor import Actor, ActorKind
from accounts.models import Organisation
from journal import wording
from journal.queries import timeline
from journal.wording import label_of, lines, register, register_names, register_subject
from tests.factories import organisation
from tests.journal.factories import happened


def organisations(ids: Collection[Any]) -> dict[Any, str]:
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name"))


@pytest.fixture(autouse=True)
def _own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_known", wording._Register())
    register("incident.dispatched", "Sent to %(unit)s until %(due)s", icon="send", tone="brand")
    register("incident.assisted", "With %(units)s")
    register("incident.closed", _("Yes"))
    register("incident.rated", "100 %% of %(who)s")
    register_names("unit", organisations)


pytestmark = pytest.mark.django_db


def test_ids_are_shown_by_name_and_times_in_local_time() -> None:
    unit = organisation(name="城管委")
    event = happened(
        verb="incident.dispatched", data={"unit": unit.pk, "due": "2026-07-24T10:00:00+00:00"}
    )
    (line,) = lines([event])
    assert line.text == "Sent to 城管委 until 2026-07-24 18:00"
    assert (line.icon, line.tone) == ("send", "brand")


@pytest.mark.parametrize("fact", ["unit", "unit_id"])
def test_a_fact_may_say_that_it_is_an_id(fact: str) -> None:
    unit = organisation(name="城管委")
    (line,) = lines([happened(verb="incident.dispatched", data={fact: unit.pk})])
    assert line.text == "Sent to 城管委 until —"


def test_several_are_listed() -> None:
    units = [organisation(name="城管委").pk, organisation(name="住建委").pk]
    with translation.override("en"):
        (line,) = lines([happened(verb="incident.assisted", data={"unit_ids": units})])
    assert line.text == "With 城管委, 住建委"


def test_an_allowance_is_said_in_words() -> None:
    with translation.override("en"):
        (line,) = lines(
            [
                happened(
                    verb="incident.dispatched", data={"due": {"value": "2", "kind": "work_hour"}}
                )
            ]
        )
    assert line.text == "Sent to — until 2 working hours"


def test_names_cost_one_query_for_any_number_of_events(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    events = [
        happened(verb="incident.dispatched", data={"unit": organisation().pk}) for _ in range(9)
    ]
    with django_assert_num_queries(1):
        lines(events)


def test_each_reader_reads_their_own_language() -> None:
    event = happened(verb="incident.closed")
    with translation.override("zh-hans"):
        assert lines([event])[0].text == "是"
    with translation.override("en"):
        assert lines([event])[0].text == "Yes"


def test_a_verb_that_nobody_registered_is_shown_as_it_is() -> None:
    (line,) = lines([happened(verb="incident.dreamt")])
    assert line.text == "incident.dreamt"


@pytest.mark.parametrize(
    "value", ["%(unit)s %s %", {"deep": 1}, {"value": "x", "kind": 1}, None, "", [], 0, True]
)
def test_no_fact_can_break_a_sentence(value: Any) -> None:
    assert lines([happened(verb="incident.dispatched", data={"unit": value})])[0].text


def test_choices_show_the_sentence_without_facts() -> None:
    assert label_of("incident.dispatched") == "Sent to … until …"
    assert label_of("incident.rated") == "100 % of …"


def test_who_did_it_can_be_kept_from_those_who_may_not_know() -> None:
    reporter = Actor(ActorKind.USER, 5, "李四")
    event = happened(verb="incident.closed", by=reporter)
    assert lines([event])[0].who == "李四"
    assert lines([event], hidden={"incident.closed"})[0].who == ""


def test_the_system_and_citizens_have_names_that_can_be_read() -> None:
    with translation.override("en"):
        citizen = Actor(ActorKind.REPORTER, None, "12")
        assert [line.who for line in lines([happened(), happened(by=citizen)])] == [
            "The system",
            "A citizen",
        ]


def test_subjects_are_shown_by_their_number() -> None:
    register_subject("case", "Case", names=lambda ids: {one: f"HX-{one}" for one in ids})
    (line,) = lines([happened(("case", 7))], with_subjects=True)
    assert line.subject == "Case HX-7"


def test_the_timeline_is_a_fragment_for_any_page() -> None:
    happened(("case", 7), verb="incident.closed")
    html = render_to_string("journal/_timeline.html", {"lines": lines(timeline("case", 7))})
    assert html.count("<li>") == 1
    assert "<time" in html
