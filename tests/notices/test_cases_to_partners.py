"""What partner systems hear of real cases: those that they could read, and nothing of people."""

from datetime import timedelta

import pytest

from accounts.identity import client_actor
from accounts.models import ApiClient
from accounts.roles import Role
from incidents.choices import Source, State
from incidents.partners import seen_cases
from incidents.wording import verbs_of_cases
from journal.wording import wordings
from notices.models import Subscription, WebhookCall
from notices.webhooks.lining_up import line_up
from notices.webhooks.payload import payload_of
from notices.webhooks.subscriptions import subscribe
from notices.webhooks.topics import verbs_for
from tests import factories
from tests.clocks.factories import seeded
from tests.factories import HOME
from tests.incidents.town import NEIGHBOUR, Town, a_case, a_report, town
from tests.journal.factories import settle

pytestmark = pytest.mark.django_db(transaction=True)
SCOPES = ["incidents:read", "webhooks:manage"]


@pytest.fixture
def here(transactional_db: None) -> Town:
    """Readers see only what is committed, so everything here is."""
    seeded()
    return town()


def subscribed(area: str = HOME, *roles: Role) -> Subscription:
    partner = factories.api_client(area, allowed_scopes=SCOPES, roles=list(roles))
    by, now = client_actor(partner, SCOPES), partner.created
    made = subscribe(partner, url="https://example.org/", verbs=[], area_code=area, by=by, now=now)
    return made.subscription


def heard(subscription: Subscription) -> list[WebhookCall]:
    settle()
    while line_up(subscription, subscription.created_at + timedelta(hours=1)):
        pass
    calls = WebhookCall.objects.filter(subscription=subscription).select_related("event")
    return list(calls.order_by("id"))


def test_a_partner_of_the_district_hears_the_whole_story_in_order(here: Town) -> None:
    subscription = subscribed(HOME, Role.SUPERVISOR)
    case = a_case(here, State.CLOSED)
    calls = heard(subscription)
    assert [call.event.seq for call in calls] == list(range(1, len(calls) + 1))
    verbs = [call.event.verb for call in calls]
    assert (verbs[0], verbs[-1]) == ("incident.reported", "incident.closed")
    told = payload_of(calls[-1].event, 0)
    assert told["subject"]["number"] == case.number


def test_no_payload_names_people_or_says_what_somebody_wrote(here: Town) -> None:
    subscription = subscribed(HOME, Role.SUPERVISOR)
    a_report(
        here, by=here.clerk, source=Source.HOTLINE, text="机密内容", reporter_name="王小明",
        reporter_phone="13812345678",
    )  # fmt: skip
    a_case(here, State.CLOSED)
    payloads = str([payload_of(call.event, 0) for call in heard(subscription)])
    names = [user.name for user in here.people.values()]
    for secret in ("机密内容", "王小明", "13812345678", "checker", "remark", *names):
        assert secret not in payloads, secret


def test_confidential_cases_and_those_of_other_areas_stay_where_they_are(here: Town) -> None:
    supervisor, next_door = (subscribed(area, Role.SUPERVISOR) for area in (HOME, NEIGHBOUR))
    roleless = subscribed(HOME)
    a_report(here, by=here.clerk, source=Source.HOTLINE, confidential=True)
    open_case = a_report(here)
    assert {call.subject_id for call in heard(supervisor)} == {str(open_case.pk)}
    assert heard(next_door) == []
    assert heard(roleless) == []


def test_every_verb_that_is_offered_has_its_words() -> None:
    offered = verbs_for(["incidents:read"])
    assert verbs_of_cases() <= offered <= wordings().keys()
    assert "personal_data.revealed" not in offered


def test_a_partner_without_the_scope_sees_no_case(here: Town) -> None:
    case = a_report(here)
    partner: ApiClient = factories.api_client(allowed_scopes=SCOPES, roles=[Role.SUPERVISOR])
    assert seen_cases(client_actor(partner, SCOPES), {str(case.pk)}) == {str(case.pk)}
    assert seen_cases(client_actor(partner, ["webhooks:manage"]), {str(case.pk)}) == set()
