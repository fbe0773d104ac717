"""Many enclaves from a table: every defect is reported, and then nothing is written."""

import csv
import io

import pytest

from accounts.models import Organisation
from borders.enclave_import import import_enclaves, read_file
from borders.models import Enclave
from config.refusal import Refused
from journal.models import Event
from tests.borders.ground import registered
from tests.incidents.town import Town

pytestmark = pytest.mark.django_db

HEADER = ["点位名称", "编号", "权属单位", "区域编码", "经度", "纬度", "人口"]
GOOD = [
    ["一号院", "TJ-1", "NK-HOUSING", "", "117.205", "39.005", "120"],
    ["二号院", "TJ-2", "南开区房管局", "120103001", "", "", ""],
]


def table(*rows: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *rows])
    return out.getvalue().encode()


def test_a_sound_table_is_registered_whole(here: Town) -> None:
    read = read_file(table(*GOOD), by=here.dispatcher)
    assert (read.rows, len(read.fresh), read.problems) == (2, 2, [])
    assert not Enclave.objects.exists()
    made = import_enclaves(read=read, by=here.dispatcher, now=here.later())
    assert [one.area_code for one in made] == ["120103001001001", "120103001"]
    assert all(one.manager and one.manager.code == "OFFICE" for one in made)
    again = read_file(table(*GOOD), by=here.dispatcher)
    assert (again.there, again.fresh) == (2, [])


def test_every_defect_is_reported_and_nothing_is_written(here: Town) -> None:
    Organisation.objects.filter(code="SAN").update(active=False)
    rows = [
        *GOOD,
        ["", "", "NK-HOUSING", "120103001", "", "", ""],
        ["三号院", "", "SAN", "120103001", "", "", ""],
        ["四号院", "", "NK-HOUSING", "999999999", "", "", ""],
        ["五号院", "", "NK-HOUSING", "120103001", "217.2", "39.0", ""],
        ["六号院", "", "NK-HOUSING", "120103001", "117.2", "", "-3"],
        ["七号院", "TJ-1", "NK-HOUSING", "120103001", "", "", ""],
        ["八号院", "", "OFFICE", "120103001", "", "", ""],
        ["九号院", "", "NK-HOUSING", "", "117.9", "39.9", ""],
        ["二号院", "", "NK-HOUSING", "120103001", "", "", ""],
    ]
    read = read_file(table(*rows), by=here.dispatcher)
    assert [(p.row, p.column) for p in read.problems] == [
        (4, "点位名称"), (5, "权属单位"), (6, "所在区域编码"), (7, "经度"), (8, "人口"), (8, "纬度"), (9, "原编号"),
        (10, "权属单位"), (11, "所在区域编码"), (12, "点位名称"),
    ]  # fmt: skip
    assert all(str(problem.sentence) for problem in read.problems)
    events = Event.objects.count()
    with pytest.raises(Refused) as no:
        import_enclaves(read=read, by=here.dispatcher, now=here.later())
    assert no.value.code == "enclaves_unsound"
    assert (Enclave.objects.count(), Event.objects.count()) == (0, events)


def test_a_place_of_somebody_elses_area_is_a_defect(here: Town) -> None:
    read = read_file(table(GOOD[0]), by=here.foreign_dispatcher)
    assert [problem.column for problem in read.problems] == ["所在区域编码"]


def test_a_number_that_is_in_the_register_is_there_already(here: Town) -> None:
    registered(here, reference="TJ-1")
    read = read_file(table(*GOOD), by=here.dispatcher)
    assert (read.there, len(read.fresh)) == (1, 1)
