"""Writing rules of responsibility: ties are refused, periods hold, everything is journaled."""

import io
import threading
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from openpyxl import Workbook

from accounts.actor import SYSTEM
from accounts.models import Organisation
from accounts.roles import Role
from config.refusal import Refused, SomebodyWasFirst
from incidents.models import ResponsibilityRule
from incidents.responsibility_import import import_rules, read_rules
from incidents.responsibility_rules import (
    Wording,
    add_rule,
    change_rule,
    end_rule,
    rules_visible_to,
)
from journal.models import Event
from tests.factories import ABROAD, HOME, actor, organisation
from tests.incidents.catalogue.factories import NOW, TODAY, areas, edition, manager, rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground(db: None) -> None:
    edition()
    areas(HOME, ABROAD, HOME + "001")


def wording(unit: Organisation | None = None, **fields: Any) -> Wording:
    fields = {"item_code": "0101", "area_code": HOME, "valid_from": TODAY, **fields}
    return Wording(organisation=unit or organisation(), **fields)


def test_a_rule_is_written_and_journaled() -> None:
    unit = organisation()
    written = add_rule(wording=wording(unit), by=manager(), now=NOW)
    event = Event.objects.get(verb="rule.added")
    assert (event.subject_id, event.area_code) == (str(written.pk), HOME)
    assert event.data["organisation"] == unit.pk


def test_two_rules_that_tie_on_a_day_are_refused() -> None:
    stored = add_rule(wording=wording(), by=manager(), now=NOW)
    with pytest.raises(Refused) as caught:
        add_rule(wording=wording(valid_from=date(2027, 1, 1)), by=manager(), now=NOW)
    assert (caught.value.code, caught.value.status) == ("rule_tie", 409)
    assert str(stored.pk) in str(caught.value.sentence)
    assert ResponsibilityRule.objects.count() == 1


@pytest.mark.parametrize(
    "difference",
    [
        {"priority": 1},
        {"item_code": "010101"},
        {"item_code": ""},
        {"area_code": HOME + "001"},
        {"valid_from": date(2026, 1, 1), "valid_to": date(2026, 3, 9)},
    ],
)
def test_what_differs_in_one_of_them_is_no_tie(difference: dict[str, Any]) -> None:
    add_rule(wording=wording(), by=manager(), now=NOW)
    add_rule(wording=wording(**difference), by=manager(), now=NOW)
    assert ResponsibilityRule.objects.count() == 2


def test_the_same_said_twice_is_refused() -> None:
    unit = organisation()
    add_rule(wording=wording(unit), by=manager(), now=NOW)
    with pytest.raises(Refused) as caught:
        add_rule(wording=wording(unit), by=manager(), now=NOW)
    assert caught.value.code == "rule_twice"


def test_the_database_keeps_one_open_ended_rule_per_rung() -> None:
    rule(organisation(), "0101")
    with pytest.raises(IntegrityError), transaction.atomic():
        rule(organisation(), "0101")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"item_code": "7777"}, "unknown_item"),
        ({"area_code": "120103999"}, "unknown_area"),
        ({"valid_to": date(2026, 1, 1)}, "period_backward"),
        ({"priority": 2**40}, "bad_priority"),
    ],
)
def test_a_rule_that_cannot_be_gets_a_sentence(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        add_rule(wording=wording(**fields), by=SYSTEM, now=NOW)
    assert caught.value.code == code
    assert str(caught.value)


def test_a_unit_that_is_not_active_gets_no_rule() -> None:
    with pytest.raises(Refused) as caught:
        add_rule(wording=wording(organisation(active=False)), by=manager(), now=NOW)
    assert caught.value.code == "unit_inactive"


def test_an_administrator_writes_rules_over_own_areas_only() -> None:
    with pytest.raises(PermissionDenied):
        add_rule(wording=wording(area_code=ABROAD), by=manager(HOME), now=NOW)
    with pytest.raises(PermissionDenied):
        add_rule(wording=wording(area_code=""), by=manager(HOME), now=NOW)
    add_rule(wording=wording(area_code=""), by=manager(""), now=NOW)


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.SECURITY_ADMIN, Role.DEPARTMENT])
def test_a_colleague_without_the_role_writes_no_rules(role: Role) -> None:
    with pytest.raises(PermissionDenied):
        add_rule(wording=wording(), by=actor(role), now=NOW)
    stored = rule(organisation(), "0101")
    with pytest.raises(PermissionDenied):
        end_rule(stored, last_day=TODAY, by=actor(role), now=NOW)


def test_administrators_see_rules_of_their_areas_and_of_those_above() -> None:
    mine, above = rule(organisation(), "0101", HOME), rule(organisation(), "0101", "12")
    rule(organisation(), "0101", ABROAD)
    assert set(rules_visible_to(manager(HOME))) == {mine, above}
    assert rules_visible_to(actor(Role.DISPATCHER)).count() == 0


def test_changing_may_not_make_a_tie_and_tells_the_second_editor() -> None:
    first = add_rule(wording=wording(priority=1), by=manager(), now=NOW)
    second = add_rule(wording=wording(priority=2), by=manager(), now=NOW)
    with pytest.raises(Refused) as caught:
        change_rule(second, wording=wording(priority=1), by=manager(), now=NOW)
    assert caught.value.code == "rule_tie"
    changed = change_rule(first, wording=wording(priority=3), by=manager(), now=NOW, seen=1)
    assert (changed.priority, changed.version) == (3, 2)
    with pytest.raises(SomebodyWasFirst):
        change_rule(first, wording=wording(priority=4), by=manager(), now=NOW, seen=1)
    assert Event.objects.filter(verb="rule.changed").count() == 1


