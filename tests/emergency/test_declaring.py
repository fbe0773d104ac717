"""An area goes into emergency, changes its level, comes back; its mode is right at once and the banner follows."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from config.refusal import Refused, SomebodyWasFirst
from emergency.choices import Level
from emergency.mode import in_force, mode_of
from emergency.models import Activation, CallUp
from journal.models import Event
from steps.forms import FactsRefused
from tests.emergency.alert import COMMUNITY, STREET, act, called_up, declared, three
from tests.factories import HOME
from tests.incidents.town import GRID, Town

pytestmark = pytest.mark.django_db


def test_an_area_and_all_below_it_are_in_emergency_at_once(here: Town) -> None:
    assert not mode_of(GRID).is_emergency
    declared(here)
    assert [mode_of(code).level for code in (STREET, COMMUNITY, GRID)] == [Level.ORANGE] * 3
    assert not mode_of(HOME).is_emergency
    assert not mode_of("120103002001").is_emergency


def test_the_gravest_level_counts_and_the_wider_declaration_covers(here: Town) -> None:
    declared(here, level="blue")
    declared(here, HOME, by=here.commander, level="red", kind="epidemic")
    mode = mode_of(COMMUNITY)
    assert mode.level == Level.RED
    assert [one.area_code for one in mode.declared] == [HOME, STREET]


def test_only_a_commander_over_the_area_declares(here: Town) -> None:
    for by in (here.officer, here.dispatcher, here.worker):
        with pytest.raises(PermissionDenied):
            declared(here, by=by)
    with pytest.raises(FactsRefused):
        declared(here, by=here.foreign_commander)
    with pytest.raises(FactsRefused):
        declared(here, HOME, by=here.secretary)


def test_an_area_is_in_one_emergency_at_a_time(here: Town) -> None:
    declared(here)
    with pytest.raises(SomebodyWasFirst):
        declared(here, kind="fire")
    assert Activation.objects.count() == 1


def test_the_level_goes_up_and_down_each_with_a_reason(here: Town) -> None:
    made = declared(here)
    with pytest.raises(FactsRefused):
        act(here, "raise", made, {"level": "blue", "reason": "水位上涨"})
    with pytest.raises(FactsRefused):
        act(here, "raise", made, {"level": "red"})
    assert act(here, "raise", made, {"level": "red", "reason": "水位上涨"}).level == "red"
    assert mode_of(GRID).level == Level.RED
    assert act(here, "lower", made, {"level": "blue", "reason": "雨势减弱"}).level == "blue"
    assert mode_of(GRID).level == Level.BLUE
    verbs = Event.objects.filter(subject_kind="emergency").order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == [
        "emergency.declared", "emergency.raised", "emergency.lowered",
    ]  # fmt: skip


def test_an_ended_emergency_keeps_its_report_and_may_be_declared_anew(here: Town) -> None:
    three(here)
    made = declared(here)
    called_up(here, made)
    ended = act(here, "end", made, {"reason": "雨停水退", "report": "转移住户12户，无人员伤亡"})
    assert (ended.report, ended.figures["called"]) == ("转移住户12户，无人员伤亡", 3)
    assert CallUp.objects.get().state == "ended"
    assert not mode_of(GRID).is_emergency
    with pytest.raises(Refused) as refused:
        act(here, "raise", made, {"level": "red", "reason": "…"})
    assert refused.value.code == "not_in_this_state"
    assert declared(here).state == "declared"


def test_everybody_enrolled_is_called_with_the_declaration_and_nobody_is_no_obstacle(
    here: Town,
) -> None:
    made = declared(here, call_all=True)
    assert not CallUp.objects.exists()
    act(here, "end", made, {"reason": "误报"})
    three(here)
    declared(here, call_all=True)
    assert CallUp.objects.get().people == 3


def as_(here: Town, name: str) -> Client:
    client = Client()
    client.force_login(here.people[name])
    return client


@pytest.mark.django_db(transaction=True)
def test_the_banner_stands_on_every_page_of_whoever_works_there_and_vanishes(
    committed: Town,
) -> None:
    here, url = committed, reverse("notices:list")
    workers = {name: as_(here, name) for name in ("worker", "volunteer", "officer")}
    others = {name: as_(here, name) for name in ("dispatcher", "foreign_commander", "system_admin")}
    for client in (workers | others).values():
        assert "banner tone-orange" not in client.get(url).content.decode()
    made = declared(here, instructions="排查地下空间")
    for name, client in workers.items():
        body = client.get(url).content.decode()
        assert "banner tone-orange" in body, name
        assert "排查地下空间" in body
        assert (reverse("emergency:activation", args=[made.number]) in body) is (name == "officer")
    for name, client in others.items():
        assert "banner tone-" not in client.get(url).content.decode(), name
    act(here, "raise", made, {"level": "red", "reason": "水位上涨"})
    assert "banner tone-red" in workers["worker"].get(url).content.decode()
    act(here, "end", made, {"reason": "雨停"})
    assert "banner tone-" not in workers["worker"].get(url).content.decode()


@pytest.mark.django_db(transaction=True)
def test_declaring_and_what_banners_read_go_on_while_the_cache_is_gone(
    committed: Town, settings: Settings
) -> None:
    gone = {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock"}
    settings.CACHES = {"default": gone}
    made = declared(committed)
    assert [one.number for one in in_force()] == [made.number]
    act(committed, "end", made, {"reason": "雨停"})
    assert in_force() == []


def test_the_banner_costs_no_query_once_it_is_known(
    here: Town, django_assert_num_queries: object
) -> None:
    from emergency.mode import in_force
    from emergency.showing import banners

    declared(here)
    in_force()
    worker = here.worker
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert [banner.tone for banner in banners(worker)] == ["orange"]


@pytest.mark.django_db(transaction=True)
def test_the_areas_page_and_the_map_show_the_mode(committed: Town) -> None:
    here = committed
    client, url = as_(here, "secretary"), reverse("grids:area", args=[COMMUNITY])
    assert reverse("emergency:declare") in client.get(url).content.decode()
    made = declared(here)
    assert reverse("emergency:activation", args=[made.number]) in client.get(url).content.decode()
    assert f'"code": "{STREET}"' in client.get(reverse("incidents:map")).content.decode()
