"""An administrator edits a ladder: looks how a case would climb, is refused what makes no sense, and loses nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from escalation.models import EscalationRule
from tests.escalation.ladders import default_rules, rung
from tests.escalation.ladders import rule as saved_rule
from tests.factories import HOME
from tests.incidents.town import Town

pytestmark = pytest.mark.browser


def press(page: Any, button: str) -> None:
    with page.expect_navigation():
        page.click(button)


def lines_of(page: Any) -> list[tuple[str, str, str]]:
    """Deed, number and repetition of every rung that says something, as the form shows them."""
    rows = page.locator(".ladder-rungs tbody tr")
    found = [
        tuple(
            rows.nth(n).locator(f"[name$={name}]").input_value()
            for name in ("deed", "value", "days")
        )
        for n in range(rows.count())
    ]
    return [(deed, value, days) for deed, value, days in found if deed]


def test_a_ladder_is_tried_out_refused_where_it_makes_no_sense_and_saved(
    sit_down: Callable[..., Any], here: Town
) -> None:
    rungs = [rung("due", 0, "urge", 2), rung("after", 1, "order")]
    rule = saved_rule(area_code=HOME, rungs=rungs)
    page = sit_down("system_admin")
    page.goto("/escalation/rules/")
    page.click(f'a[href="/escalation/rules/{rule.pk}/"]')
    before = lines_of(page)
    page.fill("[name=name]", "处置升级（试行）")
    page.select_option("[name=rung-2-deed]", "to_city")
    page.select_option("[name=rung-2-when]", "share")
    page.fill("[name=rung-2-value]", "0")
    page.fill("[name=rung-2-days]", "3")

    press(page, "main form .btn-primary")
    refused = page.inner_text("main")
    assert "的数值应为 1 至 99" in refused
    assert lines_of(page) == [*before, ("to_city", "0", "3")]
    assert page.input_value("[name=name]") == "处置升级（试行）"
    assert EscalationRule.objects.get(pk=rule.pk).name == rule.name

    page.select_option("[name=rung-2-when]", "after")
    page.fill("[name=rung-2-value]", "3")
    page.fill("[name=rung-2-days]", "")
    press(page, "button[name=preview]")
    assert "升级至市" in page.inner_text("#tried")
    assert EscalationRule.objects.get(pk=rule.pk).name == rule.name, "looking saves nothing"

    press(page, "main form .btn-primary")
    assert page.url.partition("#")[0].endswith("/escalation/rules/")
    saved = EscalationRule.objects.get(pk=rule.pk)
    assert saved.name == "处置升级（试行）"
    assert saved.rungs[-1]["deed"] == "to_city"


def test_a_ladder_for_everywhere_is_not_a_dead_end_for_a_districts_administrator(
    sit_down: Callable[..., Any], here: Town
) -> None:
    default_rules()
    common = EscalationRule.objects.get(stage="handle")
    page = sit_down("system_admin")
    page.goto(f"/escalation/rules/{common.pk}/")
    assert page.locator("main form .btn-primary").count() == 0
    rungs = lines_of(page)
    page.click("main .alert a.btn")
    assert lines_of(page) == rungs
    page.fill("[name=name]", "河西处置")
    press(page, "main form .btn-primary")
    own = EscalationRule.objects.get(name="河西处置")
    assert (own.area_code, own.rungs) == (HOME, common.rungs)