def test_a_rule_ends_and_its_successor_begins_the_day_after() -> None:
    stored = add_rule(wording=wording(), by=manager(), now=NOW)
    ended = end_rule(stored, last_day=date(2026, 6, 30), by=manager(), now=NOW)
    assert ended.valid_to == date(2026, 6, 30)
    add_rule(wording=wording(valid_from=date(2026, 7, 1)), by=manager(), now=NOW)
    with pytest.raises(Refused):
        end_rule(ended, last_day=date(2025, 1, 1), by=manager(), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_people_writing_the_two_halves_of_a_tie_at_once_leave_one_rule() -> None:
    units = [organisation(), organisation()]
    start = threading.Barrier(2)
    refused: list[str] = []

    def write(unit: Organisation) -> None:
        start.wait()
        try:
            add_rule(wording=wording(unit, valid_to=date(2027, 1, 1)), by=SYSTEM, now=NOW)
        except Refused as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(unit,)) for unit in units]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["rule_tie"]
    assert ResponsibilityRule.objects.count() == 1


# --- tables --------------------------------------------------------------------------------------

HEAD = "事项编码,区域编码,单位编码,优先级,生效日期,失效日期,备注\n"


def table(*rows: str) -> bytes:
    return (HEAD + "\n".join(rows)).encode()


@pytest.fixture
def units() -> tuple[Organisation, Organisation]:
    return organisation(code="U1", name="一局"), organisation(code="U2", name="二局")


@pytest.mark.usefixtures("units")
def test_a_table_of_rules_is_written_whole_and_again_adds_nothing() -> None:
    data = table(
        "010101,120103,U1,0,2026-01-01,,甲", "*,120103001,二局,5,2026/2/1,2026/12/31,", "01,,U1,,,,"
    )
    read = read_rules(data, today=TODAY)
    assert (read.problems, len(read.fresh)) == ([], 3)
    written = import_rules(read=read, by=SYSTEM, now=NOW)
    assert [(r.item_code, r.area_code, r.priority) for r in written] == [
        ("010101", "120103", 0),
        ("", "120103001", 5),
        ("01", "", 0),
    ]
    assert written[2].valid_from == TODAY
    assert Event.objects.filter(verb="rule.added").count() == 3
    again = read_rules(data, today=TODAY)
    assert (len(again.fresh), again.there) == (0, 3)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("777777,120103,U1,,,,", "事项编码"),
        ("0101,999999,U1,,,,", "区域编码"),
        ("0101,120103,U9,,,,", "单位编码"),
        ("0101,120103,,,,,", "单位编码"),
        ("0101,120103,U1,high,,,", "优先级"),
        ("0101,120103,U1,99999,,,", "优先级"),
        ("0101,120103,U1,0,soon,,", "生效日期"),
        ("0101,120103,U1,0,2026-13-01,,", "生效日期"),
        ("0101,120103,U1,0,2026-05-01,2026-04-01,", "失效日期"),
    ],
)
@pytest.mark.usefixtures("units")
def test_every_wrong_cell_is_named_and_then_nothing_is_written(row: str, column: str) -> None:
    read = read_rules(table("01,120103,U1,,,,", row), today=TODAY)
    assert [(p.row, p.column) for p in read.problems] == [(3, column)]
    assert str(read.problems[0].sentence)
    with pytest.raises(Refused) as caught:
        import_rules(read=read, by=SYSTEM, now=NOW)
    assert caught.value.code == "rules_unsound"
    assert not ResponsibilityRule.objects.exists()


@pytest.mark.usefixtures("units")
def test_ties_inside_the_table_and_with_stored_rules_are_errors() -> None:
    rule(Organisation.objects.get(code="U2"), "02", HOME)
    read = read_rules(
        table("0101,120103,U1,,,,", "0101,120103,U2,,,,", "02,120103,U1,,,,", "0101,120103,U1,,,,"),
        today=TODAY,
    )
    assert sorted(p.row for p in read.problems) == [3, 4]
    assert read.there == 1


def test_a_name_that_two_organisations_share_needs_the_code() -> None:
    organisation(name="环卫所")
    organisation(name="环卫所")
    read = read_rules(table("0101,120103,环卫所,,,,"), today=TODAY)
    assert len(read.problems) == 1


@pytest.mark.usefixtures("units")
def test_rules_come_from_excel_with_real_dates() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["责任规则"])
    sheet.append(["事项编码", "区域编码", "单位编码", "优先级", "生效日期"])
    sheet.append(["0101", 120103, "U1", 2.0, date(2026, 5, 1)])
    buffer = io.BytesIO()
    book.save(buffer)
    read = read_rules(buffer.getvalue(), today=TODAY)
    ((row, said),) = read.fresh
    assert (row, said.area_code, said.priority, said.valid_from) == (
        3,
        "120103",
        2,
        date(2026, 5, 1),
    )


@pytest.mark.usefixtures("units")
def test_the_command_reports_and_writes(tmp_path: Any) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(table("0101,120103,U1,,,,"))
    bad.write_bytes(table("0101,120103,U2,,,,"))
    out = StringIO()
    call_command("import_rules", str(good), "--dry-run", stdout=out)
    assert not ResponsibilityRule.objects.exists()
    call_command("import_rules", str(good), stdout=out)
    assert ResponsibilityRule.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("import_rules", str(bad), stdout=out)
    assert ResponsibilityRule.objects.count() == 1
