"""Who is enrolled: accounts and strangers, terms, hours with approval, shortfalls, tables and their defects."""

import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from openpyxl import Workbook

from accounts.personal import keyed_hash
from accounts.reveal import reveal
from config.refusal import Refused, SomebodyWasFirst
from emergency.enrolling import enrol
from emergency.filters import EnrolmentFilter
from emergency.importing import examine, import_all
from emergency.models import Enrolment, Service
from emergency.personal import ENROLLED
from emergency.querysets import enrolments_visible_to
from emergency.serving import with_hours
from journal.models import Event
from steps.forms import FactsRefused
from tests.emergency.alert import (
    COMMUNITY,
    OTHER_COMMUNITY,
    called_up,
    enrolled,
    enrolment_step,
    stranger,
)
from tests.factories import ABROAD
from tests.incidents.town import Town

pytestmark = pytest.mark.django_db


def test_a_stranger_lies_encrypted_is_masked_and_found_by_the_whole_phone(here: Town) -> None:
    made = stranger(here)
    assert (made.shown_name, made.masked_phone) == ("王*山", "138****0001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM emergency_enrolment WHERE id = %s", [made.pk])
        assert not {"王大山", "13800000001"} & set(cursor.fetchone())
    assert made.who == f"phone-{keyed_hash('13800000001')}"
    rows = with_hours(enrolments_visible_to(here.commander), timezone.localdate())
    assert EnrolmentFilter({"q": "138 0000 0001"}, rows).qs.get() == made
    assert not EnrolmentFilter({"q": "1380000"}, rows).qs.exists()
    kept = Event.objects.get(verb="enrolment.enrolled")
    assert "13800000001" not in str(kept.data)


def test_the_phone_is_shown_for_a_reason_to_who_enrols_and_to_the_leader_meanwhile(
    here: Town,
) -> None:
    made = stranger(here)
    enrolled(here, "cadre", kind="cadre")
    now, why = here.now, "应急集结联系"
    shown = reveal(ENROLLED, made.number, reason=why, by=here.officer, now=now)
    assert shown is not None
    assert shown.value == "王大山 13800000001"
    assert reveal(ENROLLED, made.number, reason=why, by=here.cadre, now=now) is None
    assert reveal(ENROLLED, made.number, reason=why, by=here.foreign_commander, now=now) is None
    with pytest.raises(PermissionDenied):
        reveal(ENROLLED, made.number, reason=why, by=here.supervisor, now=now)
    called_up(here)
    assert reveal(ENROLLED, made.number, reason=why, by=here.cadre, now=now) is not None


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"username": "nobody-there"}, "username"),
        ({"name": "张三"}, "phone"),
        ({"name": "张三", "phone": "abc"}, "phone"),
        ({}, "name"),
        ({"name": "张三", "phone": "13800000009", "area": f"{ABROAD}001"}, "area"),
        ({"name": "张三", "phone": "13800000009", "kind": "king"}, "kind"),
        ({"name": "张三", "phone": "13800000009", "valid_to": "2020-01-01"}, "valid_to"),
        ({"name": "张三", "phone": "13800000009", "required_hours": "-1"}, "required_hours"),
    ],
)
def test_what_cannot_be_enrolled_is_said_beside_its_field(
    here: Town, facts: dict[str, str], field: str
) -> None:
    terms = {"area": COMMUNITY, "kind": "volunteer", "required_per": "month"}
    given = terms | {"valid_from": "2026-01-01"} | facts
    with pytest.raises(FactsRefused) as refused:
        enrol(by=here.commander, now=here.now, facts=given)
    assert field in {error["field"] for error in refused.value.errors}
    assert not Enrolment.objects.exists()


def test_somebody_is_enrolled_once_with_a_kind_in_an_area(here: Town) -> None:
    one = enrolled(here)
    enrolled(here, kind="party_member")
    with pytest.raises(SomebodyWasFirst):
        enrolled(here)
    enrolment_step(here, "end", one, here.officer, {"reason": "迁出"})
    assert enrolled(here).state == "active"


def test_terms_are_changed_within_the_area_of_who_enrols(here: Town) -> None:
    one = enrolled(here)
    terms = {"kind": "volunteer", "required_per": "year", "valid_from": "2026-01-01"}
    moved = enrolment_step(
        here,
        "amend",
        one,
        here.commander,
        terms | {"area": OTHER_COMMUNITY, "required_hours": "24"},
    )
    assert (moved.area_code, moved.required_hours) == (OTHER_COMMUNITY, Decimal(24))
    with pytest.raises(Enrolment.DoesNotExist):
        enrolment_step(here, "amend", one, here.officer, terms | {"area": COMMUNITY})


