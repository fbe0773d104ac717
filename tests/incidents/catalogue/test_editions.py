"""Editions: imported as drafts, put in force, never changed under old cases."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.actor import SYSTEM
from accounts.roles import Role
from config.refusal import Refused, SomebodyWasFirst
from incidents.catalogue import (
    LimitNeedsPerson,
    NoCatalogue,
    active_version,
    handling_limit,
    item_coded,
    items_in_force,
    version_in_force,
)
from incidents.catalogue_comparison import compare
from incidents.catalogue_editions import (
    activate,
    import_edition,
    rules_left_behind,
    set_enabled,
    set_limit,
    without_limit,
)
from incidents.catalogue_formats import read_catalogue
from incidents.catalogue_standards import closing_lines, filing_lines
from incidents.choices import Risk, Urgency
from incidents.models import CatalogueItem, CatalogueStatus, CatalogueVersion, Incident, ItemLimit
from journal.models import Event
from tests.factories import actor, organisation
from tests.incidents.catalogue.factories import (
    CITY_EXCERPT,
    NOW,
    composed,
    edition,
    item,
    manager,
    rule,
)

pytestmark = pytest.mark.django_db


def city_draft() -> CatalogueVersion:
    return edition(CITY_EXCERPT.read_bytes(), code="city", active=False)


def test_an_import_is_a_draft_until_somebody_activates_it() -> None:
    version = edition(active=False)
    assert version.status == CatalogueStatus.DRAFT
    assert active_version() is None
    with pytest.raises(NoCatalogue):
        version_in_force()
    activate(version, by=manager(), now=NOW)
    assert active_version() == version
    assert items_in_force().count() == 4


def test_importing_twice_changes_nothing() -> None:
    first = edition()
    events = Event.objects.count()
    read = read_catalogue(composed())
    again = import_edition(read=read, code="test-1", name="other name", by=SYSTEM, now=NOW)
    assert not again.created
    assert again.version == first
    assert CatalogueVersion.objects.count() == 1
    assert Event.objects.count() == events


def test_an_edition_never_changes_under_its_code() -> None:
    edition()
    read = read_catalogue(composed("garbage"))
    with pytest.raises(Refused) as caught:
        import_edition(read=read, code="test-1", name="x", by=SYSTEM, now=NOW)
    assert (caught.value.code, caught.value.status) == ("edition_exists", 409)
    assert CatalogueItem.objects.count() == 4


def test_nothing_is_written_while_a_row_would_be_lost() -> None:
    read = read_catalogue(composed(**{"4,2,work": "x,2,work"}))
    with pytest.raises(Refused) as caught:
        import_edition(read=read, code="bad", name="bad", by=SYSTEM, now=NOW)
    assert caught.value.code == "catalogue_unsound"
    assert not CatalogueVersion.objects.exists()


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        import_edition(
            read=read_catalogue(composed("garbage").splitlines()[0]),
            code="e",
            name="e",
            by=SYSTEM,
            now=NOW,
        )
    assert caught.value.code == "catalogue_empty"


def test_activating_retires_the_edition_before_and_is_journaled() -> None:
    old = edition()
    new = edition(composed("garbage", "rubble"), code="test-2")
    old.refresh_from_db()
    assert (old.status, new.status) == (CatalogueStatus.RETIRED, CatalogueStatus.ACTIVE)
    event = Event.objects.filter(verb="catalogue.activated").latest("id")
    assert event.data == {"code": "test-2", "before": "test-1"}


def test_the_database_allows_one_edition_in_force() -> None:
    edition()
    draft = edition(composed("garbage"), code="test-2", active=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        CatalogueVersion.objects.filter(pk=draft.pk).update(status=CatalogueStatus.ACTIVE)


def test_old_cases_keep_their_edition() -> None:
    edition()
    garbage = item("010101")
    limit = handling_limit(garbage, Urgency.NORMAL)
    case = Incident.objects.create(
        number="N1",
        source="grid",
        item=garbage,
        limit=limit,
        text="x",
        reported_at=NOW,
        updated_at=NOW,
    )
    edition(composed(**{"sanitation,4,2,work": "sanitation,16,2,work"}), code="test-2")
    case.refresh_from_db()
    assert case.item is not None
    assert case.limit is not None
    assert case.item.version.code == "test-1"
    assert (str(case.limit.value), case.limit.kind) == ("4.00", "work_hour")
    fresh = handling_limit(item("010101"), Urgency.NORMAL)
    assert (str(fresh.value), fresh.kind) == ("2.00", "work_day")


def test_an_edition_whose_limits_wait_is_not_put_in_force() -> None:
    version = city_draft()
    waiting = {i.code for i in without_limit(version)}
    assert waiting == {"C0401", "E0130", "E0399", "E0398", "E0397"}
    with pytest.raises(Refused) as caught:
        activate(version, by=manager(), now=NOW)
    assert caught.value.code == "limits_wait"
    version.refresh_from_db()
    assert version.status == CatalogueStatus.DRAFT


def test_a_person_sets_what_waits_or_switches_it_off_and_then_it_goes() -> None:
    version = city_draft()
    admin = manager()
    tree = ItemLimit.objects.get(item__version=version, item__code="C0401")
    set_limit(tree, value="15", kind="work_day", by=admin, now=NOW)
    for code in ("E0130", "E0399", "E0398", "E0397"):
        switched = CatalogueItem.objects.get(version=version, code=code)
        set_enabled(switched, enabled=False, by=admin, now=NOW)
    version = activate(version, by=admin, now=NOW)
    assert version.status == CatalogueStatus.ACTIVE
    tree.refresh_from_db()
    assert (str(tree.value), tree.kind, tree.needs_person) == ("15.00", "work_day", "")
    assert tree.verbatim == "种植季节15工作日"
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert {"catalogue.limit_set", "catalogue.item_disabled", "catalogue.activated"} <= verbs


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("0", "work_day"),
        ("-1", "work_day"),
        ("x", "work_day"),
        ("1", "moons"),
        ("1.5", "legal_day"),
    ],
)
def test_what_is_no_allowance_is_refused(value: str, kind: str) -> None:
    limit = ItemLimit.objects.filter(item__version=city_draft()).first()
    assert limit is not None
    with pytest.raises(Refused) as caught:
        set_limit(limit, value=value, kind=kind, by=manager(), now=NOW)
    assert caught.value.code == "bad_limit"


def test_limits_of_an_edition_in_force_never_change() -> None:
    edition()
    with pytest.raises(Refused) as caught:
        set_limit(
            handling_limit(item(), "normal"), value="1", kind="work_hour", by=manager(), now=NOW
        )
    assert (caught.value.code, caught.value.status) == ("edition_fixed", 409)


def test_the_second_editor_is_told_somebody_was_first() -> None:
    version = city_draft()
    one, other = ItemLimit.objects.filter(item__version=version)[:2]
    set_limit(one, value="1", kind="work_hour", by=manager(), now=NOW, seen=version.version)
    with pytest.raises(SomebodyWasFirst):
        set_limit(other, value="1", kind="work_hour", by=manager(), now=NOW, seen=version.version)
    with pytest.raises(SomebodyWasFirst):
        activate(version, by=manager(), now=NOW, seen=version.version)


def test_switching_an_item_off_twice_tells_the_second_one() -> None:
    edition()
    garbage = item()
    set_enabled(garbage, enabled=False, by=manager(), now=NOW)
    assert "010101" not in {i.code for i in items_in_force()}
    with pytest.raises(SomebodyWasFirst):
        set_enabled(garbage, enabled=False, by=manager(), now=NOW)


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.CLERK, Role.SECURITY_ADMIN, Role.CITIZEN])
def test_nobody_else_touches_the_catalogue(role: Role) -> None:
    version = edition(active=False)
    somebody = actor(role)
    limit = ItemLimit.objects.filter(item__version=version).first()
    first = CatalogueItem.objects.filter(version=version).first()
    assert limit is not None
    assert first is not None
    with pytest.raises(PermissionDenied):
        activate(version, by=somebody, now=NOW)
    with pytest.raises(PermissionDenied):
        set_enabled(first, enabled=False, by=somebody, now=NOW)
    with pytest.raises(PermissionDenied):
        set_limit(limit, value="1", kind="work_hour", by=somebody, now=NOW)
    with pytest.raises(PermissionDenied):
        import_edition(read=read_catalogue(composed()), code="c", name="n", by=somebody, now=NOW)


def test_the_limit_follows_urgency_and_choice() -> None:
    version = city_draft()
    cover = CatalogueItem.objects.get(version=version, code="C0101")
    assert handling_limit(cover, Urgency.URGENT).verbatim == "2紧急工作时"
    assert handling_limit(cover, Urgency.NORMAL).verbatim == "4小时"
    chosen = cover.limits.get(verbatim="2天")
    assert handling_limit(cover, Urgency.NORMAL, chosen.pk) == chosen
    sign = CatalogueItem.objects.get(version=version, code="C0396")
    with pytest.raises(Refused) as caught:
        handling_limit(sign, Urgency.NORMAL, chosen.pk)
    assert caught.value.code == "foreign_limit"
    tree = CatalogueItem.objects.get(version=version, code="C0401")
    with pytest.raises(LimitNeedsPerson):
        handling_limit(tree, Urgency.NORMAL)
    with pytest.raises(LimitNeedsPerson):
        handling_limit(tree, Urgency.NORMAL, tree.limits.get().pk)


def test_an_urgent_case_without_an_urgent_limit_gets_the_shortest() -> None:
    version = city_draft()
    cover = CatalogueItem.objects.get(version=version, code="C0101")
    cover.limits.filter(urgency="urgent").delete()
    assert handling_limit(cover, Urgency.URGENT).verbatim == "4小时"


def test_an_unknown_code_gets_a_sentence() -> None:
    edition()
    with pytest.raises(Refused) as caught:
        item_coded("999999")
    assert caught.value.code == "unknown_item"


def test_risk_and_standards_come_with_the_item() -> None:
    edition()
    cover, garbage = item("020101"), item("010101")
    assert (cover.risk, garbage.risk) == (Risk.RED, Risk.YELLOW)
    assert cover.evidence == ["scene", "before", "after", "check"]
    assert garbage.evidence == ["scene", "after"]
    lines = filing_lines(garbage)
    assert lines
    assert all(line.ours for line in lines)


def test_a_city_ticks_its_own_conditions() -> None:
    cover = CatalogueItem.objects.get(version=city_draft(), code="C0101")
    limit = handling_limit(cover, Urgency.URGENT)
    assert [(line.words, line.ours) for line in filing_lines(cover, limit)] == [
        ("缺失、移位、开裂，存在安全隐患的", False)
    ]
    assert [line.words for line in closing_lines(cover, limit)] == ["恢复"]
    assert cover.risk is None


def test_rules_that_a_new_edition_leaves_behind_are_named() -> None:
    edition()
    unit = organisation()
    gone, kept = rule(unit, "010102"), rule(unit, "0101")
    ended = rule(unit, "090303", valid_to=NOW.date())
    new = edition(composed("garbage"), code="test-2", active=False)
    assert rules_left_behind(new) == [gone]
    assert kept.pk
    assert ended.pk


def test_two_editions_are_compared_item_by_item() -> None:
    old = edition()
    new = edition(
        composed(
            "garbage",
            "cover",
            "petition",
            **{"sanitation,4,2,work": "sanitation,8,2,work", "暴露垃圾": "垃圾暴露"},
        ),
        code="test-2",
        active=False,
    )
    difference = compare(old, new)
    assert [i.code for i in difference.gone] == ["010102"]
    assert difference.added == []
    (changed,) = difference.changed
    assert changed.after.code == "010101"
    assert {c.field for c in changed.changes} == {"name", "limits"}


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import_catalogue", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_brings_in_the_shipped_catalogue_and_again_changes_nothing() -> None:
    assert "238" in run("--activate")
    version = version_in_force()
    assert items_in_force().count() == 238
    changed = version.version
    run("--activate")
    assert CatalogueVersion.objects.count() == 1
    assert version_in_force().version == changed


def test_a_dry_run_reports_and_writes_nothing() -> None:
    told = run(str(CITY_EXCERPT), "--version", "city", "--dry-run")
    assert "种植季节15工作日" in told
    assert not CatalogueVersion.objects.exists()


def test_the_command_takes_code_and_name_and_refuses_to_activate_what_waits() -> None:
    with pytest.raises(CommandError):
        run(str(CITY_EXCERPT), "--version", "city", "--name", "城市标准", "--activate")
    version = CatalogueVersion.objects.get(code="city")
    assert (version.name, version.status) == ("城市标准", CatalogueStatus.DRAFT)


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: object) -> None:
    with pytest.raises(CommandError):
        run("no such file.csv")


def test_an_edition_counts_its_changes_for_other_processes() -> None:
    version = edition()
    before = version.version
    set_enabled(item(), enabled=False, by=manager(), now=NOW + timedelta(minutes=1))
    version.refresh_from_db()
    assert version.version == before + 1
