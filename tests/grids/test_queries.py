"""Who sees which areas, and the lookups by code."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.actor import SYSTEM, Actor, ActorKind, HeldPost
from accounts.authority import require_over
from accounts.roles import May, Role
from grids import queries
from grids.models import Area
from tests.grids.factories import area, district

pytestmark = pytest.mark.django_db


def holder(*posts: tuple[Role, str]) -> Actor:
    held = tuple(HeldPost(i, role, None, code) for i, (role, code) in enumerate(posts, start=1))
    return Actor(ActorKind.USER, 1, "somebody", held)


def seen(actor: Actor) -> list[str]:
    return list(queries.visible_to(actor).values_list("code", flat=True))


def test_a_post_shows_its_subtree_and_the_way_up() -> None:
    district()
    area("120104", name="南开区")
    assert seen(holder((Role.COMMUNITY, "120103001002"))) == [
        "1201", "120103", "120103001", "120103001002", "120103001002001", "120103001002002",
    ]  # fmt: skip


def test_several_posts_show_their_union() -> None:
    district()
    area("120104", name="南开区")
    actor = holder((Role.GRID_WORKER, "120103001001001"), (Role.DEPARTMENT, "120104"))
    assert seen(actor) == [
        "1201",
        "120103",
        "120103001",
        "120103001001",
        "120103001001001",
        "120104",
    ]


def test_an_outsider_sees_nothing_of_another_district() -> None:
    district()
    assert seen(holder((Role.COMMANDER, "120104"))) == ["1201"]


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_security_and_audit_administrators_see_no_areas(role: Role) -> None:
    district()
    assert seen(holder((role, ""))) == []


def test_the_system_administrator_and_the_system_see_them() -> None:
    district()
    assert len(seen(holder((Role.SYSTEM_ADMIN, "")))) == len(seen(SYSTEM)) == 9


def test_who_has_no_post_sees_nothing() -> None:
    district()
    assert seen(holder()) == []


def test_an_administrator_manages_only_the_district_of_the_post() -> None:
    actor = holder((Role.SYSTEM_ADMIN, "120103"))
    assert require_over(actor, May.MANAGE_AREAS, "120103001001001") is not None
    with pytest.raises(PermissionDenied):
        require_over(actor, May.MANAGE_AREAS, "120104")
    assert require_over(SYSTEM, May.MANAGE_AREAS, "120104") is None


def test_a_code_says_where_it_lies() -> None:
    assert queries.codes_above("120103001001001") == ("1201", "120103", "120103001", "120103001001")
    assert queries.parent_code("1201") is None


def test_a_grid_of_a_park_hangs_on_the_subdistrict() -> None:
    assert queries.parent_code("120103001000001") == "120103001"


def test_names_come_in_the_readers_language() -> None:
    district()
    with translation.override("zh-hans"):
        assert queries.area_name("120103") == "河西区"
        assert queries.full_name("120103001001001") == "河西区 大营门街道 1号社区居委会 网格1"
    with translation.override("en"):
        assert queries.area_name("120103") == "Hexi District"
    assert queries.area_name("999999") == "999999"
    assert queries.area_name("") == ""


def test_a_subtree_is_a_prefix_and_nothing_more() -> None:
    district()
    assert queries.subtree("120103001001").count() == 3
    assert [a.code for a in queries.ancestors("120103001001001")] == [
        "1201", "120103", "120103001", "120103001001",
    ]  # fmt: skip


def test_a_list_leaves_the_boundaries_in_the_database(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    district()
    with django_assert_num_queries(1):
        assert next(a.name for a in Area.objects.listed()) == "天津市"
