"""The pages: the desk with its tallies, urging and ordering at one press, an order's own page, cards and rules."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.choices import State
from incidents.models import Incident
from supervision.models import Card, CardRule, Order
from tests.incidents.town import Town, a_case
from tests.supervision.ordering import an_order, answered

pytestmark = pytest.mark.django_db


def as_(here: Town, name: str) -> Client:
    client = Client()
    client.force_login(here.people[name])
    return client


def red(here: Town, **facts: object) -> Incident:
    """A case in handling whose deadline passed long ago by the machine's clock."""
    return a_case(here, State.HANDLING, **facts)


def amber(here: Town) -> Incident:
    case = a_case(here, State.HANDLING)
    soon = timezone.now() + timedelta(hours=1)
    Incident.objects.filter(pk=case.pk).update(
        due_at=soon, amber_at=timezone.now() - timedelta(hours=1)
    )
    return case


def green(here: Town) -> Incident:
    case = a_case(here, State.HANDLING)
    later = timezone.now() + timedelta(days=3)
    Incident.objects.filter(pk=case.pk).update(due_at=later, amber_at=later - timedelta(days=1))
    return case


def test_the_desk_shows_red_before_amber_and_nothing_green(here: Town) -> None:
    late, near, well = red(here), amber(here), green(here)
    body = as_(here, "supervisor").get(reverse("supervision:desk")).content.decode()
    assert body.index(late.number) < body.index(near.number)
    assert well.number not in body
    only = (
        as_(here, "supervisor").get(reverse("supervision:desk"), {"lamp": "amber"}).content.decode()
    )
    assert near.number in only
    assert late.number not in only


def test_the_tallies_count_by_unit_and_area_and_lead_to_the_list(here: Town) -> None:
    red(here), red(here), amber(here)
    response = as_(here, "supervisor").get(reverse("supervision:desk"))
    spread = response.context["spread"]
    assert [(t.name, t.red, t.amber) for t in spread.units] == [("环卫所", 2, 1)]
    assert [(t.key, t.red, t.amber) for t in spread.areas] == [("120103001", 2, 1)]
    by_unit = {"unit": spread.units[0].key, "area": spread.areas[0].key}
    listed = as_(here, "supervisor").get(reverse("supervision:desk"), by_unit)
    assert len(listed.context["rows"]) == 3


