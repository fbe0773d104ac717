"""Cards: drawn once for each threshold crossed, for the contractor's department too, and lifted with a reason."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.actor import SYSTEM
from accounts.models import Organisation
from clocks.marks import OVERDUE
from config.refusal import Refused, SomebodyWasFirst
from journal.append import append
from journal.models import Event
from notices.models import Notice
from supervision.card_rules import add_rule, change_rule
from supervision.cards import count_misses, lift_card
from supervision.models import Card, CardRule, Miss
from tests.factories import HOME, organisation
from tests.incidents.town import Town, a_case
from tests.supervision.ordering import an_order, time_passes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(committed: Town) -> Town:
    """The town, with the rules that an installation begins with."""
    CardRule.objects.all().delete()
    for colour, counted, threshold, days in (
        ("yellow", "overdue", 3, 30), ("yellow", "unanswered", 1, 30), ("red", "yellow_card", 2, 90)
    ):  # fmt: skip
        CardRule.objects.create(
            colour=colour, counted=counted, threshold=threshold, within_days=days
        )
    return committed


def late(here: Town, unit: Organisation, times: int = 1, days: float = 0) -> None:
    """The unit misses so many deadlines of cases, one after another."""
    for _each in range(times):
        here.later(1 + days * 24 * 60)
        case = a_case(here)
        with transaction.atomic():
            append(OVERDUE, subject=("incident", case.pk), area_code=case.area_code, by=SYSTEM, now=here.now,
                   data={"unit": unit.pk, "clock": case.pk, "stage": "handle"})  # fmt: skip
    count_misses()


def colours(unit: Organisation) -> list[str]:
    return list(Card.objects.filter(unit=unit).order_by("id").values_list("colour", flat=True))


def test_the_third_deadline_missed_draws_one_yellow_card_and_the_fourth_none(here: Town) -> None:
    late(here, here.sanitation, 2)
    assert colours(here.sanitation) == []
    late(here, here.sanitation)
    assert colours(here.sanitation) == ["yellow"]
    late(here, here.sanitation, 2)
    assert colours(here.sanitation) == ["yellow"]
    late(here, here.sanitation)
    assert colours(here.sanitation) == ["yellow", "yellow", "red"]


def test_what_lies_further_back_than_the_days_does_not_count(here: Town) -> None:
    late(here, here.sanitation, 3, days=16)
    assert colours(here.sanitation) == []


def test_an_order_not_answered_in_time_draws_a_card_and_its_leader_and_supervisor_are_told(
    here: Town,
) -> None:
    order = an_order(here)
    assert order.due_at is not None
    time_passes(order.due_at + timedelta(minutes=1))
    assert "yellow" in colours(here.sanitation)
    card = Card.objects.filter(unit=here.sanitation, rule__counted="unanswered").get()
    time_passes(order.due_at + timedelta(minutes=2))
    link = reverse("supervision:card", args=[card.pk])
    notices = Notice.objects.filter(kind="card.drawn", link=link)
    told = set(notices.values_list("recipient_id", flat=True))
    assert told == {here.people["leader"].pk, here.people["supervisor"].pk}


def test_reading_again_counts_nothing_twice(here: Town) -> None:
    late(here, here.sanitation, 3)
    assert count_misses() == 0
    assert (Miss.objects.filter(counted="overdue").count(), Card.objects.count()) == (3, 1)


def test_a_contractors_lateness_counts_for_the_department_above_it(here: Town) -> None:
    contractor = organisation(
        HOME, kind="contractor", name="清运公司", administrative_parent=here.sanitation
    )
    late(here, contractor, 3)
    assert colours(contractor) == ["yellow"]
    assert colours(here.sanitation) == ["yellow"]
    assert (
        Miss.objects.filter(unit=here.sanitation, through=contractor, counted="overdue").count()
        == 3
    )


def test_a_lifted_card_is_kept_and_counts_no_more(here: Town) -> None:
    late(here, here.sanitation, 3)
    card = Card.objects.get()
    with pytest.raises(PermissionDenied):
        lift_card(card_id=card.pk, reason="误判", by=here.leader, now=here.later())
    with pytest.raises(Card.DoesNotExist):
        lift_card(card_id=card.pk, reason="误判", by=here.helper, now=here.later())
    with pytest.raises(Refused) as no:
        lift_card(card_id=card.pk, reason=" ", by=here.supervisor, now=here.later())
    assert no.value.code == "text_missing"
    lifted = lift_card(card_id=card.pk, reason="系统故障所致", by=here.supervisor, now=here.later())
    assert (lifted.lift_reason, Event.objects.filter(verb="card.lifted").count()) == (
        "系统故障所致",
        1,
    )
    with pytest.raises(Refused) as no:
        lift_card(card_id=card.pk, reason="再", by=here.supervisor, now=here.later())
    assert no.value.code == "lifted_already"
    late(here, here.sanitation, 3)
    assert colours(here.sanitation) == ["yellow", "yellow"]


def test_an_administrator_edits_the_rules_and_others_do_not(here: Town) -> None:
    rule = CardRule.objects.get(counted="overdue")
    with pytest.raises(PermissionDenied):
        change_rule(
            rule_id=rule.pk,
            threshold=5,
            within_days=30,
            active=True,
            by=here.supervisor,
            now=here.now,
        )
    changed = change_rule(
        rule_id=rule.pk,
        threshold=1,
        within_days=10,
        active=True,
        version=1,
        by=here.system_admin,
        now=here.now,
    )
    assert (changed.threshold, changed.version) == (1, 2)
    with pytest.raises(SomebodyWasFirst):
        change_rule(rule_id=rule.pk, threshold=2, within_days=10, active=True, version=1,
                    by=here.system_admin, now=here.now)  # fmt: skip
    late(here, here.sanitation)
    assert colours(here.sanitation) == ["yellow"]


def test_one_rule_in_force_for_a_colour_and_a_kind(here: Town) -> None:
    with pytest.raises(Refused) as no:
        add_rule(
            colour="yellow",
            counted="overdue",
            threshold=9,
            within_days=9,
            by=here.system_admin,
            now=here.now,
        )
    assert no.value.code == "rule_exists"
    with pytest.raises(Refused) as no:
        add_rule(colour="yellow", counted="yellow_card", threshold=9, within_days=9,
                 by=here.system_admin, now=here.now)  # fmt: skip
    assert no.value.code == "rule_cannot_be"
    made = add_rule(
        colour="red",
        counted="unanswered",
        threshold=3,
        within_days=30,
        by=here.system_admin,
        now=here.now,
    )
    assert made.active
