"""Visibility: outsiders get nothing, colleagues what their post gives, administrators no business data."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from accounts.actor import SYSTEM, Actor, ActorKind
from accounts.identity import ANONYMOUS, actor_of
from accounts.reveal import reveal
from accounts.roles import Role
from config.refusal import Refused
from incidents.choices import Source, State
from incidents.history import timeline
from incidents.models import Incident
from incidents.photos import photo_response
from incidents.querysets import for_list, to_check, visible_to
from incidents.report import Position
from incidents.reporter import REPORTER, masked
from tests.factories import ABROAD, person_with, post
from tests.incidents import town as road
from tests.incidents.town import Town, a_case, a_report, partner, step

pytestmark = pytest.mark.django_db


def sees(actor: Actor, case: Incident) -> bool:
    return visible_to(actor).filter(pk=case.pk).exists()


def test_a_post_over_the_area_sees_the_case_and_one_elsewhere_does_not(here: Town) -> None:
    case = a_report(here)
    for insider in ("clerk", "dispatcher", "worker", "chief", "supervisor", "commander"):
        assert sees(getattr(here, insider), case), insider
    for outsider in ("foreign_clerk", "foreign_dispatcher", "foreign_handler", "neighbour"):
        assert not sees(getattr(here, outsider), case), outsider


def test_a_unit_sees_what_it_was_sent_and_nothing_before(here: Town) -> None:
    case = a_case(here, State.FILED)
    assert not sees(here.handler, case)
    step(here, "dispatch", case, here.dispatcher, {"assisting": ["WATER"]})
    assert sees(here.handler, case)
    assert sees(here.helper, case)
    assert not sees(here.foreign_handler, case)


def test_a_unit_that_returned_a_case_still_sees_it(here: Town) -> None:
    case = a_case(here, State.DISPATCHED)
    step(here, "return", case, here.handler, {"reason": "不属于我单位"})
    assert sees(here.handler, case)


def test_a_reporter_sees_their_own_case_and_no_other(here: Town) -> None:
    mine = a_report(here, by=here.citizen, source=Source.CITIZEN)
    assert sees(here.citizen, mine)
    assert not sees(here.other_citizen, mine)


def test_who_is_sent_to_look_sees_the_case_from_outside_their_own_grid(here: Town) -> None:
    case = a_report(here)
    assert not sees(here.neighbour, case)
    step(here, "precheck", case, here.clerk, {"checker": here.people["neighbour"].pk})
    assert sees(here.neighbour, case)
    assert list(to_check(here.neighbour)) == [case]
    assert not to_check(here.worker).exists()


@pytest.mark.parametrize("name", ["system_admin", "security_admin", "audit_admin"])
def test_administrators_see_no_case(here: Town, name: str) -> None:
    case = a_report(here)
    assert not sees(getattr(here, name), case)


def test_an_administrators_post_hides_what_other_posts_would_show(here: Town) -> None:
    case = a_report(here, by=here.citizen, source=Source.CITIZEN)
    assert sees(here.citizen, case)
    both = replace(here.citizen, posts=here.citizen.posts + here.audit_admin.posts)
    assert not sees(both, case)


def test_nobody_without_a_post_sees_anything(here: Town) -> None:
    case = a_report(here)
    assert not visible_to(ANONYMOUS).exists()
    assert not visible_to(replace(here.worker, posts=())).exists()
    assert sees(SYSTEM, case)


def test_a_reporter_who_proved_a_case_sees_that_case_only(here: Town) -> None:
    one, _other = a_report(here), a_report(here)
    proved = Actor(ActorKind.REPORTER, one.pk, "citizen")
    assert list(visible_to(proved)) == [one]


def test_confidential_cases_are_kept_from_the_area_but_not_from_centre_and_unit(here: Town) -> None:
    case = a_case(here, State.DISPATCHED)
    step(here, "confide", case, here.dispatcher, {"confidential": True})
    for name in ("clerk", "dispatcher", "commander", "handler"):
        assert sees(getattr(here, name), case), name
    for name in ("chief", "supervisor", "neighbour"):
        assert not sees(getattr(here, name), case), name
    assert sees(here.worker, case), "who reported it"


def test_several_posts_make_a_union(here: Town) -> None:
    case = a_report(here)
    person = person_with(Role.CLERK, ABROAD)
    assert not sees(actor_of(person), case)
    post(person, Role.GRID_CHIEF, "120103001001")
    assert sees(actor_of(person), case)


# --- partner systems -----------------------------------------------------------------------------


def test_a_partner_without_roles_sees_only_what_it_sent(here: Town) -> None:
    client = partner()
    mine = a_report(here, by=client, source=Source.PARTNER)
    assert list(visible_to(client)) == [mine]
    assert not visible_to(partner()).exists()


def test_a_partner_with_a_role_sees_its_area_and_not_the_next(here: Town) -> None:
    case = a_report(here)
    assert sees(partner(roles=["dispatcher"]), case)
    assert not sees(partner(ABROAD, roles=["dispatcher"]), case)


def test_a_token_without_a_scope_for_cases_sees_nothing(here: Town) -> None:
    client = partner(roles=["dispatcher"])
    case = a_report(here)
    assert not sees(replace(client, scopes=frozenset({"areas:read"})), case)


# --- lists and single things --------------------------------------------------------------------


def test_lists_cost_the_same_number_of_queries_however_long(
    here: Town, django_assert_num_queries: object
) -> None:
    for _case in range(3):
        a_case(here, State.DISPATCHED)
    handler = here.handler
    with django_assert_num_queries(1):  # type: ignore[operator]
        cases = for_list(visible_to(handler), here.now)
        rows = [(case.number, case.item, case.unit, case.lamp) for case in cases]  # type: ignore[attr-defined]
    assert len(rows) == 3


def test_a_photo_is_served_to_who_sees_the_case_and_to_nobody_else(here: Town) -> None:
    case = a_report(here)
    photo = case.photos.get()
    for size in ("full", "thumb"):
        answer = photo_response(here.clerk, photo.pk, size)
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"].startswith("private")
        assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"  # type: ignore[arg-type]
    for name in ("foreign_clerk", "handler", "audit_admin", "other_citizen"):
        with pytest.raises(photo.DoesNotExist):
            photo_response(getattr(here, name), photo.pk)


# --- who reported ---------------------------------------------------------------------------------


def test_the_handling_unit_does_not_learn_who_reported(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    with translation.override("en"):
        reported = timeline(case, here.handler)[0]
    assert (reported.who, reported.post) == ("the reporter", "")
    assert here.people["worker"].name not in [line.who for line in timeline(case, here.handler)]
    assert timeline(case, here.dispatcher)[0].who == here.people["worker"].name


def test_name_and_phone_are_masked_and_shown_only_with_a_reason_that_is_journaled(
    here: Town,
) -> None:
    case = a_report(
        here,
        by=here.clerk,
        source=Source.HOTLINE,
        reporter_name="王小明",
        reporter_phone="13812345678",
    )
    assert masked(case).phone == "138****5678"
    assert masked(case).name == "王*明"
    with pytest.raises(Refused) as no:
        reveal(REPORTER, case.number, reason=" ", by=here.clerk, now=here.later())
    assert no.value.code == "reason_missing"
    plain = reveal(REPORTER, case.number, reason="电话回访", by=here.clerk, now=here.later())
    assert plain is not None
    assert plain.value == "王小明 13812345678"
    last = timeline(case, here.clerk)[-1]
    assert last.event.verb == "personal_data.revealed"
    assert "138" not in str(last.event.data)


def test_who_may_not_know_is_refused_and_an_outsider_finds_nothing(here: Town) -> None:
    case = a_case(here, State.DISPATCHED)
    Incident.objects.filter(pk=case.pk).update(reporter_name="王小明")
    now = here.later()
    for name in ("handler", "worker", "supervisor"):
        with pytest.raises(PermissionDenied):
            reveal(REPORTER, case.number, reason="我想知道", by=getattr(here, name), now=now)
    found = reveal(REPORTER, case.number, reason="我想知道", by=here.foreign_clerk, now=now)
    assert found is None


def test_the_database_never_holds_a_phone_in_plain(here: Town) -> None:
    from django.db import connection

    a_report(here, by=here.clerk, source=Source.HOTLINE, reporter_phone="13812345678")
    with connection.cursor() as cursor:
        cursor.execute("SELECT i::text FROM incidents_incident i")
        assert "13812345678" not in str(cursor.fetchall())


def test_a_case_of_another_area_is_not_there_even_with_its_number(here: Town) -> None:
    case = a_report(here, position=Position(*road.IN_GRID))
    with pytest.raises(Incident.DoesNotExist):
        step(here, "file", case, here.foreign_clerk)
