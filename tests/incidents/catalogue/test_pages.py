"""Pages of the catalogue and of the rules, as people of each role meet them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.roles import Role
from incidents.models import CatalogueItem, CatalogueVersion, ItemLimit, ResponsibilityRule
from tests.factories import HOME, organisation, person_with
from tests.incidents.catalogue.factories import (
    CITY_EXCERPT,
    areas,
    composed,
    edition,
    item,
    rule,
    shipped,
)

pytestmark = pytest.mark.django_db


def signed_in(role: Role, area_code: str = HOME) -> Client:
    client = Client()
    client.force_login(
        person_with(role, area_code), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def worker(db: None) -> Client:
    return signed_in(Role.GRID_WORKER)


@pytest.fixture
def admin(db: None) -> Client:
    return signed_in(Role.SYSTEM_ADMIN)


def body(client: Client, url: str, **parameters: Any) -> str:
    answer = client.get(url, parameters)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


CATALOGUE = "incidents:catalogue"


def test_everybody_signed_in_browses_from_class_to_item(worker: Client) -> None:
    shipped()
    url = reverse(CATALOGUE)
    assert "市容环境" in body(worker, url)
    assert "环境卫生" in body(worker, url, branch="01")
    listed = body(worker, url, branch="0101")
    assert "暴露垃圾" in listed
    assert "井盖" not in listed.split('class="table fold"')[1]
    shown = body(worker, reverse("incidents:catalogue_item", args=["010101"]))
    assert "暴露垃圾" in shown
    assert "照片或描述能看清问题本身" in shown


def test_a_stranger_signs_in_first() -> None:
    edition()
    answer = Client().get(reverse(CATALOGUE))
    assert (answer.status_code, "sign-in" in answer["Location"]) == (302, True)


def test_typing_finds_with_and_without_scripts(worker: Client) -> None:
    shipped()
    url = reverse(CATALOGUE)
    for typed in ("bllj", "暴露", "exposed"):
        assert "暴露垃圾" in body(worker, url, q=typed)
    part = worker.get(url, {"q": "bllj"}, headers={"HX-Request": "true"}).content.decode()
    assert "暴露垃圾" in part
    assert "<html" not in part


def test_filters_narrow_the_list(worker: Client) -> None:
    shipped()
    url = reverse(CATALOGUE)
    red = body(worker, url, risk="red")
    assert "暴露垃圾" not in red
    for item_ in CatalogueItem.objects.filter(version__status="active")[:60]:
        found = item_.code in body(worker, url, risk=str(item_.risk), branch=item_.sub_code)
        assert found, item_.code
    assert "暴露垃圾" in body(worker, url, self_handle="yes", department="sanitation")


def test_a_forged_page_link_gets_a_sentence(worker: Client) -> None:
    shipped()
    answer = worker.get(reverse(CATALOGUE), {"cursor": "forged"})
    assert answer.status_code == 200
    assert "不属于本列表" in answer.content.decode()


def test_an_empty_catalogue_says_what_to_do_next(worker: Client, admin: Client) -> None:
    assert reverse("incidents:catalogue_import") not in body(worker, reverse(CATALOGUE))
    assert reverse("incidents:catalogue_import") in body(admin, reverse(CATALOGUE))
    assert worker.get(reverse("incidents:catalogue_item", args=["010101"])).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_rows(worker: Client) -> None:
    shipped()
    url = reverse(CATALOGUE)
    worker.get(url)
    counts = []
    for parameters in ({"size": "2"}, {"branch": "0101"}, {}):
        with CaptureQueriesContext(connection) as seen:
            worker.get(url, parameters)
        counts.append(len(seen))
    assert max(counts) == min(counts)
    assert max(counts) <= 12


def test_an_item_out_of_use_is_gone_for_others_and_marked_for_administrators(
    worker: Client, admin: Client
) -> None:
    edition()
    url = reverse("incidents:catalogue_item_switch", args=["010101"])
    assert worker.post(url, {"enabled": "false"}).status_code == 403
    assert admin.post(url, {"enabled": "false"}).status_code == 302
    assert not item().enabled
    assert "暴露垃圾" not in body(worker, reverse(CATALOGUE))
    assert worker.get(reverse("incidents:catalogue_item", args=["010101"])).status_code == 404
    assert "停用" in body(admin, reverse(CATALOGUE)) or "Out of use" in body(
        admin, reverse(CATALOGUE)
    )
    assert admin.post(url, {"enabled": "true"}).status_code == 302
    assert item().enabled


ADMIN_PAGES = [
    ("incidents:editions", []),
    ("incidents:catalogue_import", []),
    ("incidents:editions_compare", []),
    ("incidents:edition", ["test-1"]),
    ("incidents:rules", []),
    ("incidents:rule_new", []),
    ("incidents:rules_test", []),
    ("incidents:rules_import", []),
]


@pytest.mark.parametrize(("name", "arguments"), ADMIN_PAGES)
def test_only_administrators_enter_what_administers(
    name: str, arguments: list[str], admin: Client
) -> None:
    edition()
    url = reverse(name, args=arguments)
    assert admin.get(url).status_code == 200
    for role in (Role.GRID_WORKER, Role.DISPATCHER, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        assert signed_in(role).get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_a_draft_is_seen_by_administrators_only(worker: Client, admin: Client) -> None:
    edition(code="draft", active=False)
    url = reverse(CATALOGUE)
    assert worker.get(url, {"edition": "draft"}).status_code == 404
    assert "暴露垃圾" in body(admin, url, edition="draft")
    assert admin.get(reverse("incidents:edition", args=["nothing"])).status_code == 404


def upload(data: bytes, name: str = "目录.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "text/csv")


def typed(data: bytes, code: str = "city") -> dict[str, Any]:
    return {
        "file": upload(data),
        "code": code,
        "name": "城市标准",
        "days_are": "work_day",
        "hours_are": "work_hour",
    }


def token_of(page: str) -> str:
    return page.split('name="token" value="')[1].split('"')[0]


def test_a_file_is_checked_reported_confirmed_corrected_and_put_in_force(admin: Client) -> None:
    url = reverse("incidents:catalogue_import")
    checked = admin.post(url, typed(CITY_EXCERPT.read_bytes())).content.decode()
    assert "种植季节15工作日" in checked
    assert not CatalogueVersion.objects.exists()
    written = admin.post(url, {"token": token_of(checked)})
    assert written["Location"] == reverse("incidents:edition", args=["city"])
    version = CatalogueVersion.objects.get()
    shown = body(admin, written["Location"])
    assert "1紧急工作时制止" in shown
    assert reverse("incidents:edition_activate", args=["city"]) not in shown

    for limit in ItemLimit.objects.exclude(needs_person=""):
        page = reverse("incidents:edition_limit", args=["city", limit.pk])
        assert admin.post(page, {"value": "x", "kind": "work_day"}).status_code == 422
        assert admin.post(page, {"value": "2", "kind": "work_day"}).status_code == 302
    activate = reverse("incidents:edition_activate", args=["city"])
    assert activate in body(admin, written["Location"])
    admin.post(activate)
    version.refresh_from_db()
    assert version.status == "active"
    assert "上水井盖" in body(admin, reverse(CATALOGUE))
    item_page = body(admin, reverse("incidents:catalogue_item", args=["C0101"]))
    assert "缺失、移位、开裂" in item_page
    assert "2紧急工作时" in item_page


def test_a_bad_file_gets_a_sentence_and_the_form_as_typed(admin: Client) -> None:
    url = reverse("incidents:catalogue_import")
    answer = admin.post(url, typed(b"name,age\n1,2\n"))
    assert answer.status_code == 422
    assert "城市标准" in answer.content.decode()
    unsound = admin.post(url, typed(composed(**{"4,2,work": "x,2,work"}))).content.decode()
    assert 'name="token"' not in unsound
    assert admin.post(url, {}).status_code == 422


def test_a_confirmation_that_is_too_late_or_somebody_elses_writes_nothing(admin: Client) -> None:
    url = reverse("incidents:catalogue_import")
    token = token_of(admin.post(url, typed(composed())).content.decode())
    other = signed_in(Role.SYSTEM_ADMIN)
    assert other.post(url, {"token": token}).status_code == 409
    assert admin.post(url, {"token": "forged"}).status_code == 409
    assert not CatalogueVersion.objects.exists()
    assert admin.post(url, {"token": token}).status_code == 302
    assert admin.post(url, {"token": token}).status_code == 409


def test_a_code_that_is_taken_is_said_when_confirming(admin: Client) -> None:
    edition(composed("garbage"), code="city")
    url = reverse("incidents:catalogue_import")
    token = token_of(admin.post(url, typed(composed())).content.decode())
    answer = admin.post(url, {"token": token})
    assert answer.status_code == 409
    assert "city" in answer.content.decode()


def test_editions_are_compared_side_by_side(admin: Client) -> None:
    edition()
    edition(composed("garbage", **{"sanitation,4,2,work": "sanitation,16,2,work"}), code="test-2")
    page = body(admin, reverse("incidents:editions_compare"), a="test-1", b="test-2")
    assert "积存垃圾渣土" in page
    assert "<del>" in page
    assert body(admin, reverse("incidents:editions_compare"), a="nothing", b="test-2")


def test_two_administrators_activating_one_draft_do_not_overwrite_each_other(admin: Client) -> None:
    version = edition(active=False)
    limit = ItemLimit.objects.filter(item__version=version).first()
    assert limit is not None
    admin.post(
        reverse("incidents:edition_limit", args=["test-1", limit.pk]),
        {"value": "5", "kind": "work_hour", "version": version.version},
    )
    stale = admin.post(
        reverse("incidents:edition_activate", args=["test-1"]), {"version": version.version}
    )
    assert stale.status_code == 302
    version.refresh_from_db()
    assert version.status == "draft"


# --- rules ---------------------------------------------------------------------------------------


@pytest.fixture
def unit(db: None) -> Organisation:
    edition()
    areas(HOME + "001")
    return organisation(code="U1", name="环卫一队")


def rule_typed(**fields: Any) -> dict[str, Any]:
    return {
        "item_code": "0101",
        "area_code": HOME,
        "organisation": "U1",
        "priority": "0",
        "valid_from": "2026-01-01",
        **fields,
    }


def test_a_rule_is_written_shown_and_ended(admin: Client, unit: Organisation) -> None:
    answer = admin.post(reverse("incidents:rule_new"), rule_typed())
    assert answer.status_code == 302, answer.content.decode()
    written = ResponsibilityRule.objects.get()
    listed = body(admin, reverse("incidents:rules"))
    assert "环卫一队" in listed
    assert "环境卫生" in listed
    assert admin.get(reverse("incidents:rule", args=[written.pk])).status_code == 200
    ended = admin.post(
        reverse("incidents:rule_end", args=[written.pk]), {"last_day": "2026-06-30", "version": 1}
    )
    assert ended.status_code == 302
    written.refresh_from_db()
    assert str(written.valid_to) == "2026-06-30"


def test_without_any_rule_the_page_says_where_cases_go(admin: Client, unit: Organisation) -> None:
    before = body(admin, reverse("incidents:rules"))
    assert "尚无规则" in before
    assert "没有规则时" in before
    rule(unit, "0101", HOME)
    filtered = body(admin, reverse("incidents:rules"), q="nothing has this")
    assert "尚无规则" not in filtered
    assert "没有符合的规则" in filtered


def test_a_tie_is_refused_with_the_form_as_typed(admin: Client, unit: Organisation) -> None:
    stored = rule(organisation(code="U2", name="环卫二队"), "0101")
    answer = admin.post(reverse("incidents:rule_new"), rule_typed(note="我的备注"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "环卫二队" in page
    assert str(stored.pk) in page
    assert "我的备注" in page
    assert ResponsibilityRule.objects.count() == 1


def test_the_second_editor_sees_what_the_first_wrote(admin: Client, unit: Organisation) -> None:
    stored = rule(unit, "0101", note="原来的备注")
    url = reverse("incidents:rule", args=[stored.pk])
    assert admin.post(url, rule_typed(note="第一人", version="1")).status_code == 302
    second = admin.post(url, rule_typed(note="第二人", version="1"))
    assert second.status_code == 409
    assert "第一人" in second.content.decode()
    assert "第二人" in second.content.decode()
    stored.refresh_from_db()
    assert stored.note == "第一人"


def test_rules_of_other_areas_are_not_there_for_an_administrator(unit: Organisation) -> None:
    stored = rule(unit, "0101", "120103")
    outsider = signed_in(Role.SYSTEM_ADMIN, "120104")
    assert outsider.get(reverse("incidents:rule", args=[stored.pk])).status_code == 404
    assert outsider.post(reverse("incidents:rule_end", args=[stored.pk])).status_code == 404
    assert "环卫一队" not in body(outsider, reverse("incidents:rules"))
    assert outsider.post(reverse("incidents:rule_new"), rule_typed()).status_code in (403, 422)
    assert ResponsibilityRule.objects.count() == 1


def test_the_tester_names_the_unit_the_reason_and_what_lost(
    admin: Client, unit: Organisation
) -> None:
    rule(unit, "010101")
    rule(organisation(code="U2", name="环卫二队"), "01")
    organisation(code="U3", name="区环卫局", kind="department", department_kind="sanitation")
    url = reverse("incidents:rules_test")
    page = body(admin, url, item="bllj", area=HOME + "001")
    for name in ("环卫一队", "环卫二队", "区环卫局", "暴露垃圾"):
        assert name in page
    nobody = body(admin, url, item="020101", area=HOME)
    assert reverse("incidents:rule_new") in nobody
    assert admin.get(url, {"item": "没有这个"}).status_code == 422


def test_the_picker_of_rules_suggests_classes_and_items_as_typed(
    admin: Client, unit: Organisation
) -> None:
    url = reverse("incidents:rule_item_options")
    assert "010101 暴露垃圾" in body(admin, url, item_code="bllj")
    assert "0101 环境卫生" in body(admin, url, item_code="环境")
    assert body(admin, url, item_code="") == ""
    assert signed_in(Role.DISPATCHER).get(url).status_code == 403
    picked = admin.post(reverse("incidents:rule_new"), rule_typed(item_code="0101 环境卫生"))
    assert picked.status_code == 302
    assert ResponsibilityRule.objects.get().item_code == "0101"


def test_a_table_of_rules_is_checked_then_written(admin: Client, unit: Organisation) -> None:
    url = reverse("incidents:rules_import")
    head = "事项编码,区域编码,单位编码\n"
    wrong = admin.post(url, {"file": upload((head + "7777,120103,U1\n").encode())}).content.decode()
    assert "7777" in wrong
    assert 'name="token"' not in wrong
    right = admin.post(url, {"file": upload((head + "0101,120103,U1\n").encode())}).content.decode()
    assert not ResponsibilityRule.objects.exists()
    assert admin.post(url, {"token": token_of(right)}).status_code == 302
    assert ResponsibilityRule.objects.count() == 1
    assert admin.post(url, {"token": "forged"}).status_code == 409


def test_pages_speak_english_too(admin: Client, unit: Organisation) -> None:
    rule(unit, "0101")
    for name, arguments in [
        *ADMIN_PAGES,
        ("incidents:catalogue", []),
        ("incidents:catalogue_item", ["010101"]),
    ]:
        page = admin.get(
            reverse(name, args=arguments), headers={"Accept-Language": "en"}
        ).content.decode()
        assert page
    assert User.objects.count() >= 1