def test_hours_entered_by_hand_count_once_somebody_else_approved_them(here: Town) -> None:
    one = enrolled(here, required_hours="4")
    facts = {"day": "2026-03-02", "hours": "3", "text": "夜间巡逻"}
    enrolment_step(here, "record_service", one, here.volunteer, facts)
    service = Service.objects.get()
    judged = {"service": service.pk}
    assert hours(here) == (0, 4)
    for by in (here.volunteer, here.supervisor):
        with pytest.raises(Refused):
            enrolment_step(here, "approve_service", one, by, judged)
    enrolment_step(here, "approve_service", one, here.officer, judged)
    assert hours(here) == (3, 1)
    with pytest.raises(Refused):
        enrolment_step(here, "refuse_service", one, here.officer, judged)
    enrolment_step(here, "record_service", one, here.officer, facts)
    with pytest.raises(Refused) as refused:
        enrolment_step(
            here,
            "approve_service",
            one,
            here.officer,
            {"service": Service.objects.first().pk},  # type: ignore[union-attr]
        )
    assert refused.value.code == "entered_by_you"


def hours(here: Town) -> tuple[float, float]:
    """Served and missing in March 2026."""
    one = with_hours(Enrolment.objects.all(), here.now.date()).get()
    return (float(one.served), float(one.short))  # type: ignore[attr-defined]


def test_last_months_hours_do_not_count_for_this_month_but_for_the_year(here: Town) -> None:
    one = enrolled(here, required_hours="4")
    facts = {"day": "2026-02-02", "hours": "3", "text": "清雪"}
    enrolment_step(here, "record_service", one, here.officer, facts)
    enrolment_step(
        here, "approve_service", one, here.second_officer, {"service": Service.objects.get().pk}
    )
    assert hours(here) == (0, 4)
    Enrolment.objects.update(required_per="year")
    assert hours(here) == (3, 1)


# --- tables ------------------------------------------------------------------------------------------

HEAD = "账号,姓名,手机号,区域代码,类别,技能,要求学时,周期,开始日期,结束日期"


def table(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def test_a_table_is_looked_at_first_and_then_written_as_a_whole(here: Town) -> None:
    content = table(
        f",张三,13800000011,{COMMUNITY},志愿者,急救、驾驶,4,月,2026-01-01,",
        f"{here.people['cadre'].username},,,{OTHER_COMMUNITY},下沉干部,,24,年,2026/1/1,2026/12/31",
    )
    found = examine(content, by=here.commander, now=here.now)
    assert (found.rows, found.defects, Enrolment.objects.count()) == (2, [], 0)
    import_all(content, by=here.commander, now=here.now)
    first = Enrolment.objects.get(person=None)
    assert (first.skills, first.required_per) == (["first_aid", "driver"], "month")
    assert Enrolment.objects.get(kind="cadre").valid_to is not None
    again = import_all(content, by=here.commander, now=here.now)
    assert {defect.row for defect in again.defects} == {2, 3}
    assert Enrolment.objects.count() == 2


def test_every_defect_is_reported_with_its_row_and_nothing_is_written(here: Town) -> None:
    sound = f",张三,13800000011,{COMMUNITY},志愿者,,,月,2026-01-01,"
    found = import_all(
        table(
            sound,
            ",李四,,120103001001,志愿者,,,,2026-01-01,",
            ",王五,13800000012,999999999,勇士,潜水,,,昨天,",
            sound,
            "no-such-account,,,120103001001,志愿者,,,,2026-01-01,",
        ),
        by=here.commander,
        now=here.now,
    )
    at = [(defect.row, defect.column) for defect in found.defects]
    assert (3, "手机号") in at
    assert {column for row, column in at if row == 4} == {"区域代码", "类别", "技能", "开始日期"}
    assert (5, "") in at
    assert (6, "账号") in at
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", table("a,b", head="甲,乙"), "账号,姓名\n".encode("gb18030")]
)
def test_a_foreign_table_is_refused_in_a_sentence(here: Town, content: bytes) -> None:
    with pytest.raises(Refused, match="表头"):
        import_all(content, by=here.commander, now=here.now)


def test_a_table_without_rows_is_a_defect(here: Town) -> None:
    assert import_all(table(), by=here.commander, now=here.now).defects


def test_excel_and_gb18030_are_read_and_a_broken_workbook_gets_a_sentence(here: Town) -> None:
    book, out = Workbook(), io.BytesIO()
    book.active.append(HEAD.split(","))  # type: ignore[union-attr]
    book.active.append(  # type: ignore[union-attr]
        ["", "张三", 13800000013, int(COMMUNITY), "人大代表", "", 8, "年", here.now.date(), ""]
    )
    book.save(out)
    assert import_all(out.getvalue(), by=here.officer, now=here.now).rows == 1
    assert Enrolment.objects.get().kind == "deputy"
    chinese = table(f",赵六,13800000014,{COMMUNITY},志愿者,,,,2026-01-01,").decode()
    assert not import_all(chinese.encode("gb18030"), by=here.officer, now=here.now).defects
    with pytest.raises(Refused):
        import_all(out.getvalue()[:300], by=here.officer, now=here.now)
