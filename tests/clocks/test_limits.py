"""How long stages may take is said by an administrator, and holds for what begins from then on."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind
from clocks.limits import change_limit, limit, rows_for
from clocks.models import Clock, Limit
from config.refusal import Refused, SomebodyWasFirst
from incidents.choices import State
from incidents.limits import return_within
from journal.models import Event
from journal.wording import lines
from supervision.limits import answer_within
from tests import factories
from tests.incidents.town import Town, a_case, town
from tests.journal.factories import NOW

pytestmark = pytest.mark.django_db
VERIFY, API = "incident.verify", "/api/v1/clocks/limits"
HALF_A_DAY = Allowance(Decimal("0.5"), AllowanceKind.WORK_DAY)


@pytest.fixture
def keeper() -> User:
    return factories.person_with(Role.SYSTEM_ADMIN)


@pytest.fixture
def here(db: None) -> Town:
    return town()


def changed(code: str = VERIFY, allowance: Allowance = HALF_A_DAY, **more: Any) -> Any:
    by = factories.actor(Role.SYSTEM_ADMIN)
    return change_limit(code, allowance=allowance, version=None, by=by, now=NOW, **more)


def verifying(here: Town) -> Clock:
    case = a_case(here, State.VERIFYING)
    return Clock.objects.get(subject_kind="incident", subject_id=case.pk, stage="verify")


def test_a_changed_limit_holds_for_clocks_that_begin_later(here: Town) -> None:
    before = verifying(here)
    changed()
    after = verifying(here)
    assert (before.allowance_value, after.allowance_value) == (Decimal("1.00"), Decimal("0.50"))
    kept = Clock.objects.get(pk=before.pk)
    assert kept.due_at == before.due_at


def test_every_default_of_the_trade_can_be_changed() -> None:
    codes = [row.code for row in rows_for(factories.actor(Role.SYSTEM_ADMIN))]
    of_cases = "precheck filing dispatch receive verify feedback ask ask_above return"
    of_borders = "rule_on_lead hear_units write_rule investigate attribute hand_over accept mend"
    assert codes == [
        *(f"incident.{code}" for code in of_cases.split()),
        "supervision.answer",
        *(f"border.{code}" for code in of_borders.split()),
        "campaign.receipt",
    ]
    changed("supervision.answer")
    changed("incident.return")
    assert answer_within() == return_within() == limit("incident.return") == HALF_A_DAY


def test_the_journal_says_from_what_to_what() -> None:
    changed()
    (line,) = lines(Event.objects.filter(verb="limit.changed"), with_subjects=True)
    assert line.text == "时限已修改：案件 · 核实，0.5 个工作日（原为 1 个工作日）"


def test_only_who_keeps_calendars_changes_limits_and_only_known_ones() -> None:
    for stranger in (Role.CLERK, Role.SECURITY_ADMIN, Role.COMMANDER):
        with pytest.raises(PermissionDenied):
            change_limit(
                VERIFY, allowance=HALF_A_DAY, version=0, by=factories.actor(stranger), now=NOW
            )
        assert rows_for(factories.actor(stranger)) == []
    with pytest.raises(Refused):
        changed("incident.handle")


def test_of_two_who_change_it_the_second_is_told(keeper: User) -> None:
    first, second = factories.actor(Role.SYSTEM_ADMIN), factories.actor(Role.SYSTEM_ADMIN)
    later = NOW + timedelta(minutes=1)
    change_limit(VERIFY, allowance=HALF_A_DAY, version=0, by=first, now=NOW)
    with pytest.raises(SomebodyWasFirst):
        change_limit(VERIFY, allowance=HALF_A_DAY, version=0, by=second, now=later)
    assert Event.objects.filter(verb="limit.changed").count() == 1


def test_the_page_shows_what_holds_and_changes_it(keeper: User) -> None:
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(keeper)
    assert "Answer to an order from above" in browser.get("/clocks/limits/").content.decode()
    address = f"/clocks/limits/{VERIFY}/"
    assert browser.get(address).status_code == 200
    typed = {"value": "0.5", "kind": "work_day", "version": "0"}
    assert browser.post(address, typed).status_code == 302
    assert limit(VERIFY) == HALF_A_DAY
    assert browser.post(address, typed | {"value": "2"}).status_code == 409, "it was opened before"
    wrong = browser.post(address, typed | {"kind": "legal_workday", "version": "1"})
    assert wrong.status_code == 422
    assert "counted whole" in wrong.content.decode()
    assert browser.get("/clocks/limits/incident.handle/").status_code == 404


def test_the_api_does_the_same_over_the_version_that_was_seen(keeper: User) -> None:
    api = APIClient()
    api.force_login(keeper)
    assert len(api.get(API).json()) == 19
    seen = api.get(f"{API}/{VERIFY}")
    wish = {"value": "3", "kind": "work_hour"}
    headers = {"If-Match": seen["ETag"]}
    assert api.put(f"{API}/{VERIFY}", wish, format="json").status_code == 428
    answer = api.put(f"{API}/{VERIFY}", wish, format="json", headers=headers)
    assert (answer.status_code, answer.json()["value"]) == (200, "3.00")
    assert api.put(f"{API}/{VERIFY}", wish, format="json", headers=headers).status_code == 412
    wrong = api.put(
        f"{API}/{VERIFY}", wish | {"value": "0"}, format="json", headers={"If-Match": "*"}
    )
    assert wrong.status_code == 400
    assert Limit.objects.get().value == 3
