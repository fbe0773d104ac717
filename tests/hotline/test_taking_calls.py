"""Taking calls: rung ten times is once, kept while typed, whatever callers say, whoever may know them."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.reveal import reveal
from accounts.roles import Role
from config.refusal import Refused, SomebodyWasFirst
from hotline import drafts
from hotline.callers import CALLER, history_of, post_that_may_call
from hotline.calls import answer, hang_up, missed, ring, ringing
from hotline.choices import State
from hotline.intake import take_in
from hotline.models import Call, Draft, Order
from hotline.phones import number_of
from hotline.querysets import visible_to
from incidents.models import Incident
from journal.models import Event
from steps.forms import FactsRefused
from tests.factories import HOME, api_client
from tests.hotline.desk import PHONE, a, an, dispatched, facts, step, taken
from tests.incidents.town import COVER, Town
from tests.incidents.town import partner as case_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(here: Town, client: Client) -> Any:
    """A browser in which this person is signed in."""

    def sign_in(name: str) -> Client:
        client.force_login(here.people[name])
        return client

    return sign_in


# --- numbers and words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("138 1234-1234", "13812341234"),
        ("１３８１２３４１２３４", "13812341234"),
        ("+86 138 1234 1234", "13812341234"),
        ("0086-13812341234", "13812341234"),
        ("(022) 2345-6789", "02223456789"),
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("anonymous", ""),
        ("未知号码", ""),
        ("", ""),
        ("9" * 60, "9" * 24),
    ],
)
def test_numbers_as_people_and_systems_write_them(said: str, number: str) -> None:
    assert number_of(said) == number


def test_a_long_complaint_with_emoji_and_markup_is_kept_as_it_was_said(
    here: Town, enter: Any
) -> None:
    text = "😡<script>alert(1)</script>水管爆了" + "很" * 7_000 + "\u202e\x00"
    order = an(here, text=text, caller_phone="Anonymous", caller_name="<b>王</b>")
    assert order.text == text[:-2]
    assert (order.caller_phone, order.caller_hash) == ("", "")
    body = enter("operator").get(f"/hotline/orders/{order.number}/").content.decode()
    assert "<script>alert(1)</script>" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body


def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_is_kept(here: Town) -> None:
    wrongs: tuple[tuple[dict[str, Any], str], ...] = (
        ({"text": " "}, "text"),
        ({"text": "字" * 10_001}, "text"),
        ({"item": "999999"}, "item"),
        ({"channel": "pigeon"}, "channel"),
        ({"decision": "dispatch", "item": ""}, "unit"),
        ({"decision": "dispatch", "unit": "WATER"}, "reason"),
        ({"decision": "answer"}, "said"),
        ({"decision": "other_way", "way": "urgent_line", "said": "已转"}, "line"),
        ({"decision": "other_way", "way": "repeat", "said": "已告知"}, "repeats"),
        ({"decision": "to_case", "case": "20260101000001"}, "case"),
    )
    for wrong, field in wrongs:
        with pytest.raises(FactsRefused) as no:
            taken(here, **wrong)
        assert [error["field"] for error in no.value.errors] == [field], wrong
    with pytest.raises(Refused) as nowhere:
        taken(here, lon=None, lat=None, area="120103999")
    assert nowhere.value.field == "area"
    assert not Order.objects.exists()
    assert not Event.objects.filter(verb__startswith="hotline").exists()


def test_any_window_takes_anything_also_what_lies_elsewhere(here: Town) -> None:
    made = taken(here, lon=121.47, lat=31.23, decision="answer", said="已告知拨打上海12345")
    assert made.order.area_code == HOME
    nowhere = taken(here, lon=None, lat=None, address="说不清在哪里")
    assert nowhere.order.area_code == HOME


@pytest.mark.parametrize(
    ("way", "more"),
    [
        ("urgent_line", {"line": "119"}),
        ("statutory", {}),
        ("secret", {}),
        ("beyond_remit", {}),
        ("dissuaded", {}),
    ],
)
def test_the_other_ways_end_an_order_and_are_told(here: Town, way: str, more: Any) -> None:
    order = an(here, decision="other_way", way=way, said="已说明", **more)
    assert (order.state, order.way, order.reply) == (State.OTHER_WAY, way, "已说明")
    assert order.ended_at is not None


def test_a_repeat_names_an_earlier_order_of_the_same_caller(here: Town) -> None:
    first, foreign = an(here), an(here, caller_phone="13900001111")
    with pytest.raises(FactsRefused):
        an(here, decision="other_way", way="repeat", repeats=foreign.number, said="已告知")
    again = an(here, decision="other_way", way="repeat", repeats=first.number, said="已告知")
    assert again.repeats == first


# --- rung, answered, missed ------------------------------------------------------------------------------


def test_rung_ten_times_is_one_call_and_answered_twice_one_draft(here: Town) -> None:
    rung = [
        ring(by=here.operator, now=here.now, call_id="c1", number="+86 138 1234 1234")
        for _turn in range(10)
    ]
    assert [one.created for one in rung] == [True, *[False] * 9]
    assert Event.objects.filter(verb="hotline_call.rang").count() == 1
    call = Call.objects.get()
    assert [one.pk for one in ringing(here.second_operator, here.now)] == [call.pk]
    draft = answer(call.pk, by=here.operator, now=here.later(0))
    assert answer(call.pk, by=here.operator, now=here.later(0)) == draft
    with pytest.raises(SomebodyWasFirst) as first:
        answer(call.pk, by=here.second_operator, now=here.later(0))
    assert here.people["operator"].name in str(first.value)
    assert drafts.content(draft) == {"caller_phone": PHONE}
    assert not ringing(here.operator, here.now)


def test_a_call_that_nobody_answered_is_missed_until_somebody_takes_an_order(here: Town) -> None:
    ring(by=here.operator, now=here.now, call_id="c1", number=PHONE)
    ring(by=here.operator, now=here.now, call_id="c2", number="")  # withheld: nobody to call back
    hang_up(by=here.operator, now=here.now, call_id="c1")
    assert not [c for c in ringing(here.operator, here.now) if c.call_id == "c1"]
    assert [c.call_id for c in missed(here.operator, here.later(5))] == ["c1"]
    assert not missed(here.foreign_operator, here.now)
    an(here)
    assert not missed(here.operator, here.later(1))


def test_a_ringing_call_stands_on_the_desk_and_the_page_is_redrawn_only_when_it_changes(
    here: Town, enter: Any
) -> None:
    from django.utils import timezone

    browser = enter("operator")
    fragment = {"HX-Request": "true", "X-Background": "1"}
    assert browser.get("/hotline/ringing/?mark=0", headers=fragment).status_code == 204
    call = ring(by=here.operator, now=timezone.now(), call_id="c1", number=PHONE).call
    body = browser.get("/hotline/ringing/?mark=0", headers=fragment).content.decode()
    assert "138****1234" in body
    assert PHONE not in body
    assert browser.get(f"/hotline/ringing/?mark={call.pk}", headers=fragment).status_code == 204
    answered = browser.post(f"/hotline/calls/{call.pk}/answer/")
    page = browser.get(answered.headers["Location"]).content.decode()
    assert f'value="{PHONE}"' in page


# --- kept while typed --------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_two_windows_do_not_overwrite_each_other(here: Town) -> None:
    draft = drafts.begin(by=here.operator, now=here.now)
    kept = drafts.save(
        draft.pk, by=here.operator, now=here.later(), version=1, facts={"text": "水管", "x": "y"}
    )
    assert (kept.version, drafts.content(kept)) == (2, {"text": "水管"})
    with pytest.raises(SomebodyWasFirst):
        drafts.save(draft.pk, by=here.operator, now=here.now, version=1, facts={"text": "旧"})
    with pytest.raises(Draft.DoesNotExist):
        drafts.save(draft.pk, by=here.second_operator, now=here.now, version=2, facts={})
    stored = Draft.objects.filter(pk=draft.pk).extra(select={"raw": "facts"}).values("raw")
    assert "水管" not in str(list(stored))


def test_a_draft_becomes_one_order_however_often_it_is_sent(here: Town) -> None:
    draft = drafts.begin(by=here.operator, now=here.now)
    made = [
        drafts.send(draft.pk, by=here.operator, now=here.later(), facts=facts()) for _turn in (1, 2)
    ]
    assert [one.created for one in made] == [True, False]
    assert made[0].order.pk == made[1].order.pk
    assert not drafts.lines_of(here.operator)


def test_a_refused_order_leaves_what_was_typed_in_the_draft(here: Town, enter: Any) -> None:
    browser = enter("operator")
    at = browser.post("/hotline/new/").headers["Location"]
    answered = browser.post(at, {**_flat(facts()), "text": "", "address": "大沽南路"})
    assert answered.status_code == 422
    assert "请填写诉求内容" in answered.content.decode() or "必填" in answered.content.decode()
    draft = Draft.objects.get()
    assert drafts.content(draft)["address"] == "大沽南路"
    sent = browser.post(at, _flat(facts(decision="dispatch")))
    assert sent.status_code == 302
    order = Order.objects.get()
    assert (order.state, order.unit) == (State.DISPATCHED, here.sanitation)


def _flat(given: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in given.items()}


# --- who knows who called ---------------------------------------------------------------------------------


def test_the_callers_history_stands_there_at_once_open_orders_first(here: Town) -> None:
    old = an(here, decision="answer", said="已告知")
    open_one = an(here)
    ended = an(here, decision="answer", said="已告知")
    an(here, caller_phone="13900001111")
    found = history_of(here.operator, "+86 138-1234-1234")
    assert [order.pk for order in found.orders] == [open_one.pk, ended.pk, old.pk]
    assert found.open_count == 1
    assert not history_of(here.foreign_operator, PHONE).orders
    assert not history_of(here.operator, "1381234").orders


def test_the_unit_may_call_back_while_it_must_act_and_nobody_else_of_it(here: Town) -> None:
    order = dispatched(here)
    assert post_that_may_call(here.handler, order)
    assert not post_that_may_call(here.helper, order)
    assert not post_that_may_call(here.commander, order)
    shown = reveal(CALLER, order.number, reason="回电核实地点", by=here.handler, now=here.now)
    assert shown is not None
    assert shown.value == f"王桂英 {PHONE}"
    assert Event.objects.filter(verb="personal_data.revealed").count() == 1
    back = step(here, "return", order, here.handler, {"reason": "非本单位职责"})
    with pytest.raises(PermissionDenied):
        reveal(CALLER, back.number, reason="再看一次", by=here.handler, now=here.now)


def test_a_caller_who_asks_for_it_stays_unknown_to_the_unit(here: Town, enter: Any) -> None:
    order = dispatched(here, confidential=True)
    assert not post_that_may_call(here.handler, order)
    assert post_that_may_call(here.visitor, order)
    body = enter("handler").get(f"/hotline/orders/{order.number}/").content.decode()
    assert "138****1234" not in body
    assert PHONE not in body


def test_who_sees_an_order(here: Town) -> None:
    order = dispatched(here)

    def sees() -> set[str]:
        people = here.people
        return {n for n in people if visible_to(getattr(here, n)).filter(pk=order.pk).exists()}

    hotline = {"operator", "second_operator", "visitor", "commander", "supervisor"}
    assert sees() == hotline | {"handler", "leader"}


# --- pages and API ---------------------------------------------------------------------------------------------


def post(client: Client, path: str, body: Any = None, **headers: str) -> Any:
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": "*", **headers}
    return client.post(
        f"/api/v1/{path}", json.dumps(body or {}), "application/json", headers=headers
    )


def test_a_whole_order_by_the_api(here: Town, enter: Any) -> None:
    browser = enter("operator")
    made = post(browser, "hotline/orders", facts(channel="board", external_id="b-1"))
    assert made.status_code == 201, made.content
    number = made.json()["order"]["number"]
    assert made.json()["order"]["caller"] == {"name": "王*英", "phone": "138****1234"}
    again = post(browser, "hotline/orders", facts(channel="board", external_id="b-1"))
    assert (again.status_code, again.json()["created"]) == (200, False)
    sent = post(browser, f"hotline/orders/{number}/steps/dispatch")
    assert (sent.status_code, sent.json()["state"]) == (200, "dispatched")
    stale = post(
        browser, f"hotline/orders/{number}/steps/note", {"text": "x"}, **{"If-Match": '"old"'}
    )
    assert stale.status_code == 412
    browser = enter("handler")
    offers = browser.get(f"/api/v1/hotline/orders/{number}/steps").json()
    assert {o["step"] for o in offers if o["allowed"]} == {
        "receive", "accept", "return", "start", "note",
    }  # fmt: skip
    for code, given in (("start", {}), ("reply", {"text": "已清运", "contacted": True})):
        assert post(browser, f"hotline/orders/{number}/steps/{code}", given).status_code == 200
    browser = enter("visitor")
    said = {"contacted": True, "solved": True, "satisfaction": "basically"}
    done = post(browser, f"hotline/orders/{number}/steps/visit", said)
    assert done.json()["visits"][0]["satisfaction"] == "basically"
    assert len(browser.get(f"/api/v1/hotline/orders/{number}/timeline").json()) == 5
    history = post(browser, "hotline/callers/history", {"number": PHONE}).json()
    assert [order["number"] for order in history] == [number]


def test_a_telephone_system_rings_by_the_api(here: Town, enter: Any) -> None:
    browser = enter("operator")
    body = {"call_id": "pbx-1", "number": PHONE, "line": "12345", "operator": "nobody"}
    answers = [post(browser, "hotline/calls/ringing", body) for _turn in range(3)]
    assert [one.status_code for one in answers] == [201, 200, 200]
    assert PHONE not in answers[0].content.decode()
    ended = post(browser, "hotline/calls/ended", {"call_id": "pbx-1"})
    assert ended.json()["state"] == "ended"
    assert post(browser, "hotline/calls/ended", {"call_id": "pbx-2"}).status_code == 404


def test_a_partner_sends_orders_only_with_scope_and_role(here: Town) -> None:
    from accounts.identity import client_actor

    client = api_client(HOME, roles=[Role.HOTLINE_OPERATOR], allowed_scopes=["hotline:write"])
    by = client_actor(client, ["hotline:write"])
    order = take_in(by=by, now=here.now, facts=facts(channel="partner", external_id="p-1")).order
    assert order.client_id == client.pk
    with pytest.raises(PermissionDenied):
        take_in(by=client_actor(client, ["incidents:write"]), now=here.now, facts=facts())
    with pytest.raises(PermissionDenied):
        take_in(by=case_partner(), now=here.now, facts=facts())


def test_lists_cost_the_same_however_long_they_are(
    here: Town, enter: Any, django_assert_max_num_queries: Any
) -> None:
    order = a(here, State.HANDLING)
    for _turn in range(3):
        an(here)
        dispatched(here)
    for name, path, most in (
        ("operator", "/hotline/", 16),
        ("operator", "/hotline/orders/", 14),
        ("handler", "/hotline/todo/", 14),
        ("visitor", "/hotline/visits/", 14),
        ("operator", f"/hotline/orders/{order.number}/", 40),
    ):
        browser = enter(name)
        with django_assert_max_num_queries(most):
            assert browser.get(path).status_code == 200


def test_orders_are_found_by_number_and_words(here: Town, enter: Any) -> None:
    one, other = an(here), an(here, text="路灯不亮", item=COVER)
    browser = enter("operator")

    def found(query: str) -> set[str]:
        rows = browser.get(f"/api/v1/hotline/orders?{query}").json()["results"]
        return {row["number"] for row in rows}

    assert found(f"q={one.number}") == {one.number}
    assert found("q=路灯") == {other.number}
    assert found("whose=hotline&tier=general") == {one.number, other.number}
    assert found("whose=visit") == set()
    assert PHONE not in browser.get("/api/v1/hotline/orders").content.decode()


def test_a_photo_of_the_result_is_shown_to_who_sees_the_order(
    here: Town, enter: Any, tmp_path: Any, settings: Any
) -> None:
    from hotline.photos import add
    from tests.incidents.town import picture

    settings.MEDIA_ROOT = tmp_path
    order = a(here, State.HANDLING)
    photo = add(number=order.number, by=here.handler, now=here.now, photo=picture())
    assert add(number=order.number, by=here.handler, now=here.now, photo=picture()) == photo
    with pytest.raises(Refused):
        add(number=order.number, by=here.visitor, now=here.now, photo=picture("blue"))
    path = f"/hotline/orders/{order.number}/photos/{photo.pk}/thumb/"
    assert enter("operator").get(path)["Content-Type"] == "image/jpeg"
    assert enter("helper").get(path).status_code == 404


def test_an_administrator_changes_an_urgency_and_running_clocks_stay(
    here: Town, enter: Any
) -> None:
    order = dispatched(here)
    browser = enter("system_admin")
    tier = browser.get("/api/v1/hotline/tiers/general").json()
    body = {**tier, "handle_value": "5"}
    assert post(browser, "hotline/tiers/general", body).json()["handle_value"] == "5.00"
    assert post(browser, "hotline/tiers/general", {**tier, "handle_value": "-1"}).status_code == 422
    assert Order.objects.get(pk=order.pk).due_at == order.due_at
    assert browser.get("/hotline/tiers/").status_code == 200
    assert browser.get("/hotline/tiers/general/").status_code == 200


def test_the_case_page_names_the_orders_that_wait_for_it(here: Town, enter: Any) -> None:
    order = a(here, State.IN_CASE)
    case = Incident.objects.get()
    assert order.number in enter("operator").get(f"/cases/{case.number}/").content.decode()
