"""Pages and API of what leaves the house: the bell, what was given up, and the subscriptions of partner systems."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import ApiClient, User
from accounts.roles import Role
from journal.models import Cursor
from notices.choices import Delivery
from notices.models import Notice, Subscription, WebhookCall
from tests import factories
from tests.api.conftest import ask_for_token
from tests.factories import ABROAD, HOME
from tests.journal.factories import NOW, happened
from tests.notices.kinds import person, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds", "topic")]
WEBHOOKS, UNDELIVERED = "/api/v1/webhooks", "/api/v1/notices/undelivered"
SCOPES = ["incidents:read", "webhooks:manage"]


def browser(user: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def caller_of(user: User) -> APIClient:
    api = APIClient()
    api.force_login(user)
    return api


@pytest.fixture
def keeper() -> User:
    return factories.person_with(Role.SECURITY_ADMIN)


@pytest.fixture
def partner() -> ApiClient:
    return factories.api_client(allowed_scopes=SCOPES, roles=[Role.CLERK], name="12345 hotline")


def acting(partner: ApiClient, scope: str = "webhooks:manage") -> APIClient:
    api = APIClient()
    token = ask_for_token(partner, scope=scope).json()["access_token"]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return api


def post(api: Any, address: str, body: Any = None, **headers: str) -> Any:
    headers = {"Idempotency-Key": str(uuid4()), **headers}
    return api.post(address, body or {}, format="json", headers=headers)


def given_up() -> Notice:
    told(person())
    notice = Notice.objects.get(channel="email")
    notice.state, notice.last_error = Delivery.DEAD, "HTTP 422"
    notice.save()
    return notice


# --- the bell ---------------------------------------------------------------------------------------------


def test_the_bell_has_an_api(keeper: User) -> None:
    api, other = caller_of(keeper), person()
    told(keeper, other, number=8)
    (row,) = api.get("/api/v1/notices?unread=true").json()["results"]
    assert (row["text"], row["seriousness"]) == ("Case 8 is overdue", "urgent")
    assert post(api, f"/api/v1/notices/{row['id']}/read").json()["read_at"]
    assert api.get("/api/v1/notices?unread=true").json()["results"] == []
    assert len(api.get("/api/v1/notices").json()["results"]) == 1
    foreign = Notice.objects.get(recipient=other, channel="bell")
    assert post(api, f"/api/v1/notices/{foreign.pk}/read").status_code == 404
    told(keeper, number=9)
    newest = {"newest": Notice.objects.latest("id").pk}
    assert post(api, "/api/v1/notices/read", newest).json() == {"count": 1}


# --- what was given up ---------------------------------------------------------------------------------------


def test_the_list_of_what_was_given_up_says_whose_and_why_and_not_what(keeper: User) -> None:
    notice = given_up()
    shown = browser(keeper).get("/notices/undelivered/").content.decode()
    assert notice.recipient.name in shown
    assert "HTTP 422" in shown
    assert "Case … is overdue" in shown
    assert "Case 7" not in shown
    (row,) = caller_of(keeper).get(UNDELIVERED).json()["results"]
    assert (row["id"], row["count"], row["kind_label"]) == (notice.pk, 1, "Case … is overdue")
    assert "facts" not in row


def test_pressing_sends_it_again_and_a_second_press_is_told_so(keeper: User) -> None:
    notice = given_up()
    page = browser(keeper).post(f"/notices/undelivered/{notice.pk}/resend", follow=True)
    assert "It is being sent again." in page.content.decode()
    notice.refresh_from_db()
    assert notice.state == Delivery.WAITING
    assert post(caller_of(keeper), f"{UNDELIVERED}/{notice.pk}/resend").status_code == 404


def test_the_api_sends_it_again_too(keeper: User) -> None:
    notice = given_up()
    assert post(caller_of(keeper), f"{UNDELIVERED}/{notice.pk}/resend").status_code == 204
    notice.refresh_from_db()
    assert (notice.state, notice.resends) == (Delivery.WAITING, 1)


def test_the_list_costs_the_same_however_long(
    keeper: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _n in range(12):
        told(person())
    Notice.objects.filter(channel="email").update(state=Delivery.DEAD)
    signed_in = browser(keeper)
    with django_assert_max_num_queries(11):
        signed_in.get("/notices/undelivered/")


# --- subscriptions -------------------------------------------------------------------------------------------


def test_a_partner_subscribes_and_sees_its_secret_once(partner: ApiClient) -> None:
    api = acting(partner)
    answer = post(api, WEBHOOKS, {"url": "https://example.org/hook", "verbs": ["incident.filed"]})
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["subscription"]["area_code"] == HOME
    assert len(made["secret"]) > 30
    (row,) = api.get(WEBHOOKS).json()["results"]
    assert "secret" not in row
    assert row == made["subscription"] == api.get(answer["Location"]).json()


def test_a_partner_pauses_resumes_and_replays_over_the_version_it_saw(partner: ApiClient) -> None:
    api = acting(partner)
    address = post(api, WEBHOOKS, {"url": "https://example.org/hook"})["Location"]
    assert post(api, f"{address}/pause").status_code == 428
    seen = api.get(address)["ETag"]
    paused = post(api, f"{address}/pause", **{"If-Match": seen})
    assert (paused.json()["state"], paused.json()["paused_by"]) == ("paused", "12345 hotline")
    assert post(api, f"{address}/resume", **{"If-Match": seen}).status_code == 412
    resumed = post(api, f"{address}/resume", **{"If-Match": paused["ETag"]})
    assert resumed.json()["state"] == "active"
    again = post(api, f"{address}/replay", {"cursor": "0-0"}, **{"If-Match": resumed["ETag"]})
    assert again.status_code == 200
    assert Cursor.objects.get(name__startswith="webhook:").xid == 0
    wrong = post(api, f"{address}/replay", {"cursor": "x"}, **{"If-Match": "*"})
    assert wrong.json()["code"] == "cursor_wrong"


def test_a_partner_is_shown_of_what_it_can_hear(partner: ApiClient) -> None:
    verbs = [row["verb"] for row in acting(partner).get(f"{WEBHOOKS}/verbs").json()]
    assert "incident.filed" not in verbs, "this token may not read cases"
    both = acting(partner, "webhooks:manage incidents:read")
    rows = both.get(f"{WEBHOOKS}/verbs").json()
    assert {"verb": "incident.filed", "words": "立案：…"} in rows


def test_without_the_scope_there_is_no_way_in(partner: ApiClient) -> None:
    assert acting(partner, "incidents:read").get(WEBHOOKS).status_code == 403


def test_nobody_sees_the_subscriptions_of_others(partner: ApiClient, keeper: User) -> None:
    address = post(acting(partner), WEBHOOKS, {"url": "https://example.org/hook"})["Location"]
    other = factories.api_client(allowed_scopes=SCOPES)
    abroad = factories.person_with(Role.SECURITY_ADMIN, ABROAD)
    clerk = factories.person_with(Role.CLERK)
    assert acting(other).get(address).status_code == 404
    assert caller_of(abroad).get(address).status_code == 404
    assert caller_of(clerk).get(address).status_code == 403
    assert caller_of(keeper).get(address).status_code == 200


def a_call(partner: ApiClient) -> WebhookCall:
    api = acting(partner)
    post(api, WEBHOOKS, {"url": "https://example.org/hook", "verbs": ["incident.filed"]})
    event = happened(("case", 7), verb="incident.filed")
    return WebhookCall.objects.create(
        subscription=Subscription.objects.get(),
        event=event,
        subject_kind="case",
        subject_id="7",
        next_try_at=NOW,
        attempts=3,
        last_status=422,
        last_error="HTTP 422",
    )


def test_calls_are_shown_and_one_can_be_left_out(partner: ApiClient, keeper: User) -> None:
    call = a_call(partner)
    (row,) = acting(partner).get(f"{WEBHOOKS}/{call.subscription_id}/calls").json()["results"]
    assert (row["verb"], row["state"], row["last_error"]) == (
        "incident.filed",
        "waiting",
        "HTTP 422",
    )
    signed_in = browser(keeper)
    page = signed_in.get(f"/notices/webhooks/{call.subscription_id}/").content.decode()
    assert row["cursor"] in page
    assert "https://example.org/hook" in signed_in.get("/notices/webhooks/").content.decode()
    address = f"/notices/webhooks/{call.subscription_id}/calls/{call.pk}/skip"
    assert "It is left out" in signed_in.post(address, follow=True).content.decode()
    call.refresh_from_db()
    assert call.state == "skipped"


def test_an_administrator_subscribes_in_a_partners_name(partner: ApiClient, keeper: User) -> None:
    signed_in = browser(keeper)
    address = f"/notices/webhooks/new/{partner.pk}/"
    assert signed_in.get(address).status_code == 200
    refused = signed_in.post(address, {"url": "http://10.0.0.1/", "area_code": HOME})
    assert refused.status_code == 422
    made = signed_in.post(address, {"url": "https://example.org/", "area_code": HOME})
    subscription = Subscription.objects.get()
    assert subscription.secret in made.content.decode()
    shown = f"/notices/webhooks/{subscription.pk}/"
    assert subscription.secret not in signed_in.get(shown).content.decode()
    signed_in.post(f"{shown}switch", {"active": "false"})
    subscription.refresh_from_db()
    assert subscription.state == "paused"
    signed_in.post(f"{shown}replay", {"cursor": "0-0"})
    subscription.refresh_from_db()
    assert (subscription.state, subscription.round) == ("active", 1)


def test_the_page_of_calls_costs_the_same_however_many(
    partner: ApiClient, keeper: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    call = a_call(partner)
    for number in range(30):
        event = happened(("case", number), verb="incident.filed")
        WebhookCall.objects.create(
            subscription=call.subscription, event=event, subject_kind="case", subject_id=number,
            next_try_at=NOW,
        )  # fmt: skip
    signed_in = browser(keeper)
    with django_assert_max_num_queries(15):
        signed_in.get(f"/notices/webhooks/{call.subscription_id}/")
