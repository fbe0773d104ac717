"""Each role sees its own entries, and every code in the table of navigation exists."""

import pytest
from django.urls import reverse

from accounts.roles import May, Role
from config.home import LANDINGS
from config.icons import icon_svg
from config.layout import NAVIGATION, Menu, menu_of
from tests import factories

ENTRIES = [entry for section in NAVIGATION for entry in section.entries]


def labels(menu: Menu) -> set[str]:
    return {str(link.label) for _label, links in menu.sections for link in links}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.url_name)
def test_every_entry_names_known_permissions_roles_and_icons(entry: object) -> None:
    assert set(entry.may) <= {str(may) for may in May}  # type: ignore[attr-defined]
    assert set(entry.roles) <= set(Role.values)  # type: ignore[attr-defined]
    assert icon_svg(entry.icon)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [entry.url_name for entry in ENTRIES])
def test_every_entry_leads_to_a_page(name: str) -> None:
    assert reverse(name)


def test_every_landing_is_a_known_role_and_page() -> None:
    for name, roles in LANDINGS:
        assert reverse(name)
        assert set(roles) <= set(Role.values)


@pytest.mark.django_db
def test_a_dispatcher_has_the_inbox_and_not_the_people() -> None:
    seen = labels(menu_of(factories.actor(Role.DISPATCHER), "/"))
    assert "收件箱" in seen
    assert "人员" not in seen


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_are_offered_no_business_pages(role: Role) -> None:
    seen = labels(menu_of(factories.actor(role), "/"))
    assert not seen & {"收件箱", "待办", "地图", "案件", "我的任务", "上报"}


@pytest.mark.django_db
def test_somebody_without_a_post_is_offered_nothing() -> None:
    from accounts.identity import actor_of

    assert menu_of(actor_of(factories.user()), "/").sections == ()


@pytest.mark.django_db
def test_the_entry_whose_page_is_open_is_marked_and_only_that() -> None:
    inbox = reverse("incidents:inbox")
    menu = menu_of(factories.actor(Role.DISPATCHER), inbox)
    marked = [link.href for _label, links in menu.sections for link in links if link.current]
    assert marked == [inbox]


@pytest.mark.django_db
def test_the_bottom_bar_has_at_most_three_entries_of_ones_own() -> None:
    for role in Role:
        assert len(menu_of(factories.actor(role), "/").thumbs) <= 3
