"""The demonstration district, loaded into an empty database; and the replay of a board's messages."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from accounts.models import Organisation
from clocks.models import Clock
from grids.models import Area, Duty, Level, Staffing
from incidents.choices import OPEN, State
from incidents.demo.district import is_empty, load
from incidents.models import Incident
from tests.grids.factories import district
from tests.incidents.catalogue.factories import edition

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 9, 16, 2, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Shanghai
CASES = 40


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)  # the proof of the journal begins a transaction of its own
def test_the_demonstration_is_a_whole_district_at_work() -> None:
    assert is_empty()
    shares: dict[str, float] = {}
    load(NOW, lambda part, share: shares.update({part: share}), cases=CASES)
    assert not is_empty()
    assert set(shares.values()) == {1.0}

    _has_its_territory_and_people()
    _has_cases_at_every_turn()
    _shows_the_clock_that_is_due_first()
    out = io.StringIO()
    call_command("verify_journal", stdout=out, stderr=out)


def _has_its_territory_and_people() -> None:
    grids = Area.objects.filter(level=Level.GRID, status="active")
    assert grids.count() == 435
    full_time = Staffing.objects.filter(duty=Duty.FULL_TIME)
    assert full_time.values("person").distinct().count() == 404
    units = Organisation.objects.filter(active=True).exclude(kind="centre")
    assert units.count() == 54


def _has_cases_at_every_turn() -> None:
    states = dict(Incident.objects.values_list("state").annotate(n=Count("pk")))
    assert sum(states.values()) >= CASES
    assert len(states) >= 5
    assert states.keys() & OPEN
    assert states.keys() & {State.CLOSED, State.EVALUATED}
    assert not Incident.objects.filter(reported_at__gt=NOW).exists()


def _shows_the_clock_that_is_due_first() -> None:
    """`due_at` of an open case is that of its earliest open clock. A held clock has none, unless it was late."""
    still_open = Clock.objects.filter(subject_kind="incident", stopped_at=None)
    held = still_open.exclude(paused_at=None).exclude(due_at=None)
    assert all(clock.due_at < clock.paused_at for clock in held if clock.due_at and clock.paused_at)
    timed = still_open.exclude(due_at=None).order_by("-due_at")
    earliest = dict(timed.values_list("subject_id", "due_at"))
    shown = dict(Incident.objects.filter(state__in=OPEN).values_list("pk", "due_at"))
    assert shown
    assert {pk: earliest.get(pk) for pk in shown} == shown


# --- messages of a board -----------------------------------------------------------------------------


MESSAGES = (
    "id,user,time,title,text,dislikes,likes\n"
    "1,甲,2026/3/1 10:00:00,路灯不亮,小区门口的路灯不亮,0,3\n"
    '2,乙,2026-03-02 11:30,垃圾,"楼下垃圾,没人清",0,1\n'
    "3,丙,soon,只有标题,,0,0\n"
)


def _replay(file: Path) -> str:
    out = io.StringIO()
    call_command("replay_messages", file, stdout=out)
    return out.getvalue()


def test_messages_sent_twice_are_cases_once(tmp_path: Path) -> None:
    district()
    edition()
    file = tmp_path / "messages.csv"
    file.write_text(MESSAGES, encoding="utf-8-sig")
    assert "3 new cases" in _replay(file)
    assert "0 new cases" in _replay(file)
    cases = Incident.objects.order_by("id")
    assert [case.external_id for case in cases] == ["board-1", "board-2", "board-3"]
    assert all(case.placed == "unplaced" and case.area_code == "120103" for case in cases)
    assert "2026-03-01 10:00" in cases[0].text
    assert cases[2].text == "只有标题"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\n1,2\n",
        "编号,内容\n1,灯\n".encode("gb18030"),
        b"\xff\xfe\x00\x01",
        b"id\x00,time\n",
    ],
)
def test_a_file_that_is_no_table_of_messages_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes
) -> None:
    district()
    file = tmp_path / "messages.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=r"\.$"):
        _replay(file)
    assert not Incident.objects.exists()


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        _replay(tmp_path / "nowhere.csv")
