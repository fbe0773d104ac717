"""An emergency breaks quiet hours, whoever does not come has it counted, and cards are drawn for it."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from notices.choices import Seriousness
from notices.models import Notice, Preference
from notices.wording import label_of, wording_of
from supervision.cards import count_misses
from supervision.counting import counted_as
from supervision.models import Card, CardRule, Miss
from tests.clocks.factories import seeded
from tests.incidents.town import Town
from tests.journal.factories import settle
from tests.whistles.street import blown, step, street, time_passes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None) -> Town:
    """Readers see only what is committed."""
    seeded()
    CardRule.objects.all().delete()
    CardRule.objects.create(colour="yellow", counted="summoned", threshold=2, within_days=30)
    return street()


def wants_mail_by_day(here: Town, *names: str) -> None:
    for name in names:
        Preference.objects.create(
            person=here.people[name], ordinary=["email"], urgent=["email"], danger=["email"],
            email="a@example.org", quiet_from=time(0, 0), quiet_until=time(23, 59),
        )  # fmt: skip


def by_mail(here: Town, name: str) -> list[Notice]:
    return list(Notice.objects.filter(recipient=here.people[name], channel="email").order_by("id"))


# --- danger ---------------------------------------------------------------------------------------------------


def test_an_emergency_whistle_leaves_at_once_in_quiet_hours(here: Town) -> None:
    wants_mail_by_day(here, "fire_two")
    blown(here)
    time_passes(here, 0)
    (alarm,) = by_mail(here, "fire_two")
    assert (alarm.kind, alarm.next_try_at) == ("whistle.alarm", alarm.created_at)


def test_so_does_what_it_demands_until_it_is_called_off(here: Town) -> None:
    wants_mail_by_day(here, "fire_leader", "fire_two")
    whistle = blown(here)
    time_passes(here, 40)
    step(here, "cancel", whistle, here.secretary, {"reason": "误报"})
    time_passes(here, 0)
    kinds = [notice.kind for notice in by_mail(here, "fire_leader")]
    assert "whistle.absent.emergency" in kinds
    assert by_mail(here, "fire_two")[-1].kind == "whistle.off.emergency"
    mails = by_mail(here, "fire_leader") + by_mail(here, "fire_two")
    assert all(mail.next_try_at == mail.created_at for mail in mails), kinds


def test_a_whistle_that_is_no_emergency_waits_for_the_morning(here: Town) -> None:
    wants_mail_by_day(here, "fire_two")
    blown(here, type="work")
    time_passes(here, 0)
    (heard,) = by_mail(here, "fire_two")
    assert heard.kind == "whistle.heard"
    assert heard.next_try_at is not None
    assert heard.next_try_at > heard.created_at + timedelta(hours=1)


def test_a_danger_says_that_it_is_one() -> None:
    assert wording_of("whistle.absent.emergency").seriousness is Seriousness.DANGER
    assert wording_of("whistle.absent").seriousness is Seriousness.URGENT
    assert label_of("whistle.absent.emergency").startswith("【紧急】")


# --- cards ----------------------------------------------------------------------------------------------------


def counted(here: Town) -> list[tuple[str, str]]:
    settle()
    count_misses()
    misses = Miss.objects.exclude(counted="yellow_card").order_by("id")
    return list(misses.values_list("unit__code", "counted"))


def test_not_signing_and_not_coming_are_counted_and_draw_a_card(here: Town) -> None:
    whistle = blown(here, type="demands")
    for name in ("police_one", "handler"):
        step(here, "check_in", whistle, getattr(here, name))
    time_passes(here, 10 * 24 * 60)
    assert counted(here) == [("FIRE", "summoned"), ("FIRE", "summoned")]
    card = Card.objects.get()
    assert (card.unit.code, card.colour) == ("FIRE", "yellow")
    here.later(1)
    assert counted(here) == [("FIRE", "summoned")] * 2, "each once"


def test_the_card_names_the_whistle(here: Town) -> None:
    whistle = blown(here, type="demands")
    time_passes(here, 10 * 24 * 60)
    counted(here)
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(here.people["supervisor"])
    card = Card.objects.filter(unit__code="FIRE").get()
    assert whistle.number in browser.get(f"/supervision/cards/{card.pk}/").content.decode()
    answer: Any = browser.get(f"/api/v1/supervision/cards/{card.pk}")
    first = answer.json()["grounds"][0]
    assert whistle.number in first["about"]
    assert (first["counted"], first["number"]) == ("summoned", None)


def test_who_is_released_counts_as_not_summoned(here: Town) -> None:
    whistle = blown(here)
    step(here, "object", whistle, here.police_one, {"reason": "不属本单位职责"})
    time_passes(here, 40)
    step(here, "release", whistle, here.secretary, {"unit": "POLICE", "reason": "同意"})
    counted(here)
    standing = Miss.objects.filter(forgiven_at=None).values_list("unit__code", flat=True)
    assert set(standing) == {"FIRE", "SAN"}


def test_an_objection_that_the_street_leaves_lying_draws_no_card_for_a_unit(here: Town) -> None:
    whistle = blown(here)
    step(here, "object", whistle, here.fire_one, {"reason": "不属本单位职责"})
    time_passes(here, 24 * 60 * 3)
    counted(here)
    assert not Miss.objects.filter(unit=whistle.street_id).exists()
    from journal.models import Event

    objections = Event.objects.filter(verb="clock.overdue", data__stage="objection")
    assert [counted_as(event) for event in objections] == [None]


def test_the_rules_page_says_what_is_counted(here: Town) -> None:
    from accounts.roles import Role
    from tests import factories

    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(factories.person_with(Role.SYSTEM_ADMIN))
    shown = browser.get(reverse("supervision:card_rules")).content.decode()
    assert "did not sign for in time" in shown
    assert "released counts as not summoned" in shown