def test_what_is_counted_is_bounded(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supervision.desk.MOST", 2)
    for _each in range(3):
        red(here)
    spread = as_(here, "supervisor").get(reverse("supervision:desk")).context["spread"]
    assert (spread.red, spread.capped) == (2, True)


@pytest.mark.parametrize("cases", [1, 5])
def test_the_desk_asks_the_same_number_of_questions_however_long_it_is(
    here: Town, cases: int, django_assert_max_num_queries: object
) -> None:
    for _each in range(cases):
        red(here)
    client = as_(here, "supervisor")
    client.get(reverse("supervision:desk"))
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        client.get(reverse("supervision:desk"))


def test_one_press_urges_one_and_several(here: Town) -> None:
    first, second = red(here), red(here)
    client = as_(here, "commander")
    client.post(reverse("supervision:urge"), {"only": first.number, "number": [second.number]})
    assert [Incident.objects.get(pk=c.pk).urged_count for c in (first, second)] == [1, 0]
    client.post(reverse("supervision:urge"), {"number": [first.number, second.number, "nothing"]})
    assert [Incident.objects.get(pk=c.pk).urged_count for c in (first, second)] == [2, 1]


def test_one_form_orders_on_several_cases_and_keeps_what_was_typed_when_refused(here: Town) -> None:
    first, second = red(here), red(here)
    client, numbers = as_(here, "supervisor"), [first.number, second.number]
    shown = client.post(reverse("supervision:new_order"), {"number": numbers})
    assert (shown.status_code, Order.objects.count()) == (200, 0)
    typed = {"number": numbers, "go": "do", "question": "为何超期", "value": "", "kind": "work_day"}
    refused = client.post(reverse("supervision:new_order"), typed)
    assert refused.status_code == 422
    assert "为何超期" in refused.content.decode()
    done = client.post(reverse("supervision:new_order"), typed | {"value": "2"})
    assert done.status_code == 302
    assert Order.objects.count() == 2


def test_with_one_case_another_of_its_units_can_be_named(here: Town) -> None:
    case = red(here)
    client = as_(here, "supervisor")
    page = client.get(reverse("supervision:new_order"), {"number": case.number}).content.decode()
    assert re.search(r'<option value="CENTRE"', page)
    client.post(
        reverse("supervision:new_order"),
        {
            "number": case.number,
            "go": "do",
            "question": "说明",
            "unit": "CENTRE",
            "value": "1",
            "kind": "work_day",
        },
    )
    assert Order.objects.get().unit == here.centre


def test_the_case_page_tells_its_orders_to_those_concerned(here: Town) -> None:
    case = red(here)
    an_order(here, case, question="请说明超期原因")
    url = reverse("incidents:case", args=[case.number])
    for name, sees, may in (("supervisor", True, True), ("handler", True, False), ("dispatcher", True, False),
                            ("worker", False, False)):  # fmt: skip
        body = as_(here, name).get(url).content.decode()
        assert ("请说明超期原因" in body) is sees, name
        assert (f"{reverse('supervision:new_order')}?number=" in body) is may, name


def test_a_unit_finds_what_it_must_answer_and_answers_on_the_page(here: Town) -> None:
    order = an_order(here)
    client = as_(here, "handler")
    assert "为何未清理" in client.get(reverse("supervision:orders")).content.decode()
    step_url = reverse("supervision:step", args=[order.pk, "answer"])
    empty = client.post(step_url, {"text": "", "version": order.version})
    assert empty.status_code == 422
    behind = client.post(step_url, {"text": "已派车", "version": order.version + 7})
    assert behind.status_code == 422
    assert "已派车" in behind.content.decode()
    assert client.post(step_url, {"text": "已派车", "version": order.version}).status_code == 302
    body = (
        as_(here, "supervisor").get(reverse("supervision:order", args=[order.pk])).content.decode()
    )
    assert "已派车" in body
    for code in ("accept", "send_back", "close", "withdraw"):
        assert reverse("supervision:step", args=[order.pk, code]) in body


def test_the_supervisor_sends_back_with_a_shorter_limit(here: Town) -> None:
    order = answered(here, an_order(here))
    url = reverse("supervision:step", args=[order.pk, "send_back"])
    as_(here, "supervisor").post(
        url, {"text": "补照片", "value": "2", "kind": "work_hour", "version": order.version}
    )
    order.refresh_from_db()
    assert (order.round, str(order.allowance_value)) == (2, "2.00")


def test_an_order_on_a_case_that_a_reader_may_not_open_is_not_linked(here: Town) -> None:
    case = a_case(here)
    order = an_order(here, case)
    Incident.objects.filter(pk=case.pk).update(confidential=True)
    assert (
        as_(here, "supervisor").get(reverse("supervision:order", args=[order.pk])).status_code
        == 404
    )


def test_orders_ask_the_same_number_of_questions(
    here: Town, django_assert_max_num_queries: object
) -> None:
    case = red(here)
    for _each in range(4):
        an_order(here, case)
    client = as_(here, "handler")
    client.get(reverse("supervision:orders"))
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        client.get(reverse("supervision:orders"))


def test_cards_are_shown_by_unit_and_lifted_with_a_reason(here: Town) -> None:
    rule = CardRule.objects.filter(colour="yellow").first() or CardRule.objects.create(
        colour="yellow", counted="overdue", threshold=3, within_days=30
    )
    card = Card.objects.create(
        unit=here.sanitation, rule=rule, colour="yellow", drawn_at=timezone.now()
    )
    assert "环卫所" in as_(here, "leader").get(reverse("supervision:cards")).content.decode()
    url = reverse("supervision:card", args=[card.pk])
    assert as_(here, "leader").post(url, {"reason": "误判"}).status_code == 403
    assert as_(here, "supervisor").post(url, {"reason": ""}).status_code == 422
    assert as_(here, "supervisor").post(url, {"reason": "误判"}).status_code == 302
    assert "误判" in as_(here, "leader").get(url).content.decode()


def test_an_administrator_writes_and_changes_a_rule(here: Town) -> None:
    CardRule.objects.all().delete()
    client = as_(here, "system_admin")
    facts = {"colour": "yellow", "counted": "overdue", "threshold": 5, "within_days": 30}
    assert client.post(reverse("supervision:new_card_rule"), facts).status_code == 302
    rule = CardRule.objects.get()
    url = reverse("supervision:card_rule", args=[rule.pk])
    changed = {"threshold": 2, "within_days": 30, "active": "on", "version": rule.version}
    assert client.post(url, changed).status_code == 302
    assert client.post(url, changed).status_code == 422
    assert client.post(reverse("supervision:new_card_rule"), facts).status_code == 422
    assert CardRule.objects.get().threshold == 2


def test_a_neighbouring_area_is_not_on_the_desk(here: Town) -> None:
    case = red(here)
    Incident.objects.filter(pk=case.pk).update(area_code="120104001001001")
    assert (
        case.number not in as_(here, "supervisor").get(reverse("supervision:desk")).content.decode()
    )
