"""Supervision by clicking: urged, ordered on two cases at once, answered, sent back, accepted; a card."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clocks.sweep import sweep
from incidents.choices import State
from incidents.models import Incident
from supervision.choices import OrderState
from supervision.models import Card, CardRule, Order
from supervision.tasks import tell
from tests.incidents.town import Town, a_case

pytestmark = pytest.mark.browser


def send(page: Any, step: str, text: str) -> None:
    """Write something into the form of a step on the order's page, and send it."""
    form = page.locator(f'form[action$="/steps/{step}/"]')
    if not form.is_visible():
        page.locator(f'details:has(form[action$="/steps/{step}/"]) summary').click()
    form.locator("[name=text]").fill(text)
    with page.expect_navigation():
        form.locator("button[type=submit]").click()


def order_on_both(supervisor: Any, cases: list[Incident]) -> None:
    for case in cases:
        supervisor.check(f'input[name=number][value="{case.number}"]')
    with supervisor.expect_navigation():
        supervisor.click("[data-bulk] .btn-primary")
    supervisor.fill("[name=question]", "为何逾期，何时办结？")
    with supervisor.expect_navigation():
        supervisor.click("button[name=go][value=do]")


@pytest.mark.slow
def test_a_supervisor_urges_orders_two_answers_at_once_sends_one_back_and_accepts_it(
    sit_down: Callable[..., Any], here: Town
) -> None:
    late = [a_case(here, State.HANDLING), a_case(here, State.HANDLING)]
    supervisor, handler = sit_down("supervisor"), sit_down("handler")
    supervisor.goto("/supervision/")
    with supervisor.expect_navigation():
        supervisor.click(f'button[name=only][value="{late[0].number}"]')
    assert "催办1次" in supervisor.locator("tr[data-row]", has_text=late[0].number).inner_text()

    order_on_both(supervisor, late)
    order = Order.objects.get(incident=late[0])
    assert Order.objects.filter(state=OrderState.OPEN).count() == 2
    assert supervisor.locator("tr[data-row] .tag", has_text="督办").count() == 2

    handler.goto("/supervision/orders/")
    handler.click(f'a[href="/supervision/orders/{order.pk}/"]')
    send(handler, "answer", "正在办理")
    supervisor.goto("/supervision/orders/?pile=to_judge")
    supervisor.click(f'a[href="/supervision/orders/{order.pk}/"]')
    send(supervisor, "send_back", "请写明完成时间")
    handler.goto(f"/supervision/orders/{order.pk}/")
    assert "请写明完成时间" in handler.inner_text("main")
    send(handler, "answer", "已派车，今日18时前清理完毕")
    supervisor.goto(f"/supervision/orders/{order.pk}/")
    send(supervisor, "accept", "")
    order.refresh_from_db()
    assert (order.state, order.round) == (OrderState.ACCEPTED, 2)
    story = supervisor.inner_text("main")
    assert story.index("正在办理") < story.index("已派车")


def test_a_card_is_drawn_for_missed_deadlines_and_lifted_with_a_reason(
    sit_down: Callable[..., Any], here: Town
) -> None:
    CardRule.objects.all().delete()
    CardRule.objects.create(colour="yellow", counted="overdue", threshold=1, within_days=30)
    case = a_case(here, State.HANDLING)
    sweep(timezone.now())
    tell()
    drawn = Card.objects.get()
    assert drawn.unit == here.sanitation

    supervisor = sit_down("supervisor")
    supervisor.goto("/supervision/cards/")
    supervisor.click(f'a[href="/supervision/cards/{drawn.pk}/"]')
    assert case.number in supervisor.inner_text("main")
    supervisor.click("form[data-keep^=card] button.btn-primary")
    assert supervisor.locator("[name=reason]:invalid").count() == 1, "not without a reason"
    supervisor.fill("[name=reason]", "因暴雪停工，不计")
    with supervisor.expect_navigation():
        supervisor.click("form[data-keep^=card] button.btn-primary")
    assert "因暴雪停工，不计" in supervisor.inner_text("main")
    drawn.refresh_from_db()
    assert drawn.lifted_at is not None
    assert drawn.lifted_at - drawn.drawn_at < timedelta(hours=1)
