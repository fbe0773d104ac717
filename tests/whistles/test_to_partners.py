"""What partner systems hear of whistles, orders, cards and ladders: by verb and area, only what they could read."""

from datetime import timedelta

import pytest

from accounts.identity import client_actor
from accounts.roles import Role
from escalation.deeds import VERBS
from journal.wording import wordings
from notices.models import Subscription, WebhookCall
from notices.webhooks.lining_up import line_up
from notices.webhooks.payload import payload_of
from notices.webhooks.subscriptions import subscribe
from notices.webhooks.topics import verbs_for
from tests import factories
from tests.clocks.factories import seeded
from tests.factories import HOME
from tests.incidents.town import NEIGHBOUR, Town
from tests.journal.factories import happened, settle
from tests.supervision.ordering import an_order, answered
from tests.whistles.street import a_whistle, street
from whistles.choices import State
from whistles.personnel import suggest

pytestmark = pytest.mark.django_db(transaction=True)
SCOPES = ["incidents:read", "whistles:read", "webhooks:manage"]


@pytest.fixture
def here(transactional_db: None) -> Town:
    """Readers see only what is committed, so everything here is."""
    seeded()
    return street()


def subscribed(*verbs: str, area: str = HOME, scopes: list[str] = SCOPES) -> Subscription:
    partner = factories.api_client(area, allowed_scopes=scopes, roles=[Role.SUPERVISOR])
    by, now = client_actor(partner, scopes), partner.created
    made = subscribe(
        partner, url="https://example.org/", verbs=verbs, area_code=area, by=by, now=now
    )
    return made.subscription


def heard(subscription: Subscription) -> list[WebhookCall]:
    settle()
    while line_up(subscription, subscription.created_at + timedelta(hours=1)):
        pass
    calls = WebhookCall.objects.filter(subscription=subscription).select_related("event")
    return list(calls.order_by("id"))


def verbs(subscription: Subscription) -> list[str]:
    return [call.event.verb for call in heard(subscription)]


def test_a_partner_of_the_district_hears_of_a_whistle_and_who_comes(here: Town) -> None:
    district, coming = subscribed(), subscribed("whistle.blown", "whistle.checked_in")
    next_door, cases_only = subscribed(area=NEIGHBOUR), subscribed(scopes=[SCOPES[0], SCOPES[2]])
    whistle = a_whistle(here, State.CHECKED_IN)
    calls = heard(district)
    assert [call.event.seq for call in calls] == list(range(1, len(calls) + 1))
    assert payload_of(calls[0].event, 0)["subject"]["number"] == whistle.number
    assert verbs(coming) == ["whistle.blown", *["whistle.checked_in"] * 3]
    assert verbs(next_door) == verbs(cases_only) == []


def test_a_partner_hears_of_orders_and_their_answers(here: Town) -> None:
    supervision = subscribed("supervision.opened", "supervision.answered")
    elsewhere = subscribed("supervision.opened", area=NEIGHBOUR)
    answered(here, an_order(here))
    assert verbs(supervision) == ["supervision.opened", "supervision.answered"]
    assert verbs(elsewhere) == []


def test_a_partner_hears_which_rung_fired_on_a_case(here: Town) -> None:
    ladders = subscribed("escalation.urged")
    order = an_order(here)
    happened(("incident", order.incident_id), verb="escalation.urged", area_code=order.area_code)
    assert verbs(ladders) == ["escalation.urged"]


def test_suggestions_about_people_never_leave(here: Town) -> None:
    everything = subscribed()
    suggest(
        by=here.secretary,
        now=here.later(),
        facts={"kind": "commendation", "unit": "FIRE", "person_name": "王某", "text": "建议表彰"},
    )
    assert heard(everything) == []
    assert not [one for one in verbs_for(SCOPES) if one.startswith(("personnel", "whistle_type"))]


def test_every_verb_of_these_rooms_that_is_offered_has_its_words() -> None:
    offered = verbs_for(SCOPES)
    assert offered <= wordings().keys()
    assert {*VERBS.values(), "whistle.absent", "card.drawn", "supervision.closed"} <= offered
    assert "escalation.failed" not in offered
